"""N-Triples and N-Quads, one line at a time: `Quads` are sorted as the lines are."""

from __future__ import annotations

from collections.abc import Iterator

from kgbuild.export.quads import Quads
from kgbuild.turtle import term_text


def ntriples(quads: Quads) -> Iterator[str]:
    """Yield the triples as canonical N-Triples, lines sorted by code point, each once."""
    texts = [term_text(term) for term in quads.terms]
    for s, p, o in quads.codes():
        yield f"{texts[s]} {texts[p]} {texts[o]} .\n"


def nquads(quads: Quads) -> Iterator[str]:
    """Yield the quads as canonical N-Quads, lines sorted by code point, each once."""
    texts = [term_text(term) for term in quads.terms]
    for s, p, o, graph in quads.quads():
        name = f" {texts[graph]}" if graph >= 0 else ""
        yield f"{texts[s]} {texts[p]} {texts[o]}{name} .\n"
