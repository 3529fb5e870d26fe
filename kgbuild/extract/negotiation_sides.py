"""The sides of talks that are no two governments: firms and bodies, and the side that only the text names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import Grammar
from kgbuild.extract.parties import Parties, unique
from kgbuild.extract.units import BODIES, FIRM, PLACES, Sentence, Unit
from kgbuild.model import Argument

_TWICE: Final = 2
_BACK: Final = 3  #: sentences that a side may be named before
_PUBLIC: Final = BODIES
_SIDED: Final = PLACES | BODIES | {FIRM}
#: Words for those who act for a firm: "executives of Example Metals".
_AGENTS: Final = frozenset({"of", "from", "at"})
_THEIR: Final = frozenset({"their", "its"})
_HEADS: Final = frozenset({"leaders", "presidents", "governments", "counterparts", "ministers", "envoys"})
_DETERMINED: Final = frozenset({"the", "his", "her", "its", "their", "our"})
#: What stands before talks that open a sentence: "There were talks with", "Months of talks with".
_OPENING: Final = frozenset("there were was are is have has been had of the new further fresh more".split())
#: Prepositions before talks that are held while something else is done.
ADJUNCT: Final = frozenset({"in", "at", "during", "after", "through", "following"})
#: What makes a possessor one who negotiates: "the firm's talks with".
_REACH: Final = 14
_VISITED: Final = frozenset({"visit", "visits", "visited", "visiting"})
_ARRIVING: Final = frozenset("arrive arrives arrived arriving landed expected due awaited back".split())
_MOST: Final = 4  #: sides of one round of talks
#: What firms talk about of which the other is the object.
_TAKEOVERS: Final = frozenset({"takeover", "acquisition", "buyout", "merger", "purchase"})


class Sides:
    """Finds firms and bodies that negotiate; the sentences of an article must be noted in order."""

    def __init__(self, grammar: Grammar, coreference: Coreference, parties: Parties) -> None:
        self._grammar = grammar
        self._coreference = coreference
        self._parties = parties
        self._states: list[tuple[int, list[Argument]]] = []  #: governments that each sentence names
        self._people: list[Argument] = []  #: people in the sentence before

    def note(self, s: Sentence) -> None:
        """Remember whom a sentence names, for those behind it."""
        named = unique(a for i in range(len(s.units)) for a in self._government(s, i))
        if named:
            self._states.append((s.index, named))
        people = [self._parties.participant(s, i) for i, u in enumerate(s.units) if u.kind == "Person"]
        self._people = unique(a for found in people for a in found)
        self._parties.named = self._two(s.index + 1)

    def _government(self, s: Sentence, i: int) -> list[Argument]:
        unit = s.units[i]
        if unit.kind in {"Regulator", "PublicBody"}:
            label = self._coreference.government_behind(unit.name)
        elif self._owning(s, i):
            label = ""  # "two Chinese groups", "Abu Dhabi's Example"
        elif unit.kind == "Government":
            label = unit.name
        elif unit.kind in PLACES and not unit.reading({"City"}):
            label = self._coreference.government_of(unit.name)
        else:
            label = ""
        return [Argument("party", "Government", unit.text, unit.start, unit.end, label)] if label else []

    def _owning(self, s: Sentence, i: int) -> bool:
        """Return whether a place only tells whose something is that acts for no government."""
        owned = self._grammar.possessive(s, i) and any(u.kind == FIRM for u in s.units[i + 2 : i + 4])
        return owned or (s.units[i].demonym and not self._parties.officials(s.units[i + 1 : i + 7]))

    def _two(self, index: int) -> tuple[Argument, ...]:
        """Return the two governments of the last sentence before `index` that names any, if it names two."""
        named: list[Argument] = []
        for told, governments in reversed(self._states):
            named = unique([*governments, *named]) if 0 < index - told <= _BACK else named
            if len(named) > 1:
                break
        if len(named) != 2:  # else the only two that the text so far names
            named = unique(a for _, governments in self._states for a in governments)
        return tuple(named) if len(named) == 2 else ()

    # ---- who takes part

    def told(self, s: Sentence, i: int, left: int, right: int) -> list[Argument]:
        """Return the sides of the talks named at unit `i`: a government or body and others; else nothing."""
        between = self.listed(s, i, {"between", "among"}, right)
        if self.mixed(between):
            return between
        others = self.listed(s, i, {"with"}, right) or self._their(s, i, right)
        if not others and (sought := self._sought(s, i, right)):
            own = self._own(s, i, left, right)
            return unique([*own, *sought]) if own and all(a.kind == FIRM for a in (*own, *sought)) else []
        if not others:
            joint = self.joint(s, left, i)
            return joint if self.mixed(joint) else []
        own = [a for a in self._own(s, i, left, right) if a.name not in {o.name for o in others}]
        if not own:
            own = self._from_before(s, i, left, others)
        found = unique([*own, *others])
        return found if own and self.mixed(found) else []

    def _sought(self, s: Sentence, i: int, right: int) -> list[Argument]:
        """Return the firm of "A is in talks on a takeover of B"."""
        near = range(i + 1, min(right, i + 6))
        at = next((j for j in near if s.units[j].low in _TAKEOVERS and not s.units[j].kind), None)
        linked = at is not None and s.units[i + 1].low in {"about", "for", "on", "over", "to"}
        return self.listed(s, at, {"of", "with"}, min(right, at + 9)) if at is not None and linked else []

    def listed(self, s: Sentence, at: int, words: Iterable[str], right: int) -> list[Argument]:
        """Return the firms, bodies and governments listed behind one of `words` after unit `at`."""
        found = self._parties.listed_behind(s, at, words, right, firms=True)
        people = [a for a in found if a.role == "person"]
        return unique([*found, *self._parties.governments(people, s)]) if people else found

    @staticmethod
    def mixed(found: Sequence[Argument]) -> bool:
        """Return whether two sides at least take part: a public one among them, or firms alone."""
        sides = [a for a in found if a.role == "party"]
        one_kind = any(a.kind in _PUBLIC for a in sides) or all(a.kind == FIRM for a in sides)
        return len({a.name for a in sides}) >= 2 and one_kind

    def subject(self, s: Sentence, low: int, high: int) -> list[Argument]:
        """Return the side that acts in units [low, high): "South Korea's trade ministry", "the company"."""
        for j in range(low, high):
            found = self._acting(s, j, low)
            if found:
                return found
        return []

    def joint(self, s: Sentence, low: int, high: int) -> list[Argument]:
        """Return the sides that act together in units [low, high): "Codelco and the Chilean government"."""
        found: list[Argument] = []
        objects = False  #: whether what is found stands behind a verb: "compared A and B in talks"
        for j in range(low, high):
            unit = s.units[j]
            here = self._acting(s, j, low)
            past = any(t.form == "past" for t in unit.tags) or (not unit.tags and unit.low.endswith("ed"))
            finite = past and not unit.kind and not unit.has("speech")
            objects = objects or (finite and not found)
            if here and found and not any(u.low == "and" for u in s.units[max(low, j - 4) : j]):
                return []
            found += here
            if found and (self._grammar.is_auxiliary(unit) or any(t.form == "past" for t in unit.tags)):
                break
        return [] if objects and all(a.kind == FIRM for a in found) else unique(found)

    def _acting(self, s: Sentence, j: int, low: int) -> list[Argument]:
        unit = s.units[j]
        governor = self._grammar.governed(s, j, low)
        agents = governor in _AGENTS and any(u.low.endswith("s") for u in s.units[max(low, j - 3) : j])
        if (governor and not agents) or (unit.demonym and unit.kind in PLACES):
            return []
        if self._grammar.possessive(s, j):
            return self._parties.participant(s, j) if self._parties.officials(s.units[j + 2 : j + 5]) else []
        if unit.kind in _SIDED or unit.reading({"Government"}):
            return self._parties.body(s, j) if not unit.reading({"City"}) or unit.kind in BODIES else []
        if unit.low == "government" and not unit.kind and not s.units[j - 1].demonym:
            return self._of_its_own(s, j)
        return self._parties.described(s, j)

    def _of_its_own(self, s: Sentence, j: int) -> list[Argument]:
        """Return "his government", "the government": that of the person before, else of the text before."""
        if not j or s.units[j - 1].low not in _DETERMINED:
            return []
        people = [a for k in range(j) if s.units[k].kind == "Person" for a in self._parties.participant(s, k)]
        held = self._parties.governments(people[:1], s) if s.units[j - 1].low != "the" else []
        return [standing(a, s.units[j], "spoken of before") for a in held or self.state(s) or self._first()]

    def opposite(self, s: Sentence, at: int) -> list[Argument]:
        """Return the government that a firm's case is with where only the text before names it."""
        found = self.state(s) or self._first()
        return [standing(a, s.units[at], "the government spoken of before") for a in found]

    def _first(self) -> list[Argument]:
        """Return the government that the article names first, if it names none more often."""
        counts = Counter(a.name for _, named in self._states for a in named)
        first = self._states[0][1] if self._states else []
        most = len(first) == 1 and counts[first[0].name] == max(counts.values())
        return first if most else []

    def _own(self, s: Sentence, i: int, left: int, right: int) -> list[Argument]:
        """Return who holds talks with others: who owns them, the subject, the one the sentence is about."""
        for j in range(i - 1, max(left, i - 5) - 1, -1):
            if self._grammar.possessive(s, j) and s.units[j].kind in _SIDED:
                return self._parties.body(s, j)
            if s.units[j].low in _THEIR:
                return self._parties.described(s, j)
        low = left
        for j in range(i - 1, left - 1, -1):
            if self._grammar.tags_at(s, j, "speech"):
                low = j + 1
                break
        if self._grammar.governed(s, i, left) in ADJUNCT:
            low = left  # "A pressed for it in talks with B": who says it talks
        found = self.subject(s, low, i)
        if found or low > left:
            return found
        opener = s.units[left].low if left < len(s.units) else ""
        if opener in {"after", "following", "during", "before", "in", "amid"}:
            behind = self.subject(s, min(right + 1, len(s.units)), min(len(s.units), right + _REACH))
            before = [a for a in self.subject(s, 0, left) if a.text.lower() not in {"it", "its"}]
            return before or (behind if not left else [])
        return []

    def behind(self, s: Sentence, i: int) -> list[Argument]:
        """Return the two sides that act behind the talks at unit `i`: "After talks in Geneva, A and B"."""
        right = next((j for j in range(i + 1, len(s.units)) if s.units[j].text == ","), 0)
        if not right or s.units[0].low not in ADJUNCT:
            return []
        found: list[Argument] = []
        for j in range(right + 1, min(len(s.units), right + _REACH)):
            unit = s.units[j]
            if not self._grammar.governed(s, j, right + 1):
                found += self._parties.participant(s, j) if unit.kind in _SIDED | {"Person"} else []
            if any(t.form for t in unit.tags) and all(t.form for t in unit.tags) and unit.has("agree"):
                found += self._parties.listed_behind(s, j, {"with"}, min(len(s.units), j + _REACH))
                break
            if any(t.form in {"past", "third"} for t in unit.tags) or self._grammar.is_auxiliary(unit):
                break
        acting = self._parties.governments([a for a in found if a.role == "person"], s)
        sides = unique([*(a for a in found if a.role == "party"), *acting])
        return sides if _TWICE <= len(sides) <= _MOST else []

    def journey(self, s: Sentence, i: int, left: int) -> tuple[list[Argument], list[Argument]]:
        """Return the host and the place of "will fly to Washington for talks": both empty where none is."""
        aim = next((j for j in range(i - 1, max(left, i - 8), -1) if s.units[j].low == "for"), None)
        if aim is None:
            return [], []
        for j in range(aim - 1, max(left, aim - 8), -1):
            unit = s.units[j]
            city = unit.reading({"City"})
            before = s.units[j - 1].low.rsplit(" ", 1)[-1]
            due = before == "in" and any(u.low in _ARRIVING for u in s.units[max(left, j - 4) : j])
            if city and (before == "to" or before in _VISITED or due) and not unit.demonym:
                there = [Argument("place", city[0], unit.text, unit.start, unit.end, city[1])]
                hosts = self._parties.participant(s, j)
                return [standing(a, s.units[i], "the host of the talks") for a in hosts], there
        return [], []

    def hosting(self, s: Sentence, i: int, right: int, who: Sequence[Argument]) -> list[Argument]:
        """Return the host of "wrapped up a summit in Beijing", where the sentence names its country, too."""
        known = {
            a.name for a in (*who, *self._parties.governments([a for a in who if a.role == "person"], s))
        }
        for j in range(i + 1, min(right, i + 4)):
            unit = s.units[j]
            if not unit.reading({"City"}) or s.units[j - 1].low != "in":
                continue
            hosts = self._parties.participant(s, j)
            named = {
                a.name for k, u in enumerate(s.units) if k != j for a in self._government(s, k) if u.kind
            }
            return [standing(a, s.units[i], "the host") for a in hosts if known and a.name in named - known]
        return []

    def _from_before(self, s: Sentence, i: int, left: int, others: Sequence[Argument]) -> list[Argument]:
        """Return the side that the sentence leaves out: "Talks with Jakarta go on" of a firm before it."""
        before = s.units[left:i]
        plain = all(u.low in _OPENING or u.amount or u.kind in {"Duration", "Time"} or u.low.endswith("s")
                    or not u.kind for u in before)  # fmt: skip
        if not plain or any(u.has("unreal") for u in before) or i - left > 6:
            return []
        unit = s.units[i]
        if all(a.kind in _PUBLIC for a in others):
            people = self._people[:1]
            acting = self._parties.governments(people, s)
            if people and acting and len(others) > 0 and acting[0].name not in {o.name for o in others}:
                return [standing(a, unit, "spoken of before") for a in (*people, *acting)]
            beside = any(u.low in ADJUNCT or u.has("speech") for u in before)
            firm = None if beside else self._coreference.salient(s, i) or self._main_firm()
            if firm is None:
                return []
            party = Argument("party", FIRM, firm.text, firm.start, firm.end, firm.name)
            return [standing(party, unit, "the firm spoken of before")]
        if all(a.kind == FIRM for a in others):
            return [standing(a, unit, "the only government spoken of before") for a in self.state(s)]
        return []

    def _main_firm(self) -> Unit | None:
        """Return the firm that the article names first, if it names it most often and twice at least."""
        firms = self._coreference.firms()
        counts = Counter(u.name for u in firms).most_common(2)
        if not counts or counts[0][1] < _TWICE or counts[0][0] != firms[0].name:
            return None
        return firms[0] if len(counts) == 1 or counts[1][1] < counts[0][1] else None

    def state(self, s: Sentence) -> list[Argument]:
        """Return the one government that the sentences before `s` name last, or none."""
        near = [n for i, n in reversed(self._states) if 0 <= s.index - i <= _BACK]
        one = next((n for n in near if len({a.name for a in n}) == 1), [])
        return one[:1]

    def _their(self, s: Sentence, i: int, right: int) -> list[Argument]:
        """Return the governments behind "their leaders": those of the countries named in the sentence."""
        near = s.units[i + 1 : min(right, i + 5)]
        for k in range(1, len(near)):
            if near[k].low in _HEADS and near[k - 1].low in _THEIR and near[0].low == "with":
                named = unique(a for j in range(i) for a in self._government(s, j))
                return [standing(a, near[k], f"{near[k].text} of {a.text}") for a in named]
        return []


def standing(a: Argument, unit: Unit, note: str) -> Argument:
    """Return a party told elsewhere, at the words of this sentence that stand for it."""
    told = f"{note}: {a.text}"
    return replace(a, text=unit.text, start=unit.start, end=unit.end, inferred=True, derivation=told)
