"""The Oxigraph database of a snapshot: the flat graph and the ontology, in its default graph.

A database is made from graph.ttl, or from the database before it and the difference of the two files: the
files of an unchanged database are linked, not copied. Once made it is only read. Named graphs are left out:
no question asks for them, they would double the triples, and graph.trig has them.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kgbuild.store.loading import add_labels, load_file, missing_labels, ontology_files
from kgbuild.terms import RDFS_LABEL, SKOS_PREF

_DEFAULT: Final = ox.DefaultGraph()
_TURTLE: Final = ox.RdfFormat.TURTLE
#: Share of the blocks that may differ. Beyond it one bulk load is quicker (benchmarks/store.py).
_MOST: Final = 0.15


def ontology_digest() -> str:
    """Return the SHA-256 of the ontology that ships, hexadecimal."""
    return hashlib.sha256(_ontology_text()).hexdigest()


def _ontology_text() -> bytes:
    return b"\n".join(path.read_bytes() for path in ontology_files())


def create_database(target: Path, graph: Path) -> None:
    """Make a database in the new folder `target` from the Turtle file `graph`. Raises OSError, GraphError."""
    store = ox.Store(str(target))
    load_file(store, graph)
    store.bulk_load(_ontology_text(), _TURTLE)
    add_labels(store)
    store.flush()


def derive_database(target: Path, graph: Path, old: Path, old_graph: Path) -> bool:
    """Make a database in the new folder `target` from the database `old`, which was made from `old_graph`.

    Both graph files are kgbuild's own. Returns whether it was made: not where too much differs, or a prefix
    has another meaning. The old database is only read. Raises OSError.
    """
    before, after = _Blocks(old_graph), _Blocks(graph)
    if not before.speaks_like(after):
        return False
    gone, new = before.without(after), after.without(before)
    if len(gone) + len(new) > _MOST * len(after.blocks):
        return False
    ox.Store.read_only(str(old)).backup(str(target))
    store = ox.Store(str(target))
    removed, added = _by_subject(before.parse(gone)), _by_subject(after.parse(new))
    known = _ontology()
    stale: list[ox.Quad] = []
    fresh: list[ox.Quad] = []
    for subject in sorted({*removed, *added}, key=str):
        held = {q for q in store.quads_for_pattern(subject, None, None) if _is_named(q)}
        wanted = added.get(subject, set()) | known.get(subject, set())
        labels = [q for q in wanted if q.predicate.value == RDFS_LABEL]
        wanted |= set(missing_labels([q for q in wanted if q.predicate.value == SKOS_PREF], labels))
        stale.extend(held - wanted)
        fresh.extend(wanted - held)
    for quad in stale:  # first: the store holds 1.50 as 1.5, so a quad of each list may be one quad there
        store.remove(quad)
    store.extend(fresh)
    store.flush()
    return True


class _Blocks:
    """A Turtle file of kgbuild's writer: paragraphs, each all triples of one subject or a heading."""

    def __init__(self, path: Path) -> None:
        self.blocks: set[str] = set()
        self._prefixes = ""
        for paragraph in path.read_text("utf-8").rstrip("\n").split("\n\n"):
            if paragraph.startswith("@"):
                self._prefixes = paragraph
            elif not paragraph.startswith("#"):
                self.blocks.add(paragraph)

    def speaks_like(self, other: _Blocks) -> bool:
        """Return whether no prefix means one thing here and another there: then blocks compare as text."""
        lines = {*self._prefixes.splitlines(), *other._prefixes.splitlines()}
        return len(lines) == len({line.split()[1] for line in lines})

    def without(self, other: _Blocks) -> list[str]:
        return sorted(self.blocks - other.blocks)

    def parse(self, blocks: Iterable[str]) -> Iterable[ox.Quad]:
        return ox.parse("\n".join([self._prefixes, *blocks]), _TURTLE)


def _by_subject(quads: Iterable[ox.Quad]) -> dict[ox.NamedNode, set[ox.Quad]]:
    found: defaultdict[ox.NamedNode, set[ox.Quad]] = defaultdict(set)
    for quad in quads:
        if isinstance(quad.subject, ox.NamedNode) and _is_named(quad):
            found[quad.subject].add(ox.Quad(quad.subject, quad.predicate, quad.object, _DEFAULT))
    return dict(found)


def _is_named(quad: ox.Quad) -> bool:
    return not isinstance(quad.object, ox.BlankNode)


@cache
def _ontology() -> dict[ox.NamedNode, set[ox.Quad]]:
    """Return what the ontology says of each thing; its blank nodes stay in the database as they are."""
    return _by_subject(ox.parse(_ontology_text(), _TURTLE))
