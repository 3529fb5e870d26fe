"""Requests a second and the slowest of a hundred, beside two other endpoints over the same graph, in one run.

    .venv/bin/python benchmarks/serving.py                         100,000 triples, 5 s for each figure
    .venv/bin/python benchmarks/serving.py 1000000 --seconds 10
    .venv/bin/python benchmarks/serving.py --rdflib PYTHON         another Python that has rdflib-endpoint

The graph is that of the example articles, copied with other IRIs (benchmarks/store.py), in memory everywhere.
"minimal" is a query function of Oxigraph behind uvicorn with no limits at all. The load is wrk (one thread,
eight connections) or, where that is missing, a client of this script; both stay on the loopback. Every
request asks another text (a comment at its end differs), so that no answer is remembered, but for the lines
"again". Endpoints take turns, three rounds; figures are medians, ratios within this run.
"""

# ruff: noqa: S603 - starts servers and wrk as users do
from __future__ import annotations

import argparse
import asyncio
import platform
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from store import copies, example

from kgbuild.query import named_query
from kgbuild.terms import PREFIXES
from kgbuild.turtle import to_turtle

ROUNDS = 3
CONNECTIONS = 8
PREFIX = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("kg", "rdfs", "firm"))
QUERIES = {
    "lookup": "SELECT * { firm:c0-jl-mag ?p ?o }",
    "join": (
        "SELECT ?name ?license ?place { ?firm kg:holds ?license ; rdfs:label ?name . "
        "?license kg:validForDestination ?d . ?d rdfs:label ?place } LIMIT 100"
    ),
    "count": "SELECT ?class (COUNT(?s) AS ?n) { ?s a ?class } GROUP BY ?class",
}
VARY = """
local number = 0
request = function()
    number = number + 1
    return wrk.format("GET", wrk.path .. "%20%23" .. number)
end
"""
MINIMAL = textwrap.dedent(
    """
    import sys, urllib.parse, pyoxigraph as ox, uvicorn
    from pathlib import Path
    from kgbuild.store import load_store
    store = load_store(Path(sys.argv[1]))
    async def app(scope, receive, send):
        if scope["type"] != "http":
            return
        text = urllib.parse.parse_qs(scope["query_string"].decode())["query"][0]
        body = store.query(text).serialize(format=ox.QueryResultsFormat.JSON)
        headers = [(b"content-type", b"application/sparql-results+json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})
    uvicorn.run(app, port=int(sys.argv[2]), http="h11", lifespan="off", log_level="error", access_log=False)
    """
)
RDFLIB = textwrap.dedent(
    """
    import sys, uvicorn, rdflib
    from rdflib_endpoint import SparqlEndpoint
    graph = rdflib.Dataset(default_union=True)
    graph.parse(sys.argv[1])
    app = SparqlEndpoint(graph=graph)
    uvicorn.run(app, port=int(sys.argv[2]), http="h11", log_level="error", access_log=False)
    """
)


@dataclass(frozen=True, slots=True)
class Load:
    """What came of one load."""

    per_second: float
    slow: float  #: milliseconds; 99 of 100 were quicker
    errors: int


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("size", nargs="?", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rdflib", metavar="PYTHON", help="Python that has rdflib-endpoint")
    given = parser.parse_args()
    versions = " ".join(f"{name} {metadata.version(name)}" for name in ("pyoxigraph", "starlette", "uvicorn"))
    client = "wrk" if shutil.which("wrk") else "own client"
    print(f"Python {platform.python_version()}, {versions}, {platform.machine()}; load by {client}\n")
    base = example()
    count = max(1, round(given.size / len(base)))
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        graph = Path(name) / "graph.ttl"
        graph.write_text(to_turtle(copies(base, count)), "utf-8")
        print(f"{count * len(base):,} triples")
        python = sys.executable
        started = {
            "kgbuild": [python, "-m", "kgbuild", "serve", str(graph), "--port", "{port}"],
            "minimal": [python, "-c", MINIMAL, str(graph), "{port}"],
        }
        if given.rdflib:
            started["rdflib-endpoint"] = [given.rdflib, "-c", RDFLIB, str(graph), "{port}"]
        running = {server: stack.enter_context(serving(command)) for server, command in started.items()}
        ports = {server: port for server, (port, _) in running.items()}
        own = running["kgbuild"][1].pid
        before = memory(own)
        for what, text in QUERIES.items():
            measure(what, PREFIX + text, ports, given.seconds)
            if "rdflib-endpoint" in ports and what == "join":
                # the other queries take it longer than the load lasts, and it goes on after that
                running["rdflib-endpoint"][1].kill()
                del ports["rdflib-endpoint"]
        default = str(named_query("firms-holding-licenses").text).replace(
            "?__destination_iri", f"<{PREFIXES['place']}US>"
        )
        measure("default question", default, ports, given.seconds)
        measure("default question, again", default, ports, given.seconds, again=True)
        question = f"http://127.0.0.1:{ports['kgbuild']}/api/questions/firms-holding-licenses"
        show("the same by the API, again", "kgbuild", load(question, given.seconds, again=True))
        print(f"memory of kgbuild serve, all processes: {before:.0f} MB before, {memory(own):.0f} MB after")


def measure(what: str, text: str, ports: dict[str, int], seconds: float, *, again: bool = False) -> None:
    """Print the figures of all endpoints for one query."""
    found: dict[str, list[Load]] = {server: [] for server in ports}
    for _ in range(ROUNDS):
        for server, port in ports.items():
            path = "/" if server == "rdflib-endpoint" else "/sparql"
            url = f"http://127.0.0.1:{port}{path}?{urllib.parse.urlencode({'query': text})}"
            found[server].append(load(url, seconds, again=again))
    middle = {server: median(loads) for server, loads in found.items()}
    for server, figures in middle.items():
        ratio = ""
        if server != "kgbuild":
            ratio = (
                f"   kgbuild: {middle['kgbuild'].per_second / max(figures.per_second, 0.01):.2f} times that"
            )
        show(what, server, figures, ratio)


def median(loads: list[Load]) -> Load:
    """Return the medians, and all errors."""
    speeds, slow = ([getattr(x, name) for x in loads] for name in ("per_second", "slow"))
    return Load(statistics.median(speeds), statistics.median(slow), sum(x.errors for x in loads))


def show(what: str, server: str, figures: Load, more: str = "") -> None:
    """Print one line."""
    errors = f", {figures.errors} errors" if figures.errors else ""
    speed = f"{figures.per_second:>9.1f} requests/s, p99 {figures.slow:>8.1f} ms"
    print(f"  {what:<28}{server:<16}{speed}{errors}{more}", flush=True)


@contextmanager
def serving(command: list[str]) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Start a server at a free port and yield both when it answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen([part.replace("{port}", str(port)) for part in command])
    try:
        for _ in range(600):
            try:
                path = "/sparql" if "serve" in command or MINIMAL in command else "/"
                ask = f"http://127.0.0.1:{port}{path}?query=ASK%7B%7D"
                with urllib.request.urlopen(ask, timeout=60) as answer:
                    answer.read()
                break
            except OSError:
                time.sleep(0.2)
        yield port, process
    finally:
        process.terminate()
        process.wait()


def load(url: str, seconds: float, *, again: bool) -> Load:
    """Return what comes of asking `url`, with another comment each time, or the same `again`."""
    if shutil.which("wrk"):
        duration = f"-d{max(1, round(seconds))}s"
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", duration, "--latency", "--timeout", "30s", url]
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
            script.write(VARY)
            script.flush()
            command += [] if again else ["-s", script.name]
            out = subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout
        speed = float(re.findall(r"Requests/sec:\s+([\d.]+)", out)[0])
        slow, unit = re.findall(r"99%\s+([\d.]+)(us|ms|s|m)\b", out)[0]
        bad = re.findall(r"Non-2xx or 3xx responses: (\d+)", out)
        broken = re.findall(r"Socket errors: (.*)", out)
        errors = sum(map(int, bad)) + sum(int(n) for line in broken for n in re.findall(r"\d+", line))
        return Load(speed, float(slow) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[unit], errors)
    return asyncio.run(_own_load(url, seconds, again=again))


async def _own_load(url: str, seconds: float, *, again: bool) -> Load:
    parts = urllib.parse.urlsplit(url)
    times: list[float] = []
    errors = 0
    end = time.perf_counter() + seconds

    async def connection() -> None:
        nonlocal errors
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        while (begun := time.perf_counter()) < end:
            more = "" if again else f"%20%23{len(times)}-{id(writer)}"
            line = f"GET {parts.path}?{parts.query}{more} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n"
            writer.write(line.encode())
            head = await reader.readuntil(b"\r\n\r\n")
            if (sized := re.search(rb"content-length: (\d+)", head, re.IGNORECASE)) is not None:
                await reader.readexactly(int(sized[1]))
            else:
                await reader.readuntil(b"0\r\n\r\n")
            errors += not head.startswith(b"HTTP/1.1 2")
            times.append(1000 * (time.perf_counter() - begun))
        writer.close()

    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return Load(len(times) / seconds, sorted(times)[int(len(times) * 0.99) - 1], errors)


def memory(process: int) -> float:
    """Return the resident megabytes of a process and its children; 0 where the system does not tell."""
    found = 0.0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(
                line.split(":", 1) for line in status.read_text("utf-8").splitlines() if ":" in line
            )
        except OSError:
            continue
        if process in {int(fields["PPid"]), int(fields["Pid"])} and "VmRSS" in fields:
            found += int(fields["VmRSS"].split()[0]) / 1024
    return found


if __name__ == "__main__":
    main()
