"""Control measures and tariffs: who imposed, tightened, suspended, eased or lifted which, on what, against whom."""

from __future__ import annotations

from dataclasses import replace

from kgbuild.extract.arguments import Arguments
from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import Grammar, VerbGroup, positions
from kgbuild.extract.stance import Speech, Stance, find_speech, speaker_argument, stance_of
from kgbuild.extract.units import BODIES, MATERIALS, PLACES, Sentence
from kgbuild.model import Argument, Event, Rejection

_REACH = 14  #: units between a verb and its control noun


class Measures:
    """Finds control measures and tariffs in the sentences of one article."""

    def __init__(self, text: str, grammar: Grammar, coreference: Coreference, *, about_exports: bool) -> None:
        self.text = text
        self.grammar = grammar
        self.coreference = coreference
        self.arguments = Arguments(grammar, coreference)
        self.about_exports = about_exports
        self.rejections: list[Rejection] = []

    def find(self, s: Sentence) -> list[Event]:
        """Return the measures of `s`; what is refused is added to `rejections`."""
        events: list[Event] = []
        used: set[int] = set()
        for i in positions(s, "control"):
            for tag in self.grammar.tags_at(s, i, "control"):
                group = self.grammar.verb_group(s, i, tag)
                found = self._verb(s, group)
                if found is not None:
                    noun, event = found
                    if noun not in used:
                        used.add(noun)
                        events.append(event)
                    break
        for i in (*positions(s, "control"), *positions(s, "tariff")):
            if i not in used and self._is_noun(s, i) and not any(abs(i - u) < 8 for u in used):
                event = self._nominal(s, i)
                if event is not None:
                    used.add(i)
                    events.append(event)
        return events

    # ---- nouns

    def _is_noun(self, s: Sentence, i: int) -> bool:
        unit = s.units[i]
        if unit.kind or not any(
            not t.form and t.cls in {"control", "control.short", "tariff", "control.list-noun"}
            for t in unit.tags
        ):
            return False
        if any(not t.form and t.cls in {"control", "tariff"} for t in unit.tags):
            return True
        # "controls", "curbs", "ban" alone: on exports, or on a material
        near = s.units[max(0, i - 5) : i + 6]
        return any(u.has("word.export") or u.kind in MATERIALS for u in near)

    def _noun_near(self, s: Sentence, group: VerbGroup, left: int, right: int) -> int | None:
        if group.passive or (group.tag.form in {"past", "participle"} and group.first == group.verb):
            before = [j for j in range(max(left, group.first - _REACH), group.first) if self._is_noun(s, j)]
            behind = [
                j for j in range(group.verb + 1, min(right, group.verb + _REACH)) if self._is_noun(s, j)
            ]
            return behind[0] if behind and not group.passive else before[-1] if before else None
        for j in range(group.verb + 1, min(right, group.verb + _REACH)):
            if self._is_noun(s, j):
                return j
            if any(
                t.form in {"base", "past"} and t.cls.startswith("control.") for t in s.units[j].tags
            ) and not self.grammar.is_noun(s, j):
                return None  # another verb of control comes first: the noun is its object
        return None

    # ---- verbs

    def _verb(self, s: Sentence, group: VerbGroup) -> tuple[int, Event] | None:
        left, right = self.grammar.clause(s, group.verb)
        cls = group.tag.cls
        if cls == "control.require":
            return self._require(s, group, right)
        if cls == "control.do":
            noun = self._exports(s, group, left, right)
        elif cls == "control.list":
            noun = self._list(s, group, right)
        else:
            noun = self._noun_near(s, group, left, right)
        if noun is None:
            return None
        if any(u.has("license") and not u.has("control") for u in s.units[group.verb + 1 : noun]):
            return None
        subject = self.grammar.subject(s, group)
        stance = stance_of(self.grammar, s, group, subject)
        if stance.refused:
            self._reject(s, group.tag.cls, stance.refused)
            return None
        passive = group.passive or noun < group.verb
        imposers = [] if passive else [a for h in subject if (a := self._body("imposer", s, h))]
        imposers += self._possessor(s, noun) + self._agents(s, group.verb, right)
        if not imposers and group.tag.form == "ing":
            imposers = self._owner_behind(s, group.verb, noun)
        rule = f"measure-{group.tag.id}-{'passive' if passive else 'active'}"
        low = min(noun, group.verb, *(h for h in subject)) if subject and passive else min(noun, group.verb)
        event = self._event(
            s,
            rule,
            group.tag.action,
            imposers,
            (max(left, low - 6 if passive else low), right),
            stance,
            noun,
            group.verb,
        )
        return (noun, event) if event is not None else None

    def _require(self, s: Sentence, group: VerbGroup, right: int) -> tuple[int, Event] | None:
        """Read "requires exporters to obtain licenses for gallium" as a licensing requirement of the one who requires."""
        if group.passive or not any(u.has("role") for u in s.units[group.verb + 1 : group.verb + 5]):
            return None
        noun = next((j for j in range(group.verb + 1, right) if s.units[j].has("license")), None)
        subject = self.grammar.subject(s, group)
        imposers = [a for h in subject if (a := self._body("imposer", s, h))]
        if noun is None or not imposers:
            return None
        event = self._event(
            s, "measure-require", "imposed", imposers, (group.verb, right), Stance(), noun, group.verb
        )
        return (noun, event) if event else None

    def _exports(self, s: Sentence, group: VerbGroup, left: int, right: int) -> int | None:
        """Return the word "exports" that a verb of forbidding acts on."""

        def exported(j: int) -> bool:
            return s.units[j].has("word.export") and s.units[j].low != "export" and not s.units[j].kind

        if group.passive:
            return next((j for j in range(group.first - 1, left - 1, -1) if exported(j)), None)
        for j in range(group.verb + 1, min(right, group.verb + 7)):
            if exported(j) or (s.units[j].has("export") and any(t.form == "ing" for t in s.units[j].tags)):
                return j
        return None

    def _list(self, s: Sentence, group: VerbGroup, right: int) -> int | None:
        """Return the control list that a verb puts something on."""
        for j in range(group.verb + 2, min(right, group.verb + 24)):
            if s.units[j].has("control.list-noun") or (
                s.units[j].has("control") and s.units[j - 1].low in {"under", "to", "export"}
            ):
                between = s.units[group.verb + 1 : j]
                if any(u.kind in MATERIALS for u in between) and any(
                    u.low in {"to", "under", "on", "onto"} for u in between
                ):
                    return j
        return None

    # ---- nominal mentions

    def _nominal(self, s: Sentence, i: int) -> Event | None:
        """Return a measure that a possessive takes for granted: "China's export controls on rare earths"."""
        imposers = self._possessor(s, i)
        left, right = self.grammar.clause(s, i)
        if not imposers:
            return None
        items = self._items(s, max(left, i - 6), min(right, i + 8), i)
        if not items and not s.units[i].has("tariff"):
            return None
        window = s.units[left:i]
        if any(
            u.has("possible") or u.has("planned") or u.has("negation") or u.has("hypothetical")
            for u in window[-5:]
        ):
            self._reject(s, "measure-possessive", "taken for granted beside a hedge or a denial")
            return None
        return self._event(
            s,
            "measure-possessive",
            "imposed",
            imposers,
            (max(left, i - 6), min(right, i + 8)),
            Stance(),
            i,
            i,
        )

    def _possessor(self, s: Sentence, noun: int) -> list[Argument]:
        """Return who owns a control noun: "China's export controls", "U.S. tariffs", "Beijing's curbs"."""
        j = noun - 1
        while j >= 0 and noun - j <= 6:
            unit = s.units[j]
            if (
                unit.kind in PLACES
                and not unit.demonym
                and not self.grammar.possessive(s, j)
                and s.units[j + 1].is_word
                and j + 1 != noun
                and not s.units[j + 1].kind
            ):
                return []  # "China maintains control": a subject, no owner
            if unit.kind in PLACES or unit.kind in BODIES or unit.has("authority"):
                found = self.coreference.refer(s, j) if not unit.demonym or unit.kind in PLACES else None
                if found is not None and found.kind in BODIES:
                    return [
                        Argument(
                            "imposer",
                            found.kind,
                            unit.text,
                            unit.start,
                            unit.end,
                            found.name,
                            derivation=found.via,
                        )
                    ]
                return []
            if unit.low in {"its", "their"}:
                actor = self.arguments.actor("imposer", s, j)
                return [actor] if actor is not None and actor.kind in BODIES else []
            inner = (
                unit.text in {"'s", "’s", "-"}
                or unit.kind in MATERIALS
                or (unit.is_word and not unit.kind and not any(t.form for t in unit.tags))
            )
            if not inner or unit.low in self.grammar.words["prepositions"]:
                return []
            j -= 1
        return []

    def _owner_behind(self, s: Sentence, verb: int, noun: int) -> list[Argument]:
        """Return whose stance or rule a nominalized verb changes: "a softening in China's stance on export controls"."""
        for j in range(verb + 1, min(noun, verb + 6)):
            if self.grammar.possessive(s, j):
                actor = self._body("imposer", s, j)
                return [actor] if actor is not None else []
        return []

    def _agents(self, s: Sentence, verb: int, right: int) -> list[Argument]:
        for j in range(verb + 1, right):
            if s.units[j].low in {"by", "under"} and not s.units[j].kind:
                for k in range(j + 1, min(j + 5, right)):
                    actor = self._body("imposer", s, k)
                    if actor is not None:
                        return [actor]
        return []

    def _body(self, role: str, s: Sentence, i: int) -> Argument | None:
        actor = (
            self.arguments.actor(role, s, i)
            if self.grammar.is_actor(s.units[i]) or s.units[i].kind in PLACES
            else None
        )
        return actor if actor is not None and actor.kind in BODIES else None

    # ---- arguments

    def _items(self, s: Sentence, low: int, high: int, noun: int) -> list[Argument]:
        return self.arguments.materials("item", s, low, high)

    def _targets(self, s: Sentence, noun: int, right: int) -> list[Argument]:
        out = []
        tariff = s.units[noun].has("tariff")
        for i in range(noun + 1, right):
            unit = s.units[i]
            if (
                unit.reading(PLACES)
                and not unit.demonym
                and self.grammar.governed(s, i, noun)
                in ({"on", "against"} if tariff else {"to", "against", "for"})
            ):
                kind, label = unit.reading(PLACES) or ("", "")
                out.append(Argument("target", kind, unit.text, unit.start, unit.end, label))
        return out

    def _event(
        self,
        s: Sentence,
        rule: str,
        action: str,
        imposers: list[Argument],
        region: tuple[int, int],
        stance: Stance,
        noun: int,
        verb: int,
    ) -> Event | None:
        low, high = region
        unit = s.units[noun]
        tariff = any(t.cls == "tariff" for t in unit.tags)
        items = self._items(s, low, high, noun)
        if not imposers and not items:
            self._reject(s, rule, "neither who imposes it nor what it restricts is named")
            return None
        if not tariff and not items and not self.about_exports:
            self._reject(s, rule, "no material of ours is named, and the article is not about exports")
            return None
        speech: Speech | None = find_speech(self.grammar, s, verb)
        arguments = [
            *imposers,
            *items,
            *self._targets(s, noun, high),
            *self.arguments.times(s, *self.grammar.clause(s, verb), speech),
        ]
        kind = "TariffMeasure" if tariff else "ExportControlMeasure"
        arguments.append(Argument("kind", "Class", unit.text, unit.start, unit.end, value=kind))
        arguments.append(Argument("instrument", "Text", unit.text, unit.start, unit.end, value=unit.text))
        for duration in self.arguments.durations(s, verb, high):
            assert duration.date is not None
            arguments.append(
                Argument(
                    "validity",
                    "Duration",
                    duration.text,
                    duration.start,
                    duration.end,
                    value=duration.date.duration,
                )
            )
        arguments += self._response(s, noun)
        speaker = speaker_argument(self.grammar, s, speech, self._named)
        if speaker is not None and speaker.kind == "UnnamedSource":
            speaker = replace(speaker, text=self.text[speaker.start : speaker.end])
        return Event(
            "control_measure",
            action,
            s.start,
            s.end,
            tuple(sorted(set(arguments))),
            stance.polarity,
            stance.certainty,
            speaker,
            rule,
        )

    def _response(self, s: Sentence, noun: int) -> list[Argument]:
        """Return the measure that this one answers: "in response to U.S. tariffs"."""
        for i in positions(s, "response"):
            between = range(min(noun, i) + 1, max(noun, i))
            if i < noun or any(s.units[k].has("tariff") or self._is_noun(s, k) for k in between):
                continue
            for j in range(i + 1, min(i + 10, len(s.units))):
                if j != noun and (s.units[j].has("tariff") or self._is_noun(s, j)):
                    start, unit = s.units[i + 1].start, s.units[j]
                    owner = self._possessor(s, j)
                    kind = "TariffMeasure" if unit.has("tariff") else "ExportControlMeasure"
                    return [
                        Argument(
                            "response_to",
                            kind,
                            self.text[start : unit.end],
                            start,
                            unit.end,
                            owner[0].name if owner else "",
                        )
                    ]
        return []

    def _named(self, s: Sentence, i: int) -> tuple[str, str, str]:
        found = self.coreference.refer(s, i)
        return (found.kind, found.name, found.via) if found else ("", "", "")

    def _reject(self, s: Sentence, rule: str, reason: str) -> None:
        self.rejections.append(Rejection(s.start, s.end, self.text[s.start : s.end], rule, reason))
