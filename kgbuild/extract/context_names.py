"""Firms and bodies that no list knows, told by the words around them, and firms by their first word.

Works on the sentences of one article, before coreference: capitalized words that are found to be one name
become one unit. Precision first: a name needs a word that is no ordinary one and a context that fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kgbuild.extract.lexicon import Lexicon
from kgbuild.extract.units import FIRM, MATERIALS, PLACES, Sentence, Unit

_BARE_CODE: Final = re.compile(r"[A-Z]{1,6}|\d{4,6}")
_DETERMINERS: Final = frozenset({"a", "an", "the", "its", "their", "one"})
_POSSESSIVES: Final = frozenset({"'s", "’s", "'", "’"})
_BODIES: Final = frozenset({"Regulator", "PublicBody"})
#: Kinds whose units may be a part of a longer name: "Greenland Graphite", "Shanxi Example Mining".
_PARTS: Final = PLACES | MATERIALS
_LONGEST: Final = 6  #: words of a name
_SHORTEST: Final = 4  #: letters of a first word that can stand for the whole name
_OWNING: Final = frozenset({"owns", "owned", "operates", "makes", "employs", "supplies", "runs"})
_ASIDE: Final = 9  #: units of an aside in which a role is looked for


class ContextNames:
    """Names firms and bodies in the sentences of one article."""

    def __init__(self, text: str, sentences: Sequence[Sentence], lexicon: Lexicon) -> None:
        self._text = text
        self._sentences = sentences
        self._lexicon = lexicon
        self._words = lexicon.words

    def join(self) -> None:
        """Turn the units of names found into one unit each, in the sentences themselves."""
        for s in self._sentences:
            for i in self._titles(s):
                s.units[i].kind, s.units[i].name, s.units[i].readings = "", s.units[i].text, ()
            self._codes(s)
            if self._capitalized(s):
                continue
            found = [(first, last, *self._judge(s, first, last)) for first, last in self._runs(s)]
            for first, last, kind, via in reversed(found):
                if kind:
                    s.units[first : last + 1] = [self._unit(s, first, last, kind, via)]
        self._first_words()

    def _unit(self, s: Sentence, first: int, last: int, kind: str, via: str) -> Unit:
        start, end = s.units[first].start, s.units[last].end
        written = self._text[start:end]
        return Unit(start, end, written, written.lower(), kind, written, via=via)

    def _codes(self, s: Sentence) -> None:
        """Join a bare share code or acronym in brackets behind a firm to one unit: "Example Fuels (EXF)"."""
        for i in range(len(s.units) - 4, -1, -1):
            firm, opened, code, closed = s.units[i : i + 4]
            if (
                firm.kind == FIRM
                and opened.text == "("
                and closed.text == ")"
                and _BARE_CODE.fullmatch(code.text)
            ):
                s.units[i + 1 : i + 4] = [self._unit(s, i + 1, i + 3, "Ticker", "")]

    @staticmethod
    def _titles(s: Sentence) -> Iterator[int]:
        """Yield bodies whose name is an office here: "Jane Doe, the U.S. Trade Representative"."""
        for i, unit in enumerate(s.units):
            if unit.kind not in _BODIES or unit.text.split()[-1] != "Representative":
                continue
            before = [u for u in s.units[max(0, i - 3) : i] if u.low not in _DETERMINERS and u.text != ","]
            beside = i + 1 < len(s.units) and s.units[i + 1].kind == "Person"
            if beside or (before and before[-1].kind == "Person"):
                yield i

    @staticmethod
    def _capitalized(s: Sentence) -> bool:
        """Return whether a line is set in capitals or in title case, which tells no names."""
        words = [u for u in s.units if u.is_word and not u.kind and len(u.text) > 3]
        capitals = sum(u.text[0].isupper() for u in words)
        if s.kind == "headline":
            return len(words) - capitals < 2
        return len(words) > 2 and capitals * 4 > len(words) * 3

    # ---- runs of capitalized words

    def _runs(self, s: Sentence) -> Iterator[tuple[int, int]]:
        """Yield the units [first, last] of capitalized runs that can be a name."""
        i = 0
        while i < len(s.units):
            if not self._part(s.units[i]):
                i += 1
                continue
            last = i
            while last + 1 < len(s.units) and self._goes_on(s, last):
                last += 2 if s.units[last + 1].low in {"&", "and"} else 1
            first = self._trimmed(s, i, last)
            if first <= last < first + _LONGEST:
                yield first, last
            i = last + 1

    @staticmethod
    def _part(unit: Unit) -> bool:
        return unit.text[:1].isupper() and (not unit.kind or (unit.kind in _PARTS and not unit.demonym))

    def _goes_on(self, s: Sentence, at: int) -> bool:
        following = s.units[at + 1]
        if self._part(following):
            return True
        behind = s.units[at + 2] if at + 2 < len(s.units) else None
        joint = following.low in {"&", "and"} and behind is not None
        # "Example Mining and Minerals", but "Example Metals and Sample Metals"
        return (
            joint
            and behind is not None
            and behind.low in self._words["firm_words"]
            and behind.text[0].isupper()
        )

    def _trimmed(self, s: Sentence, first: int, last: int) -> int:
        """Return where the name starts, behind an opener of the sentence or a word that describes it."""
        openers = self._words["determiners"] | self._words["prepositions"] | self._words["sentence_openers"]
        openers |= self._words["adverbs"] | self._words["clause_openers"] | self._words["auxiliaries"]
        while first <= last and (
            s.units[first].low in openers
            or (not first and any(t.cls.startswith("role") for t in s.units[0].tags))
        ):
            first += 1
        return first

    # ---- what a run is

    def _judge(self, s: Sentence, first: int, last: int) -> tuple[str, str]:
        """Return (kind, reason) of a run; ("", "") where nothing tells."""
        if all(u.kind in PLACES for u in s.units[first : last + 1]):
            return "", ""
        body = self._body(s, first, last)
        if body:
            return "Regulator", body
        why = "" if self._belongs_elsewhere(s, first, last) else self._firm(s, first, last)
        return (FIRM, why) if why else ("", "")

    def _belongs_elsewhere(self, s: Sentence, first: int, last: int) -> bool:
        """Return whether a run is part of another name: "Department of X", "the X project"."""
        behind = s.units[last + 1] if last + 1 < len(s.units) else None
        of_office = (
            first > 1 and s.units[first - 1].low in {"of", "for"} and self._names_office(s.units[first - 2])
        )
        thing = behind is not None and (behind.low in self._words["named_things"] or behind.text == "-")
        return of_office or thing

    def _firm(self, s: Sentence, first: int, last: int) -> str:
        """Return why a run names a firm, "" where nothing tells."""
        units = s.units[first : last + 1]
        firm_word = last > first and units[-1].low in self._words["firm_words"]
        own = self._own_word(units)
        if (own or firm_word) and self._aside_role(s, last, self._words["unit_nouns"]):
            return "apposition"
        if firm_word and own and units[-1].low not in self._words["surname_words"]:
            return "name of a firm by its last word"
        before = s.units[first - 1] if first else None
        role = before is not None and not before.kind and before.low in self._words["firm_nouns"]
        # two ordinary capitalized words may be a person: "the explorer Jane Doe"
        single = first == last and len(units[0].text) > 2
        marked = any(u.text.isupper() or u.kind in PLACES for u in units)
        if own and role and (single or marked):
            return "behind a word for a firm"
        if own and (marked or single or last > first + 1) and self._acts(s, last):
            return "what it owns or makes"
        if own and not single and self._aside_role(s, last, self._words["company_nouns"]):
            return "apposition"
        beside = role or self._aside_role(s, last, self._words["firm_nouns"])
        return "beside a word for a firm" if firm_word and beside else ""

    def _acts(self, s: Sentence, last: int) -> bool:
        """Return whether a clause behind the name tells what only firms do: "Example, which owns"."""
        behind = [u.low for u in s.units[last + 1 : last + 4]]
        return len(behind) == 3 and behind[:2] == [",", "which"] and behind[2] in _OWNING

    def _names_office(self, unit: Unit) -> bool:
        """Return whether "of" behind a unit goes on with what an office is for: "Department of Mines"."""
        return (
            unit.text[:1].isupper()
            or unit.has("authority")
            or unit.low in self._words["body_nouns"] | {"minister"}
        )

    def _own_word(self, units: Sequence[Unit]) -> bool:
        """Return whether a word is there that means nothing else: neither in the lexicon nor generic."""
        return any(
            not u.kind
            and not u.tags
            and len(u.text) > 1
            and u.low
            not in self._words["firm_words"] | self._words["general_words"] | self._words["time_nouns"]
            for u in units
        )

    def _aside_role(self, s: Sentence, last: int, nouns: frozenset[str]) -> bool:
        """Return whether an aside behind the name says what it is: "Example, the trading arm of Sample,"."""
        behind = s.units[last + 1 : last + 2 + _ASIDE]
        if len(behind) < 3 or behind[0].text != ",":
            return False
        if nouns is self._words["unit_nouns"] and behind[1].low in {
            "wholly",
            "owned",
            "controlled",
            "majority",
        }:
            return any(u.low == "by" for u in behind[2:6])
        if behind[1].low not in _DETERMINERS:
            return False
        for unit in behind[2:]:
            if unit.text in {",", ".", ";", "—"} or unit.low in self._words["auxiliaries"]:
                return False
            owned = unit.low == "owned" and nouns is self._words["unit_nouns"]
            if owned or (unit.low in nouns and not unit.kind):
                return True
            if unit.low in self._words["prepositions"]:
                return False
        return False

    # ---- bodies

    def _body(self, s: Sentence, first: int, last: int) -> str:
        """Return why a run names a regulator: "the regulator, X," or "the council of Y state, X,"."""
        if last - first > 3:
            return ""
        nouns = self._words["body_nouns"]
        behind = s.units[last + 1] if last + 1 < len(s.units) else None
        j = first - 1
        if j >= 0 and s.units[j].low in self._words["regulator_nouns"]:
            return "behind a word for a body"
        if j < 2 or s.units[j].text != "," or behind is None or behind.text not in {",", ".", ";", ")"}:
            watched = self._aside_role(s, last, self._words["regulator_nouns"])
            return "apposition" if watched else ""
        for k in range(j - 1, max(-1, j - 8), -1):
            unit = s.units[k]
            if unit.low in nouns and not unit.kind:
                led = {u.low for u in s.units[max(0, k - 5) : k]}
                return "apposition" if led & {"the", "its", "'s", "’s"} else ""
            if unit.text in {",", ";"} or unit.kind in {FIRM, "Person"} or any(t.form for t in unit.tags):
                return ""
        return ""

    # ---- later mentions

    def _first_words(self) -> None:
        """Read the first word of a firm's name as the firm where it stands alone later on."""
        firms: dict[str, Unit | None] = {}
        ordinary: set[str] = set()  #: first words that mean something else, too: "Arm" of "Arm Holdings"
        for s in self._sentences:
            joined: list[int] = []
            for i, unit in enumerate(s.units):
                if unit.kind == FIRM and " " in unit.text:
                    word, *rest = unit.text.split()
                    plain = self._stands_alone(word)
                    if not plain and self._named_by(word, rest):
                        ordinary.add(word)
                    if plain or word in ordinary:
                        same = firms.setdefault(word, unit)
                        if same is not None and same.name != unit.name:
                            firms[word] = None  # two firms begin so
                elif (
                    not unit.kind and firms.get(unit.text) is not None and self._alone(s, i)
                    and (unit.text not in ordinary or self._subject(s, i))
                ):  # fmt: skip
                    joined.append(i)
            for i in joined:
                unit, firm = s.units[i], firms[s.units[i].text]
                if firm is not None:
                    via = f"short form of {firm.name}"
                    s.units[i] = Unit(unit.start, unit.end, unit.text, unit.low, FIRM, firm.name, via=via)

    def _stands_alone(self, word: str) -> bool:
        low = word.lower()
        generic = self._words["general_words"] | self._words["firm_words"] | self._words["determiners"]
        return (
            len(word) >= _SHORTEST
            and word.isalpha()
            and word[0].isupper()
            and low not in generic
            and low not in self._lexicon.phrases
        )

    def _named_by(self, word: str, rest: Sequence[str]) -> bool:
        """Return whether only the first word tells a firm from others: "Arm Holdings Plc"."""
        generic = self._words["firm_words"] | {w.lower() for w in self._lexicon.cased["legal_forms"]}
        known = word.lower() not in self._words["general_words"] | self._words["determiners"]
        capital = len(word) > 2 and word.isalpha() and word[0].isupper()
        return known and capital and bool(rest) and all(w.lower() in generic for w in rest)

    def _subject(self, s: Sentence, i: int) -> bool:
        """Return whether a capitalized word that can be any word is a name: it owns or does something."""
        behind = s.units[i + 1] if i + 1 < len(s.units) else None
        if behind is None or s.kind == "headline":
            return False
        finite = any(t.form in {"past", "third"} for t in behind.tags)
        return behind.text in _POSSESSIVES or i > 1 or finite or behind.low in self._words["auxiliaries"]

    def _alone(self, s: Sentence, i: int) -> bool:
        """Return whether no other capitalized word goes with unit `i`."""
        before = s.units[i - 1] if i else None
        behind = s.units[i + 1] if i + 1 < len(s.units) else None
        beside = behind is not None and (behind.text[:1].isupper() or behind.text == "-") and not behind.kind
        led = before is not None and not before.kind and before.text[:1].isupper() and i > 1
        project = behind is not None and behind.low in self._words["named_things"]
        return not beside and not led and not project
