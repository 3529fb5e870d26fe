"""A running `kgbuild serve` for tests: a process of its own, at a free port."""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

GRAPH: Final = """
@prefix kg: <https://w3id.org/kgbuild/ontology#> .
@prefix firm: <https://w3id.org/kgbuild/id/firm/> .
@prefix license: <https://w3id.org/kgbuild/id/license/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<urn:one> { firm:example-a a kg:Firm ; rdfs:label "Example Ä"@en ; kg:holds license:example-1 . }
<urn:two> { firm:example-b a kg:Firm ; rdfs:label "Example B, <script>"@en ; kg:holds license:example-1 . }
"""
HOLDERS: Final = "SELECT ?f { ?f kg:holds license:example-1 } ORDER BY ?f"
RUNAWAY: Final = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SECONDS: Final = 1.5

_SET: Final = """
import sys
from pathlib import Path
from kgbuild.serve.app import create_app
from kgbuild.serve.listening import listen, run
from kgbuild.serve.settings import Settings
settings = eval(f"Settings({sys.argv[2]})")
listening = listen("127.0.0.1", 0)
print(f"Serving http://127.0.0.1:{listening.getsockname()[1]}/", file=sys.stderr, flush=True)
run(create_app(Path(sys.argv[1]), settings), listening, settings)
"""


@dataclass(frozen=True)
class Reply:
    """An answer of the server; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


@dataclass(frozen=True)
class Server:
    """A server that runs."""

    port: int
    process_id: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def send(
        self,
        path: str,
        method: str = "GET",
        body: bytes | None = None,
        *,
        timeout: float = 30,
        **headers: str,
    ) -> Reply:
        """Return the answer to one request; a keyword such as Content_Type is the header Content-Type."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def query(self, text: str, /, timeout: float = 30, accept: str = "", **parameters: str) -> Reply:
        """Return the answer to a query by GET."""
        headers = {"Accept": accept} if accept else {}
        named = {name.replace("_", "-"): value for name, value in parameters.items()}
        path = f"/sparql?{urlencode({'query': text} | named, quote_via=quote)}"
        return self.send(path, "GET", None, timeout=timeout, **headers)


@contextmanager
def serving(data: Path, *options: str, settings: str = "") -> Iterator[Server]:
    """Serve `data` while the block runs; the server must end by itself when it is interrupted.

    `settings` are arguments of Settings that no option sets.
    """
    command = [sys.executable, "-m", "kgbuild", "serve", str(data), "--port", "0", *options]
    if settings:
        command = [sys.executable, "-c", _SET, str(data), settings]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8")
    assert process.stderr is not None
    try:
        said = []
        while (line := process.stderr.readline()) and not line.startswith("Serving"):
            said.append(line)
        found = re.search(r"http://[^ ]*:(\d+)/", line)
        assert found, "".join(said)
        yield Server(int(found[1]), process.pid)
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        assert "Traceback" not in rest, rest
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def holders(body: bytes) -> list[str]:
    rows = json.loads(body)["results"]["bindings"]
    return [row["f"]["value"].rpartition("/")[2] for row in rows]
