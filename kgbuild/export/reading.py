"""RDF files as plain triples: literals as written, blank nodes numbered by where they first stand.

Parsers give a blank node another name in each run; numbers in order of the file make all exports equal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kgbuild.errors import GraphError
from kgbuild.model import Literal, Term, Triple

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


@dataclass(frozen=True, slots=True)
class Quads:
    """Triples of the default graph and of each named graph, in the order of the file, with repetitions."""

    default: tuple[Triple, ...]
    graphs: Mapping[str, tuple[Triple, ...]]

    def flat(self) -> Iterable[Triple]:
        """Yield all triples, without graphs."""
        yield from self.default
        for triples in self.graphs.values():
            yield from triples


def read_quads(*sources: Path) -> Quads:
    """Return all that the sources hold; a source is an output folder or an RDF file.

    Raises GraphError when there is no graph, when it is not well-formed (with line), or when it
    holds a term of RDF 1.2 that the other formats have no place for.
    """
    reader = _Reader()
    for source in sources:
        reader.read(_graph_file(source))
    return Quads(tuple(reader.default), {name: tuple(triples) for name, triples in reader.graphs.items()})


def _graph_file(source: Path) -> Path:
    if source.is_dir():
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
        self.default: list[Triple] = []
        self.graphs: dict[str, list[Triple]] = {}
        self._blank_count = 0

    def read(self, path: Path) -> None:
        form = _FORMATS[path.suffix.lower()]
        blanks: dict[ox.BlankNode, str] = {}
        iris: dict[str, str] = {}  # one string an IRI, however often it occurs

        def node(value: ox.NamedNode | ox.BlankNode | ox.Triple) -> str:
            if isinstance(value, ox.NamedNode):
                return iris.setdefault(value.value, value.value)
            if isinstance(value, ox.Triple):
                raise GraphError(
                    f"{path}: has a triple as a term, {_short(value)}; only RDF 1.1 can be exported"
                )
            name = blanks.get(value)
            if name is None:
                name = blanks[value] = f"_:b{self._blank_count}"
                self._blank_count += 1
            return name

        try:
            data = path.read_bytes()
            if form == ox.RdfFormat.RDF_XML:
                _refuse_dtd(path, data)
            for quad in ox.parse(data, form):
                triple = (node(quad.subject), quad.predicate.value, _term(path, quad.object, node))
                if isinstance(quad.graph_name, ox.DefaultGraph):
                    self.default.append(triple)
                else:
                    self.graphs.setdefault(node(quad.graph_name), []).append(triple)
        except SyntaxError as err:
            line = f", line {err.lineno}" if err.lineno else ""
            reason = re.sub(r"^Parser error at [^:]*: ", "", err.msg)
            raise GraphError(f"{path}{line}: not {form.name}: {reason}") from err
        except OSError as err:
            raise GraphError(f"{path}: cannot be read: {err.strerror or err}") from err


def _term(
    path: Path,
    value: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple,
    node: Callable[[ox.NamedNode | ox.BlankNode | ox.Triple], str],
) -> Term:
    if not isinstance(value, ox.Literal):
        return node(value)
    if value.direction is not None:
        raise GraphError(f"{path}: {_short(value)} has a base direction; only RDF 1.1 can be exported")
    return Literal(value.value, value.datatype.value, value.language or "")


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _refuse_dtd(path: Path, data: bytes) -> None:
    """Entities of a DTD can unfold to any size; in a 16-bit encoding (with NUL bytes) one would go unseen."""
    for number, line in enumerate(data.splitlines(), 1):
        if b"\0" in line or b"<!DOCTYPE" in line.upper():
            raise GraphError(
                f"{path}, line {number}: RDF/XML with a DTD or not in UTF-8 is refused; save it as Turtle"
            )
