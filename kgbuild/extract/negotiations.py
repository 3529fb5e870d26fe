"""Talks, summits, calls and trade disputes, and (with agreements.py) what came of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kgbuild.extract.agreements import Agreements
from kgbuild.extract.arguments import Arguments
from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import Grammar, VerbGroup, positions
from kgbuild.extract.parties import Parties, due, enough, unique
from kgbuild.extract.stance import Stance, find_speech, stance_of
from kgbuild.extract.units import PLACES, Sentence
from kgbuild.model import Argument, Event, Rejection

_KIND: Final = {
    "negotiation.talks": "talks",
    "negotiation.summit": "summit",
    "negotiation.meeting": "talks",
    "negotiation.call": "call",
    "negotiation.dispute": "dispute",
}
_WTO: Final = "World Trade Organization"
_PLANNED_BEFORE: Final = frozenset(
    {"upcoming", "planned", "forthcoming", "next", "expected", "scheduled", "future"}
)
_PLANNED_BEHIND: Final = frozenset({"scheduled", "planned", "due", "slated", "expected", "set"})
_OFF: Final = frozenset({"canceled", "cancelled", "scrapped", "called off", "off"})


class Negotiations:
    """Finds negotiations and agreements in the sentences of one article, which must be given in order."""

    def __init__(self, text: str, grammar: Grammar, coreference: Coreference) -> None:
        self.text = text
        self.grammar = grammar
        self.coreference = coreference
        self.arguments = Arguments(grammar, coreference, text)
        self.parties = Parties(grammar, coreference)
        self.agreements = Agreements(text, grammar, self.parties, self.arguments)
        self.disputants: tuple[Argument, ...] = ()  #: parties of the trade dispute told before
        self.rejections: list[Rejection] = []

    def find(self, s: Sentence) -> list[Event]:
        """Return the negotiations and agreements of `s`; what is refused is added to `rejections`."""
        self.parties.note(s)
        if s.units[-1].text == "?":
            return []
        told = [e for i in positions(s, "meet") if (e := self._met(s, i)) is not None]
        dispute = self._dispute(s)
        if dispute is not None:
            told.append(dispute)
        for i in positions(s, "negotiation"):
            event = self._noun(s, i)
            if event is not None:
                told.append(event)
        told += [e for i in positions(s, "agree") if (e := self._agreed_at(s, i)) is not None]
        told += self.agreements.find(s)
        self.rejections.extend(self.agreements.rejections)
        self.agreements.rejections.clear()
        events = _dedupe(told)
        for event in events:
            pair = unique(event.of("party"))
            if len(pair) == 2:
                self.parties.pair = tuple(pair)
        return events

    # ---- nouns

    def _noun(self, s: Sentence, i: int) -> Event | None:
        """Return what a noun of talks tells: "two days of talks between A and B in London"."""
        unit = s.units[i]
        tag = next((t for t in unit.tags if not t.form and t.cls in _KIND), None)
        if tag is None or unit.kind or tag.cls == "negotiation.dispute" or not self._is_call(s, i, tag.cls):
            return None
        left, right = self.grammar.clause(s, i)
        who = self._who(s, i, left, right)
        if not enough(who):
            if who:
                self._reject(s, f"negotiation-{tag.id}", "fewer than two parties are named")
            return None
        people = [a for a in who if a.role == "person"]
        if self.parties.of_firms(people):
            self._reject(s, f"negotiation-{tag.id}", "one who takes part runs a firm")
            return None
        stance = self._stance(s, i, left, right)
        if stance.refused:
            self._reject(s, f"negotiation-{tag.id}", stance.refused)
            return None
        kind = _KIND[tag.cls]
        if tag.cls == "negotiation.meeting":
            if (
                not self.parties.led_by_leaders(people)
                and len({p.name for p in people}) < 2
                and not self._place(s, left, right, i)
            ):
                return None
            kind = "summit" if self.parties.led_by_leaders(people) else "talks"
        return self._event(
            s,
            kind,
            [*who, *self._place(s, left, right, i)],
            (left, right),
            i,
            stance,
            f"negotiation-{tag.id}",
        )

    @staticmethod
    def _is_call(s: Sentence, i: int, cls: str) -> bool:
        """Return whether a noun "call" is one by phone: "Thursday's call", not "a call for restraint"."""
        if cls != "negotiation.call" or s.units[i].low not in {"call", "calls"}:
            return True
        before, behind = s.units[i - 1] if i else None, s.units[i + 1] if i + 1 < len(s.units) else None
        if before is None or (behind is not None and behind.low in {"for", "on"}):
            return False
        hyphened = i > 1 and s.units[i - 2].text == "-"
        return (
            bool(before.kind)
            or hyphened
            or before.low in {"a", "the", "-", "’s", "'s", "long-awaited", "recent", "their", "his"}
        )

    def _who(self, s: Sentence, i: int, left: int, right: int) -> list[Argument]:
        """Return who takes part: "between A and B", "the US-China talks", "A held talks with B"."""
        between = self.parties.listed_behind(s, i, {"between", "among"}, right)
        if enough(between):
            return between
        named = self.parties.named_by(s, i, left)
        if enough(named):
            return named
        others = self.parties.listed_behind(s, i, {"with", "to", "by", "of"}, right)
        owner = [a for a in named if a.role == "person" or not others or others != named]
        if enough(unique([*owner, *others])):
            return unique([*owner, *others])
        subject = self._before(s, i, left)
        found = unique([*subject, *owner, *others])
        if enough(found):
            return found
        if not found:
            # "… both sides said after a second day of talks": the two that the sentence is about
            around = [a for a in self.parties.within(s, 0, left) if a.role == "party"]
            return around if len(around) == 2 else []
        outside = self.parties.within(s, 0, i) if others or owner else []
        outside = [a for a in outside if a.role == "party" and a.name not in {f.name for f in found}]
        return unique([*found, *outside[:1]]) if len(found) == 1 else found

    def _before(self, s: Sentence, at: int, left: int) -> list[Argument]:
        """Return the participants before unit `at` that no verb of saying has as its speaker."""
        low = left
        for j in range(at - 1, left - 1, -1):
            if self.grammar.tags_at(s, j, "speech"):
                low = j + 1
                break
        return self.parties.within(s, low, at)

    def _stance(self, s: Sentence, i: int, left: int, right: int) -> Stance:
        before = s.units[max(left, i - 8) : i]
        behind = s.units[i + 1 : min(right, i + 12)]
        opener = self.grammar.opener(s, i)
        if any(u.has("unreal") for u in before):
            return Stance(refused="talks that are only wished for")
        if any(u.has("negation") for u in before) or any(u.low in _OFF for u in (*before, *behind)):
            return Stance("denied")
        speech = find_speech(self.grammar, s, i)
        polarity = "denied" if speech is not None and speech.denies and speech.verb < i else "affirmed"
        ahead = any(u.low == "ahead" for u in s.units[max(0, i - 6) : i])
        if ahead or any(u.has("planned") or u.low in _PLANNED_BEFORE for u in before):
            return Stance(polarity, "planned")
        if any(u.low in _PLANNED_BEHIND or u.has("planned") for u in behind):
            return Stance(polarity, "planned")
        if any(u.has("possible") for u in (*before, *behind[:3])) or (
            opener is not None and opener.has("hypothetical")
        ):
            return Stance(polarity, "possible")
        return Stance(polarity)

    # ---- verbs

    def _met(self, s: Sentence, i: int) -> Event | None:
        """Return what "A met B in Geneva" and "A and B spoke by telephone" tell."""
        for tag in self.grammar.tags_at(s, i, "meet"):
            group = self.grammar.verb_group(s, i, tag)
            left, right = self.grammar.clause(s, i)
            if group.passive or (tag.form == "ing" and tag.id == "meet"):
                continue
            beside = group.first and (self.grammar.is_actor(s.units[group.first - 1]) or group.first < i)
            if tag.id == "talk" and tag.form in {"base", "third"} and not beside:
                continue  # "held talks"
            if tag.cls == "meet.speak" and not any(
                u.has("phone") for u in s.units[i + 1 : min(right, i + 9)]
            ):
                continue
            who = self._meeting(s, group, left, right)
            people = [a for a in who if a.role == "person"]
            if not enough(who) or self.parties.of_firms(people):
                continue
            stance = self._verb_stance(s, group)
            if stance.refused:
                self._reject(s, f"negotiation-{tag.id}", stance.refused)
                continue
            kind = tag.action
            if kind == "talks" and self.parties.led_by_leaders(people):
                kind = "summit"
            return self._event(
                s,
                kind,
                [*who, *self._place(s, left, right, i)],
                (left, right),
                i,
                stance,
                f"negotiation-{tag.id}",
            )
        return None

    def _meeting(self, s: Sentence, group: VerbGroup, left: int, right: int) -> list[Argument]:
        subject = self._before(s, group.first, left)
        following = s.units[group.verb + 1] if group.verb + 1 < len(s.units) else None
        if following is None:
            return subject
        direct = group.tag.id == "meet" and (
            bool(following.kind and following.kind not in {"Time", "Quantity"})
            or following.text[:1].isupper()
            or following.low in {"his", "her", "their", "the", "chinese"}
        )
        if direct:
            return unique(
                [*subject, *self.parties.listed_behind(s, group.verb - 1, {s.units[group.verb].low}, right)]
            )
        others = self.parties.listed_behind(s, group.verb, {"with", "to"}, right) if subject else []
        bare = (
            following.low in self.grammar.words["prepositions"] | {",", ".", "here", "again", "face", "for"}
            or following.kind == "Time"
            or following.has("phone")
            or s.units[group.verb].low.endswith("with")
        )
        if s.units[group.verb].low.endswith("with"):
            others = self.parties.listed_behind(s, group.verb - 1, {s.units[group.verb].low}, right)
        return unique([*subject, *others]) if bare else []

    def _verb_stance(self, s: Sentence, group: VerbGroup) -> Stance:
        """Return the stance of a verb of meeting; a meeting that is expected is a planned one."""
        stance = stance_of(self.grammar, s, group, self.grammar.subject(s, group))
        left, _ = self.grammar.clause(s, group.verb)
        before = s.units[left : group.verb]
        if any(u.has("unreal") for u in before):
            return Stance(refused="a meeting that is only wished for")
        hedges = {u.low for u in before if u.has("possible")}
        if stance.certainty == "possible" and (hedges == {"expected to"} or (not hedges and due(s, group))):
            return Stance(stance.polarity, "planned")
        return stance

    def _agreed_at(self, s: Sentence, i: int) -> Event | None:
        """Return the meeting that "Presidents A and B agreed in Busan to …" takes for granted."""
        for tag in self.grammar.tags_at(s, i, "agree"):
            group = self.grammar.verb_group(s, i, tag)
            left, right = self.grammar.clause(s, i)
            place = self._place(s, i + 1, min(right, i + 4), i)
            people = [a for a in self._before(s, group.first, left) if a.role == "person"]
            stance = self._verb_stance(s, group)
            if (
                not place
                or not enough(people)
                or self.parties.of_firms(people)
                or stance.refused
                or group.passive
            ):
                continue
            kind = "summit" if self.parties.led_by_leaders(people) else "talks"
            return self._event(s, kind, [*people, *place], (left, right), i, stance, "negotiation-agreed-in")
        return None

    # ---- trade disputes

    def _dispute(self, s: Sentence) -> Event | None:
        """Return what a sentence tells of a case at the World Trade Organization, told before or not."""
        steps = list(positions(s, "wto-step"))
        named = list(positions(s, "negotiation.dispute"))
        at_wto = [i for i, u in enumerate(s.units) if "WTO" in u.name.split() or u.name == _WTO]
        rule = "negotiation-wto"
        if named or (at_wto and (steps or self._taken_to(s, at_wto[0]))):
            i = (named or steps or at_wto)[0]
            who = self._disputants(s)
            if len({a.name for a in who}) < 2:
                self._reject(s, rule, "fewer than two parties are named")
                return None
            self.disputants = tuple(who)
        elif steps and self.disputants and (s.heading or any(u.kind == "Time" for u in s.units)):
            i = steps[0]
            unit = s.units[i]
            if unit.low not in {"panel", "appellate body", "appeal"}:
                return None
            note = f"coreference: {unit.text} = the case told before"
            who = [
                replace(a, text=unit.text, start=unit.start, end=unit.end, inferred=True, derivation=note)
                for a in self.disputants
            ]
        else:
            return None
        region = (0, len(s.units)) if s.kind == "item" else self.grammar.clause(s, i)
        return self._event(s, "dispute", who, region, i, self._dispute_stance(s, i), rule)

    def _dispute_stance(self, s: Sentence, i: int) -> Stance:
        left, right = self.grammar.clause(s, i)
        if any(u.has("possible") or u.has("hypothetical") for u in s.units[left:right]):
            return Stance(certainty="possible")
        if any(u.has("planned") for u in s.units[left:right]):
            return Stance(certainty="planned")
        return Stance("denied" if any(u.has("negation") for u in s.units[:i]) else "affirmed")

    @staticmethod
    def _taken_to(s: Sentence, at: int) -> bool:
        """Return whether "took China to the WTO" or "challenged the quotas at the WTO" is said."""
        before = s.units[max(0, at - 12) : at]
        words = {u.low for u in before}
        taken = bool(words & {"took", "takes", "taken", "taking", "take", "hauled"}) and "to" in {
            u.low for u in before[-3:]
        }
        return taken or bool(words & {"challenged", "challenging", "challenge", "complained", "sued"})

    def _disputants(self, s: Sentence) -> list[Argument]:
        out: list[Argument] = []
        for i, unit in enumerate(s.units):
            if (
                unit.kind
                and unit.kind != "Person"
                and self.grammar.governed(s, i, max(0, i - 3)) not in {"in", "to", "from"}
            ):
                out.extend(a for a in self.parties.participant(s, i) if not unit.reading({"City"}))
        return unique(out)

    # ---- arguments

    def _place(self, s: Sentence, low: int, high: int, at: int) -> list[Argument]:
        """Return where it happens: a city in the clause, or a country right behind "in"."""
        for i in range(low, high):
            unit = s.units[i]
            city = unit.reading({"City"})
            if city and (
                self.grammar.governed(s, i, max(0, i - 3)) in {"in", "at"}
                or (i + 1 == at and (not i or s.units[i - 1].text != "-"))
            ):
                return [Argument("place", city[0], unit.text, unit.start, unit.end, city[1])]
        for i in range(max(low, at), high):
            unit = s.units[i]
            reading = unit.reading(PLACES)
            if reading and not unit.demonym and s.units[i - 1].low == "in":
                return [Argument("place", reading[0], unit.text, unit.start, unit.end, reading[1])]
        return []

    def _event(
        self,
        s: Sentence,
        action: str,
        arguments: list[Argument],
        region: tuple[int, int],
        at: int,
        stance: Stance,
        rule: str,
    ) -> Event:
        speech = find_speech(self.grammar, s, at)
        times = self.arguments.times(s, *region, speech, at)
        places = {a.start for a in arguments if a.role == "place"}
        kept = [a for a in arguments if a.role == "place" or a.start not in places]
        return Event(
            "negotiation",
            action,
            s.start,
            s.end,
            tuple(sorted({*kept, *times})),
            stance.polarity,
            stance.certainty,
            self.arguments.speaker(s, speech),
            rule,
        )

    def _reject(self, s: Sentence, rule: str, reason: str) -> None:
        self.rejections.append(Rejection(s.start, s.end, self.text[s.start : s.end], rule, reason))


def _dedupe(events: list[Event]) -> list[Event]:
    """Return one event a type, kind and set of participants: two nouns of one sentence tell one."""
    seen: dict[tuple[str, str, tuple[str, ...]], Event] = {}
    for event in events:
        names = tuple(sorted({a.name for a in event.arguments if a.role in {"party", "person"}}))
        seen.setdefault((event.type, event.action, names), event)
    return list(seen.values())
