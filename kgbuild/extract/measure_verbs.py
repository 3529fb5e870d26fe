"""Verbs of control measures: which noun a verb acts on, and what it does to it."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.measure_memory import PRONOUNS, MeasureMemory
from kgbuild.extract.measure_nouns import MeasureNouns
from kgbuild.extract.measure_roles import Found
from kgbuild.extract.measure_words import before_noun, family, is_license, kept_by, unit_words
from kgbuild.extract.units import FIRM, MATERIALS, PLACES, Sentence

_REACH: Final = 14  #: units between a verb and its control noun
_LOWERED: Final = frozenset({"cut-control", "reduce", "lower", "slash", "halve"})
_RAISED: Final = frozenset({"raise", "increase", "double", "expand", "hike"})
_SET: Final = frozenset({"due", "set", "scheduled", "slated", "expected", "allowed"})
_PART: Final = frozenset({"some", "part", "parts", "partially", "partly"})
#: Words for things that a list or a control can be on.
_THINGS: Final = frozenset("materials items goods chemicals metals products technologies minerals".split())
_FORBIDDING: Final = frozenset({"ban", "prohibit", "forbid", "outlaw", "bar", "block", "restrict"})
#: What can follow the object of a verb of forbidding.
_BEHIND_OBJECT: Final = frozenset(
    "from to in on for and as after since until over where that which when unless without at by".split()
)
_SHIPPED: Final = frozenset({"exported", "shipped", "sold", "export", "exporting", "leaving"})
#: Verbs whose object is often something said: "issued a statement that its controls ..."
_ISSUING: Final = frozenset({"issue-control", "order-control", "decree-control", "publish", "set-control"})
#: Verbs that say of a ban that it is in force: "remains barred".
REMAINS: Final = frozenset({"remain", "remains", "remained", "stay", "stays", "stayed"})
#: Words before members of a list: "a series of measures, including tightened curbs on chips".
_LISTING: Final = frozenset({"including", "as", "like", "notably", "especially"})
#: Nouns that take "on" before what they are about: "softened its stance on export controls".
_ATTITUDES: Final = frozenset({"stance", "grip", "policy", "position", "rules", "hold"})


class MeasureVerbs:
    """Finds the noun that a verb of control acts on."""

    def __init__(self, grammar: Grammar, nouns: MeasureNouns, memory: MeasureMemory) -> None:
        self._grammar = grammar
        self._nouns = nouns
        self._memory = memory

    def noun(self, s: Sentence, group: VerbGroup, earlier: tuple[Found, ...]) -> int | None:
        """Return the control noun or the "exports" that a verb acts on; None where it tells no measure."""
        left, right = self._grammar.clause(s, group.verb)
        cls = group.tag.cls
        if cls == "control.do":
            found = None if self._is_noun(s, group) else self._exports(s, group, left, right)
        elif cls == "control.unallowed":
            found = self._unallowed(s, group, left)
        elif cls in {"control.list", "control.come"}:
            found = self._list(s, group, left, right)
        elif cls == "control.happen":
            found = self._before(s, group, left)
        else:
            found = self._near(s, group, left, right)
        shares = group.first > 0 and s.units[group.first - 1].low == "and"
        if found is None and shares and cls != "control.do" and (group.passive or cls == "control.happen"):
            # "the ban began in May and was prolonged": the second verb has the noun of the first
            before = [f.noun for f in earlier if f.noun < f.verb < group.verb]
            found = before[-1] if before else None
        compared = group.tag.id == "set-control" and group.passive
        if compared and any(u.has("comparison") for u in s.units[group.verb :][:7]):
            return None  # "quotas were set 40 percent below those of 2009"
        if (
            found is None
            or self._taken_from(s, group)
            or self._second_of_two(s, group)
            or self._attribute(s, group, found)
        ):
            return None
        licensed = any(is_license(u) for u in s.units[group.verb + 1 : found])
        return None if licensed else found

    def action(self, s: Sentence, group: VerbGroup, noun: int) -> str:
        """Return what the verb does to this kind of measure: a cut quota is a tightened one."""
        action, id_ = group.tag.action, group.tag.id
        kind = family(s.units[noun])
        if kind == "quota" and id_ in _LOWERED:
            return "tightened"
        if kind == "quota" and id_ in _RAISED:
            return "eased"
        partly = (
            s.units[group.first : max(noun, group.verb)]
            if group.verb < noun
            else s.units[group.first : group.verb]
        )
        return "eased" if action == "lifted" and any(u.low in _PART for u in partly) else action

    # ---- readings that tell nothing

    def _is_noun(self, s: Sentence, group: VerbGroup) -> bool:
        """Return whether "ban", "limits" is a noun: "suspends ban on exports"."""
        i = group.verb
        if group.tag.form not in {"base", "third"} or not any(not t.form for t in s.units[i].tags):
            return False
        before = s.units[i - 1] if i else None
        ruled = before is not None and any(t.form and t.cls.startswith("control") for t in before.tags)
        return ruled or (i + 1 < len(s.units) and s.units[i + 1].low in {"on", "of"})

    @staticmethod
    def _taken_from(s: Sentence, group: VerbGroup) -> bool:
        """Return whether only somebody loses it: "quotas may be withdrawn from anybody who trades them"."""
        behind = s.units[group.verb + 1 : group.verb + 5]
        return (
            group.tag.action == "lifted"
            and bool(behind)
            and behind[0].low == "from"
            and any(
                u.has("role") or u.kind == FIRM or u.low in {"anybody", "anyone", "those"} for u in behind
            )
        )

    @staticmethod
    def _second_of_two(s: Sentence, group: VerbGroup) -> bool:
        """Return whether the verb is the second of "suspend or remove": the first tells the measure."""
        i = group.verb
        if i < 2 or s.units[i - 1].low != "or":
            return False
        return any(t.cls == group.tag.cls and t.form == group.tag.form for t in s.units[i - 2].tags)

    def _attribute(self, s: Sentence, group: VerbGroup, noun: int) -> bool:
        """Return whether the verb only describes its noun: "the prospect of reduced export restrictions"."""
        if group.tag.form not in {"past", "participle"} or noun != group.verb + 1 or not group.first:
            return False
        words = self._grammar.words
        before = s.units[group.first - 1].low.split()[-1]  # "prospects of" is one unit
        return before in words["prepositions"] | words["determiners"] | _LISTING or before in {"'s", "’s"}

    # ---- where the noun stands

    def _near(self, s: Sentence, group: VerbGroup, left: int, right: int) -> int | None:
        if group.passive or (group.tag.form in {"past", "participle"} and group.first == group.verb):
            if group.first and self._nouns.is_control(s, group.first - 1):
                if self._licenses_under(s, group.first - 1, left):
                    return None
                return group.first - 1 if self._nouns.change_of(s, group.first - 1) is None else None
            behind = None if group.passive else self._object(s, group, right)
            before = self._before(s, group, left) if behind is None else None
            if before is None and behind is None and group.passive:
                before = self._before_relative(s, group)
            if (
                before is not None
                and not group.passive
                and any(u.text == "," for u in s.units[before : group.first])
                and not self._aside(s, before, group, right)
            ):
                return None  # "... quotas, according to a list which media published"
            return behind if behind is not None else before
        return self._object(s, group, right)

    def _before_relative(self, s: Sentence, group: VerbGroup) -> int | None:
        """Return the noun of "a rule that would have capped exports was scrapped"."""
        for k in range(group.first - 1, max(0, group.first - 18), -1):
            unit = s.units[k]
            if unit.text in {";", ":"} or unit.low in {"and", "but"}:
                return None
            if unit.low in {"that", "which"}:
                at = k - 1 - (s.units[k - 1].text == ",")
                timed = s.units[at].kind == "Time" and at > 1 and s.units[at - 1].low == "of"
                noun = at - 2 if timed else at
                return noun if noun >= 0 and self._rules(s, noun, k) else None
        return None

    def _rules(self, s: Sentence, noun: int, link: int) -> bool:
        """Return whether `noun` names a measure, or is a rule whose clause behind `link` caps exports."""
        if self._names(s, noun):
            return True
        behind = s.units[link + 1 : link + 9]
        capped = any(t.cls == "control.do" and t.form for u in behind for t in u.tags)
        return s.units[noun].has("rule-word") and capped and any(u.has("word.export") for u in behind)

    @staticmethod
    def _licenses_under(s: Sentence, noun: int, left: int) -> bool:
        """Return whether the control noun only describes licenses: "permits under the new rules"."""
        for j in range(noun - 1, max(left, noun - 6) - 1, -1):
            if s.units[j].low == "under":
                return any(is_license(u) for u in s.units[max(left, j - 3) : j])
        return False

    def _aside(self, s: Sentence, noun: int, group: VerbGroup, right: int) -> bool:
        """Return whether a participle describes the noun in an aside: "the quotas, first cut in 2010,"."""
        adverbs = self._grammar.words["adverbs"]
        between = all(u.text == "," or u.low in adverbs for u in s.units[noun + 1 : group.first])
        closed = any(u.text == "," for u in s.units[group.verb + 1 : min(right, group.verb + 8)])
        return between and closed and group.tag.form in {"past", "participle"}

    def _object(self, s: Sentence, group: VerbGroup, right: int) -> int | None:
        following = s.units[group.verb + 1].low if group.verb + 1 < right else ""
        licensed = any(
            is_license(u) for u in s.units[: group.verb]
        )  # "users whose licenses ran out renew them"
        if (
            following in PRONOUNS
            and group.tag.cls == "control.set"
            and self._memory.fresh(s)
            and not licensed
        ):
            return group.verb + 1  # "China imposed it in December"
        for j in range(self._past_aside(s, group, right), min(right, group.verb + _REACH)):
            if self._names(s, j):
                return j if self._acts_on(s, group, j) else None
            if self._other_verb(s, group, j) or self._leaves_object(s, group, j):
                return None
        return None

    @staticmethod
    def _past_aside(s: Sentence, group: VerbGroup, right: int) -> int:
        """Return where the object can begin: behind the aside in "lifted, with immediate effect, the ban"."""
        at = group.verb + 1
        if at < right and s.units[at].text == ",":
            close = next((j for j in range(at + 2, min(right, at + 8)) if s.units[j].text == ","), None)
            return at if close is None else close + 1
        return at

    def _names(self, s: Sentence, i: int) -> bool:
        return self._nouns.is_control(s, i) or self._memory.meant(s, i)

    def _other_verb(self, s: Sentence, group: VerbGroup, j: int) -> bool:
        """Return whether another verb of control stands at `j`, whose object the noun is."""
        if (j > group.verb + 1 and s.units[j - 1].low == "or") or self._grammar.is_noun(s, j):
            return False
        before = s.units[j - 1]
        if j > group.verb + 1 and (before.has("rule-word") or before.has("move-noun")):
            return False  # "suspend a move imposing export curbs"
        return any(
            t.form in {"base", "past", "ing"} and t.cls.startswith("control.") for t in s.units[j].tags
        )

    def _acts_on(self, s: Sentence, group: VerbGroup, noun: int) -> bool:
        """Return whether a verb acts on the control noun, not on a change ("announced its suspension")."""
        change = self._nouns.change_of(s, noun)
        if change is None:
            return True
        # "suspended the implementation of the controls" suspends the controls
        begun = self._nouns.change(s, change) in {"imposed", "extended", "tightened"}
        return begun and group.verb < change and group.tag.action in {"suspended", "lifted", "eased"}

    def _leaves_object(self, s: Sentence, group: VerbGroup, j: int) -> bool:
        """Return whether the object ends at `j`, as in "set up a panel on China's limits"."""
        unit = s.units[j]
        if unit.text in {";", ":"} or any(unit.has(c) for c in ("agreement", "response", "negotiation")):
            return True
        if group.tag.id in _ISSUING and (unit.has("speech") or unit.has("enumeration") or unit.low == "that"):
            return True
        if unit.kind or unit.low not in self._grammar.words["prepositions"] - {"of", "as"}:
            return False
        before, following = s.units[j - 1], s.units[j + 1] if j + 1 < len(s.units) else None
        timed = following is not None and following.kind in {"Time", "Duration", *PLACES}
        return not timed and before.low not in _ATTITUDES and not any(t.form for t in before.tags)

    def _before(self, s: Sentence, group: VerbGroup, left: int) -> int | None:
        """Return the control noun in front of a verb, in its own phrase."""
        best = None
        if left and s.units[left].low in {"which", "that"}:
            left -= 3  # "the controls, which were tightened in April"
        start = group.first - 1
        if start > left and s.units[start].low in {"and", "but"} and not group.passive:
            return None  # "halved a tariff and shelved a rule": the second verb has an object of its own
        while (
            group.infinitive
            and start > left
            and (s.units[start].low in _SET or self._grammar.is_auxiliary(s.units[start]))
        ):
            start -= 1  # "the quotas are due to take effect"
        for j in range(start, max(0, left, start - _REACH) - 1, -1):
            unit = s.units[j]
            if self._names(s, j):
                best = j
            elif best is not None and self._licenses_under(s, best, left):
                return None
            elif (
                unit.text in {";", ":"}
                or self._grammar.is_auxiliary(unit)
                or (
                    best is not None
                    and (unit.low in {"that", "and"} or any(t.form == "past" for t in unit.tags))
                )
            ):
                break
        return best if best is None or self._nouns.change_of(s, best) is None else None

    def _exports(self, s: Sentence, group: VerbGroup, left: int, right: int) -> int | None:
        """Return the word "exports" that a verb of forbidding acts on."""
        if group.passive:
            remains = s.units[group.first].low in REMAINS
            for j in range(group.first - 1, left - 1, -1):
                unit = s.units[j]
                if _exported(s, j) or (remains and unit.kind in MATERIALS and not before_noun(s, j)):
                    return j
                if unit.low in {"that", "and", "but", ","} or unit.has("license"):
                    break
            # "dual-use items are prohibited from being exported"
            behind = range(group.verb + 1, min(right, group.verb + 5))
            barred = s.units[group.verb + 1].low == "from" if group.verb + 1 < right else False
            return next((j for j in behind if barred and s.units[j].low in _SHIPPED), None)
        for j in range(group.verb + 1, min(right, group.verb + 8)):
            unit = s.units[j]
            if _exported(s, j) or (unit.has("export") and any(t.form == "ing" for t in unit.tags)):
                return j
            if group.tag.id in _FORBIDDING and unit.has("export") and s.units[j - 1].low == "to":
                return j  # "forbade the firm to ship parts"
            if self._nouns.is_control(s, j) or unit.text in {",", ";"} or is_license(unit):
                return self._bare_object(s, group, j)
        return self._bare_object(s, group, min(right, group.verb + 8))

    @staticmethod
    def _bare_object(s: Sentence, group: VerbGroup, high: int) -> int | None:
        """Return what is forbidden as such: "bars chips from Japan's army", "stopped imports of seafood"."""
        for j in range(group.verb + 1, min(high, group.verb + 6)):
            unit = s.units[j]
            following = s.units[j + 1] if j + 1 < len(s.units) else None
            last = following is None or not following.is_word or following.low in _BEHIND_OBJECT
            if unit.has("word.import") and unit.low.endswith("s"):
                return j
            legal = group.tag.id in _FORBIDDING and not group.infinitive
            if legal and last and (unit.kind in MATERIALS or (unit.has("word.mining") and not unit.kind)):
                return j
            if unit.low in _BEHIND_OBJECT - {"and"} or unit.has("license"):
                return None
        return None

    def _unallowed(self, s: Sentence, group: VerbGroup, left: int) -> int | None:
        """Return the exports that "shall not be permitted"."""
        window = s.units[group.first : group.verb]
        if not any(u.low in {"not", "n't", "n’t", "never"} or u.low.endswith("longer") for u in window):
            return None
        if not group.passive:  # "China will not allow exports of gallium"
            behind = range(group.verb + 1, min(len(s.units), group.verb + 6))
            noun = next((j for j in behind if _exported(s, j)), None)
            return noun if noun and not any(u.kind == FIRM for u in s.units[group.verb : noun]) else None
        for j in range(group.first - 1, left - 1, -1):
            unit = s.units[j]
            if unit.has("word.export") and not unit.kind:
                return j
            if unit.low in {"that", "but", ";"} or unit.has("license"):
                return None
        return None

    def _list(self, s: Sentence, group: VerbGroup, left: int, right: int) -> int | None:
        """Return the list, control or license that a verb puts something under."""
        turned = group.passive or group.tag.cls == "control.come"
        for j in range(group.verb + 1, min(right, group.verb + 24)):
            if not self._lists(s, group, j):
                continue
            listed = s.units[left : group.first] if turned else s.units[group.verb + 1 : j]
            if kept_by(s.units[j]):
                return j
            if any(u.kind in MATERIALS or u.has("word.export") or u.low in _THINGS for u in listed):
                return j
            blacklist = unit_words(s, j) & {"entity", "blacklist"}
            if blacklist and any(u.kind == FIRM or u.has("role") for u in listed):
                return j
        return None

    @staticmethod
    def _lists(s: Sentence, group: VerbGroup, j: int) -> bool:
        """Return whether unit `j` is what something is put under: "under export control", "to its list"."""
        unit = s.units[j]
        before = {u.low for u in s.units[max(group.verb, j - 6) : j]}
        if group.tag.cls != "control.come" and not before & {"under", "to", "onto", "on", "export"}:
            return False
        licensed = unit.has("license") and not unit.has("license.soft")
        if licensed and s.units[j - 1].low.split()[-1] in {"under", "export"}:
            return True
        return unit.has("control.list-noun") or (unit.has("control") and not unit.kind)


def _exported(s: Sentence, i: int) -> bool:
    """Return whether unit `i` is "exports", or the "export" of "the export of gallium"."""
    unit = s.units[i]
    if unit.kind or not unit.has("word.export"):
        return False
    if unit.low != "export":
        return True
    return (
        0 < i < len(s.units) - 1
        and s.units[i - 1].low in {"the", "its", "their"}
        and s.units[i + 1].low == "of"
    )
