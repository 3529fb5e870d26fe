"""Trade disputes before the World Trade Organization, and arbitration between a firm and a state."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kgbuild.extract.arbitration import Arbitration
from kgbuild.extract.grammar import Grammar, positions
from kgbuild.extract.litigation import Litigation
from kgbuild.extract.negotiation_events import NegotiationEvents
from kgbuild.extract.negotiation_sides import Sides
from kgbuild.extract.parties import Parties, unique
from kgbuild.extract.stance import Stance
from kgbuild.extract.units import Sentence
from kgbuild.model import Argument, Event

_WTO: Final = "World Trade Organization"
_RULE: Final = "negotiation-wto"
_ARBITRATION: Final = "negotiation-arbitration"
_LITIGATION: Final = "negotiation-litigation"
_THREATS: Final = frozenset({"threaten", "threatens", "threatened", "threatening", "considers", "mulls"})
#: What is a case before a body only where the World Trade Organization is named.
_GENERAL: Final = frozenset({"trade dispute", "dispute settlement", "trade disputes"})
_TAKEN: Final = frozenset(
    {"took", "takes", "taken", "taking", "take", "hauled", "went", "go", "gone", "goes"}
)
_CHALLENGED: Final = frozenset({"challenged", "challenging", "challenge", "complained", "sued"})


class Disputes:
    """Finds the disputes of one article, whose sentences must be given in order."""

    def __init__(self, grammar: Grammar, parties: Parties, events: NegotiationEvents, sides: Sides) -> None:
        self.grammar = grammar
        self.arbitration = Arbitration(grammar, parties, sides)
        self.litigation = Litigation(grammar, parties, sides)
        self.parties = parties
        self.events = events
        self._told: tuple[Argument, ...] = ()  #: parties of the trade dispute told before
        self._half: tuple[int, list[Argument]] = (-9, [])  #: sentence that named one party of a case, and it

    def find(self, s: Sentence) -> list[Event]:
        """Return the disputes of `s`; a later step of one told before has its parties and no time."""
        told = self._wto(s)
        event = told if told is not None else self._arbitration(s) or self._litigation(s)
        return [event] if event is not None else []

    def _wto(self, s: Sentence) -> Event | None:
        steps = list(positions(s, "wto-step"))
        named = [i for i in positions(s, "negotiation.dispute") if s.units[i].low not in _GENERAL]
        at_wto = [i for i, u in enumerate(s.units) if "WTO" in u.name.split() or u.name == _WTO]
        known = {a.name for a in self._told}
        if named or (at_wto and (steps or self._taken_to(s, at_wto[0]))):
            i = (named or steps or at_wto)[0]
            who = self._with_other(s, self._disputants(s))
            if len({a.name for a in who}) < 2 and not known:
                who = self._of_two(s, i, who)
            if len({a.name for a in who}) < 2:
                if not known:
                    self.events.reject(s, _RULE, "fewer than two parties are named")
                    return None
                who = [*who, *self._again(s, i)] if {a.name for a in who} <= known else []
        elif steps and not known and self._half[0] == s.index - 1:
            i = steps[0]
            who = self._with_other(s, self._disputants(s))
        elif steps and known and (s.heading or any(u.kind == "Time" for u in s.units)):
            i = steps[0]
            if s.units[i].low not in {"panel", "appellate body", "appeal"}:
                return None
            who = self._again(s, i)
        else:
            return None
        who = unique(who)
        if len({a.name for a in who}) < 2:
            return None
        region = (0, len(s.units)) if s.kind == "item" else self.grammar.clause(s, i)
        stance, names = self._stance(s, i), {a.name for a in who}
        if known and names <= known and stance.certainty != "actual":
            return None  # what may yet come of a dispute that is told
        event = self.events.make(s, "dispute", who, region, i, stance, _RULE)
        if known and (names <= known or known <= names):
            # one dispute has many steps: the times of the later ones are not its own
            event = replace(
                event, arguments=tuple(a for a in event.arguments if a.role not in {"date", "announced"})
            )
        if not known or known <= names:
            self._told = tuple(who)
        return event

    def _with_other(self, s: Sentence, who: list[Argument]) -> list[Argument]:
        """Return `who` with the one party of the sentence before, where each names one party of the case."""
        index, before = self._half
        names = {a.name for a in who}
        if len(names) == 1:
            self._half = (s.index, who)
            if index == s.index - 1 and names != {a.name for a in before}:
                return [*before, *who]
        return who

    def _of_two(self, s: Sentence, i: int, who: list[Argument]) -> list[Argument]:
        """Return the two governments of the text right before, where `who` is one of them or nobody."""
        told = {a.name for a in self.parties.named}
        body = {self.parties.behind(u) for u in s.units if u.kind in {"Regulator", "PublicBody"}} - {""}
        names = {a.name for a in who} | body
        if len(told) != 2 or not names or not names <= told:
            return who
        unit = s.units[i]
        note = f"coreference: {unit.text} = a case between those named before"
        return [
            replace(a, text=unit.text, start=unit.start, end=unit.end, inferred=True, derivation=note)
            for a in self.parties.named
        ]

    def _again(self, s: Sentence, i: int) -> list[Argument]:
        """Return the parties of the case told before, at the words that stand for it."""
        unit = s.units[i]
        note = f"coreference: {unit.text} = the case told before"
        return [
            replace(a, text=unit.text, start=unit.start, end=unit.end, inferred=True, derivation=note)
            for a in self._told
        ]

    def _stance(self, s: Sentence, i: int) -> Stance:
        left, right = self.grammar.clause(s, i)
        if left and s.units[left].low == "before":
            left, _ = self.grammar.clause(s, left - 1)
        if any(u.has("possible") or u.has("hypothetical") for u in s.units[left:right]):
            return Stance(certainty="possible")
        if any(u.has("planned") for u in s.units[left:right]):
            return Stance(certainty="planned")
        return Stance("denied" if any(u.has("negation") for u in s.units[:i]) else "affirmed")

    @staticmethod
    def _taken_to(s: Sentence, at: int) -> bool:
        """Return whether "took China to the WTO" or "challenged the quotas at the WTO" is said."""
        before = s.units[max(0, at - 12) : at]
        words = {w for u in before for w in u.low.split()}
        taken = bool(words & _TAKEN) and "to" in {w for u in before[-3:] for w in u.low.split()}
        return taken or bool(words & _CHALLENGED)

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

    # ---- arbitration

    def _arbitration(self, s: Sentence) -> Event | None:
        """Return "Example filed for arbitration against Mexico", "Example took Mexico to arbitration"."""
        found = self.arbitration.find(s)
        if found is None:
            return None
        at, who = found
        left, right = self.grammar.clause(s, at)
        return self.events.make(s, "dispute", who, (left, right), at, self._stance(s, at), _ARBITRATION)

    def _litigation(self, s: Sentence) -> Event | None:
        """Return "Example sued the ministry", "Example took the agency to court"."""
        found = self.litigation.find(s)
        if found is None:
            return None
        at, who = found
        left, right = self.grammar.clause(s, at)
        stance = self._stance(s, at)
        if any(u.low in _THREATS for u in s.units[left:at]):
            stance = Stance(stance.polarity, "possible")
        return self.events.make(s, "dispute", who, (left, right), at, stance, _LITIGATION)
