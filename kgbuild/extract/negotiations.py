"""Talks, summits, calls, trade disputes, and the agreements that came of them."""

from __future__ import annotations

from dataclasses import replace

from kgbuild.extract.arguments import Arguments
from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import Grammar, positions
from kgbuild.extract.stance import Stance, find_speech, speaker_argument, stance_of
from kgbuild.extract.units import BODIES, PLACES, Sentence
from kgbuild.model import Argument, Event, Rejection

_KIND = {
    "negotiation.talks": "talks",
    "negotiation.summit": "summit",
    "negotiation.meeting": "talks",
    "negotiation.call": "call",
    "negotiation.dispute": "dispute",
}
#: Verbs by which parties settle something.
_SETTLING = ("agree", "agree.sign")


class Negotiations:
    """Finds negotiations and agreements in the sentences of one article."""

    def __init__(self, text: str, grammar: Grammar, coreference: Coreference) -> None:
        self.text = text
        self.grammar = grammar
        self.coreference = coreference
        self.arguments = Arguments(grammar, coreference)
        self.rejections: list[Rejection] = []

    def find(self, s: Sentence) -> list[Event]:
        """Return the negotiations and agreements of `s`; what is refused is added to `rejections`."""
        events = [e for e in (self._meeting(s, i) for i in positions(s, "negotiation")) if e is not None]
        events += [e for e in (self._settled(s, i) for i in positions(s, "agree")) if e is not None]
        if not any(e.type == "agreement" for e in events):
            events += [
                e for e in (self._named_deal(s, i) for i in positions(s, "agreement")) if e is not None
            ][:1]
        return _dedupe(events)

    def _meeting(self, s: Sentence, i: int) -> Event | None:
        unit = s.units[i]
        tag = unit.tag("negotiation")
        if tag is None or unit.kind:
            return None
        before = s.units[i - 1] if i else None
        if tag.cls == "negotiation.call" and (before is None or not (
            unit.low != "call" or before.low in {"a", "the", "long-awaited", "recent", "-", "’s", "'s"} or before.kind == "Time" or before.text.endswith("-")
        )):  # fmt: skip
            return None
        left, right = self.grammar.clause(s, i)
        people = self._people(s, left, right, i)
        parties = self._parties(s, left, right, i)
        if len({p.name for p in parties}) == 1:
            parties = _unique(parties + self._parties(s, 0, left, i))[:2]
        if tag.cls in {"negotiation.call", "negotiation.meeting", "negotiation.summit"} and not people:
            people = self._people(s, 0, len(s.units), i)
        enough = len({p.name for p in parties}) >= 2 or len({p.name for p in people}) >= 2
        if not enough:
            if parties or people:
                self._reject(s, f"negotiation-{tag.id}", "fewer than two parties are named")
            return None
        if (
            tag.cls == "negotiation.meeting"
            and len({p.name for p in people}) < 2
            and not self._place(s, left, right)
        ):
            return None
        stance = self._stance(s, i)
        speech = find_speech(self.grammar, s, i)
        arguments = [
            *parties,
            *people,
            *self._place(s, left, right, i),
            *self.arguments.times(s, left, right, speech),
        ]
        return self._event(s, "negotiation", _KIND[tag.cls], arguments, stance, f"negotiation-{tag.id}", i)

    def _stance(self, s: Sentence, i: int) -> Stance:
        left, _ = self.grammar.clause(s, i)
        before = s.units[max(left, i - 6) : i]
        if any(u.has("negation") for u in before):
            return Stance("denied")
        if any(u.has("planned") for u in before):
            return Stance(certainty="planned")
        opener = self.grammar.opener(s, i)
        if any(u.has("possible") for u in before) or (opener is not None and opener.has("hypothetical")):
            return Stance(certainty="possible")
        return Stance()

    # ---- agreements

    def _settled(self, s: Sentence, i: int) -> Event | None:
        """Return an agreement that a verb tells: "agreed in Geneva to a 90-day pause", "reached a handshake deal"."""
        for tag in self.grammar.tags_at(s, i, "agree"):
            if tag.cls not in _SETTLING:
                continue
            group = self.grammar.verb_group(s, i, tag)
            left, right = self.grammar.clause(s, i)
            subject = self.grammar.subject(s, group)
            noun = next((j for j in range(i + 1, min(right, i + 12)) if s.units[j].has("agreement")), None)
            if tag.id not in {"agree"} and noun is None:
                passive_noun = next(
                    (j for j in range(group.first - 1, left - 1, -1) if s.units[j].has("agreement")), None
                )
                if not (group.passive or group.first == group.verb) or passive_noun is None:
                    continue
                noun = passive_noun
            parties = _unique(
                [p for h in subject for p in self._party(s, h)] + self._parties(s, left, right, i)
            )
            if len({p.name for p in parties}) < 2:
                parties = _unique(parties + self._parties(s, 0, len(s.units), i))
            if len({p.name for p in parties}) < 2:
                self._reject(s, f"agreement-{tag.id}", "fewer than two parties are named")
                continue
            stance = stance_of(self.grammar, s, group, subject)
            if stance.refused:
                continue
            action = "signed" if tag.cls == "agree.sign" else "agreed"
            return self._agreement(s, action, parties, stance, f"agreement-{tag.id}", (left, right), i, noun)
        return None

    def _named_deal(self, s: Sentence, i: int) -> Event | None:
        """Return an agreement that is only named, with its parties: "the U.S.-China trade agreement"."""
        if s.units[i].kind or not any(t.cls == "agreement" for t in s.units[i].tags):
            return None
        left, right = self.grammar.clause(s, i)
        parties = self._parties(s, left, right, i)
        if len({p.name for p in parties}) < 2:
            return None
        before = s.units[max(left, i - 6) : i]
        if any(
            u.has("negation")
            or u.has("possible")
            or u.has("planned")
            or u.low in {"seek", "no", "toward", "towards", "hope"}
            for u in before
        ):
            self._reject(s, "agreement-named", "named beside a hedge or a denial")
            return None
        return self._agreement(s, "agreed", parties, Stance(), "agreement-named", (left, right), i, i)

    def _agreement(
        self,
        s: Sentence,
        action: str,
        parties: list[Argument],
        stance: Stance,
        rule: str,
        region: tuple[int, int],
        at: int,
        noun: int | None,
    ) -> Event:
        left, right = region
        speech = find_speech(self.grammar, s, at)
        principle = [u for u in s.units if u.has("in-principle") or u.has("agreement.in-principle")]
        if principle and stance.certainty == "actual":
            stance = Stance(stance.polarity, "in-principle")
        arguments = [*parties, *self._place(s, left, right), *self.arguments.times(s, left, right, speech)]
        for unit in principle:
            if unit.low.startswith(("subject", "pending")):
                end = s.units[right - 1].end if right > left else unit.end
                end = max(unit.end, end)
                arguments.append(
                    Argument(
                        "condition",
                        "Text",
                        self.text[unit.start : end],
                        unit.start,
                        end,
                        value=self.text[unit.start : end].strip(),
                    )
                )
        for duration in self.arguments.durations(s, at, right):
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
        if noun is not None:
            unit = s.units[noun]
            arguments.append(Argument("instrument", "Text", unit.text, unit.start, unit.end, value=unit.text))
        event = self._event(s, "agreement", action, arguments, stance, rule, at)
        return event

    # ---- arguments

    def _parties(self, s: Sentence, low: int, high: int, at: int) -> list[Argument]:
        """Return the governments named around a negotiation noun, demonyms included ("Chinese and US officials")."""
        out: list[Argument] = []
        for i in range(max(low, at - 22), min(high, at + 14)):
            unit = s.units[i]
            if self.grammar.possessive(s, i) and not (
                i + 2 < len(s.units) and s.units[i + 2].has("negotiation")
            ):
                continue
            if self.grammar.governed(s, i, low) in {"in", "on", "at", "into"} and not unit.demonym:
                continue
            out.extend(self._party(s, i))
        return _unique(out)

    def _party(self, s: Sentence, i: int) -> list[Argument]:
        unit = s.units[i]
        following = s.units[i + 1] if i + 1 < len(s.units) else None
        is_office = following is not None and following.kind == "Person"
        if unit.kind in PLACES or unit.kind == "Government" or unit.reading({"Government"}):
            if unit.reading({"City"}) and (not unit.reading({"Government"}) or _before_talks(s, i)):
                return []
            if is_office and not unit.demonym:
                return []
            found = self.coreference.refer(s, i)
            if found is not None and found.kind == "Government":
                return [
                    Argument(
                        "party", found.kind, unit.text, unit.start, unit.end, found.name, derivation=found.via
                    )
                ]
        if unit.kind in {"Regulator", "PublicBody"} or (
            unit.kind == "Organization" and unit.low not in {"wto"}
        ):
            return []
        return []

    def _people(self, s: Sentence, low: int, high: int, at: int) -> list[Argument]:
        out = [
            Argument("person", "Person", u.text, u.start, u.end, u.name)
            for i, u in enumerate(s.units[max(low, at - 14) : min(high, at + 14)], max(low, at - 14))
            if u.kind == "Person"
        ]
        return _unique(out)

    def _place(self, s: Sentence, low: int, high: int, at: int | None = None) -> list[Argument]:
        """Return the city where it happens; a city before a meeting noun counts only for the meeting `at`."""
        for i in range(low, high):
            unit = s.units[i]
            if unit.reading({"City"}) and self.grammar.governed(s, i, max(0, i - 3)) in {"in", "at"}:
                kind, label = unit.reading({"City"}) or ("", "")
                return [Argument("place", kind, unit.text, unit.start, unit.end, label)]
            if unit.reading({"City"}) and _before_talks(s, i) and at in {None, i + 1}:
                kind, label = unit.reading({"City"}) or ("", "")
                return [Argument("place", kind, unit.text, unit.start, unit.end, label)]
        return []

    def _event(
        self,
        s: Sentence,
        type_: str,
        action: str,
        arguments: list[Argument],
        stance: Stance,
        rule: str,
        at: int,
    ) -> Event:
        speech = find_speech(self.grammar, s, at)
        speaker = speaker_argument(self.grammar, s, speech, self._named)
        if speaker is not None and speaker.kind == "UnnamedSource":
            speaker = replace(speaker, text=self.text[speaker.start : speaker.end])
        return Event(
            type_,
            action,
            s.start,
            s.end,
            tuple(sorted(set(arguments))),
            stance.polarity,
            stance.certainty,
            speaker,
            rule,
        )

    def _named(self, s: Sentence, i: int) -> tuple[str, str, str]:
        found = self.coreference.refer(s, i)
        return (found.kind, found.name, found.via) if found else ("", "", "")

    def _reject(self, s: Sentence, rule: str, reason: str) -> None:
        self.rejections.append(Rejection(s.start, s.end, self.text[s.start : s.end], rule, reason))


def _before_talks(s: Sentence, i: int) -> bool:
    """Return whether a city names a meeting by its place: "London talks"."""
    joined = i > 0 and s.units[i - 1].text in {"-", "–"}
    return not joined and i + 1 < len(s.units) and s.units[i + 1].has("negotiation")


def _unique(arguments: list[Argument]) -> list[Argument]:
    seen: dict[tuple[str, str], Argument] = {}
    for argument in arguments:
        seen.setdefault((argument.role, argument.name), argument)
    return list(seen.values())


def _dedupe(events: list[Event]) -> list[Event]:
    """Return one event a type and kind: two nouns of one sentence ("trade talks … negotiations") tell one."""
    seen: dict[tuple[str, str, tuple[str, ...]], Event] = {}
    for event in events:
        names = tuple(sorted({a.name for a in event.arguments if a.role in {"party", "person"}}))
        seen.setdefault((event.type, event.action, names), event)
    return list(seen.values())


def bodies() -> frozenset[str]:
    """Return the kinds that negotiate."""
    return BODIES
