"""A running `kgbuild serve` for tests: a process of its own, at a free port."""

from __future__ import annotations

import http.client
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
