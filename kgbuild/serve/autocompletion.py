"""Names of things as they are typed: what the graph knows that begins with, or holds, some letters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kgbuild.query.names import instances
from kgbuild.terms import ID, KG, RDF_TYPE, RDFS_LABEL, SKOS_ALT, SKOS_PREF, compact

_NAMES: Final = (RDFS_LABEL, SKOS_PREF, SKOS_ALT, KG.isoCode, KG.elementSymbol, KG.ticker)
#: Kinds of things that nobody asks for by name.
_UNASKED: Final = tuple(f"{ID}{kind}/" for kind in "claim quantity record run segment time".split())
_CLASSES: Final = 64  #: of which the things are remembered


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A thing that may be meant."""

    iri: str
    name: str  #: that fits what was typed
    label: str
    kind: str  #: label of its class
    short: str  #: prefixed name, which any parameter takes too


class Names:
    """The names of a store, in memory."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._labels: dict[str, tuple[bool, str]] = {}
        self._things: dict[str, frozenset[str]] = {}
        self._names = sorted((fold(name), name, iri) for name, iri in self._read())

    def find(self, text: str, class_: str | None = None, most: int = 20) -> tuple[Suggestion, ...]:
        """Return at most `most` things with a name that begins with `text`, or has it in it.

        `class_` is an IRI; things of classes below it fit too. Names that begin with the text go first, then
        those with a word that does, then others; shorter ones first.
        """
        wanted = fold(text)
        of_class = None if class_ is None else self._of_class(class_)
        best: dict[str, tuple[int, int, str]] = {}
        for folded, name, iri in self._names:
            at = folded.find(wanted)
            if at < 0 or (of_class is not None and iri not in of_class):
                continue
            rank = 0 if at == 0 else 1 if f" {wanted}" in folded else 2
            best[iri] = min(best.get(iri, (9, 0, "")), (rank, len(name), name))
        chosen = sorted((fit, iri) for iri, fit in best.items())[:most]
        return tuple(self._suggestion(fit[2], iri) for fit, iri in chosen)

    def _read(self) -> Iterator[tuple[str, str]]:
        """Yield each name with the IRI of its thing, and note the labels."""
        for rank, name in enumerate(_NAMES):
            for quad in self._store.quads_for_pattern(None, ox.NamedNode(name), None, ox.DefaultGraph()):
                subject, value = quad.subject, quad.object
                if not (isinstance(subject, ox.NamedNode) and isinstance(value, ox.Literal)):
                    continue
                if not subject.value.startswith(ID) or subject.value.startswith(_UNASKED):
                    continue
                yield value.value, subject.value
                if rank == 0:
                    label = (value.language != "en", value.value)
                    self._labels[subject.value] = min(label, self._labels.get(subject.value, label))

    def _of_class(self, class_: str) -> frozenset[str]:
        if class_ not in self._things:
            if len(self._things) >= _CLASSES:
                self._things.clear()
            self._things[class_] = frozenset(instances(self._store, class_))
        return self._things[class_]

    def _suggestion(self, name: str, iri: str) -> Suggestion:
        label = self._labels.get(iri, (False, name))[1]
        return Suggestion(iri, name, label, self._kind(iri), compact(iri))

    def _kind(self, iri: str) -> str:
        """Return the label of a class of the thing, "" where it has none."""
        classes = self._store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(RDF_TYPE), None)
        named = [q.object for q in classes if isinstance(q.object, ox.NamedNode)]
        labels = [
            q.object.value
            for node in named
            for q in self._store.quads_for_pattern(node, ox.NamedNode(RDFS_LABEL), None)
            if isinstance(q.object, ox.Literal) and q.object.language == "en"
        ]
        return max(labels, key=lambda label: (len(label), label), default="")


def fold(text: str) -> str:
    """Return text without case and accents, spaces as one.

    >>> fold("São  Paulo")
    'sao paulo'
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(plain.casefold().split())
