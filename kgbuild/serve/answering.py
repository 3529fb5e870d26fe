"""What a process does for the SPARQL Protocol and the Graph Store Protocol; each task can be pickled."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import pyoxigraph as ox

from kgbuild.errors import QueryError
from kgbuild.query import Question, plain_query, write_answer
from kgbuild.query.tokens import Token, check_tokens, expand_escapes
from kgbuild.serve.as_written import as_written
from kgbuild.serve.negotiation import GRAPHS, JSON, ROWS, VERDICTS, Offer, choose
from kgbuild.serve.refusals import Refusal
from kgbuild.store import load_store
from kgbuild.terms import PREFIXES

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

_DATASET_BYTES: Final = 64 << 20  #: of a file whose named graphs are asked together, in memory
_FORMATS: Final = {
    ".trig": ox.RdfFormat.TRIG,
    ".nq": ox.RdfFormat.N_QUADS,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
#: Formats that name graphs; triples alone make one of them no less right.
_PREFIXED: Final = frozenset({ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG, ox.RdfFormat.N3, ox.RdfFormat.RDF_XML})


@dataclass(frozen=True, slots=True)
class Served:
    """An answer as it is sent."""

    body: bytes
    content_type: str
    cut: bool = False  #: whether there is more than was asked for


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that a request of the protocol names (SPARQL 1.1 Protocol, section 2.1.4)."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Return whether the request names any."""
        return bool(self.default or self.named)


@dataclass(frozen=True, slots=True)
class ProtocolQuery:
    """A query of the SPARQL Protocol. Raises QueryError for text that may not run, Refusal for its format."""

    text: str
    accept: str
    forms: tuple[str, ...]  #: names of formats, which go before `accept`
    base: str  #: IRI that relative ones are relative to
    most: int  #: bytes of the answer
    graphs: Path | None  #: file with the named graphs
    dataset: Dataset = Dataset()

    def __call__(self, store: ox.Store) -> Served:
        """Return the answer of `store`."""
        text = expand_escapes(self.text)
        if self.dataset and self.graphs is None:
            raise Refusal(400, "there are no named graphs that graph parameters could choose; leave them out")
        tokens = check_tokens(text, graphs=self.graphs is not None, choice=self.graphs is not None)
        offers = {"SELECT": tuple(ROWS), "ASK": VERDICTS}.get(_form(tokens), tuple(GRAPHS))
        offer = choose(offers, self.accept, self.forms)
        if self.dataset or any(token.is_word("GRAPH", "FROM") for token in tokens):
            store = _dataset_store(store, self.graphs)
        answer = self._ask(store, text)
        if isinstance(answer, ox.QueryTriples):
            form = GRAPHS[offer]
            return Served(_written(answer, form, self.most), offer.content_type)
        sink = _Sink(self.most)
        answer.serialize(sink, ROWS[offer])
        return Served(sink.getvalue(), offer.content_type)

    def _ask(self, store: ox.Store, text: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        default = _nodes(self.dataset.default) if self.dataset else None
        named = _nodes(self.dataset.named) if self.dataset else None
        try:
            return store.query(
                text,
                base_iri=self.base,
                prefixes=PREFIXES,
                default_graph=default,  # type: ignore[arg-type]
                named_graphs=named,  # type: ignore[arg-type]
            )
        except SyntaxError as err:
            raise QueryError(f"not SPARQL: {err}") from err
        except (OSError, RuntimeError, ValueError) as err:
            raise QueryError(f"the query cannot be answered: {err}") from err


@dataclass(frozen=True, slots=True)
class RowsQuery:
    """A query that gives at most `rows` rows, and says whether there are more; with evidence on request.

    Raises as ProtocolQuery.
    """

    text: str
    accept: str
    forms: tuple[str, ...]  #: names of formats, which go before `accept`
    rows: int
    evidence: bool

    def __call__(self, store: ox.Store) -> Served:
        """Return the answer of `store`."""
        query = plain_query(self.text)
        if _form(query.tokens) not in {"SELECT", "ASK"}:
            raise Refusal(400, "rows= and evidence= go with SELECT and ASK")
        offer = choose((JSON,) if self.evidence else VERDICTS, self.accept, self.forms)
        answer = Question(query, {}, self.rows, self.evidence)(store)
        return Served(write_answer(answer, offer.name), offer.content_type, answer.result.cut)


@dataclass(frozen=True, slots=True)
class GraphRead:
    """A read of the Graph Store Protocol: one graph into a file. Returns whether there is such a graph."""

    names: tuple[str, ...]  #: IRIs that the graph may have; none for the default graph
    graphs: Path | None
    offer: Offer  #: one of GRAPHS
    target: Path | None  #: None to know only whether it is there

    def __call__(self, store: ox.Store) -> bool:
        """Write the graph of `store`, or of the file with named graphs."""
        quads: Iterable[ox.Quad]
        if not self.names:
            quads = store.quads_for_pattern(None, None, None, ox.DefaultGraph())
        else:
            quads = () if self.graphs is None else _of_graph(self.graphs, self.names)
        triples = (quad.triple for quad in quads)
        first = next(triples, None)
        if first is None and self.names:
            return False
        if self.target is not None:
            with self.target.open("wb") as out:
                _write(_chained(first, triples), GRAPHS[self.offer], out)
        return True


@dataclass(frozen=True, slots=True)
class ThingRead:
    """What the graph says of one thing: the triples that it is subject or object of, named by its IRI."""

    iri: str
    offer: Offer  #: one of GRAPHS
    most: int
    graph: Path | None = None  #: Turtle that has the literals as they were written

    def __call__(self, store: ox.Store) -> bytes:
        """Return the triples in the format, b"" where there are none."""
        node = ox.NamedNode(self.iri)
        of_it = [quad.triple for quad in store.quads_for_pattern(node, None, None, ox.DefaultGraph())]
        if self.graph is not None:
            of_it = as_written(self.graph, self.iri, of_it)
        on_it = (quad.triple for quad in store.quads_for_pattern(None, None, node, ox.DefaultGraph()))
        triples = [*of_it, *(triple for triple in on_it if triple.subject != node)]
        return _written(sorted(triples, key=str), GRAPHS[self.offer], self.most) if triples else b""


# ---- datasets ------------------------------------------------------------------------------------


def _dataset_store(store: ox.Store, graphs: Path | None) -> ox.Store:
    """Return a store with the named graphs of a file, and all in the default graph."""
    if graphs is None:
        return store
    known = graphs.stat()
    if known.st_size > _DATASET_BYTES:
        raise QueryError(
            f"the named graphs have more than {_DATASET_BYTES >> 20} MiB and can be read one by one only "
            "(/store?graph=IRI); without GRAPH, FROM and graph parameters the whole graph is asked"
        )
    return _load_dataset(graphs, known.st_mtime_ns)


@lru_cache(maxsize=1)
def _load_dataset(graphs: Path, _changed: int) -> ox.Store:
    store = load_store(graphs)
    default = ox.DefaultGraph()
    store.bulk_extend(quad for quad in _parsed(graphs) if quad.graph_name != default)
    return store


def _of_graph(graphs: Path, names: tuple[str, ...]) -> Iterator[ox.Quad]:
    nodes = _nodes(names)
    return (quad for quad in _parsed(graphs) if quad.graph_name in nodes)


def _parsed(graphs: Path) -> Iterator[ox.Quad]:
    form = _FORMATS[graphs.suffix.lower()]
    return iter(ox.parse(path=str(graphs), format=form, rename_blank_nodes=True))


def _nodes(names: tuple[str, ...]) -> list[ox.NamedNode]:
    return [ox.NamedNode(name) for name in names]


# ---- writing -------------------------------------------------------------------------------------


class _Sink(io.BytesIO):
    """Bytes in memory, up to a limit."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._left = most
        self._most = most

    def write(self, data: Buffer, /) -> int:
        """Take more bytes. Raises QueryError beyond the limit."""
        self._left -= memoryview(data).nbytes
        if self._left < 0:
            raise QueryError(
                f"the answer has more than {self._most:,} bytes; ask for less, or in parts (LIMIT, OFFSET)"
            )
        return super().write(data)


def _written(triples: Iterable[ox.Triple], form: ox.RdfFormat, most: int) -> bytes:
    sink = _Sink(most)
    _write(triples, form, sink)
    return sink.getvalue()


def _write(triples: Iterable[ox.Triple], form: ox.RdfFormat, out: IO[bytes]) -> None:
    try:
        ox.serialize(triples, out, form, prefixes=PREFIXES if form in _PREFIXED else None)
    except ValueError as err:  # an IRI that RDF/XML has no name for, or a character that XML cannot hold
        raise QueryError(f"{form.name} cannot hold this graph: {err}; take another format") from err


def _chained(first: ox.Triple | None, rest: Iterator[ox.Triple]) -> Iterator[ox.Triple]:
    if first is not None:
        yield first
    yield from rest


def _form(tokens: tuple[Token, ...]) -> str:
    """Return the word that a query begins with."""
    words = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
    return next(token.text.upper() for token in tokens if token.is_word(*words))
