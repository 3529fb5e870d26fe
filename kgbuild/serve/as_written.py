"""What a graph file says of one thing, its literals as written: a store rewrites 1.50 to 1.5."""

from __future__ import annotations

import mmap
from contextlib import closing
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kgbuild.terms import compact
from kgbuild.turtle import full_iri

_PREFIX: Final = b"@prefix "
_APART: Final = b"\n\n"  #: between the blocks of two subjects


def as_written(graph: Path, iri: str, known: list[ox.Triple]) -> list[ox.Triple]:
    """Return `known`, triples of a store with the subject `iri`, with the literals that the file `graph` has.

    The file is Turtle as kgbuild writes it, a block of lines for each subject; that of another writer, and
    one that says something else by now, change nothing. Only the block is parsed.
    """
    try:
        written = _block(graph, iri)
    except (OSError, ValueError):  # it is gone, or empty
        return known
    scratch = ox.Store()
    scratch.extend(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in written)
    rewritten = {quad.triple for quad in scratch}
    if not rewritten <= set(known):
        return known
    return [*written, *(triple for triple in known if triple not in rewritten)]


def _block(graph: Path, iri: str) -> list[ox.Triple]:
    """Return the triples of the block that begins with the thing, [] where there is none."""
    with graph.open("rb") as file, closing(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)) as text:
        first = text.find(_PREFIX)
        head = text[first : text.find(_APART, first) + 1] if first >= 0 else b""
        for name in (compact(iri), full_iri(iri)):
            begin = text.find(f"\n{name} ".encode())
            if begin >= 0:
                end = text.find(_APART, begin)
                block = text[begin : end if end >= 0 else len(text)]
                return [triple for triple in _parsed(head + block) if triple.subject == ox.NamedNode(iri)]
    return []


def _parsed(turtle: bytes) -> list[ox.Triple]:
    try:
        return [quad.triple for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)]
    except SyntaxError:  # no block of kgbuild's
        return []
