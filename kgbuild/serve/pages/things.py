"""Small look-ups in an opened store: labels, classes, values of one thing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

import pyoxigraph as ox

from kgbuild.model import Literal, Term
from kgbuild.serve.pages.links import thing_url
from kgbuild.store import to_term
from kgbuild.terms import KG, NS, RDF_TYPE, RDFS, RDFS_LABEL, compact

_UNNAMED: Final = re.compile(r"\(unnamed: (.+?);.*; article [^;]*\)", re.DOTALL)
_DURATION: Final = re.compile(r"P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """A thing or a value as a page shows it."""

    label: str
    url: str = ""  #: of its page, "" where it has none
    iri: str = ""  #: "" for a value
    kind: str = ""  #: label of its class
    note: str = ""  #: what is to be known beside it, in words


class Things:
    """Looks up things in `store`; labels and classes are read once."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store
        self._labels: dict[str, str] = {}
        self._above: dict[str, frozenset[str]] = {}

    def label(self, iri: str) -> str:
        """Return the label of a thing, in English where there is one, else its name in short."""
        known = self._labels.get(iri)
        if known is None:
            texts = [t for t in self.values(iri, RDFS_LABEL) if isinstance(t, Literal)]
            best = min(texts, key=lambda t: (t.language != "en", t.language, t.value), default=None)
            known = self._labels[iri] = best.value if best else short_name(iri)
        return known

    def values(self, iri: str, predicate: str) -> list[Term]:
        """Return the values of a property, in no order."""
        node = _node(iri)
        if node is None:
            return []
        quads = self.store.quads_for_pattern(node, ox.NamedNode(predicate), None)
        return [to_term(quad.object) for quad in quads]

    def iris(self, iri: str, predicate: str) -> list[str]:
        """Return the things that are values of a property, sorted."""
        return sorted(t for t in self.values(iri, predicate) if isinstance(t, str))

    def text(self, iri: str, predicate: str) -> str:
        """Return the first value of a property that is a literal, "" where there is none."""
        return min((t.value for t in self.values(iri, predicate) if isinstance(t, Literal)), default="")

    def about(self, iri: str) -> dict[str, list[Term]]:
        """Return all properties of a thing with their values."""
        node = _node(iri)
        found: dict[str, list[Term]] = {}
        if node is not None:
            for quad in self.store.quads_for_pattern(node, None, None):
                found.setdefault(quad.predicate.value, []).append(to_term(quad.object))
        return found

    def leading_to(self, iri: str, most: int, predicate: str | None = None) -> list[tuple[str, str]]:
        """Return subject and predicate of at most `most` triples that have a thing as their value, sorted."""
        node = _node(iri)
        if node is None:
            return []
        named = None if predicate is None else ox.NamedNode(predicate)
        quads = islice(self.store.quads_for_pattern(None, named, node), most)
        pairs = ((to_term(quad.subject), quad.predicate.value) for quad in quads)
        return sorted((s, p) for s, p in pairs if isinstance(s, str))

    def classes(self, iri: str) -> list[str]:
        """Return the classes of a thing, sorted."""
        return self.iris(iri, RDF_TYPE)

    def above(self, class_: str) -> frozenset[str]:
        """Return a class and all classes above it."""
        known = self._above.get(class_)
        if known is None:
            seen, todo = {class_}, [class_]
            while todo:
                for parent in self.iris(todo.pop(), RDFS + "subClassOf"):
                    if parent not in seen:
                        seen.add(parent)
                        todo.append(parent)
            known = self._above[class_] = frozenset(seen)
        return known

    def is_a(self, iri: str, class_: str) -> bool:
        """Return whether a thing is of a class or of one below it."""
        return any(class_ in self.above(c) for c in self.classes(iri))

    def kind(self, iri: str) -> str:
        """Return the label of the class of a thing; of several, those that are not above another."""
        classes = [c for c in self.classes(iri) if c.startswith(NS)]
        lowest = [c for c in classes if not any(c != d and c in self.above(d) for d in classes)]
        return ", ".join(sorted(self.label(c) for c in lowest))

    def ref(self, iri: str) -> Ref:
        """Return a thing with label, class and the URL of its page."""
        return Ref(shown_name(self.label(iri)), thing_url(iri), iri, self.kind(iri))

    def value_ref(self, term: Term) -> Ref:
        """Return a value of a property: what a reader is told of it in one line."""
        if isinstance(term, Literal):
            words = duration_words(term.value)
            if words:
                return Ref(words, note=term.value)
            return Ref(term.value, note=term.language if term.language not in {"", "en"} else "")
        about = self.about(term)
        if KG.edtf in about:
            return Ref(time_words(self.text(term, KG.edtf)), "", term, "time")
        if KG.quantityText in about:
            return Ref(self._quantity(term), "", term, "quantity", self.text(term, KG.quantityText))
        return self.ref(term)

    def _quantity(self, iri: str) -> str:
        number, unit = self.text(iri, KG.numericValue), self.text(iri, KG.unit)
        hedge = " ".join(self.label(q) for q in self.iris(iri, KG.valueQualifier))
        return " ".join(filter(None, (hedge, number, unit))) if number else self.text(iri, KG.quantityText)

    def has(self, iri: str) -> bool:
        """Return whether the store says anything of a thing, as subject or value."""
        node = _node(iri)
        if node is None:
            return False
        patterns = ((node, None, None), (None, None, node))
        return any(next(iter(self.store.quads_for_pattern(*pattern)), None) for pattern in patterns)


def short_name(iri: str) -> str:
    """Return the last part of an IRI, or the whole where it has none.

    >>> short_name("https://w3id.org/kgbuild/id/firm/jl-mag")
    'jl-mag'
    """
    if iri.startswith("_:"):
        return iri
    return iri.rstrip("/").replace("#", "/").rpartition("/")[2] or compact(iri)


def shown_name(label: str) -> str:
    """Return a label as a list shows it: of a party without a name the words of the text.

    >>> shown_name("(unnamed: several exporters; unnamed; article 2023-09-first-permits)")
    'unnamed: several exporters'
    """
    match = _UNNAMED.fullmatch(label)
    return f"unnamed: {match[1]}" if match else label


def without_time(label: str) -> str:
    """Return the label of a happening without what stands in brackets at its end: stage and time.

    >>> without_time("export license of Glencore Plc (granted told 2026-01-14)")
    'export license of Glencore Plc'
    """
    name, bracket, _ = label.rpartition(" (")
    return name if bracket and name and label.endswith(")") else label


def duration_words(text: str) -> str:
    """Return an ISO 8601 duration in words, "" for what is none.

    >>> duration_words("P10Y"), duration_words("P1Y6M"), duration_words("P")
    ('10 years', '1 year 6 months', '')
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        return ""
    parts = zip(match.groups(), ("year", "month", "week", "day"), strict=True)
    return " ".join(f"{n} {unit}{'' if n == '1' else 's'}" for n, unit in parts if n)


def time_words(edtf: str) -> str:
    """Return an EDTF time as people read it, unchanged where it is plain.

    >>> time_words("[..2025-06-11]"), time_words("[2025-04-21..2025-04-30]"), time_words("2025-07~")
    ('by 2025-06-11', 'between 2025-04-21 and 2025-04-30', 'about 2025-07')
    """
    if edtf.startswith("[") and edtf.endswith("]") and edtf.count("..") == 1:
        first, _, last = edtf[1:-1].partition("..")
        if first and last:
            return f"between {first} and {last}"
        return f"by {last}" if last else f"{first} or later"
    first, slash, last = edtf.partition("/")
    if slash:
        if first in {"", ".."}:
            return f"until {last}"
        return f"from {first} on" if last in {"", ".."} else f"{first} to {last}"
    if edtf.endswith(("~", "?", "%")):
        return f"{'perhaps' if edtf.endswith('?') else 'about'} {edtf[:-1]}"
    return edtf


def _node(iri: str) -> ox.NamedNode | None:
    """Return a node, None for what is no IRI: paths of requests may hold anything."""
    if iri.startswith("_:"):
        return None
    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None
