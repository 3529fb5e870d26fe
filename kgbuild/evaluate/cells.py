"""A field of a gold answer against columns of an answer to a saved query.

Kinds of comparison, each with the columns it looks at:

- `entity`: a name, through the ontology; one in round brackets stands for somebody unnamed
- `event`: ids of annotated events; the evidence of the row touches that of their facts
- `fact`: id of an annotated fact, in the same way
- `source`: id of an article, or its beginning; the row rests on that article, or the column names it
- `time`: EDTF; the row's time is the same, or one lies in the other
- `number`: a number in the text is the value of the row; a text without one wants a row without one
- `text`: half of the words that carry meaning, of the shorter of the two, are shared; parts between commas
  or semicolons count by themselves
- `word`: arguments after the column are `word=value`; the value of the first word that the text has is part
  of the row's
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from kgbuild.edtf import contains
from kgbuild.errors import ArticleError
from kgbuild.evaluate.parts import PartReader
from kgbuild.model import Literal, Term
from kgbuild.ontology import Ontology, name_key, phrase_key
from kgbuild.query import EvidenceRow

_NUMBER: Final = re.compile(r"\d[\d,]*(?:\.\d+)?(?:\s*(million|billion|thousand))?")
_SCALE: Final = {"million": 1_000_000, "billion": 1_000_000_000, "thousand": 1_000, None: 1}
_EMPTY: Final = frozenset(
    "a an the of in for and or to its their his her some is it be by on at not no".split()
)
_EDTF: Final = re.compile(
    r"[0-9X]{4}(?:-[0-9X]{2}(?:-[0-9X]{2})?)?(?:/(?:[0-9X]{4}(?:-[0-9X]{2}){0,2}|\.\.))?"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a row of an answer has for one field."""

    values: Mapping[str, Term]
    evidence: tuple[EvidenceRow, ...]
    columns: tuple[str, ...]

    @property
    def terms(self) -> list[Term]:
        """Return the terms in the columns."""
        return [self.values[name] for name in self.columns if name in self.values]

    @property
    def texts(self) -> list[str]:
        """Return the terms in the columns as text."""
        return [term.value if isinstance(term, Literal) else term for term in self.terms]


@dataclass(frozen=True, slots=True)
class GoldPlaces:
    """Where the annotated facts and events stand."""

    facts: Mapping[str, tuple[str, Sequence[tuple[int, int]]]]  #: fact id -> article IRI, spans
    events: Mapping[str, Sequence[str]]  #: event id -> fact ids
    articles: Mapping[str, str]  #: article id -> article IRI
    optional: frozenset[str] = frozenset()  #: ids of facts that may be missed

    def touched(self, fact: str, evidence: Sequence[EvidenceRow]) -> bool:
        """Return whether some evidence overlaps that of the annotated fact."""
        article, spans = self.facts.get(fact, ("", ()))
        return any(
            e.article_iri == article and e.start < end and start < e.end
            for e in evidence
            for start, end in spans
        )


class Comparer:
    """Compares fields of gold answers with cells, by the kinds that the module names."""

    def __init__(self, ontology: Ontology, places: GoldPlaces) -> None:
        self._reader = PartReader(ontology)
        self._places = places
        self._kinds: Mapping[str, Callable[[str, Cell], bool]] = {
            "entity": self._entity, "event": self._event, "fact": self._fact, "number": _number,
            "source": self._source, "text": _text, "time": _time, "word": _word,
        }  # fmt: skip

    def same(self, kind: str, gold: Any, cell: Cell) -> bool:
        """Return whether `cell` has what the gold field says. Raises ArticleError for an unknown kind."""
        if kind not in self._kinds:
            known = ", ".join(sorted(self._kinds))
            raise ArticleError(f"{kind!r} is no kind of comparison; there are {known}")
        return self._kinds[kind](str(gold), cell)

    def optional(self, cells: Mapping[str, Any], match: Mapping[str, Sequence[str]]) -> bool:
        """Return whether a gold row stands for a fact that the annotation leaves open."""
        facts = {str(cells[name]) for name, kinds in match.items() if kinds[0] == "fact" and name in cells}
        return bool(facts & self._places.optional)

    def _entity(self, gold: str, cell: Cell) -> bool:
        found = [str(t) for t in cell.terms]
        if gold.startswith("("):
            return not found or any("/unnamed-" in iri for iri in found)
        for form in (gold, re.sub(r"\s*\([^)]*\)", "", gold)):
            if iri := self._reader.iri(form):
                return self._reader.place(iri) in {self._reader.place(other) for other in found}
        return any(name_key(gold) == name_key(text) for text in cell.texts)

    def _event(self, gold: str, cell: Cell) -> bool:
        ids = re.findall(r"\bE\d+[a-z]?\b", gold)
        facts = [fact for i in ids for fact in self._places.events.get(i, ())]
        return any(self._places.touched(fact, cell.evidence) for fact in facts)

    def _fact(self, gold: str, cell: Cell) -> bool:
        return self._places.touched(gold, cell.evidence)

    def _source(self, gold: str, cell: Cell) -> bool:
        key = gold.split(maxsplit=1)[0]
        wanted = {iri for name, iri in self._places.articles.items() if name.startswith(key)}
        return bool(wanted & {*map(str, cell.terms), *(e.article_iri for e in cell.evidence)})


def _time(gold: str, cell: Cell) -> bool:
    wanted = _EDTF.findall(gold)
    return any(_within(w, t) or _within(t, w) for w in wanted for t in cell.texts)


def _within(inner: str, outer: str) -> bool:
    try:
        return inner == outer or (inner != "" and contains(outer, inner))
    except ValueError:
        return False


def _number(gold: str, cell: Cell) -> bool:
    wanted = {
        Decimal(m[0].split()[0].replace(",", "")) * _SCALE[m[1]] for m in _NUMBER.finditer(gold.casefold())
    }
    found = set()
    for text in cell.texts:
        with suppress(InvalidOperation):
            found.add(Decimal(text))
    return bool(wanted & found) if wanted else not found


def _text(gold: str, cell: Cell) -> bool:
    found = set[str]().union(*map(_words, cell.texts))
    return any(
        (shorter := min(len(wanted), len(found))) > 0 and 2 * len(wanted & found) >= shorter
        for part in re.split(r"[;,]", gold)
        if (wanted := _words(_joined(part, found)))
    )


def _joined(text: str, found: set[str]) -> str:
    """Return a text with words written together that the other text writes so: "chip-making"."""
    return re.sub(r"(\w+)-(\w+)", lambda m: m[1] + m[2] if (m[1] + m[2]).casefold() in found else m[0], text)


def _words(text: str) -> set[str]:
    return {phrase_key(w) for w in name_key(text).split()} - _EMPTY


def _word(gold: str, cell: Cell) -> bool:
    column, *pairs = cell.columns
    term = cell.values.get(column)
    found = (term.value if isinstance(term, Literal) else term or "").casefold()
    for pair in pairs:
        word, _, value = pair.partition("=")
        if word.casefold() in gold.casefold():
            return value.casefold() in found
    return False
