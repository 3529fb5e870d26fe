"""RDF files as quads: literals as written, blank nodes numbered by where they first stand.

Parsers give a blank node another name in each run; numbers in order of the file make all exports equal.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, TypeAlias

import pyoxigraph as ox

from kgbuild.errors import GraphError
from kgbuild.export.quads import Collector, Quads
from kgbuild.model import Literal, Term
from kgbuild.nesting import refuse_deep
from kgbuild.store import settle_if_idle

#: Files of an output folder that hold its graph, the one that keeps articles apart first.
GRAPH_FILES: Final = ("graph.trig", "graph.ttl")
_FORMATS: Final = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".trig": ox.RdfFormat.TRIG,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
_Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def read_quads(*sources: Path) -> Quads:
    """Return all that the sources hold; a source is an output folder or an RDF file.

    Raises GraphError when there is no graph, when it is not well-formed (with line), or when it
    holds a term of RDF 1.2 that the other formats have no place for.
    """
    reader = _Reader()
    for source in sources:
        reader.read(graph_file(source))
    return reader.quads()


def graph_file(source: Path) -> Path:
    """Return the file that holds the graph of an output folder, or the RDF file itself. Raises GraphError."""
    if source.is_dir():
        settle_if_idle(source)
        for name in GRAPH_FILES:
            if (source / name).is_file():
                return source / name
        raise GraphError(f"{source} holds neither {' nor '.join(GRAPH_FILES)}; run kgbuild build first")
    if not source.exists():
        raise GraphError(
            f"{source} does not exist; give an output folder or an RDF file, or run kgbuild build first"
        )
    if source.suffix.lower() not in _FORMATS:
        raise GraphError(f"{source}: cannot tell the format; file names end in one of {' '.join(_FORMATS)}")
    return source


class _Reader:
    def __init__(self) -> None:
        self._collector = Collector()
        self._known: dict[_Node, int] = {}
        self._blanks = 0

    def quads(self) -> Quads:
        self._known.clear()
        return self._collector.collect()

    def read(self, path: Path) -> None:
        """Add the quads of one file; blank nodes of two files are never one."""
        form = _FORMATS[path.suffix.lower()]
        add, known, default = self._collector.add_quad, self._known, ox.DefaultGraph()
        blanks: list[ox.BlankNode] = []

        def number(term: _Node) -> int:
            found = known.get(term)
            if found is None:
                if isinstance(term, ox.BlankNode):
                    blanks.append(term)
                found = known[term] = self._collector.add_term(self._term(path, term))
            return found

        try:
            if form == ox.RdfFormat.RDF_XML:
                _refuse_dtd(path)
            refuse_deep(path)
            for quad in ox.parse(path=str(path), format=form):
                name = quad.graph_name
                graph = -1 if name == default or isinstance(name, ox.DefaultGraph) else number(name)
                add(number(quad.subject), number(quad.predicate), number(quad.object), graph)
        except SyntaxError as err:
            line = f", line {err.lineno}" if err.lineno else ""
            reason = re.sub(r"^Parser error at [^:]*: ", "", err.msg)
            raise GraphError(f"{path}{line}: not {form.name}: {reason}") from err
        except OSError as err:
            raise GraphError(f"{path}: cannot be read: {err.strerror or err}") from err
        for blank in blanks:
            del known[blank]

    def _term(self, path: Path, value: _Node) -> Term:
        if isinstance(value, ox.NamedNode):
            return value.value
        if isinstance(value, ox.BlankNode):
            self._blanks += 1
            return f"_:b{self._blanks - 1}"
        if isinstance(value, ox.Triple):
            raise GraphError(f"{path}: has a triple as a term, {_short(value)}; only RDF 1.1 can be exported")
        if value.direction is not None:
            raise GraphError(f"{path}: {_short(value)} has a base direction; only RDF 1.1 can be exported")
        return Literal(value.value, value.datatype.value, value.language or "")


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _refuse_dtd(path: Path) -> None:
    """Entities of a DTD can unfold to any size; in a 16-bit encoding (with NUL bytes) one would go unseen."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if b"\0" in line or b"<!DOCTYPE" in line.upper():
                raise GraphError(
                    f"{path}, line {number}: RDF/XML with a DTD or not in UTF-8 is refused; save it as Turtle"
                )
