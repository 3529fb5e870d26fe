"""Roles of a disruption: firms, site, place, industries, materials, cause, duration and date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kgbuild.extract.arguments import Arguments
from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import POSSESSIVES, Grammar, VerbGroup
from kgbuild.extract.phrase_words import Readings
from kgbuild.extract.stance import Speech
from kgbuild.extract.units import FIRM, MATERIALS, PLACES, Sentence
from kgbuild.model import Argument
from kgbuild.ontology import phrase_key

#: What a firm can own that is hit: "the plant of Ford".
_OWNED: Final = frozenset(
    "plant plants factory factories mine mines refinery refineries smelter smelters line lines "
    "facility facilities "
    "production output operations work assembly".split()
)
_CLOSERS: Final = frozenset({";", ".", ":", "—", "–", "(", ")"})
_NAMES: Final = frozenset({"TradeAssociation", "Organization", "Regulator", "PublicBody", FIRM})
_IN: Final = frozenset({"in", "across", "throughout", "around", "at"})
_FOR: Final = frozenset({"for", "lasting", "lasted", "least", "than", "about", "nearly", "almost", "another"})


@dataclass(frozen=True, slots=True)
class Trouble:
    """A disruption before its arguments are looked for."""

    action: str
    at: int  #: unit of the verb or noun that tells it
    what: tuple[int, int]  #: first and last unit of the words for it
    low: int  #: units [low, high) hold what is hit: site, material, industry
    high: int
    rule: str
    verb: VerbGroup | None = None
    whose: tuple[int, ...] = ()  #: units that may be the firm that is hit
    cause: tuple[int, int] | None = None  #: first and last unit of the cause, where the construction gives it


class DisruptionRoles:
    """Finds the arguments of a disruption."""

    def __init__(self, text: str, grammar: Grammar, coreference: Coreference) -> None:
        self._text = text
        self.grammar = grammar
        self.coreference = coreference
        self.arguments = Arguments(grammar, coreference, text)
        self.grammar_words = grammar.lexicon.cased["firm_words"]

    # ---- who is hit

    def subject(self, s: Sentence, group: VerbGroup) -> tuple[int, ...]:
        """Return the firms that a verb names as its subject, or that own what its subject names."""
        if group.infinitive:
            to = next((j for j in range(group.first, group.verb) if s.units[j].low == "to"), group.first)
            if to and s.units[to - 1].kind == FIRM:
                return (to - 1,)  # "forced Ford to halt"
        heads = [h for h in self.grammar.subject(s, group) if h < group.first or h > group.verb]
        left, _ = self.grammar.clause(s, group.verb)
        owners = self.owners(s, left, group.first)
        if heads and not (owners and all(s.units[h].kind in PLACES for h in heads)):
            return tuple(heads)  # "Ford's Chicago plant halted": not Chicago, but Ford
        if owners:
            return owners
        for j in range(left, group.first):
            if (
                s.units[j].kind == FIRM
                and not self.grammar.possessive(s, j)
                and not self.grammar.governed(s, j, left)
            ):
                return (j,)  # "Ford, by contrast, shut"
        return ()

    def unknown(self, s: Sentence, group: VerbGroup) -> Argument | None:
        """Return a firm nobody knows in front of a verb: "Example Mining halted", "XYZ, the arm of Ford,"."""
        left, _ = self.grammar.clause(s, group.verb)
        last = group.first - 1
        commas = [j for j in range(left, group.first) if s.units[j].text == ","]
        if len(commas) > 1 and commas[-1] == last and any(u.has("role") for u in s.units[commas[-2] : last]):
            last = commas[-2] - 1
        acronym = s.units[last] if last >= left else None
        if acronym is not None and last < group.first - 1 and acronym.text.isupper() and not acronym.kind:
            return Argument("firm", FIRM, acronym.text, acronym.start, acronym.end, acronym.text)
        span = self.grammar.unknown_name(s, left, last) if last >= left else None
        if span is None or span[1] != last:
            return None
        words = {u.text for u in s.units[span[0] : span[1] + 1]}
        if span[0] == span[1] or not words & set(self.grammar_words):
            return None
        start, end = s.units[span[0]].start, s.units[span[1]].end
        return Argument("firm", FIRM, self._text[start:end], start, end, self._text[start:end])

    def owners(self, s: Sentence, low: int, high: int) -> tuple[int, ...]:
        """Return the firms in units [low, high) that own a plant or its work: "Ford's", "its", "of Ford"."""
        out = []
        for j in range(low, min(high, len(s.units))):
            unit = s.units[j]
            owned = self.grammar.possessive(s, j)
            of = j > low + 1 and s.units[j - 1].low in {"of", "at"} and s.units[j - 2].low in _OWNED
            if (unit.kind == FIRM and (owned or of)) or (unit.low in {"its", "their"} and not unit.kind):
                out.append(j)
        return tuple(out)

    def firms(self, s: Sentence, units: tuple[int, ...]) -> list[Argument]:
        """Return the firms that units stand for; what is described without a name is none."""
        out: list[Argument] = []
        for i in units:
            found = self.arguments.actor("firm", s, i, firm=True)
            if found is not None and found.kind == FIRM and found.name not in {a.name for a in out}:
                out.append(found)
        return out

    # ---- where

    def site(self, s: Sentence, words: Readings, low: int, high: int, *, named: bool) -> Argument | None:
        """Return the plant, mine or line in units [low, high): "Chicago plant"; if `named` no mere "mine"."""
        for found in words.between(low, min(high, len(s.units)), "object.site"):
            if found.tag.form or found.last >= high:
                continue
            behind = s.units[found.last + 1].low if found.last + 1 < len(s.units) else "."
            if words.at(found.last + 1, "no-head") or behind in {"workers", "maker", "makers", "operator"}:
                continue
            first = self._site_start(s, found.first, low, words)
            bare = first == found.first
            if bare and (
                named
                or s.units[found.last].low.endswith("s")
                or s.units[first].low in {"site", "line", "works"}
            ):
                continue  # "plants", "lines": no one place
            start, end = s.units[first].start, s.units[found.last].end
            text = self._text[start:end]
            return Argument("site", "Site", text, start, end, value=phrase_key(text))
        return None

    def _site_start(self, s: Sentence, noun: int, low: int, words: Readings) -> int:
        j = noun
        while j > low:
            unit = s.units[j - 1]
            named = bool(unit.kind) and unit.kind not in {"Quantity", "Time", "Duration", FIRM}
            plain = unit.is_word and not unit.kind and not any(t.form for t in unit.tags)
            plain = plain and not any(f.tag.form for f in words.between(j - 1, j, "work"))
            plain = plain and (
                unit.text[0].isupper() or unit.low in {"assembly", "car", "vehicle", "battery", "main"}
            )
            closed = unit.low in self.grammar.words["determiners"] | self.grammar.words["prepositions"]
            ends = (
                closed
                or unit.text in POSSESSIVES
                or unit.low in {"and", "or"} | self.grammar.words["auxiliaries"]
            )
            if ends or not (named or plain or unit.text == "-"):
                break
            j -= 1
        return j

    def place(
        self, s: Sentence, at: int, cause: tuple[int, int] | None, low: int, high: int
    ) -> Argument | None:
        """Return where it happens: "in Germany", "across Europe", "In the U.S., ..."."""
        order = [*range(at + 1, high), *range(low, at)]
        for j in order:
            if cause is not None and cause[0] <= j <= cause[1]:
                continue
            unit = s.units[j]
            found = unit.reading(PLACES)
            if found is None or unit.demonym or self.grammar.possessive(s, j):
                continue
            k = j - 1
            while k >= low and (
                s.units[k].low in {"the", "central", "eastern", "western", "northern", "southern"}
            ):
                k -= 1
            opened = k >= 0 and s.units[k].low in _IN
            if (
                k >= 2
                and s.units[k].text == ","
                and s.units[k - 1].text[:1].isupper()
                and s.units[k - 2].low in _IN
            ):
                opened = True  # "in Celaya, Mexico"
            behind = s.units[j + 1] if j + 1 < len(s.units) else None
            followed = behind is not None and (
                behind.is_word and behind.low in {"plant", "mine", "factory", "refinery"}
            )
            if opened and not followed:
                return Argument("place", found[0], unit.text, unit.start, unit.end, found[1])
        return None

    @staticmethod
    def country(s: Sentence, i: int) -> Argument | None:
        """Return the country that acts: "Myanmar closed its mines"."""
        unit = s.units[i]
        if unit.kind != "Country" or unit.demonym:
            return None
        return Argument("place", unit.kind, unit.text, unit.start, unit.end, unit.name)

    @staticmethod
    def region(s: Sentence, low: int, at: int) -> Argument | None:
        """Return the place of those who are hit, where nothing else is named: "Southeast Asian hubs"."""
        for unit in s.units[low:at]:
            found = unit.reading(PLACES)
            if found is not None and unit.demonym:
                return Argument("place", found[0], unit.text, unit.start, unit.end, found[1])
        return None

    # ---- what is hit

    def materials(self, s: Sentence, low: int, high: int, cause: tuple[int, int] | None) -> list[Argument]:
        """Return the materials and goods in units [low, high) outside the cause that describe no firm."""
        out: list[Argument] = []
        for j in range(low, min(high, len(s.units))):
            unit = s.units[j]
            apart = cause is not None and cause[0] <= j <= cause[1]
            behind = s.units[j + 1 : j + 4]
            maker = any(u.has("role") or u.kind == FIRM for u in behind[:1]) or (
                len(behind) > 1 and behind[0].text == "-" and behind[1].has("role")
            )
            if unit.kind in MATERIALS and not apart and not maker and unit.name not in {a.name for a in out}:
                out.append(Argument("material", unit.kind, unit.text, unit.start, unit.end, unit.name))
        return out

    @staticmethod
    def industries(s: Sentence, low: int, high: int) -> list[Argument]:
        """Return the industries named in units [low, high)."""
        start, end = s.units[low].start, s.units[min(high, len(s.units)) - 1].end
        names = [u for u in s.units if u.kind in _NAMES]
        return [
            Argument("industry", "Industry", u.text, u.start, u.end, u.name)
            for u in s.uses
            if u.kind == "Industry" and start <= u.start and u.end <= end
            and not any(n.start <= u.start and u.end <= n.end for n in names)
        ]  # fmt: skip

    # ---- why and when

    def cause(self, s: Sentence, words: Readings, at: int) -> tuple[int, int] | None:
        """Return the units [first, last] behind "due to", "after", "for want of"."""
        for found in words.of("cause"):
            first = found.last + 1
            if found.first < at - 1 or first >= len(s.units) or s.units[first].kind in {"Time", "Duration"}:
                continue
            if found.tag.form or (
                s.units[first].low == "the" and s.units[min(first + 1, len(s.units) - 1)].kind == "Time"
            ):
                continue
            if s.units[found.last].low == "of" and s.units[found.last - 1].low in {"want", "lack"}:
                first = found.last - 1
            last = first
            while last + 1 < len(s.units):
                behind = s.units[last + 1]
                if behind.text in _CLOSERS or behind.text == "," or behind.low in {"while", "but", "until"}:
                    break
                if behind.kind == "Duration" and s.units[last].low == "for":
                    last -= 1
                    break
                last += 1
            return (first, last) if last >= first else None
        return None

    @staticmethod
    def duration(s: Sentence, low: int, high: int, cause: tuple[int, int] | None) -> Argument | None:
        """Return how long it lasts: "for a week", "for at least three months"."""
        for j in range(max(1, low), min(high, len(s.units))):
            unit = s.units[j]
            inside = cause is not None and cause[0] <= j <= cause[1]
            if unit.kind != "Duration" or unit.date is None or not unit.date.duration or inside:
                continue
            if s.units[j - 1].low in _FOR:
                value, how = unit.date.duration, unit.date.rule
                return Argument(
                    "duration", "Duration", unit.text, unit.start, unit.end, value=value, derivation=how
                )
        return None

    def date(
        self, s: Sentence, trouble: Trouble, speech: Speech | None, cause: tuple[int, int] | None
    ) -> Argument | None:
        """Return when it happened; a time of saying it, or of its cause, is none."""
        left, right = self.grammar.clause(s, trouble.at)
        opening = next((j for j, u in enumerate(s.units[:3]) if u.kind == "Time"), None)
        regions = [(left, right)]
        if opening is not None and left > opening:
            regions.append((0, opening + 1))
        for low, high in regions:
            for time in self.arguments.times(s, low, high, speech, trouble.at):
                open_ended = time.value.startswith("../")
                said = (
                    speech is not None and s.units[speech.verb].end <= time.start < s.units[trouble.at].start
                )
                caused = cause is not None and (s.units[cause[0]].start <= time.start < s.units[cause[1]].end)
                if time.role == "date" and not (open_ended or said or caused):
                    return time
        return None
