"""CPU seconds of SHACL validation on loaded graphs, beside pySHACL in the same run.

    .venv/bin/python benchmarks/validation.py                     10,000 and 100,000 triples
    .venv/bin/python benchmarks/validation.py 1000000 --peer 0    a million, without the peer

The graph is that of the example articles, copied with other IRIs until it is large enough; the shapes are
all of shapes/. Both engines get a graph in memory in their own form.
"""

from __future__ import annotations

import argparse
import platform
import resource
import tempfile
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pyshacl
from rdflib import Graph

from kgbuild.pipeline import build, write
from kgbuild.rdf_files import Key, literals_as_written, read_graph
from kgbuild.resources import data_dir
from kgbuild.terms import ID
from kgbuild.validation.engine import class_hierarchy
from kgbuild.validation.sets import CodedGraph, run
from kgbuild.validation.sets.coded_graph import key_of, to_node
from kgbuild.validation.shapes import load_shapes

#: Values of closed lists, which every copy shares.
_SHARED = (
    "status/",
    "polarity/",
    "certainty/",
    "qualifier/",
    "direction/",
    "measure/",
    "disruption/",
    "statement/",
)

Triple = tuple[Key, Key, Key]


def example() -> Graph:
    """Return the graph of the example articles."""
    with tempfile.TemporaryDirectory() as folder:
        write(build([data_dir("examples") / "articles"]), Path(folder))
        return read_graph([Path(folder) / "graph.ttl"])


def copies(base: list[Triple], size: int) -> Iterator[Triple]:
    """Yield about `size` triples: `base` again and again, each time with other IRIs for its things."""
    for number in range(max(1, round(size / len(base)))):
        for triple in base:
            s, p, o = (_renamed(k, number) for k in triple)
            yield s, p, o


def _renamed(key: Key, number: int) -> Key:
    if not isinstance(key, str) or not key.startswith(ID) or key[len(ID) :].startswith(_SHARED):
        return key
    return f"{ID}copy{number}/{key[len(ID) :]}"


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--peer", type=int, default=10_000, help="largest graph that pySHACL is given")
    given = parser.parse_args()
    shapes = load_shapes()
    hierarchy = list(class_hierarchy())
    base = sorted(((key_of(s), key_of(p), key_of(o)) for s, p, o in example()), key=repr)
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("pyshacl", "rdflib"))
    print(f"Python {platform.python_version()}, {versions}, {platform.machine()}; CPU seconds of one core\n")
    print(f"{'triples':>10}{'coding':>9}{'sets':>9}{'pySHACL':>10}{'ratio':>8}{'results':>9}{'peak MB':>9}")
    for size in given.sizes:
        triples = [*copies(base, size), *hierarchy]
        with literals_as_written():
            start = time.process_time()
            coded = CodedGraph.from_triples(triples)
            ready = time.process_time()
            found = run(coded, shapes)
            done = time.process_time()
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            peer, ratio = "-", "-"
            if size <= given.peer:
                data = Graph()
                for s, p, o in triples:
                    data.add((to_node(s), to_node(p), to_node(o)))
                began = time.process_time()
                pyshacl.validate(data, shacl_graph=shapes, advanced=False, inference="none")
                seconds = time.process_time() - began
                peer, ratio = f"{seconds:.2f}", f"{seconds / (done - ready):.0f}x"
        figures = f"{len(coded):>10,}{ready - start:>9.2f}{done - ready:>9.2f}{peer:>10}{ratio:>8}"
        print(f"{figures}{len(found):>9,}{peak:>9,}")


if __name__ == "__main__":
    main()
