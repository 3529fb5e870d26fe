"""CPU seconds of every saved query, with its defaults and with a value for each parameter.

    .venv/bin/python benchmarks/queries.py                      100,000 triples
    .venv/bin/python benchmarks/queries.py 1000000              a million
    .venv/bin/python benchmarks/queries.py 10000 --rdflib       beside rdflib: ratio, and whether rows differ
    .venv/bin/python benchmarks/queries.py 1000000 --only timeline,statements

The graph is that of the example articles and of the example graph of each query (tests/queries), copied until
it is large enough. Firms, people, places, bodies and all else in the reference data are the same in every
copy, as are times; articles, claims and what is told are not. So a firm has more licenses the larger the
graph is.

Timed is the way from the bound query to all rows in Python: in memory and on the store on disk, which is
opened anew for each question, the best of three, and the first on disk. Names of parameters are resolved
before. "inf" was given up.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import platform
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from kgbuild.errors import QueryError
from kgbuild.model import Literal, Term, Triple
from kgbuild.pipeline import build, write
from kgbuild.query import SavedQuery, load_queries, parameter_terms
from kgbuild.query.running import run_bound
from kgbuild.resources import data_dir
from kgbuild.store import load_store, to_term
from kgbuild.store.database import create_database
from kgbuild.store.loading import ontology_files
from kgbuild.terms import ID, RDFS_LABEL
from kgbuild.turtle import to_turtle

EXAMPLES: Final = Path(__file__).resolve().parent.parent / "tests" / "queries"
ROUNDS: Final = 3
MOST: Final = 60.0  #: seconds after which a question is given up
PER_ARTICLE: Final = 520  #: about how many triples an example article gives
#: A value for each parameter that is not of a class below, by query and parameter, or by parameter.
VALUES: Final = {
    "about": "gallium",
    "activity": "mining",
    "affected": "automotive industry",
    "asOf": "2025-06-30",
    "because": "*",
    "certainty": "possible",
    "containing": "license",
    "day": "2025-06-12",
    "destination": "Germany",
    "element": "gallium",
    "firm": "JL MAG",
    "from": "2025-06-01",
    "imposer": "Beijing",
    "kind": "agreement",
    "material": "gallium",
    "measure": "exports",
    "named": "mag",
    "number": "17.5",
    "partner": "whole world",
    "party": "Government of China",
    "place": "United Kingdom",
    "polarity": "denied",
    "reach": "possible",
    "regulator": "MOFCOM",
    "silent": "yes",
    "speaker": "MOFCOM",
    "status": "granted",
    "term": "covers",
    "unconfirmed": "yes",
    "unit": "%",
    "until": "2025-06-30",
    "use": "automotive industry",
    "visitor": "person:visitsc0-xi",
    "with": "Government of the United States",
}
OWN: Final = {"negotiations": {"kind": "call"}}


@dataclass(frozen=True, slots=True)
class Case:
    """One question to time."""

    query: SavedQuery
    values: dict[str, str]
    terms: dict[str, Term]

    def __str__(self) -> str:
        """Return the name of the query and its parameters."""
        return " ".join([self.query.name, *(f"{name}={value}" for name, value in self.values.items())])


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of one question."""

    rows: int
    seconds: float  #: the best
    first: float


def triples(size: int) -> Iterator[Triple]:
    """Yield at least `size` triples: copies of the example articles and of the examples of the queries."""
    shared = {
        quad.subject.value
        for path in ontology_files()
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
        if isinstance(quad.subject, ox.NamedNode)
    }
    # Another label of a thing that all copies share would double its rows.
    base = [
        (folder.name, t)
        for folder in sorted(EXAMPLES.iterdir())
        for t in _parsed(folder / "graph.ttl")
        if t[0] not in shared or t[1] != RDFS_LABEL
    ]
    articles = sorted((data_dir("examples") / "articles").iterdir())
    with tempfile.TemporaryDirectory() as name:
        write(build(articles[: max(1, (size - len(base)) // PER_ARTICLE)]), Path(name))
        base += [("", triple) for triple in _parsed(Path(name) / "graph.ttl")]
    seen: set[Triple] = set()
    number = 0
    while len(seen) < size:
        for owner, (s, p, o) in base:
            renamed = o if isinstance(o, Literal) else _renamed(o, owner, number, shared)
            triple = (_renamed(s, owner, number, shared), p, renamed)
            if triple not in seen:
                seen.add(triple)
                yield triple
        number += 1


def _parsed(path: Path) -> Iterator[Triple]:
    for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
        yield str(to_term(quad.subject)), quad.predicate.value, to_term(quad.object)


def _renamed(iri: str, owner: str, number: int, shared: set[str]) -> str:
    kind, _, name = iri[len(ID) :].partition("/")
    if not iri.startswith(ID) or iri in shared or (kind == "time" and not owner):
        return iri
    return f"{ID}{kind}/{owner}c{number}-{name}"


def cases(store: ox.Store, names: list[str]) -> Iterator[Case]:
    """Yield each query with its defaults, then with a value for each parameter."""
    for query in load_queries():
        if names and query.name not in names:
            continue
        own = OWN.get(query.name, {})
        sets = [{}, *({p.name: own.get(p.name, VALUES[p.name])} for p in query.parameters)]
        for values in sets:
            try:
                terms = parameter_terms(store, query, values)
            except QueryError as err:
                raise SystemExit(f"{query.name}: {err}") from err
            yield Case(query, values, terms)


def measure(store: ox.Store | Path, case: Case) -> Figures:
    """Return the figures of one question; a folder is opened for it. Infinite after `MOST` seconds."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    process = context.Process(target=_measure, args=(store, case, there))
    process.start()
    figures = here.recv() if here.poll(MOST) else Figures(0, math.inf, math.inf)
    process.kill()
    process.join()
    return figures


def _measure(store: ox.Store | Path, case: Case, answer: Connection) -> None:
    opened = ox.Store.read_only(str(store)) if isinstance(store, Path) else store
    seconds: list[float] = []
    rows = 0
    while len(seconds) < ROUNDS and sum(seconds) < MOST / 20:
        begun = time.process_time()
        rows = len(run_bound(opened, case.query, case.terms).rows)
        seconds.append(time.process_time() - begun)
    answer.send(Figures(rows, min(seconds), seconds[0]))


def beside_rdflib(graph: Any, store: ox.Store, case: Case) -> tuple[float, bool]:
    """Return the seconds of rdflib, and whether its rows are those of Oxigraph."""
    begun = time.process_time()
    solutions = list(graph.query(case.query.bind(case.terms)))
    seconds = time.process_time() - begun
    names = [column.name for column in case.query.columns]
    theirs = sorted([str(row[name]) if row[name] is not None else "" for name in names] for row in solutions)
    ours = run_bound(store, case.query, case.terms).rows
    return seconds, theirs == sorted([_text(term) for term in row] for row in ours)


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, Literal) else term or ""


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("size", nargs="?", type=int, default=100_000)
    parser.add_argument("--rdflib", action="store_true", help="ask rdflib too (for 10,000 triples)")
    parser.add_argument("--graph", type=Path, help="Turtle file to ask; written where it does not exist")
    parser.add_argument("--memory", action="store_true", help="leave out the store on disk")
    parser.add_argument("--only", default="", help="names of queries, with commas between")
    given = parser.parse_args()
    names = [name for name in given.only.split(",") if name]
    versions = f"Python {platform.python_version()}, pyoxigraph {metadata.version('pyoxigraph')}"
    with tempfile.TemporaryDirectory() as folder:
        file = given.graph or Path(folder) / "graph.ttl"
        if not file.exists():
            file.write_text(to_turtle(triples(given.size)), "utf-8")
        database = Path(folder) / "database"
        if not given.memory:
            create_database(database, file)
        store = load_store(file)
        print(f"{versions}, {platform.machine()}; {len(store):,} triples with the ontology\n")
        graph = _rdflib(store, Path(folder) / "graph.nt") if given.rdflib else None
        more = "   rdflib   ratio" if given.rdflib else ""
        print(f"{'rows':>8}{'memory':>9}{'disk':>9}{'first':>9}{more}")
        for case in cases(store, names):
            inside = measure(store, case)
            outside = Figures(0, 0, 0) if given.memory else measure(database, case)
            line = f"{inside.rows:>8,}{inside.seconds:>9.3f}{outside.seconds:>9.3f}{outside.first:>9.3f}"
            if graph is not None:
                seconds, same = beside_rdflib(graph, store, case)
                line += f"{seconds:>9.2f}{seconds / inside.seconds:>8.0f}"
                line += "" if same else "  OTHER ROWS"
            print(f"{line}  {case}", flush=True)


def _rdflib(store: ox.Store, file: Path) -> Any:
    import rdflib.plugins.sparql  # noqa: PLC0415 - only where it is asked for

    rdflib.NORMALIZE_LITERALS, rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = False, False
    store.dump(str(file), ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    return rdflib.Graph().parse(file, format="nt")


if __name__ == "__main__":
    main()
