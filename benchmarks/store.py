"""Seconds to load a graph into a store on disk, beside Oxigraph's own bulk load in the same run.

    .venv/bin/python benchmarks/store.py                100,000 triples
    .venv/bin/python benchmarks/store.py 1000000        a million

The graph is that of the example articles, copied with other IRIs until it is large enough. "change" is the
database of a graph that lacks what one article tells of, made from the one before. Each figure comes from a
process of its own; the ratio is the speed of kgbuild, ontology included, over that of Oxigraph without it.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pyoxigraph as ox

from kgbuild.model import Triple
from kgbuild.pipeline import build, write
from kgbuild.resources import data_dir
from kgbuild.store import to_term
from kgbuild.store.database import create_database, derive_database
from kgbuild.terms import ID
from kgbuild.turtle import to_turtle

#: Things that every copy shares: the reference data, and values of closed lists.
_SHARED = tuple(
    f"{ID}{kind}/"
    for kind in "body certainty direction disruption element exchange family good group industry measure "
    "mineral org place polarity qualifier status trouble speech use".split()
)


def example() -> list[Triple]:
    """Return the graph of the example articles."""
    with tempfile.TemporaryDirectory() as folder:
        write(build([data_dir("examples") / "articles"]), Path(folder))
        quads = ox.parse(path=str(Path(folder) / "graph.ttl"), format=ox.RdfFormat.TURTLE)
        return [(str(to_term(q.subject)), q.predicate.value, to_term(q.object)) for q in quads]


def copies(base: list[Triple], count: int) -> Iterator[Triple]:
    """Yield `base` `count` times, each time with other IRIs for its things."""
    for number in range(count):
        for s, p, o in base:
            yield _renamed(s, number), p, _renamed(o, number) if isinstance(o, str) else o


def _renamed(iri: str, number: int) -> str:
    if not iri.startswith(ID) or iri.startswith(_SHARED):
        return iri
    kind, _, name = iri[len(ID) :].partition("/")
    return f"{ID}{kind}/c{number}-{name}"


def without_an_article(base: list[Triple], count: int) -> Iterator[Triple]:
    """Yield `copies` without about as many things of the last copy as one article tells of."""
    own = sorted({s for s, _, _ in copies(base, count) if s.partition("/c")[2].startswith(f"{count - 1}-")})
    gone = set(own[:: len(base_articles())])
    return (triple for triple in copies(base, count) if triple[0] not in gone)


def base_articles() -> list[Path]:
    """Return the example articles."""
    return sorted((data_dir("examples") / "articles").iterdir())


def measure(what: str, folder: Path) -> dict[str, float]:
    """Return wall seconds, CPU seconds and peak megabytes of one step, in this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    if what == "oxigraph":
        store = ox.Store(str(folder / "oxigraph"))
        store.bulk_load(path=str(folder / "graph.ttl"), format=ox.RdfFormat.TURTLE)
        store.flush()
        del store
    elif what == "kgbuild":
        create_database(folder / "kgbuild", folder / "graph.ttl")
    elif what == "change":
        before = (folder / "kgbuild", folder / "graph.ttl")
        if not derive_database(folder / "change", folder / "fewer.ttl", *before):
            raise SystemExit("too much differs")
    else:
        store = ox.Store.read_only(str(folder / "kgbuild"))
        if not list(store.query("SELECT * { ?s ?p ?o } LIMIT 1")):  # type: ignore[arg-type]
            raise SystemExit("the store is empty")
    done = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    return done | {"peak": peak()}


def peak() -> float:
    """Return the most memory this process has had, in megabytes; getrusage tells that of its parent too."""
    status = Path("/proc/self/status")
    lines = status.read_text("ascii").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def apart(what: str, folder: Path) -> dict[str, float]:
    """Return `measure` from a process of its own."""
    command = [sys.executable, __file__, "--step", what, "--folder", str(folder)]
    out = subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout  # noqa: S603
    figures: dict[str, float] = json.loads(out)
    return figures


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=[100_000])
    parser.add_argument("--step", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        print(json.dumps(measure(given.step, given.folder)))
        return
    base = example()
    versions = f"Python {platform.python_version()}, pyoxigraph {metadata.version('pyoxigraph')}"
    print(f"{versions}, {platform.machine()}; wall / CPU seconds, peak MB\n")
    for size in given.sizes:
        count = max(2, round(size / len(base)))
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "graph.ttl").write_text(to_turtle(copies(base, count)), "utf-8")
            (folder / "fewer.ttl").write_text(to_turtle(without_an_article(base, count)), "utf-8")
            print(f"{count * len(base):,} triples, graph.ttl {_size(folder / 'graph.ttl'):.0f} MB")
            steps = {what: apart(what, folder) for what in ("oxigraph", "kgbuild", "change", "open")}
            for what, f in steps.items():
                print(f"  {what:<10}{f['wall']:>8.2f} /{f['cpu']:>6.2f} s{f['peak']:>8.0f} MB")
            speed = {key: steps["oxigraph"][key] / steps["kgbuild"][key] for key in ("wall", "cpu")}
            print("  speed of kgbuild: {wall:.2f} (wall), {cpu:.2f} (CPU) of Oxigraph's".format(**speed))
            sizes = (_size(folder / "oxigraph"), _size(folder / "kgbuild"))
            print("  on disk: {:.0f} MB, with the ontology {:.0f} MB".format(*sizes))


def _size(path: Path) -> float:
    files = [path] if path.is_file() else path.iterdir()
    return sum(file.stat().st_size for file in files) / 1e6


if __name__ == "__main__":
    main()
