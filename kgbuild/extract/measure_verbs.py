"""Verbs of control measures: which noun a verb acts on, and what it does to it."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.lexicon import Tag
from kgbuild.extract.measure_memory import PRONOUNS, MeasureMemory
from kgbuild.extract.measure_nouns import MeasureNouns
from kgbuild.extract.measure_objects import MeasureObjects
from kgbuild.extract.measure_roles import Found
from kgbuild.extract.measure_words import (
    family,
    is_license,
    scope_exports,
)
from kgbuild.extract.units import FIRM, MATERIALS, PLACES, Sentence

_REACH: Final = 14  #: units between a verb and its control noun
_LOWERED: Final = frozenset({"cut-control", "reduce", "lower", "slash", "halve"})
_RAISED: Final = frozenset({"raise", "increase", "double", "expand", "hike"})
_SET: Final = frozenset({"due", "set", "scheduled", "slated", "expected", "allowed"})
_PART: Final = frozenset({"some", "part", "parts", "partially", "partly"})
_LATER: Final = frozenset({"suspended", "lifted", "extended", "eased", "tightened"})  #: what befalls measures
_NO_TAG: Final = Tag("", "")
#: Verbs whose object is often something said: "issued a statement that its controls ..."
_ISSUING: Final = frozenset({"issue-control", "order-control", "decree-control", "publish", "set-control"})
#: Words before members of a list: "a series of measures, including tightened curbs on chips".
_ABOUT: Final = frozenset({"about", "over", "against", "concerning", "on", "regarding"})
_LATELY: Final = frozenset({"newly", "recently", "previously", "already", "just"})
_LISTING: Final = frozenset({"including", "as", "like", "notably", "especially"})
#: Nouns that take "on" before what they are about: "softened its stance on export controls".
_ATTITUDES: Final = frozenset({"stance", "grip", "policy", "position", "rules", "hold"})


class MeasureVerbs:
    """Finds the noun that a verb of control acts on."""

    def __init__(self, grammar: Grammar, nouns: MeasureNouns, memory: MeasureMemory) -> None:
        self._grammar = grammar
        self._nouns = nouns
        self._memory = memory
        self._objects = MeasureObjects(grammar, nouns)

    def noun(self, s: Sentence, group: VerbGroup, earlier: tuple[Found, ...]) -> int | None:
        """Return the control noun or the "exports" that a verb acts on; None where it tells no measure."""
        left, right = self._grammar.clause(s, group.verb)
        if group.infinitive and group.first == left:  # "To increase supplies, the duty has been raised"
            right = next((j for j in range(group.verb, right) if s.units[j].text == ","), right)
        cls = group.tag.cls
        if cls == "control.do":
            found = None if self._is_noun(s, group) else self._objects.exports(s, group, left, right)
        elif cls == "control.unallowed":
            found = self._objects.unallowed(s, group, left)
        elif cls in {"control.list", "control.come"}:
            found = self._objects.listed(s, group, left, right)
            if found is None and cls == "control.list":
                found = self._laid(s, group, left, right) or self._gapped(s, group, left)
        elif cls == "control.happen":
            found = self._before(s, group, left)
            if any(f.noun == found and f.verb < f.noun and self._relative(s, f) for f in earlier):
                return None  # "a rule that raises royalties takes effect": its first verb tells the measure
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
            or self._on_change(s, group, found)
            or self._taken_from(s, group)
            or self._second_of_two(s, group)
            or self._attribute(s, group, found)
        ):
            return None
        if group.tag.id in _ISSUING and s.units[found].has("rule-word") and found + 1 < right:
            told = any(t.form == "ing" and t.cls.startswith("control.") for t in s.units[found + 1].tags)
            if told and found > group.verb:
                return None  # "issued a rule adding firms to its list": the second verb tells what
        # "eased its approval rules" eases rules
        licensed = any(is_license(u) for u in s.units[group.verb + 1 : max(group.verb + 1, found - 1)])
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

    def _on_change(self, s: Sentence, group: VerbGroup, found: int) -> bool:
        """Return whether the noun only tells a change of another: "extend the suspension of the tariffs"."""
        changed = (
            self._nouns.changed(s, found) if found > group.verb and self._nouns.change(s, found) else None
        )
        return changed is not None and changed > found

    @staticmethod
    def _relative(s: Sentence, found: Found) -> bool:
        return found.group is not None and s.units[found.group.first - 1].low in {"that", "which"}

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
        if group.tag.form not in {"past", "participle"} or noun <= group.verb or not group.first:
            return False
        between = s.units[group.verb + 1 : noun]
        plain = {"and", "-", "export"}
        if any(
            not (u.kind in MATERIALS or u.low in plain or (u.is_word and not u.tags and not u.kind))
            for u in between
        ):
            return False  # "several newly announced rare earth and mineral export controls"
        return self._describing(s, group.first)

    def _describing(self, s: Sentence, i: int) -> bool:
        """Return whether what stands before unit `i` makes it describe: "for one year revised rules"."""
        words, unit = self._grammar.words, s.units[i - 1]
        before = unit.low.split()[-1]  # "prospects of" is one unit
        closed = words["prepositions"] | words["determiners"] | _LISTING | _LATELY
        doing = any(t.form == "ing" and t.cls.startswith("control.") for t in unit.tags)
        return before in closed or before in {"'s", "’s"} or unit.kind == "Duration" or doing

    # ---- where the noun stands

    def _near(self, s: Sentence, group: VerbGroup, left: int, right: int) -> int | None:
        if group.passive or (group.tag.form in {"past", "participle"} and group.first == group.verb):
            describes = group.verb + 1 < right and self._nouns.is_short(s, group.verb + 1)
            if describes and not group.passive and group.first and self._describing(s, group.first):
                return None  # "in exchange for rolling back expanded curbs"
            pointing = group.first and s.units[group.first - 1].low in {"it", "they"}
            if group.passive and pointing and group.tag.action in _LATER and self._memory.fresh(s):
                return group.first - 1  # "It will be removed next year"
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
        behind = self._object(s, group, right)
        return behind if behind is not None else self._gapped(s, group, left)

    def _gapped(self, s: Sentence, group: VerbGroup, left: int) -> int | None:
        """Return the noun of "the curbs it had announced on 9 October", whose object stands in front."""
        if group.infinitive or s.units[group.first].low not in {"had", "has", "have"} or group.first < 2:
            return None
        if not self._grammar.is_actor(s.units[group.first - 1]) or s.units[group.verb + 1].low == "that":
            return None
        before = self._before(s, group, left)
        plain = before is not None and not any(u.text == "," for u in s.units[before : group.first])
        return before if plain else None

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
        between = s.units[noun + 1].text == "," and not any(
            self._grammar.is_auxiliary(u)
            or self._names(s, noun + 1 + k)
            or (t.form in {"past", "third"} and not u.kind)
            for k, u in enumerate(s.units[noun + 1 : group.first])
            for t in (u.tags or (_NO_TAG,))
        )
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
        if s.units[j].has("word.export") and (s.units[j - 1].kind or s.units[j].low != "export"):
            return False  # "shelved its rare earth export measures"
        before = s.units[j - 1]
        if j > group.verb + 1 and (before.has("rule-word") or before.has("move-noun")):
            return False  # "suspend a move imposing export curbs"
        near = range(j + 1, min(len(s.units), j + 6))
        leads = next((k for k in near if self._names(s, k)), None)
        described = any(t.form == "participle" for t in s.units[j].tags) and self._describing(s, j)
        if j > group.verb + 1 and described and leads is not None:
            return False  # "suspended for a year newly announced export controls"
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
        closed = any(u.text == "," for u in s.units[group.verb + 1 : group.verb + 6])
        aside = closed and any(u.text == "," for u in s.units[max(left, start - 8) : start])
        if start > left and s.units[start].low in {"and", "but"} and not group.passive and not aside:
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
            elif best is not None and unit.low in _ABOUT and self._set_off(s, j, group):
                return None  # "A complaint, about curbs on ore, was dropped": what is dropped is no curb
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

    @staticmethod
    def _set_off(s: Sentence, at: int, group: VerbGroup) -> bool:
        """Return whether the preposition at `at` opens an aside that the comma before the verb closes."""
        opened = at > 1 and s.units[at - 1].text == "," and not s.units[at - 2].kind
        return opened and s.units[group.first - 1].text == ","

    def _laid(self, s: Sentence, group: VerbGroup, left: int, right: int) -> int | None:
        """Return the noun of "placed restrictions on exports", "no curbs have been put on exports"."""
        if group.tag.id not in {"place-under", "put-under"}:
            return None
        if group.passive:
            on = group.verb + 1 < right and s.units[group.verb + 1].low == "on"
            laid = on and group.first > left and self._nouns.is_short(s, group.first - 1)
            return group.first - 1 if laid and scope_exports(s, group.verb + 2) else None
        noun = self._object(s, group, min(right, group.verb + 6))
        return noun if noun is not None and noun + 1 < right and s.units[noun + 1].low == "on" else None
