"""CPU seconds and peak memory of exports as whole processes, beside the writers of rdflib and networkx.

    .venv/bin/python benchmarks/exports.py                     10,000 and 100,000 triples
    .venv/bin/python benchmarks/exports.py 1000000 --peer 0    a million, without the peers

The graph is that of the example articles, copied with other IRIs until it is large enough. Each process reads
the same N-Quads file and writes one format, with claims and quotes. Peers write what they can: rdflib the
triples without graphs, networkx the nodes and edges with lists joined beforehand.
"""

# ruff: noqa: PLC0415 - a process that is measured imports what it needs, and nothing else
from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from typing import Any

from kgbuild.export import FORMATS, export_file
from kgbuild.export.columns import short_name
from kgbuild.resources import data_dir
from kgbuild.terms import ID, RDF_TYPE

#: Values of closed lists, which every copy shares.
_SHARED = tuple(ID + kind for kind in ("status/", "polarity/", "certainty/", "qualifier/", "direction/"))
_RDFLIB = {"turtle": "turtle", "ntriples": "nt11", "jsonld": "json-ld", "rdfxml": "xml"}
_NETWORKX = {"graphml": "write_graphml", "gexf": "write_gexf"}
_NOT_MEASURED = {"rocrate"}


def example(folder: Path) -> list[str]:
    """Return the lines of the graph of the example articles."""
    # In a process of its own: the peak memory of a child is at least that of its parent.
    command = [sys.executable, "-m", "kgbuild", "build", str(data_dir("examples") / "articles")]
    subprocess.run([*command, "-o", str(folder / "out")], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    export_file(folder / "out", "nquads", folder / "base.nq")
    return (folder / "base.nq").read_text("utf-8").splitlines(keepends=True)


def write_copies(lines: list[str], size: int, target: Path) -> int:
    """Write about `size` quads, the lines again and again with other IRIs, and return how many they are."""
    count = max(1, round(size / len(lines)))
    with target.open("w", encoding="utf-8") as out:
        for number in range(count):
            for line in lines:
                out.write(_renamed(line, number))
    return count * len(lines)


def _renamed(line: str, number: int) -> str:
    # Only IRIs have "<" before the namespace; shared ones keep their name. Texts of copies differ too.
    line = line.replace('"@en ', f' {number}"@en ').replace('exactText> "', f'exactText> "{number} ')
    parts = line.split("<" + ID)
    kept = [part if ("<" + ID + part)[1:].startswith(_SHARED) else _with(part, number) for part in parts[1:]]
    return parts[0] + "".join("<" + ID + part for part in kept)


def _with(part: str, number: int) -> str:
    kind, _, rest = part.partition("/")
    return f"{kind}/copy{number}-{rest}"


def export_once(tool: str, name: str, source: Path, target: Path) -> None:
    """Read `source` and write it in one format, by kgbuild or by a peer."""
    if tool == "kgbuild":
        export_file(source, name, target, view="evidence")
        return
    import rdflib

    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(source, format="nquads")
    if tool == "rdflib":
        flat = rdflib.Graph()
        for s, p, o, _ in dataset.quads():
            flat.add((s, p, o))
        flat.serialize(target, format=_RDFLIB[name], encoding="utf-8")
        return
    import networkx as nx  # type: ignore[import-untyped]  # has no types

    graph: Any = nx.MultiDiGraph()
    for s, p, o, _ in dataset.quads():
        if isinstance(o, rdflib.Literal):
            graph.add_node(str(s))
            known = graph.nodes[str(s)].get(short_name(str(p)))
            graph.nodes[str(s)][short_name(str(p))] = f"{known} | {o}" if known else str(o)
        elif str(p) != RDF_TYPE:
            graph.add_edge(str(s), str(o), type=short_name(str(p)))
    getattr(nx, _NETWORKX[name])(graph, target)


def measure(tool: str, name: str, source: Path, folder: Path) -> tuple[float, int]:
    """Return CPU seconds and peak memory in MB of a process that exports once."""
    target = folder / f"{tool}-{name}"
    child = subprocess.Popen(  # noqa: S603 - this script itself
        [sys.executable, __file__, "--once", tool, name, str(source), str(target)]
    )
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{tool} could not write {name}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--peer", type=int, default=100_000, help="largest graph that the peers are given")
    parser.add_argument("--format", action="append", choices=sorted(FORMATS), help="only these")
    parser.add_argument("--once", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.once:
        tool, name, source, target = given.once
        export_once(tool, name, Path(source), Path(target))
        return
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("rdflib", "networkx"))
    print(f"Python {platform.python_version()}, {versions}, {platform.machine()}; CPU seconds, peak MB\n")
    peer = f"  {'peer':<10}{'seconds':>9}{'MB':>7}{'ratio':>7}"
    print(f"{'quads':>10}  {'format':<10}{'kgbuild':>9}{'MB':>7}{peer}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        lines = example(folder)
        for size in given.sizes:
            source = folder / f"{size}.nq"
            quads = write_copies(lines, size, source)
            for name in given.format or [name for name in FORMATS if name not in _NOT_MEASURED]:
                seconds, peak = measure("kgbuild", name, source, folder)
                row = f"{quads:>10,}  {name:<10}{seconds:>9.1f}{peak:>7,}"
                tool = "rdflib" if name in _RDFLIB else "networkx" if name in _NETWORKX else ""
                if tool and size <= given.peer:
                    slower, more = measure(tool, name, source, folder)
                    row += f"  {tool:<10}{slower:>9.1f}{more:>7,}{slower / seconds:>6.1f}x"
                print(row, flush=True)


if __name__ == "__main__":
    main()
