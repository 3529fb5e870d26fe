"""Wrong and hostile requests to `kgbuild serve`: each has its status, none is an error of the server."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest
from serve_process import GRAPH, HOLDERS, RUNAWAY, SECONDS, Server, holders, serving

pytest.importorskip("starlette", reason="kgbuild[serve] is not installed")

from starlette.types import Message, Receive, Scope, Send

from kgbuild.serve.headers import Guard
from kgbuild.serve.state import State


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    path = tmp_path_factory.mktemp("serve") / "graph.trig"
    path.write_text(GRAPH, "utf-8")
    with serving(path, "--timeout", str(SECONDS), "--rows", "500") as running:
        yield running


@pytest.mark.parametrize(
    ("status", "method", "path", "body", "media_type"),
    [
        (400, "GET", "/sparql?query=SELECT", b"", ""),
        (400, "GET", "/sparql?query=", b"", ""),
        (400, "GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", b"", ""),
        (400, "GET", "/sparql?query=%FF%FE", b"", ""),
        (400, "GET", "/sparql?query=ASK%7B%7D&format=nonsense", b"", ""),
        (400, "GET", "/sparql?query=ASK%7B%7D&rows=0", b"", ""),
        (400, "GET", "/sparql?query=ASK%7B%7D&rows=501", b"", ""),
        (400, "GET", "/sparql?query=ASK%7B%7D&evidence=maybe", b"", ""),
        (400, "GET", "/sparql?" + "a=1&" * 600, b"", ""),
        (400, "POST", "/sparql", "ASK {}".encode("utf-16"), "application/sparql-query"),
        (415, "POST", "/sparql", "ASK {}".encode("utf-16"), "application/sparql-query; charset=utf-16"),
        (400, "POST", "/sparql?query=ASK%7B%7D", b"ASK {}", "application/sparql-query"),
        (400, "POST", "/sparql", b"ASK {} SELECT * {}", "application/sparql-query"),
        (400, "POST", "/sparql", b"other=1", "application/x-www-form-urlencoded"),
        (403, "POST", "/sparql", b"update=DROP+ALL", "application/x-www-form-urlencoded"),
        (403, "POST", "/sparql", b"DROP ALL", "application/sparql-update"),
        (403, "GET", "/sparql?update=DROP+ALL", b"", ""),
        (400, "POST", "/sparql", b"INSERT DATA { <a> <b> <c> }", "application/sparql-query"),
        (415, "POST", "/sparql", b"ASK {}", "text/plain"),
        (415, "POST", "/sparql", b"ASK {}", ""),
        (405, "PUT", "/sparql?query=ASK%7B%7D", b"", ""),
        (404, "GET", "/sparql/more", b"", ""),
    ],
)
def test_a_wrong_request_has_its_status(
    server: Server, status: int, method: str, path: str, body: bytes, media_type: str
) -> None:
    if media_type:
        reply = server.send(path, method, body, Content_Type=media_type)
    else:
        reply = server.send(path, method, body or None)
    assert reply.status == status, reply.text
    assert reply.text.strip()
    assert "Traceback" not in reply.text


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } }",
        "SELECT * { \\u0053ERVICE <http://127.0.0.1:1/> { ?a ?b ?c } }",
        "LOAD <file:///etc/passwd>",
        "SELECT * { " + "{" * 5000 + "}" * 5000 + " }",
        "SELECT * { " + "OPTIONAL { ?a ?b ?c } " * 3000 + "}",
        "SELECT (" + "(" * 3000 + "1" + ")" * 3000 + " AS ?x) {}",
        "ASK { FILTER(" + "!" * 5000 + "true) }",
        'ASK { FILTER(REGEX("a", "(a+)+$(")) }',
        "SELECT * { ?s ?p <http://" + "x" * 5000 + "> }",
        "\0",
        "ASK { ?s ?p '\ud800' }",
        "SELECT * { ?s " + "^" * 400 + "kg:holds ?o }",
        "x" * 50_000,
    ],
)
def test_hostile_queries_are_refused(server: Server, text: str) -> None:
    body = text.encode("utf-8", "surrogatepass")
    reply = server.send("/sparql", "POST", body, Content_Type="application/sparql-query")
    assert reply.status in {400, 503} or (reply.status == 200 and "REGEX" in text), reply.text
    assert server.query("ASK {}").status == 200


def test_from_reaches_no_file(server: Server, tmp_path: Path) -> None:
    (tmp_path / "secret.ttl").write_text("<urn:secret> <urn:p> 1 .", "utf-8")
    reply = server.query(f"SELECT ?f FROM <file://{tmp_path}/secret.ttl> {{ ?f ?p ?o }}")
    assert holders(reply.body) == []


def test_a_body_is_read_up_to_a_limit(server: Server) -> None:
    large = b"ASK {} #" + b"x" * 2_000_000
    try:
        reply = server.send("/sparql", "POST", large, Content_Type="application/sparql-query")
    except (BrokenPipeError, ConnectionResetError):
        pass  # it stopped to listen before all was sent
    else:
        assert reply.status == 413
    told = raw(
        server,
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        b"Content-Length: 99999999999999999999\r\n\r\nASK",
    )
    assert told.startswith((b"HTTP/1.1 413", b"HTTP/1.1 400"))
    assert server.query("ASK {}").status == 200


def raw(server: Server, data: bytes, wait: float = 5) -> bytes:
    """Return what comes back for bytes as they are."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=wait) as connection:
        connection.sendall(data)
        try:
            return connection.recv(65536)
        except (TimeoutError, ConnectionResetError):
            return b""


@pytest.mark.parametrize(
    "data",
    [
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
        b"\x16\x03\x01\x02\x00",
        b"GET /sparql?query=\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"GET http://[/ HTTP/1.1\r\nHost: [\r\n\r\n",
        b"GET /id/%00/%FF%00 HTTP/1.1\r\nHost: x\r\nAccept: text/turtle\r\n\r\n",
    ],
)
def test_broken_requests_are_no_error_of_the_server(server: Server, data: bytes) -> None:
    try:
        back = raw(server, data)
    except (BrokenPipeError, ConnectionResetError):
        back = b""
    assert not back.startswith(b"HTTP/1.1 5")
    assert server.query("ASK {}").status == 200


# ---- limits


def test_a_runaway_query_is_stopped_and_others_go_on(server: Server) -> None:
    replies = []
    threads = [threading.Thread(target=lambda: replies.append(server.query(RUNAWAY))) for _ in range(1)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    quick = 0
    while time.monotonic() - begun < SECONDS - 0.5:
        assert server.query(HOLDERS + f" # {quick}").status == 200
        quick += 1
    for thread in threads:
        thread.join()
    taken = time.monotonic() - begun
    assert [reply.status for reply in replies] == [503]
    assert replies[0].headers["retry-after"]
    assert "stopped after" in replies[0].text
    assert quick > 5
    assert SECONDS <= taken < SECONDS + 5
    assert server.query(HOLDERS + " # after").status == 200


def test_a_query_ends_when_its_client_has_gone(server: Server) -> None:
    body = RUNAWAY.encode()
    request = (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        + f"Content-Length: {len(body)}\r\n\r\n".encode()
        + body
    )
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(request)
        time.sleep(0.3)
        assert json.loads(server.send("/health").body)["answering"] == 1
    deadline = time.monotonic() + 10
    while json.loads(server.send("/health").body)["answering"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


# ---- errors of the server


def test_an_error_of_the_server_is_told_without_its_cause(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise RuntimeError("the cause")

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    asyncio.run(Guard(broken, Mock(spec=State))(scope, receive, send))
    assert sent[0]["status"] == 500
    assert b"content-security-policy" in dict(sent[0]["headers"])
    assert b"the cause" not in sent[1]["body"]
    assert "the cause" in caplog.text


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")
def test_no_process_outlives_a_server_that_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "graph.ttl"
    path.write_text("<urn:a> <urn:b> 1 .", "utf-8")
    children: list[int] = []
    with contextlib.suppress(AssertionError), serving(path) as running:
        assert running.query("ASK {}").status == 200
        children = children_of(running.process_id)
        os.kill(running.process_id, signal.SIGKILL)
    assert len(children) == 2
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{child}/cmdline").exists() and is_running(child) for child in children):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def children_of(process: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == process:
                found.append(int(stat.parent.name))
    return found


def is_running(process: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False
