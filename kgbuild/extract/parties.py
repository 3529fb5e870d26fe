"""Who negotiates with whom: governments, bodies and people around a noun or verb of talks and agreements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import Grammar
from kgbuild.extract.units import FIRM, PLACES, Sentence
from kgbuild.model import Argument

_EXECUTIVE: Final = frozenset({"chief", "ceo", "chairman", "chairwoman", "founder", "co-founder", "executive"})
_LEADER: Final = frozenset({"president", "presidents", "premier", "chancellor", "king", "leader", "leaders"})
_OFFICE: Final = frozenset(
    "president premier minister ministers chancellor secretary envoy envoys diplomat diplomats ambassador "
    "counterpart counterparts leader leaders side sides delegation delegations team teams teams' negotiator "
    "negotiators representative representatives commissioner trade commerce finance foreign treasury prime vice "
    "economy economic officials official".split()
)
#: Prepositions behind which a place is where something happens or what it is about, no party.
_ELSEWHERE: Final = frozenset(
    "in on at into from to against across within over about of for under through via despite".split()
)
_PAIR: Final = frozenset({"sides", "countries", "nations", "governments", "leaders", "presidents", "powers", "parties"})


class Parties:
    """Finds the participants of talks and agreements in one article."""

    def __init__(self, grammar: Grammar, coreference: Coreference) -> None:
        self._grammar = grammar
        self._coreference = coreference
        self._executives: set[str] = set()  #: people the article has shown to run firms
        self._leaders: set[str] = set()  #: people the article has called president or prime minister
        self.pair: tuple[Argument, ...] = ()  #: the two parties of the last talks or agreement told

    def note(self, s: Sentence) -> None:
        """Note from titles who runs a firm and who leads a country."""
        for i, unit in enumerate(s.units):
            if unit.kind != "Person":
                continue
            near = [u for u in s.units[max(0, i - 4) : i]]
            behind = s.units[i + 1 : i + 4]
            executive = any(u.low in _EXECUTIVE for u in near) or (
                bool(behind) and behind[0].text == "," and any(u.low in _EXECUTIVE for u in s.units[i + 2 : i + 6])
            )
            if executive:
                self._executives.add(unit.name)
            title = self._title(s, i)
            if title:
                self._leaders.add(unit.name)

    def _title(self, s: Sentence, i: int) -> bool:
        words = [u.low for u in s.units[max(0, i - 3) : i] if not u.kind]
        if "vice" in words or "former" in words or "deputy" in words:
            return False
        plural = "presidents" in [u.low for u in s.units[max(0, i - 6) : i]]
        return bool(words) and (words[-1] in _LEADER or words[-2:] == ["prime", "minister"]) or plural

    def led_by_leaders(self, people: Sequence[Argument]) -> bool:
        """Return whether at least two of `people` lead countries and nobody else takes part."""
        names = {p.name for p in people}
        return len(names) >= 2 and names <= self._leaders

    def of_firms(self, people: Sequence[Argument]) -> bool:
        """Return whether one of `people` runs a firm: no negotiation between governments."""
        return any(p.name in self._executives for p in people)

    # ---- one participant

    def participant(self, s: Sentence, i: int) -> list[Argument]:
        """Return unit `i` as a "party" (a government) or "person"; nothing for other things."""
        unit = s.units[i]
        if unit.kind == "Person":
            return [Argument("person", "Person", unit.text, unit.start, unit.end, unit.name)]
        if not (unit.kind in PLACES or unit.kind == "Government" or unit.reading({"Government"})):
            return []
        following = s.units[i + 1] if i + 1 < len(s.units) else None
        if following is not None and following.kind == "Person" and not unit.demonym and not unit.kind == "Government":
            return []
        found = self._coreference.refer(s, i)
        if found is None or found.kind != "Government":
            return []
        return [Argument("party", found.kind, unit.text, unit.start, unit.end, found.name, derivation=found.via)]

    def body(self, s: Sentence, i: int) -> list[Argument]:
        """Return unit `i` as a party of an agreement: also a ministry, a department or a firm."""
        unit = s.units[i]
        if unit.kind in {"Regulator", "PublicBody", FIRM}:
            return [Argument("party", unit.kind, unit.text, unit.start, unit.end, unit.name, derivation=unit.via)]
        return self.participant(s, i)

    # ---- stretches of a sentence

    def within(self, s: Sentence, low: int, high: int) -> list[Argument]:
        """Return the participants named in units [low, high) that act there: no place of meeting, no owner of a thing."""
        out: list[Argument] = []
        for i in range(max(0, low), min(high, len(s.units))):
            unit = s.units[i]
            if not unit.kind:
                if unit.low in _PAIR:
                    out.extend(self._both(s, i))
                continue
            if unit.kind != "Person" and not self._acts(s, i, low):
                continue
            if unit.kind == "Person" and self._grammar.possessive(s, i):
                continue
            out.extend(self.participant(s, i))
        return unique(out)

    def _acts(self, s: Sentence, i: int, low: int) -> bool:
        unit = s.units[i]
        if unit.reading({"City"}) and self._grammar.governed(s, i, max(low, i - 3)) in {"in", "at", "from", "to"}:
            return False
        if not unit.demonym and self._grammar.governed(s, i, low) in _ELSEWHERE:
            return False
        if self._grammar.possessive(s, i):
            return any(u.low in _OFFICE or u.has("authority") or u.kind == "Person" for u in s.units[i + 2 : i + 5])
        if unit.demonym:
            return any(
                u.low in _OFFICE or u.has("authority") or u.kind == "Person" for u in s.units[i + 1 : i + 7]
            )
        return True

    def _both(self, s: Sentence, i: int) -> list[Argument]:
        """Return the two parties told before for "both sides", "the two countries"."""
        if not {u.low for u in s.units[max(0, i - 3) : i]} & {"both", "two"}:
            return []
        unit = s.units[i]
        here = [a for a in self.within(s, 0, i) if a.role == "party"]
        pair = here if len(here) == 2 else self.pair if not here else ()
        return [
            replace(
                p, text=unit.text, start=unit.start, end=unit.end, inferred=True,
                derivation=f"coreference: {unit.text} = {p.text}, told before",
            )
            for p in pair
        ]  # fmt: skip

    def listed_behind(self, s: Sentence, at: int, words: Iterable[str], right: int, *, firms: bool = False) -> list[Argument]:
        """Return the participants listed behind the first of `words` after unit `at`: "between A and B", "with B"."""
        wanted = set(words)
        start = next((j for j in range(at + 1, min(right, at + 9)) if s.units[j].low in wanted and not s.units[j].kind), None)
        if start is None:
            return []
        out: list[Argument] = []
        for j in range(start + 1, min(right, start + 16)):
            unit = s.units[j]
            if unit.kind in {"Person", "Government", "Regulator", "PublicBody", FIRM, *PLACES} or unit.reading({"Government"}):
                if unit.reading({"City"}) and self._grammar.governed(s, j, start) in {"in", "at"}:
                    break
                owned = self._grammar.possessive(s, j) and not any(
                    u.low in _OFFICE or u.has("authority") or u.kind == "Person" for u in s.units[j + 2 : j + 5]
                )
                if owned:
                    break
                out.extend(self.body(s, j) if firms else self.participant(s, j))
            elif unit.low in _PAIR:
                out.extend(self._both(s, j))
            elif unit.low in self._grammar.words["prepositions"] - {"between", "with"} or unit.kind in {"Time", "Duration"}:
                break
            elif any(t.form in {"past", "third"} for t in unit.tags) or unit.low in self._grammar.words["auxiliaries"] - {"'s", "’s"}:
                break
            elif unit.text in {";", ":", "—", "–", "("} or (unit.text == "," and not self._list_goes_on(s, j)):
                break
        return unique(out)

    @staticmethod
    def _list_goes_on(s: Sentence, j: int) -> bool:
        """Return whether a comma at `j` joins names: "A, B and C"."""
        return j + 2 < len(s.units) and bool(s.units[j + 1].kind) and s.units[j + 2].low in {",", "and"}

    def named_by(self, s: Sentence, at: int, left: int) -> list[Argument]:
        """Return the participants that stand before the noun as its name: "US-China trade talks", "the Trump-Xi call"."""
        out: list[Argument] = []
        j = at - 1
        while j >= left and at - j <= 9:
            unit = s.units[j]
            if unit.kind == "Person" or unit.kind in PLACES or unit.kind == "Government":
                out = self.participant(s, j) + out
            elif not (
                unit.text in {"-", "–", "/"} or (unit.low in {"and", "'s", "’s"} and j > left)
                or (unit.is_word and not unit.kind
                    and (s.units[j - 1].text == "-" or not any(t.form in {"past", "third", "base"} for t in unit.tags))
                    and unit.low not in self._grammar.words["prepositions"] | self._grammar.words["auxiliaries"]
                    and unit.low not in self._grammar.words["clause_openers"])
            ):  # fmt: skip
                break
            j -= 1
        return unique(out)


def unique(arguments: Iterable[Argument]) -> list[Argument]:
    """Return `arguments` without repeated names in one role, the first mention of each."""
    seen: dict[tuple[str, str], Argument] = {}
    for argument in arguments:
        seen.setdefault((argument.role, argument.name), argument)
    return list(seen.values())


def enough(arguments: Sequence[Argument]) -> bool:
    """Return whether at least two parties or two people are named."""
    parties = {a.name for a in arguments if a.role == "party"}
    people = {a.name for a in arguments if a.role == "person"}
    return len(parties) >= 2 or len(people) >= 2 or (len(parties) >= 1 and len(people) >= 1 and len(parties | people) > 2)
