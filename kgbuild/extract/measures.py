"""Control measures and tariffs: who imposed, tightened, suspended, eased or lifted which, on what, against whom."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import Grammar, VerbGroup, positions
from kgbuild.extract.measure_nouns import MeasureNouns
from kgbuild.extract.measure_roles import Found, MeasureRoles, family
from kgbuild.extract.stance import Stance, find_speech, speaker_argument, stance_of
from kgbuild.extract.units import FIRM, MATERIALS, PLACES, Sentence
from kgbuild.model import Argument, Event, Rejection

_REACH: Final = 14  #: units between a verb and its control noun
#: Verbs that forbid by law; the others ("halted exports") tell a measure only of a body that is named.
_LEGAL: Final = frozenset({"ban", "prohibit", "forbid", "outlaw", "restrict", "bar"})
_LOWERED: Final = frozenset({"cut-control", "reduce", "lower", "slash", "halve"})
_RAISED: Final = frozenset({"raise", "increase", "double", "expand", "hike"})
#: Control nouns that an article about exports need not explain: "suspended the controls".
_BARE: Final = frozenset({"controls", "curbs", "restrictions"})
_ATTITUDES: Final = frozenset({"stance", "grip", "policy", "position", "rules", "hold"})
_PART: Final = frozenset({"some", "part", "parts", "partially", "partly"})
#: Prepositions before an -ing form that make it a matter of talk, not a deed.
_TALK: Final = frozenset({"of", "about", "against", "from", "without", "than", "for", "on", "between"})


class Measures:
    """Finds control measures and tariffs in the sentences of one article, which must be given in order."""

    def __init__(self, text: str, grammar: Grammar, coreference: Coreference, *, about_exports: bool) -> None:
        self.text = text
        self.grammar = grammar
        self.coreference = coreference
        self.roles = MeasureRoles(text, grammar, coreference)
        self.nouns = MeasureNouns(grammar, self.roles)
        self.about_exports = about_exports
        self.told: list[tuple[str, Event]] = []  #: family and event of the measures told so far
        self.rejections: list[Rejection] = []

    def find(self, s: Sentence) -> list[Event]:
        """Return the measures of `s`; what is refused is added to `rejections`."""
        if s.units[-1].text == "?":
            return []
        found: dict[tuple[int, str], Found] = {}
        near: set[int] = set()
        for i in positions(s, "control"):
            for tag in self.grammar.tags_at(s, i, "control"):
                one = self._verb(s, self.grammar.verb_group(s, i, tag), near, tuple(found.values()))
                if one is not None:
                    found.setdefault((one.noun, one.action), one)
                    near.add(one.noun)
                    break
        for one in self.nouns.changes(s, near):
            found.setdefault((one.noun, one.action), one)
            near.add(one.noun)
        for noun in self.nouns.controls(s):
            if not any(abs(noun - n) < 8 for n in near):
                granted = self.nouns.granted(s, noun)
                if granted is not None:
                    found[noun, granted.action] = granted
                    near.add(noun)
        events = []
        for one in sorted(found.values(), key=lambda f: (f.verb, f.noun)):
            event = self._event(s, one)
            if event is not None:
                events.append(event)
                self.told.append((family(s.units[one.noun]), event))
        return events

    # ---- verbs

    def _verb(
        self, s: Sentence, group: VerbGroup, near: set[int], earlier: tuple[Found, ...]
    ) -> Found | None:
        """Return the measure that a verb tells; a control noun it is refused for is added to `near`."""
        left, right = self.grammar.clause(s, group.verb)
        cls = group.tag.cls
        if cls == "control.do" and self._noun_reading(s, group):
            return None
        if cls in {"control.require", "control.need"}:
            return self._license_duty(s, group, left, right)
        noun = self._noun(s, group, left, right)
        if noun is None and group.first and s.units[group.first - 1].low == "and" and cls != "control.do":
            # "the ban began in May and was prolonged": the second verb has the noun of the first
            shared = [f.noun for f in earlier if f.noun < f.verb < group.verb]
            noun = shared[-1] if shared and (group.passive or cls == "control.happen") else None
        if noun is None or self._second_of_two(s, group) or self._attribute(s, group, noun):
            return None
        if any(u.has("license") and not u.has("control") for u in s.units[group.verb + 1 : noun]):
            return None
        subject = self.grammar.subject(s, group)
        stance = self._stance(s, group, subject, noun)
        if stance.refused:
            near.add(noun)
            self._reject(s, f"measure-{group.tag.id}", stance.refused)
            return None
        turned = cls in {"control.come", "control.happen"}
        passive = group.passive or noun < group.verb
        gapped = passive and not turned and not group.passive and group.tag.form != "participle"
        acting = not turned and (not passive or gapped)
        imposers = self.roles.subjects(s, subject) if acting else []
        if acting and not subject:
            imposers = self.roles.subject_beside(s, group.first)
        if not imposers:
            imposers = self._owners(s, group, noun, right)
        joined = group.first and s.units[group.first - 1].low in {"and", "then", ","}
        if not imposers and not passive and not turned and joined and not subject:
            # "China lifted one ban and suspended another": the second verb has the subject of the first
            imposers = [a for f in earlier if left <= f.verb < group.verb and f.verb < f.noun for a in f.imposers]
        if not imposers and group.tag.form == "ing" and not subject and s.units[left].low in {"after", "while", "by"}:
            imposers = [a for f in earlier[-1:] for a in f.imposers]
        if cls == "control.do" and not imposers and (group.tag.id not in _LEGAL or self._firm(s, subject)):
            near.add(noun)
            self._reject(s, f"measure-{group.tag.id}", "a stop of exports by nobody that can forbid them")
            return None
        high = self.nouns.reach(s, max(noun, group.verb), right)
        low = min(noun, group.verb)
        if passive or turned:
            low = max(left, min([low, *(h for h in subject if h >= left)]) - 6)
        if cls == "control.list" and group.passive or cls == "control.come":
            low = left
        return Found(
            f"measure-{group.tag.id}-{'passive' if passive else 'active'}", self._action(s, group, noun), noun,
            group.verb, tuple(imposers), low, high, stance, self._skipped(s, group, noun, right), group,
        )  # fmt: skip

    def _noun(self, s: Sentence, group: VerbGroup, left: int, right: int) -> int | None:
        cls = group.tag.cls
        if cls == "control.do":
            return self._exports(s, group, left, right)
        if cls in {"control.list", "control.come"}:
            return self._list(s, group, left, right)
        if cls == "control.happen":
            return self._before(s, group, left)
        return self._noun_near(s, group, left, right)

    def _owners(self, s: Sentence, group: VerbGroup, noun: int, right: int) -> list[Argument]:
        """Return who imposed it when the subject of the verb does not tell."""
        limit = group.first if noun < group.verb else right
        owners = self.roles.possessor(s, noun) or self.roles.relative_owner(s, noun, limit)
        if not owners and noun < group.verb:
            owners = self.roles.agents(s, noun + 1, group.first)
        owners = owners or self.roles.agents(s, group.verb + 1, right)
        if not owners and group.tag.form == "ing":
            owners = self.roles.owner_behind(s, group.verb + 1, min(noun, group.verb + 6))
        return owners

    def _skipped(self, s: Sentence, group: VerbGroup, noun: int, right: int) -> tuple[int, int]:
        """Return the units whose times are not the verb's: what describes the noun, or the main clause around it."""
        if noun < group.verb:
            if group.passive or group.tag.cls == "control.happen":
                return (noun + 1, group.first)
            return (self.nouns.reach(s, group.verb, right), right)
        return self.nouns.own_times(s, noun, right)

    def _noun_reading(self, s: Sentence, group: VerbGroup) -> bool:
        """Return whether "ban", "limits" is a noun: "suspends ban on exports"."""
        i = group.verb
        if group.tag.form not in {"base", "third"} or not any(not t.form for t in s.units[i].tags):
            return False
        before = s.units[i - 1] if i else None
        ruled = before is not None and any(t.form and t.cls.startswith("control") for t in before.tags)
        return ruled or (i + 1 < len(s.units) and s.units[i + 1].low in {"on", "of"})

    def _second_of_two(self, s: Sentence, group: VerbGroup) -> bool:
        """Return whether the verb is the second of "suspend or remove": the first tells the measure."""
        i = group.verb
        return i >= 2 and s.units[i - 1].low == "or" and any(
            t.cls == group.tag.cls and t.form == group.tag.form for t in s.units[i - 2].tags
        )  # fmt: skip

    def _attribute(self, s: Sentence, group: VerbGroup, noun: int) -> bool:
        """Return whether the verb only describes its noun: "the prospect of reduced export restrictions"."""
        if group.tag.form not in {"past", "participle"} or noun != group.verb + 1 or not group.first:
            return False
        words = self.grammar.words
        before = s.units[group.first - 1].low
        return before in words["prepositions"] or before in words["determiners"] or before == "'s"

    @staticmethod
    def _firm(s: Sentence, subject: list[int]) -> bool:
        return any(s.units[h].kind == FIRM or s.units[h].has("role") for h in subject)

    def _action(self, s: Sentence, group: VerbGroup, noun: int) -> str:
        """Return what the verb does to this kind of measure: a cut quota is a tightened one."""
        action, id_ = group.tag.action, group.tag.id
        kind = family(s.units[noun])
        if kind == "quota" and id_ in _LOWERED:
            return "tightened"
        if kind == "quota" and id_ in _RAISED:
            return "eased"
        partly = s.units[group.first : noun] if group.verb < noun else s.units[group.first : group.verb]
        if action == "lifted" and any(u.low in _PART for u in partly):
            return "eased"
        return action

    # ---- the noun of a verb

    def _noun_near(self, s: Sentence, group: VerbGroup, left: int, right: int) -> int | None:
        if group.passive or (group.tag.form in {"past", "participle"} and group.first == group.verb):
            if group.first and self.nouns.is_control(s, group.first - 1):
                return group.first - 1 if self.nouns.change_of(s, group.first - 1) is None else None
            behind = None if group.passive else self._object(s, group, right)
            return behind if behind is not None else self._before(s, group, left)
        return self._object(s, group, right)

    def _object(self, s: Sentence, group: VerbGroup, right: int) -> int | None:
        for j in range(group.verb + 1, min(right, group.verb + _REACH)):
            unit = s.units[j]
            if self.nouns.is_control(s, j) or self._meant(s, j, group):
                return j if self._acts_on(s, group, j) else None
            joined = j > group.verb + 1 and s.units[j - 1].low == "or"
            other = any(t.form in {"base", "past", "ing"} and t.cls.startswith("control.") for t in unit.tags)
            if other and not joined and not self.grammar.is_noun(s, j):
                return None  # another verb of control comes first: the noun is its object
            if unit.text in {";", ":"} or unit.has("agreement") or unit.has("response") or self._leaves_object(s, j):
                return None
        return None

    def _acts_on(self, s: Sentence, group: VerbGroup, noun: int) -> bool:
        """Return whether a verb acts on the control noun itself, not on a change of it: "announced its suspension"."""
        change = self.nouns.change_of(s, noun)
        if change is None:
            return True
        # "suspended the implementation of the controls" suspends the controls
        begun = self.nouns.change(s, change) in {"imposed", "extended", "tightened"}
        return begun and group.verb < change and group.tag.action in {"suspended", "lifted", "eased"}

    def _leaves_object(self, s: Sentence, j: int) -> bool:
        """Return whether a preposition at `j` ends the object: "set up a panel on China's limits"."""
        unit = s.units[j]
        if unit.kind or unit.low not in self.grammar.words["prepositions"] - {"of", "as"}:
            return False
        before, following = s.units[j - 1], s.units[j + 1] if j + 1 < len(s.units) else None
        timed = following is not None and following.kind in {"Time", "Duration", *PLACES}
        return not timed and before.low not in _ATTITUDES and not any(t.form for t in before.tags)

    def _before(self, s: Sentence, group: VerbGroup, left: int) -> int | None:
        """Return the control noun in front of a verb, in its own phrase."""
        best = None
        if left and s.units[left].low in {"which", "that"}:
            left -= 3  # "the controls, which were tightened in April"
        for j in range(group.first - 1, max(0, left, group.first - _REACH) - 1, -1):
            unit = s.units[j]
            if self.nouns.is_control(s, j) or self._meant(s, j, group):
                best = j
            elif unit.text in {";", ":"} or (unit.low in {"that", "and"} and best is not None):
                break
            elif unit.low in self.grammar.words["auxiliaries"] and unit.text not in {"'s", "’s"}:
                break
            elif best is not None and any(t.form == "past" for t in unit.tags):
                break
        return best if best is None or self.nouns.change_of(s, best) is None else None

    def _meant(self, s: Sentence, j: int, group: VerbGroup) -> bool:
        """Return whether unit `j` is "the ban" that the article told before."""
        if not self.nouns.is_short(s, j):
            return False
        kind = family(s.units[j])
        before = s.units[j - 1].low if j else ""
        if self.about_exports and s.units[j].low in _BARE and before in {"the", "its", "their", "these", "those"}:
            return True
        plural = s.units[j].low.endswith("s") and (j == 0 or s.units[j - 1].text in {"."})
        return any(k == kind for k, _ in self.told) and (self.roles.definite(s, j) or plural)

    def _exports(self, s: Sentence, group: VerbGroup, left: int, right: int) -> int | None:
        """Return the word "exports" that a verb of forbidding acts on."""

        def exported(j: int) -> bool:
            return s.units[j].has("word.export") and s.units[j].low != "export" and not s.units[j].kind

        if group.passive:
            for j in range(group.first - 1, left - 1, -1):
                unit = s.units[j]
                if exported(j):
                    return j
                if unit.low in {"that", "and", "but", ","} or unit.has("license"):
                    return None
            return None
        for j in range(group.verb + 1, min(right, group.verb + 8)):
            if exported(j) or (s.units[j].has("export") and any(t.form == "ing" for t in s.units[j].tags)):
                return j
            if self.nouns.is_control(s, j) or s.units[j].text in {",", ";"} or s.units[j].has("license"):
                return None
        return None

    def _list(self, s: Sentence, group: VerbGroup, left: int, right: int) -> int | None:
        """Return the list, control or license that a verb puts something under."""
        for j in range(group.verb + 1, min(right, group.verb + 24)):
            unit = s.units[j]
            before = {u.low for u in s.units[max(group.verb, j - 4) : j]}
            under = group.tag.cls == "control.come" or bool(before & {"under", "to", "onto", "on", "export"})
            noun = unit.has("control.list-noun") or (unit.has("control") and not unit.kind)
            licensed = unit.has("license") and not unit.has("license.soft") and s.units[j - 1].low in {"under", "export"}
            if not (under and (noun or licensed)):
                continue
            listed = s.units[left : group.first] if group.passive or group.tag.cls == "control.come" else s.units[group.verb + 1 : j]
            if any(u.kind in MATERIALS or u.has("word.export") for u in listed):
                return j
        return None

    def _license_duty(self, s: Sentence, group: VerbGroup, left: int, right: int) -> Found | None:
        """Read "China requires licenses for gallium exports" and "exports of gallium need a license"."""
        noun = next((j for j in range(group.verb + 1, min(right, group.verb + 9)) if s.units[j].has("license")), None)
        if group.passive or noun is None or s.units[noun].kind:
            return None
        window = s.units[max(left, group.first - 1) : group.verb]
        if any(u.has("negation") or u.has("possible") or u.has("hypothetical") or u.has("unreal") for u in window):
            return None
        stance = Stance(certainty="planned") if any(u.has("planned") for u in window) else Stance()
        subject = self.grammar.subject(s, group)
        imposers = self.roles.subjects(s, subject)
        exported = [j for j in range(left, group.first) if s.units[j].has("word.export") and s.units[j].low != "export"]
        if group.tag.cls == "control.require" and imposers:
            asked = s.units[group.verb + 1 : right]
            if not any(u.has("role") or u.has("export") or u.has("word.export") for u in asked):
                return None
            low = group.verb
        elif exported and any(u.kind in MATERIALS for u in s.units[left : group.first]):
            low = left
            imposers = self.roles.agents(s, group.verb + 1, right)
        else:
            return None
        high = self.nouns.reach(s, noun, right)
        return Found(f"measure-{group.tag.id}", "imposed", noun, group.verb, tuple(imposers), low, high, stance, (0, 0), group)

    # ---- stance

    def _stance(self, s: Sentence, group: VerbGroup, subject: list[int], noun: int) -> Stance:
        """Return polarity and certainty of a verb on a measure."""
        stance = stance_of(self.grammar, s, group, subject)
        left, _ = self.grammar.clause(s, group.verb)
        before = s.units[left : group.verb]
        if stance.refused:
            return stance
        if self._doubted(s, group.verb):
            return Stance(refused="doubted or feared, not said to be so")
        if any(u.has("unreal") for u in before) and group.tag.form in {"base", "ing"}:
            return Stance(refused="a wish, a demand or a prospect is no measure")
        if group.tag.form == "ing" and group.first and s.units[group.first - 1].low in _TALK:
            return Stance(refused="spoken of, not said to be done")
        polarity, certainty = stance.polarity, stance.certainty
        if self._denied_report(s, group.verb):
            polarity = "denied"
        hedges = {u.low for u in before if u.has("possible")}
        plans = {"plan", "plans", "proposal", "proposals", "draft"}
        if certainty == "possible" and hedges == {"would"} and not any(u.has("hypothetical") for u in s.units):
            certainty = "planned"
        elif group.infinitive and group.first and s.units[group.first - 1].low in {"moved", "moves"}:
            certainty = "actual"
        elif group.infinitive and any(u.has("agree") for u in before):
            certainty = "planned"  # "agreed in Busan to suspend"
        elif group.infinitive and s.kind == "headline" and subject and subject[-1] == group.first - 1:
            certainty = "planned"  # headline: "China to lift its ban"
        elif certainty == "actual" and any(u.low in plans for u in s.units[group.verb : noun]):
            certainty = "planned"
        elif certainty == "actual" and group.tag.cls == "control.happen" and s.kind == "text":
            present = group.first == group.verb and group.tag.form in {"base", "third"}
            certainty = "planned" if present else certainty
        return Stance(polarity, certainty)

    @staticmethod
    def _doubted(s: Sentence, verb: int) -> bool:
        """Return whether "no evidence that", "fears that" or the like stands over the verb."""
        for i, unit in enumerate(s.units[:verb]):
            if unit.has("doubt") and not any(u.text in {",", ";"} for u in s.units[i + 1 : verb]):
                return True
        return False

    def _denied_report(self, s: Sentence, verb: int) -> bool:
        """Return whether the verb stands in a report that is denied: "rejected accounts that it banned exports"."""
        for i, unit in enumerate(s.units[:verb]):
            if unit.has("denial") or unit.has("speech.deny"):
                if any(u.has("report-noun") for u in s.units[i + 1 : min(verb, i + 7)]):
                    return True
        return False

    # ---- events

    def _event(self, s: Sentence, found: Found) -> Event | None:
        unit = s.units[found.noun]
        tariff = family(unit) == "tariff"
        items = self.roles.items(s, found.low, found.high)
        imposers = list({a.name: a for a in reversed(found.imposers)}.values())[::-1]
        imposers, items = self._told_before(s, found, imposers, items)
        if not imposers and not items and not tariff:
            self._reject(s, found.rule, "neither who imposes it nor what it restricts is named")
            return None
        targets = self.roles.targets(s, found.noun, found.low, found.high)
        if tariff and not imposers and not targets:
            self._reject(s, found.rule, "a tariff of nobody against nobody")
            return None
        if not tariff and not items and not self.about_exports:
            self._reject(s, found.rule, "no material of ours is named, and the article is not about exports")
            return None
        speech = find_speech(self.grammar, s, found.verb)
        kind = "TariffMeasure" if tariff else "ExportControlMeasure"
        arguments = [
            *imposers, *items, *targets,
            *self.roles.times(s, found, speech),
            *self.roles.durations(s, found.noun, found.verb, found.high),
            *self.roles.instruments(s, found.noun, found.group), *self.roles.response(s, found.noun),
            Argument("kind", "Class", unit.text, unit.start, unit.end, value=kind),
        ]  # fmt: skip
        speaker = speaker_argument(self.grammar, s, speech, self._named)
        if speaker is not None and speaker.kind == "UnnamedSource":
            speaker = replace(speaker, text=self.text[speaker.start : speaker.end])
        return Event(
            "control_measure", found.action, s.start, s.end, tuple(sorted(set(arguments))),
            found.stance.polarity, found.stance.certainty, speaker, found.rule,
        )  # fmt: skip

    def _told_before(
        self, s: Sentence, found: Found, imposers: list[Argument], items: list[Argument]
    ) -> tuple[list[Argument], list[Argument]]:
        """Return imposers and items, taken from the measure told before where the noun points back to it."""
        unit = s.units[found.noun]
        if imposers and items or not self.nouns.is_short(s, found.noun) and imposers:
            return imposers, items
        points_back = self.roles.definite(s, found.noun) or found.noun == 0
        earlier = [e for kind, e in self.told if kind == family(unit)]
        if not earlier or not points_back:
            return imposers, items

        def taken(argument: Argument) -> Argument:
            return replace(
                argument, text=unit.text, start=unit.start, end=unit.end, inferred=True,
                derivation=f"coreference: {unit.text} = {argument.text}, told before",
            )  # fmt: skip

        owners = {a.name for e in earlier for a in e.of("imposer")}
        if not imposers and len(owners) == 1:
            imposers = [taken(next(a for e in earlier for a in e.of("imposer")))]
        things = {frozenset(a.name for a in e.of("item")) for e in earlier} - {frozenset()}
        if not items and len(things) == 1:
            last = next(e for e in reversed(earlier) if e.of("item"))
            items = [taken(a) for a in dict((a.name, a) for a in last.of("item")).values()]
        return imposers, items

    def _named(self, s: Sentence, i: int) -> tuple[str, str, str]:
        found = self.coreference.refer(s, i)
        return (found.kind, found.name, found.via) if found else ("", "", "")

    def _reject(self, s: Sentence, rule: str, reason: str) -> None:
        self.rejections.append(Rejection(s.start, s.end, self.text[s.start : s.end], rule, reason))
