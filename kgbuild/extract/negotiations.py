"""Talks, summits, calls and trade disputes, and (with agreements.py) what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kgbuild.extract.agreements import Agreements
from kgbuild.extract.arguments import Arguments
from kgbuild.extract.coreference import Coreference
from kgbuild.extract.disputes import Disputes
from kgbuild.extract.grammar import Grammar, positions
from kgbuild.extract.meetings import Meetings
from kgbuild.extract.negotiation_events import NegotiationEvents
from kgbuild.extract.negotiation_sides import ADJUNCT, Sides, standing
from kgbuild.extract.parties import Parties, enough, unique
from kgbuild.extract.stance import Stance, find_speech
from kgbuild.extract.units import Sentence
from kgbuild.model import Argument, Event, Rejection

_KIND: Final = {
    "negotiation.talks": "talks",
    "negotiation.summit": "summit",
    "negotiation.meeting": "talks",
    "negotiation.call": "call",
    "negotiation.dispute": "dispute",
}
_PLANNED_BEFORE: Final = frozenset(
    {"upcoming", "planned", "forthcoming", "next", "expected", "scheduled", "future"}
)
_PLANNED_BEHIND: Final = frozenset({"scheduled", "planned", "due", "slated", "expected", "set"})
_FOLLOWING: Final = frozenset({"wake", "after", "following", "in the wake of"})
_INVITED: Final = frozenset({"invited", "invites", "invite", "inviting", "invitation"})
_HELD: Final = frozenset({"hold", "holds", "held", "holding"})
_ROUNDS: Final = frozenset({"round", "rounds", "session"})
_ORDINALS: Final = frozenset(
    "first second third fourth fifth sixth next last further earlier previous final".split()
)
_SITUATED: Final = frozenset({"lies", "lie", "lay", "rises", "sits"})
_SIDELINES: Final = frozenset({"sidelines", "margins", "fringes"})
#: Verbs that put one meeting before or after another, and what leads on to who takes part in it.
_AFTER_ANOTHER: Final = frozenset(
    "follow follows followed following precede precedes preceded builds built caps capped prepares prepared "
    "echoed recalls recalled".split()
)
_OF_SIDES: Final = frozenset({"between", "with", "of", "by"})
_OFF: Final = frozenset({"canceled", "cancelled", "scrapped", "called off", "off"})


class Negotiations:
    """Finds negotiations and agreements in the sentences of one article, which must be given in order."""

    def __init__(
        self,
        text: str,
        grammar: Grammar,
        coreference: Coreference,
        *,
        sentences: Sequence[Sentence] = (),
    ) -> None:
        """Take the `sentences` of the whole article, too: a headline is read with the text below it."""
        self.text = text
        self.coreference = coreference
        self.sentences = [s for s in sentences if s.kind != "headline"]
        self._talks: tuple[int, tuple[Argument, ...]] = (-9, ())  #: sentence and sides of the last talks
        self._told_below: tuple[Event, ...] | None = None
        self.grammar = grammar
        arguments = Arguments(grammar, coreference, text)
        self.parties = Parties(grammar, coreference)
        self.sides = Sides(grammar, coreference, self.parties)
        self.events = NegotiationEvents(text, grammar, arguments)
        self.meetings = Meetings(grammar, self.parties, self.events, self.sides)
        self.disputes = Disputes(grammar, self.parties, self.events, self.sides)
        self.agreements = Agreements(
            text, grammar, self.parties, arguments, self._below if self.sentences else None
        )

    def _below(self) -> tuple[Event, ...]:
        """Return the talks and agreements that the text below the headline tells."""
        if self._told_below is None:
            below = Negotiations(self.text, self.grammar, self.coreference)
            self._told_below = tuple(e for s in self.sentences for e in below.find(s))
        return self._told_below

    @property
    def rejections(self) -> list[Rejection]:
        """Return what was refused so far."""
        return [*self.events.rejections, *self.agreements.rejections]

    def find(self, s: Sentence) -> list[Event]:
        """Return the negotiations and agreements of `s`; what is refused is added to `rejections`."""
        self.parties.note(s)
        events = [] if s.units[-1].text == "?" else self._told(s)
        self.sides.note(s)
        return events

    def _told(self, s: Sentence) -> list[Event]:
        told = self.meetings.find(s)
        told += self.disputes.find(s)
        for i in positions(s, "negotiation"):
            event = self._noun(s, i)
            if event is not None:
                told.append(event)
        told += [e for e in [self._round(s)] if e is not None and not told]
        talks = [e for e in told if e.action == "talks"]
        if talks:
            self._talks = (s.index, tuple(unique(talks[-1].of("party"))))
        sides = unique(a for e in told[-1:] for a in e.of("party"))
        told += self.agreements.find(s, sides if len(sides) == 2 else ())
        events = [self._with_governments(s, e) for e in _dedupe(told)]
        for event in events:
            pair = unique(event.of("party"))
            if len(pair) == 2 and all(p.kind == "Government" for p in pair):
                self.parties.pair = tuple(pair)
                self.parties.lead = self.parties.first_of(s, pair)
        return events

    def _round(self, s: Sentence) -> Event | None:
        """Return a further round of the talks told right before: "A first, on Oct. 11, brought no result"."""
        held = self._round_of_place(s)
        if held is not None:
            return held
        index, sides = self._talks
        if len(sides) < 2 or s.index - index > 1:
            return None
        for i, unit in enumerate(s.units):
            if unit.kind or not (unit.low in _ROUNDS or unit.low in _ORDINALS):
                continue
            behind = s.units[i + 1 : i + 4]
            counted = any(u.low in _ORDINALS for u in s.units[max(0, i - 2) : i])
            alone = [u.low for u in behind[:1]] == [","] and any(u.kind == "Time" for u in behind)
            if not (counted if unit.low in _ROUNDS else alone and i == 1):
                continue
            left, right = self.grammar.clause(s, i)
            stance = self._stance(s, i, left, right)
            if stance.refused:
                return None
            note = f"{unit.text} of the talks told right before"
            who = [standing(a, unit, note) for a in sides]
            place = self.events.place(s, left, right, i)
            return self.events.make(s, "talks", [*who, *place], (left, right), i, stance, "negotiation-round")
        return None

    def _round_of_place(self, s: Sentence) -> Event | None:
        """Return the talks of "as agreed at the Stockholm round", between the two that the sentence names."""
        for i in range(2, len(s.units)):
            city = s.units[i - 1].reading({"City"})
            if s.units[i].low != "round" or not city or s.units[i - 2].low not in {"the", "last", "first"}:
                continue
            named = unique(a for a in self.parties.within(s, 0, i - 1) if a.role == "party")
            who = named if len(named) == 2 else list(self.parties.pair) if not named else []
            left, right = self.grammar.clause(s, i)
            stance = self._stance(s, i, left, right)
            if len(who) == 2 and not stance.refused:
                unit = s.units[i - 1]
                place = Argument("place", city[0], unit.text, unit.start, unit.end, city[1])
                sides = [standing(a, s.units[i], "the talks of the two") for a in who]
                return self.events.make(
                    s, "talks", [*sides, place], (left, right), i, stance, "negotiation-round"
                )
        return None

    def _with_governments(self, s: Sentence, event: Event) -> Event:
        """Return a meeting of people with the governments that they act for, if these are known."""
        people = event.of("person")
        if event.type != "negotiation" or len({p.name for p in event.of("party")}) > 1:
            return event
        acting = self.parties.governments(people, s)
        known = {a.name for a in event.of("party")}
        if len({a.name for a in acting} | known) < 2:
            return event
        added = [a for a in acting if a.name not in known]
        return replace(event, arguments=tuple(sorted({*event.arguments, *added})))

    # ---- nouns

    def _noun(self, s: Sentence, i: int) -> Event | None:
        """Return what a noun of talks tells: "two days of talks between A and B in London"."""
        unit = s.units[i]
        tag = next((t for t in unit.tags if not t.form and t.cls in _KIND), None)
        if tag is None or unit.kind or tag.cls == "negotiation.dispute" or not self._is_call(s, i, tag.cls):
            return None
        if unit.low == "meeting" and i and s.units[i - 1].low in self.grammar.words["be"]:
            return None  # "will be meeting"
        if any(u.low in _SITUATED for u in s.units[i + 1 : i + 6]):
            return None  # "the summit of the mountain lies between A and B"
        left, right = self.grammar.clause(s, i)
        right = _own_end(s, i, right)
        who = self._who(s, i, left, right)
        host, there = self.sides.journey(s, i, left)
        at = {p.start for p in there} if host else set()  # a city stands for its government once
        who = [a for a in who if a.start not in at]
        if host and not self.parties.two_sides(who, s):
            beside = [a for a in self.parties.within(s, left, i) if a.start not in at]
            who = unique([*beside, *who, *host])
        if not self.parties.two_sides(who, s) and tag.cls == "negotiation.summit":
            who = [*who, *self.sides.hosting(s, i, right, who)]
        if not self.parties.two_sides(who, s):
            who = self.sides.told(s, i, left, right) or who
        if not self.parties.two_sides(who, s):
            if who:
                self.events.reject(s, f"negotiation-{tag.id}", "fewer than two parties are named")
            return None
        people = [a for a in who if a.role == "person"]
        who = self.parties.with_firms(who, s)
        if not who:
            self.events.reject(s, f"negotiation-{tag.id}", "one who takes part runs a firm")
            return None
        stance = self._stance(s, i, left, right)
        if stance.refused:
            self.events.reject(s, f"negotiation-{tag.id}", stance.refused)
            return None
        kind = _KIND[tag.cls]
        if tag.cls == "negotiation.meeting":
            held = any(u.low in _HELD for u in s.units[max(left, i - 4) : i])
            if (
                not self.parties.led_by_leaders(people)
                and len({p.name for p in people}) < 2
                and not (held or self.events.place(s, left, right, i))
            ):
                return None
            kind = "summit" if self.parties.led_by_leaders(people) else "talks"
        return self.events.make(
            s,
            kind,
            [*who, *(self.events.place(s, left, right, i) or there)],
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
        if behind is not None and behind.low == "with":
            return True
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
        comma = next((j for j in range(i, right) if s.units[j].text == ","), right)
        fronted = not left and s.units[0].low in ADJUNCT  # "After talks in London, A agreed with B"
        later = any(self.grammar.tags_at(s, j, "settle") for j in range(comma, min(right, i + 9)))
        others = self.parties.listed_behind(s, i, {"with"}, comma if fronted or later else right)
        others = others or self.parties.listed_behind(s, i, {"to", "by", "of"}, comma if fronted else right)
        owner = [a for a in named if a.role == "person" or not others or others != named]
        subject = self._before(s, i, left)
        if enough(unique([*owner, *others])):
            beside = subject if self._with(s, i, right) else []
            return unique([*beside, *owner, *others])
        found = unique([*subject, *owner, *others])
        if enough(found):
            return found
        if not found:
            # "… both sides said after a second day of talks": the two that the sentence is about
            around = [a for a in self.parties.within(s, 0, left) if a.role == "party"]
            return around if len(around) == 2 else self.sides.behind(s, i)
        outside = self.parties.within(s, 0, i) if others or owner else []
        # "A was pleased after holding talks with B", "A announced it after talks with B"
        behind = s.units[left].low in {"after", "before", "following"} and i - left <= 2
        shared = behind or (left + 1 < i and s.units[left + 1].low.endswith("ing"))
        outside = [
            a
            for a in outside
            if a.name not in {f.name for f in found}
            and (a.role == "party" or (shared and a.start < s.units[left].start))
        ]
        return unique([*found, *outside[:1]]) if len(found) == 1 else found

    @staticmethod
    def _with(s: Sentence, i: int, right: int) -> bool:
        """Return whether the other side stands behind "with": "A is in talks with B and C"."""
        near = [u.low for u in s.units[i + 1 : min(right, i + 4)]]
        return "with" in near and not {"between", "among"} & set(near)

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
        adjunct = self.grammar.governed(s, i, left) in ADJUNCT  # "pressed for it in talks with B"
        if any(u.has("unreal") for u in before) and not adjunct:
            return Stance(refused="talks that are only wished for")
        if any(u.low in _SIDELINES for u in before[-6:]):
            return Stance(refused="the meeting at whose edge another is held")
        broken = any(u.low.startswith(("broke", "break")) for u in (*before, *behind))  # "were broken off"
        off = not broken and any(u.low in _OFF for u in (*before, *behind))
        if off or any(u.has("negation") for u in before):
            return Stance("denied")
        speech = find_speech(self.grammar, s, i)
        polarity = "denied" if speech is not None and speech.denies and speech.verb < i else "affirmed"
        if any(u.low in _FOLLOWING for u in before[-4:]):
            return Stance(polarity)  # "asked for a panel to be formed after talks with B": they were held
        ahead = any(u.low == "ahead" for u in s.units[max(0, i - 6) : i])
        invited = any(u.low in _INVITED for u in s.units[left:i])
        if ahead or invited or any(u.has("planned") or u.low in _PLANNED_BEFORE for u in before):
            return Stance(polarity, "planned")
        if any(u.low in _PLANNED_BEHIND or (u.has("planned") and not u.has("agree")) for u in behind):
            return Stance(polarity, "planned")
        if any(u.has("possible") for u in (*before, *behind[:3])) or (
            opener is not None and opener.has("hypothetical")
        ):
            return Stance(polarity, "possible")
        return Stance(polarity)


def _own_end(s: Sentence, i: int, right: int) -> int:
    """Return where a verb hands over to other talks: "The meeting followed a call between A and B"."""
    verb = next((j for j in range(i + 1, right) if s.units[j].low in _AFTER_ANOTHER), None)
    if verb is None or not any(u.low in _OF_SIDES for u in s.units[verb:right]):
        return right
    other = any(u.has("negotiation") and not u.kind for u in s.units[verb + 1 : verb + 5])
    return verb if other else right


def _dedupe(events: list[Event]) -> list[Event]:
    """Return one event a type, kind and set of participants: two nouns of one sentence tell one."""
    seen: dict[tuple[str, str, tuple[str, ...]], Event] = {}
    for event in events:
        names = tuple(sorted({a.name for a in event.arguments if a.role in {"party", "person"}}))
        seen.setdefault((event.type, event.action, names), event)
    return list(seen.values())
