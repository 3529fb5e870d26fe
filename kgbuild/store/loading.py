"""Graph files into an in-memory Oxigraph store with one default graph, ready for SPARQL.

Named graphs are flattened: a question is then the same text for graph.ttl, for graph.trig and for rdflib.
The store is for asking only. Oxigraph rewrites literals (1.50 becomes 1.5), so no file is written from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kgbuild.errors import GraphError
from kgbuild.model import Literal, Term
from kgbuild.nesting import refuse_deep
from kgbuild.resources import data_dir
from kgbuild.terms import RDFS_LABEL, SKOS_PREF

GRAPH_FILE: Final = "graph.ttl"
_TRIPLES: Final = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
}
_QUADS: Final = {
    ".trig": ox.RdfFormat.TRIG,
    ".nq": ox.RdfFormat.N_QUADS,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
_FORMATS: Final = {**_TRIPLES, **_QUADS}
_LABEL: Final = ox.NamedNode(RDFS_LABEL)
_PREF: Final = ox.NamedNode(SKOS_PREF)


def load_store(source: Path, *, ontology: bool = True) -> ox.Store:
    """Return a new store with all triples of `source` in its default graph.

    `source` is an output folder, whose graph.ttl is read, or one RDF file (.ttl .trig .nt .nq .rdf .owl
    .jsonld). With `ontology` the vocabulary and all reference data join in, and a skos:prefLabel is an
    rdfs:label too where the thing has none in that language. Raises GraphError when there is no graph, or
    where it cannot be read: file, line, column.
    """
    store = ox.Store()
    graph = _graph_file(source)
    load_file(store, graph)
    if not len(store):
        raise GraphError(f"{graph}: holds no triples; run kgbuild build first")
    if ontology:
        _add_ontology(store)
    return store


def ontology_files() -> tuple[Path, ...]:
    """Return the vocabulary and all files of reference data, in a fixed order."""
    folder = data_dir("ontology")
    return (folder / "core.ttl", *sorted((folder / "reference").glob("*.ttl")))


def _add_ontology(store: ox.Store) -> None:
    for path in ontology_files():
        load_file(store, path)
    add_labels(store)


def load_files(files: Sequence[Path], *, ontology: bool = True) -> ox.Store:
    """Return a new store with the triples of all RDF files in its default graph; see `load_store`."""
    store = ox.Store()
    for path in files:
        load_file(store, _graph_file(path))
    if ontology:
        _add_ontology(store)
    return store


def rows(store: ox.Store, query: str) -> tuple[frozenset[str], list[dict[str, Term]]]:
    """Return the variables of a SELECT and its rows; an unbound value is left out.

    Raises SyntaxError for what is no SPARQL, ValueError for another kind of query.
    """
    solutions = store.query(query)
    if not isinstance(solutions, ox.QuerySolutions):
        raise ValueError("not a SELECT query")  # noqa: TRY004 - a query of another kind is a wrong value
    names = [v.value for v in solutions.variables]
    found = [{n: to_term(t) for n in names if (t := solution[n]) is not None} for solution in solutions]
    return frozenset(names), found


def to_term(value: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Term:
    """Return a term of the store as a term of kgbuild; a blank node becomes "_:" and its name."""
    if isinstance(value, ox.NamedNode):
        return value.value
    if isinstance(value, ox.Literal):
        return Literal(value.value, value.datatype.value, value.language or "")
    return str(value)


def _graph_file(source: Path) -> Path:
    if source.is_dir():
        path = source / GRAPH_FILE
        if not path.is_file():
            raise GraphError(f"{source} holds no {GRAPH_FILE}; run kgbuild build first")
        return path
    if not source.exists():
        raise GraphError(
            f"{source} does not exist; give an output folder or an RDF file, or run kgbuild build first"
        )
    if source.suffix.lower() not in _FORMATS:
        raise GraphError(f"{source}: cannot tell the format; file names end in one of {' '.join(_FORMATS)}")
    return source


def load_file(store: ox.Store, path: Path) -> None:
    """Add the triples of one RDF file to the default graph. Raises GraphError where it cannot be read."""
    suffix = path.suffix.lower()
    if _FORMATS[suffix] == ox.RdfFormat.RDF_XML:
        _refuse_dtd(path)
    refuse_deep(path)
    try:
        if suffix in _TRIPLES:
            store.bulk_load(path=str(path), format=_TRIPLES[suffix])
        else:
            store.bulk_extend(_flat(path, _QUADS[suffix]))
    except SyntaxError as err:
        place = f"{path}:{err.lineno}:{err.offset}" if err.lineno else str(path)
        raise GraphError(f"{place}: not {_FORMATS[suffix].name}: {err.msg}") from err
    except (OSError, ValueError) as err:
        raise GraphError(f"{path}: cannot be read: {err}") from err


def _flat(path: Path, form: ox.RdfFormat) -> Iterator[ox.Quad]:
    # Blank nodes are renamed as bulk_load does it: two files may both speak of _:a.
    for quad in ox.parse(path=str(path), format=form, rename_blank_nodes=True):
        yield ox.Quad(quad.subject, quad.predicate, quad.object, ox.DefaultGraph())


def _refuse_dtd(path: Path) -> None:
    """Entities of a DTD can unfold to any size (and parsers of XML have no limit for it)."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError as err:
        raise GraphError(f"{path}: cannot be read: {err}") from err
    for number, line in enumerate(lines, 1):
        column = line.upper().find(b"<!DOCTYPE")
        if column < 0:
            column = line.find(b"\0")  # a 16-bit encoding, in which a DTD would go unseen
        if column >= 0:
            raise GraphError(
                f"{path}:{number}:{column + 1}: RDF/XML with a DTD, or not in UTF-8, is refused; use Turtle"
            )


def add_labels(store: ox.Store) -> None:
    """Add a rdfs:label for each skos:prefLabel of a thing that has none in that language."""
    found: list[ox.Quad] = []
    for quad in store.quads_for_pattern(None, _PREF, None):
        known = store.quads_for_pattern(quad.subject, _LABEL, None)
        found.extend(missing_labels([quad], known))
    store.bulk_extend(found)


def missing_labels(preferred: Iterable[ox.Quad], labels: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Yield a label for each of the `preferred` ones of a thing whose `labels` have none in its language.

    A second label would double the rows of every answer; what the graph itself says goes first.
    """
    known = {(quad.object.language or "").lower() for quad in labels if isinstance(quad.object, ox.Literal)}
    for quad in preferred:
        if isinstance(quad.object, ox.Literal) and (quad.object.language or "").lower() not in known:
            yield ox.Quad(quad.subject, _LABEL, quad.object)
