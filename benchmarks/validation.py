"""CPU seconds of SHACL validation on loaded graphs, beside pySHACL in the same run.

    .venv/bin/python benchmarks/validation.py                     10,000 and 100,000 triples
    .venv/bin/python benchmarks/validation.py 1000000 --peer 0    a million, without the peer

The graph is that of the example articles, copied with other IRIs until it is large enough; the shapes are
all of shapes/. Both engines get a graph in memory in their own form. Behind that, for the same graphs: the
whole validation of a build (file, shapes, graph checks), and that of a build in which one article changed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import resource
import tempfile
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pyshacl
from rdflib import Graph

from kgbuild.model import Literal
from kgbuild.pipeline import build, write
from kgbuild.rdf_files import Key, literals_as_written, read_graph
from kgbuild.resources import data_dir
from kgbuild.terms import ID, KG
from kgbuild.turtle import to_turtle
from kgbuild.validation import rules_digest, validate
from kgbuild.validation.engine import class_hierarchy
from kgbuild.validation.sets import CodedGraph, run, run_again
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


def output(folder: Path, triples: list[Triple], earlier: Path | None) -> float:
    """Write a graph and its validation as a build does; return the CPU seconds of the validation."""
    folder.mkdir()
    terms = ((str(s), str(p), Literal(*o) if isinstance(o, tuple) else o) for s, p, o in triples)
    graph = to_turtle(terms).encode()
    (folder / "graph.ttl").write_bytes(graph)
    manifest = {"articles": {}, "validated_by": rules_digest()}
    (folder / "manifest.json").write_text(json.dumps({**manifest, "files": {}}), "utf-8")
    start = time.process_time()
    report = validate([folder / "graph.ttl"], texts=folder, earlier=earlier)
    seconds = time.process_time() - start
    text = report.to_turtle().encode()
    (folder / "validation.ttl").write_bytes(text)
    files = {"graph.ttl": graph, "validation.ttl": text}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    (folder / "manifest.json").write_text(json.dumps({**manifest, "files": digests}), "utf-8")
    return seconds


def one_article_changed(base: list[Triple], size: int) -> str:
    """Return the CPU seconds of validating a graph, and of the same graph without what one article tells."""
    triples = list(copies(base, size))
    article = next(t[2] for t in triples if t[1] == str(KG.segmentOf))
    segments = {s for s, p, o in triples if p == str(KG.segmentOf) and o == article}
    claims = {s for s, p, o in triples if p == str(KG.evidencedBy) and o in segments}
    gone = segments | claims | {article}
    left = [t for t in triples if t[0] not in gone]
    with tempfile.TemporaryDirectory() as folder:
        output(Path(folder) / "old", triples, None)
        whole = output(Path(folder) / "alone", left, None)
        again = output(Path(folder) / "new", left, Path(folder) / "old")
        reports = [(Path(folder) / name / "validation.ttl").read_bytes() for name in ("alone", "new")]
    shapes = load_shapes()
    changed = {(s, str(p), o) for s, p, o in set(triples) - set(left)}
    with literals_as_written():
        known = run(CodedGraph.from_triples([*triples, *class_hierarchy()]), shapes)
        graphs = [CodedGraph.from_triples([*left, *class_hierarchy()]) for _ in range(2)]
        times = [time.process_time()]
        run(graphs[0], shapes)
        times.append(time.process_time())
        run_again(graphs[1], shapes, changed, known)
        times.append(time.process_time())
    shown = (times[1] - times[0], times[2] - times[1], whole, again)
    same = "same" if reports[0] == reports[1] else "DIFFERENT"
    figures = "".join(f"{seconds:>9.2f}" for seconds in shown)
    return f"{len(left):>10,}{len(triples) - len(left):>9,}{figures}{same:>11}"


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
    print("\nOne article changed: CPU seconds of the shapes, and of the whole with reading and graph checks")
    print(f"{'triples':>10}{'changed':>9}{'shapes':>9}{'again':>9}{'whole':>9}{'again':>9}{'results':>11}")
    for size in given.sizes:
        print(one_article_changed(base, size))


if __name__ == "__main__":
    main()
