"""Control measures and tariffs: who imposed, tightened, suspended, eased or lifted which, on what."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.arguments import Arguments
from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import Grammar, VerbGroup, positions
from kgbuild.extract.measure_duties import MeasureDuties
from kgbuild.extract.measure_memory import MeasureMemory
from kgbuild.extract.measure_nouns import MeasureNouns
from kgbuild.extract.measure_roles import Found, MeasureRoles
from kgbuild.extract.measure_stance import measure_stance
from kgbuild.extract.measure_verbs import MeasureVerbs
from kgbuild.extract.stance import find_speech
from kgbuild.extract.units import FIRM, Sentence
from kgbuild.model import Argument, Event, Rejection

#: Verbs that forbid by law; the others ("halted exports") tell a measure only of a body that is named.
_LEGAL: Final = frozenset({"ban", "prohibit", "forbid", "outlaw", "restrict", "bar"})
_DUTIES: Final = frozenset(
    {"control.require", "control.need", "control.unlicensed", "control.subject", "control.duty"}
)
_AGAIN: Final = frozenset({"for", "on", "of", "to"})
#: Verbs whose subject is the measure or what it is on, not who imposes it.
_TURNED: Final = frozenset({"control.come", "control.happen"})


class Measures:
    """Finds control measures and tariffs in the sentences of one article, which must be given in order."""

    def __init__(self, text: str, grammar: Grammar, coreference: Coreference, *, about_exports: bool) -> None:
        self.text = text
        self.grammar = grammar
        self.coreference = coreference
        self.about_exports = about_exports
        self.roles = MeasureRoles(text, grammar, coreference)
        self.nouns = MeasureNouns(grammar, self.roles)
        self.memory = MeasureMemory(self.nouns, self.roles, about_exports)
        self.verbs = MeasureVerbs(grammar, self.nouns, self.memory)
        self.duties = MeasureDuties(grammar, self.nouns, self.roles)
        self.arguments = Arguments(grammar, coreference, text)
        self.rejections: list[Rejection] = []

    def find(self, s: Sentence) -> list[Event]:
        """Return the measures of `s`; what is refused is added to `rejections`."""
        if s.units[-1].text == "?":
            return []
        found: dict[tuple[int, str], Found] = {}
        near: set[int] = set()  #: control nouns that are told or refused
        for i in positions(s, "control"):
            for tag in self.grammar.tags_at(s, i, "control"):
                group = self.grammar.verb_group(s, i, tag)
                one = (
                    self.duties.find(s, group)
                    if tag.cls in _DUTIES
                    else self._verb(s, group, near, (*found.values(),))
                )
                if one is not None:
                    found.setdefault((one.noun, one.action), one)
                    near.add(one.noun)
                    break
        for one in self.nouns.changes(s, near):
            found.setdefault((one.noun, one.action), one)
            near.add(one.noun)
        for noun in self.nouns.controls(s, about_exports=self.about_exports):
            self.memory.name(s, noun)
            granted = None if any(abs(noun - n) < 8 for n in near) else self.nouns.granted(s, noun)
            if granted is not None:
                found[noun, granted.action] = granted
                near.add(noun)
        events = []
        for one in sorted(found.values(), key=lambda f: (f.verb, f.noun)):
            event = self._event(s, one)
            if event is not None:
                events.append(event)
                self.memory.add(s, one.noun, event)
        return events

    # ---- verbs

    def _verb(
        self, s: Sentence, group: VerbGroup, near: set[int], earlier: tuple[Found, ...]
    ) -> Found | None:
        """Return the measure that a verb tells; a control noun it is refused for is added to `near`."""
        noun = self.verbs.noun(s, group, earlier)
        if noun is None:
            return None
        subject = self.grammar.subject(s, group) or self._controller(s, group)
        stance = measure_stance(self.grammar, s, group, subject, noun)
        refused = stance.refused
        imposers = [] if refused else self._imposers(s, group, subject, noun, earlier)
        allowed = imposers or (group.tag.id in _LEGAL and not self._of_firm(s, subject))
        if group.tag.cls == "control.do" and not refused and not allowed:
            refused = "a stop of exports by nobody that can forbid them"
        if refused:
            near.add(noun)
            self._reject(s, f"measure-{group.tag.id}", refused)
            return None
        low, high = self._region(s, group, subject, noun)
        voice = "passive" if group.passive or noun < group.verb else "active"
        action = self.verbs.action(s, group, noun)
        skipped = self._skipped(s, group, noun)
        rule = f"measure-{group.tag.id}-{voice}"
        return Found(rule, action, noun, group.verb, tuple(imposers), low, high, stance, skipped, group)

    def _controller(self, s: Sentence, group: VerbGroup) -> list[int]:
        """Return the subject of "agreed" for "agreed in principle to relax"."""
        left, _ = self.grammar.clause(s, group.verb)
        for i in range(group.first - 1, left - 1, -1) if group.infinitive else ():
            for tag in self.grammar.tags_at(s, i, "agree"):
                return self.grammar.subject(s, self.grammar.verb_group(s, i, tag))
        return []

    def _region(self, s: Sentence, group: VerbGroup, subject: list[int], noun: int) -> tuple[int, int]:
        """Return the units [low, high) that hold what the measure is on and against whom."""
        left, right = self.grammar.clause(s, group.verb)
        cls = group.tag.cls
        high = group.first if cls == "control.happen" else self.nouns.reach(s, max(noun, group.verb), right)
        if cls == "control.come" or (cls == "control.list" and group.passive):
            return left, high
        low = min(noun, group.verb)
        if noun < group.verb:
            # "licensing for gallium was introduced in August, for antimony in September"
            ends = (
                j
                for j in range(group.verb + 1, high - 1)
                if s.units[j].text == "," and s.units[j + 1].low in _AGAIN
            )
            high = next(ends, high)
        if group.passive or noun < group.verb or cls in _TURNED:
            low = max(left, min([low, *(h for h in subject if h >= left)]) - 6)
        return low, high

    def _imposers(
        self, s: Sentence, group: VerbGroup, subject: list[int], noun: int, earlier: tuple[Found, ...]
    ) -> list[Argument]:
        """Return who does what the verb says: its subject, the owner of the noun, "by ..."."""
        left, right = self.grammar.clause(s, group.verb)
        active = group.tag.cls not in _TURNED and not group.passive and noun > group.verb
        gapped = group.tag.cls not in _TURNED and not group.passive and group.tag.form != "participle"
        imposers: list[Argument] = []
        if active or gapped:
            imposers = (
                self.roles.subjects(s, subject) if subject else self.roles.subject_beside(s, group.first)
            )
        if not imposers:
            imposers = self._owners(s, group, noun, right)
        if imposers or subject or not active:
            return imposers
        if group.first and s.units[group.first - 1].low in {"and", "then", ","}:
            # "China lifted one ban and suspended another": the second verb has the subject of the first
            return [a for f in earlier if left <= f.verb < group.verb and f.verb < f.noun for a in f.imposers]
        if group.tag.form == "ing" and s.units[left].low in {"after", "while", "by"}:
            return [a for f in earlier[-1:] for a in f.imposers]
        return []

    def _owners(self, s: Sentence, group: VerbGroup, noun: int, right: int) -> list[Argument]:
        """Return who imposed it when the subject of the verb does not tell."""
        limit = group.first if noun < group.verb else right
        owners = self.roles.possessor(s, noun) or self.roles.relative_owner(s, noun, limit)
        if not owners and noun < group.verb:
            owners = self.roles.agents(s, noun + 1, group.first)
        owners = owners or self.roles.agents(s, group.verb + 1, right)
        if not owners and group.tag.form == "ing":
            owners = self.roles.owner_behind(s, group.verb + 1, min(noun, group.verb + 6))
        return owners or self.roles.place_before(s, self.grammar.clause(s, group.verb)[0])

    def _skipped(self, s: Sentence, group: VerbGroup, noun: int) -> tuple[int, int]:
        """Return the units whose times are not the verb's but the noun's or the main clause's."""
        _, right = self.grammar.clause(s, group.verb)
        if noun > group.verb:
            return self.nouns.own_times(s, noun, right)
        if group.passive or group.tag.cls == "control.happen":
            return noun + 1, group.first
        return self.nouns.reach(s, group.verb, right), right

    @staticmethod
    def _of_firm(s: Sentence, subject: list[int]) -> bool:
        return any(s.units[h].kind == FIRM or s.units[h].has("role") for h in subject)

    # ---- events

    def _event(self, s: Sentence, found: Found) -> Event | None:
        unit = s.units[found.noun]
        tariff = self.memory.family(s, found.noun) == "tariff"
        items = self.roles.items(s, found.low, found.high)
        first = {a.name: a for a in reversed(found.imposers)}
        imposers, items = self.memory.recall(s, found, list(first.values())[::-1], items)
        targets = self.roles.targets(s, found.noun, found.low, found.high)
        missing = self._missing(tariff, imposers, items, targets)
        if missing:
            self._reject(s, found.rule, missing)
            return None
        speech = find_speech(self.grammar, s, found.verb)
        kind = "TariffMeasure" if tariff else "ExportControlMeasure"
        arguments = {
            *imposers,
            *items,
            *targets,
            *self.roles.times(s, found, speech),
            *self.roles.durations(s, found.noun, found.verb, found.high),
            *self.roles.instruments(s, found.noun, found.group),
            *self.roles.response(s, found.noun),
            Argument("kind", "Class", unit.text, unit.start, unit.end, value=kind),
        }
        return Event(
            "control_measure",
            found.action,
            s.start,
            s.end,
            tuple(sorted(arguments)),
            found.stance.polarity,
            found.stance.certainty,
            self.arguments.speaker(s, speech),
            found.rule,
        )

    def _missing(
        self, tariff: bool, imposers: list[Argument], items: list[Argument], targets: list[Argument]
    ) -> str:
        """Return why there is too little told for an event, or ""."""
        if tariff:
            return "" if imposers or targets else "a tariff of nobody against nobody"
        if not imposers and not items:
            return "neither who imposes it nor what it restricts is named"
        if not items and not self.about_exports:
            return "no material of ours is named, and the article is not about exports"
        return ""

    def _reject(self, s: Sentence, rule: str, reason: str) -> None:
        self.rejections.append(Rejection(s.start, s.end, self.text[s.start : s.end], rule, reason))
