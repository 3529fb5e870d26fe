"""Saved questions as an API, names, limits on clients, and a build that is published while it is served."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from serve_process import Server, serving

pytest.importorskip("starlette", reason="kgbuild[serve] is not installed")

from kgbuild import cli
from kgbuild.query import load_queries
from kgbuild.serve import listening
from kgbuild.serve.questions_api import OWN_PARAMETERS
from kgbuild.serve.settings import Settings

SCHEMATHESIS_CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_schema_conformance", "negative_data_rejection", "unsupported_method",
)  # fmt: skip
HOLDERS = "/api/questions/firms-holding-licenses"


@pytest.fixture(scope="module")
def chosen(examples: Path) -> list[Path]:
    """Return example articles that tell of magnet licenses."""
    found = sorted(
        p for p in examples.iterdir() if "magnet-permits" in p.name or "general-licenses" in p.name
    )
    assert len(found) >= 2
    return found


@pytest.fixture(scope="module")
def store(chosen: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("api") / "out"
    assert cli.run(["build", str(chosen[0]), "-o", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def server(store: Path) -> Iterator[Server]:
    with serving(store, "--timeout", "10", "--rows", "200") as running:
        yield running


def rows(reply: bytes) -> list[dict[str, str]]:
    return [{k: v["value"] for k, v in row.items()} for row in json.loads(reply)["results"]["bindings"]]


def test_no_question_has_a_parameter_of_the_api() -> None:
    names = {p.name for query in load_queries() for p in query.parameters}
    assert names.isdisjoint(OWN_PARAMETERS)


def test_the_questions_are_listed_with_their_parameters(server: Server) -> None:
    listed = json.loads(server.send("/api/questions").body)["questions"]
    assert [q["name"] for q in listed] == [q.name for q in load_queries()]
    holders = next(q for q in listed if q["name"] == "firms-holding-licenses")
    assert holders["parameters"][0]["class"] == "kg:Place"
    assert server.send("/api/questions?x=1").status == 400


def test_a_question_is_answered_with_names_for_things(server: Server) -> None:
    everywhere = server.send(f"{HOLDERS}?destination=")
    reply = server.send(f"{HOLDERS}?destination=Germany")
    assert reply.status == everywhere.status == 200
    assert len(rows(everywhere.body)) >= len(rows(reply.body)) > 0
    assert rows(server.send(f"{HOLDERS}?destination=place:DE").body) == rows(reply.body)
    assert all(row["firmLabel"] for row in rows(reply.body))


def test_evidence_comes_on_request(server: Server, chosen: list[Path]) -> None:
    answer = json.loads(server.send(f"{HOLDERS}?destination=&evidence=true").body)
    places = [place for places in answer["kgbuild"]["evidence"] for place in places]
    text = chosen[0].read_text("utf-8")
    assert places
    assert all(place["quote"] in text for place in places)


@pytest.mark.parametrize(
    ("suffix", "media_type", "begin"),
    [
        ("csv", "text/csv", "firmLabel,"),
        ("tsv", "text/tab-separated-values", "firmLabel\t"),
        ("xml", "application/sparql-results+xml", "<?xml"),
        ("md", "text/markdown", "| firmLabel"),
        ("rq", "application/sparql-query", "# destination = 'Germany' -> place:DE (Germany)"),
    ],
)
def test_answers_are_downloaded_in_formats(server: Server, suffix: str, media_type: str, begin: str) -> None:
    reply = server.send(f"{HOLDERS}.{suffix}?destination=Germany")
    assert (reply.status, reply.media_type) == (200, media_type)
    assert reply.text.startswith(begin)
    assert reply.headers["content-disposition"] == f'inline; filename="firms-holding-licenses.{suffix}"'
    assert server.send(f"{HOLDERS}?destination=Germany&format={suffix}").body == reply.body


def test_the_sparql_of_a_question_gives_its_rows(server: Server) -> None:
    text = server.send(f"{HOLDERS}.rq?destination=Germany").text
    asked = rows(server.query(text).body)
    wanted = rows(server.send(f"{HOLDERS}?destination=Germany").body)
    assert sorted(r["license"] + r["firm"] for r in asked) == sorted(r["license"] + r["firm"] for r in wanted)


@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        ("/api/questions/firms-holding-licences", 404, "firms-holding-licenses"),
        (f"{HOLDERS}?destinaton=US", 400, "destination"),
        (f"{HOLDERS}?destination=Atlantis", 400, "Atlantis"),
        (f"{HOLDERS}?destination=US&destination=DE", 400, "2 times"),
        (f"{HOLDERS}?rows=201", 400, "200"),
        (f"{HOLDERS}?asOf=soon", 400, "soon"),
        (f"{HOLDERS}.docx", 400, "csv"),
        (f"{HOLDERS}?destination=%3Chttp%3A%2F%2Fx%3E%20%7D%20%23", 400, "no place is named"),
        ("/api/names", 400, "q="),
        ("/api/names?q=a&class=Firn%20x", 400, "kg:Firm"),
        ("/api/names?q=" + "a" * 300, 400, "200"),
        ("/api/nothing", 404, "Not Found"),
    ],
)
def test_what_is_wrong_is_told(server: Server, path: str, status: int, word: str) -> None:
    reply = server.send(path)
    assert reply.status == status
    assert word in json.loads(reply.body)["error"]


def test_rows_are_cut_and_that_is_told(server: Server) -> None:
    reply = server.send("/api/questions/firm-names?rows=1")
    assert reply.status == 200
    assert len(rows(reply.body)) == 1
    assert reply.headers["kgbuild-cut"] == "1"
    assert json.loads(reply.body)["kgbuild"]["cut"] is True


def test_an_answer_given_again_is_the_same_and_need_not_be_sent(server: Server) -> None:
    first, again = server.send(HOLDERS), server.send(HOLDERS)
    assert first.body == again.body
    assert first.headers["etag"] == again.headers["etag"]
    assert server.send(HOLDERS, If_None_Match=first.headers["etag"]).status == 304
    assert server.send(f"{HOLDERS}?destination=DE").headers["etag"] != first.headers["etag"]


def test_names_are_found_as_they_are_typed(server: Server) -> None:
    found = json.loads(server.send("/api/names?q=germ&class=Place").body)["names"]
    assert found[0]["short"] == "place:DE"
    assert found[0]["label"] == "Germany"
    assert all(name["kind"] for name in found)
    by_class = json.loads(server.send("/api/names?q=dysp&class=kg%3ARareEarthElement").body)["names"]
    assert [n["label"].lower() for n in by_class] == ["dysprosium"]
    firms = json.loads(server.send("/api/names?q=germ&class=Firm").body)["names"]
    assert all(name["short"].startswith("firm:") for name in firms)
    assert len(json.loads(server.send("/api/names?q=&limit=7").body)["names"]) == 7


def test_the_api_is_described(server: Server) -> None:
    described = json.loads(server.send("/api/openapi.json").body)
    names = {path.rpartition("/")[2] for path in described["paths"] if path.startswith("/api/questions/")}
    assert names == {query.name for query in load_queries()}


def test_requests_made_up_from_the_description_meet_no_error(server: Server) -> None:
    pytest.importorskip("schemathesis")
    paths = ("/sparql", "/api/names", HOLDERS, "/api/questions/licenses-in-force")
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", f"{server.url}/api/openapi.json", "--no-color",
        "--phases", "coverage,fuzzing", "--max-examples", "4", "--seed", "1",
        *(part for path in paths for part in ("--include-path", path)),
        "--checks",
        ",".join(SCHEMATHESIS_CHECKS),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False,
                          env=os.environ | {"SCHEMATHESIS_HOOKS": ""})  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert "generated" in done.stdout


# ---- a build while it is served


def test_a_new_build_is_served_without_a_break(server: Server, store: Path, chosen: list[Path]) -> None:
    before = json.loads(server.send("/health").body)["graph"]
    count = "SELECT (COUNT(?a) AS ?n) { ?a a kg:Article }"
    assert rows(server.query(count).body) == [{"n": "1"}]
    stopped = threading.Event()
    statuses: list[int] = []

    def ask() -> None:
        number = 0
        while not stopped.is_set():
            number += 1
            statuses.append(server.query(f"{count} # {number}").status)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        assert cli.run(["add", str(store), str(chosen[1])]) == 0
        deadline = time.monotonic() + 20
        while json.loads(server.send("/health").body)["graph"] == before:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    finally:
        stopped.set()
        asking.join()
    assert set(statuses) == {200}
    assert rows(server.query(count).body) == [{"n": "2"}]
    assert len(json.loads(server.send("/api/names?q=&limit=50").body)["names"]) == 50


# ---- clients that are slow, and many of them


def test_slow_clients_are_left_and_nothing_of_them_stays(tmp_path: Path) -> None:
    path = tmp_path / "graph.ttl"
    path.write_text("".join(f"<urn:s{n}> <urn:p> {n} .\n" for n in range(30_000)), "utf-8")
    with serving(path, settings="patience=0.4, workers=1") as running:
        assert running.query("ASK {}").status == 200
        before = descriptors(running.process_id)
        silent = [socket.create_connection(("127.0.0.1", running.port)) for _ in range(30)]
        for number, connection in enumerate(silent):
            connection.settimeout(10)
            if number % 3 == 1:
                connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            if number % 3 == 2:
                connection.sendall(
                    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
                    b"Content-Length: 50\r\n\r\nASK"
                )
        deaf = socket.socket()
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.connect(("127.0.0.1", running.port))
        deaf.sendall(b"GET /sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D HTTP/1.1\r\nHost: x\r\n\r\n")
        ends = [end_of(connection) for connection in silent]
        assert [end[:12] for end in ends[2::3]] == [b"HTTP/1.1 408"] * 10
        assert not any(end.startswith(b"HTTP/1.1 5") for end in ends)
        assert running.query("ASK {}").status == 200
        deadline = time.monotonic() + 10
        while descriptors(running.process_id) > before:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        deaf.close()


def end_of(connection: socket.socket) -> bytes:
    """Return what comes until the other side ends the connection."""
    with connection:
        try:
            found = b""
            while part := connection.recv(65536):
                found += part
        except ConnectionResetError:
            return b""
        return found


def descriptors(process: int) -> int:
    folder = Path(f"/proc/{process}/fd")
    if not folder.is_dir():
        pytest.skip("looks into /proc")
    return len(list(folder.iterdir()))


def test_too_many_requests_and_too_long_answers_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "graph.ttl"
    path.write_text("".join(f"<urn:s{n}> <urn:p> {n} .\n" for n in range(500)), "utf-8")
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    with serving(path, settings="workers=1, waiting=3, seconds=1.0, answer_bytes=20000") as running:
        assert running.query("ASK {}").status == 200
        replies: list[int] = []
        threads = [
            threading.Thread(target=lambda n=n: replies.append(running.query(f"{slow} # {n}").status))
            for n in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert replies.count(429) == 3
        assert replies.count(503) == 3
        reply = running.query("SELECT * { ?s ?p ?o }")
        assert reply.status == 400
        assert "20,000 bytes" in reply.text
        assert running.query("SELECT * { ?s ?p ?o } LIMIT 10").status == 200


# ---- the command


@pytest.mark.parametrize("missing", ["starlette", "uvicorn"])
def test_a_missing_package_is_named(
    missing: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [n for n in sys.modules if n.startswith(("kgbuild.serve", missing))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    assert cli.run(["serve", "out"]) == 2
    assert f"{missing} is not installed; pip install 'kgbuild[serve]'" in capfd.readouterr().err


def test_help_needs_no_server() -> None:
    code = (
        "import sys; from kgbuild import cli; cli.run(['serve', '--help']); print('starlette' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8")
    assert done.stdout.endswith("False\n")


def test_a_graph_that_is_not_there_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["serve", str(tmp_path / "nothing")]) == 2
    assert "nothing does not exist" in capfd.readouterr().err


def test_a_taken_port_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "graph.ttl").write_text("<urn:a> <urn:b> 1 .", "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert cli.run(["serve", str(tmp_path / "graph.ttl"), "--port", port]) == 2
    assert "--port" in capfd.readouterr().err


def test_other_machines_are_warned_about(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "graph.ttl").write_text("<urn:a> <urn:b> 1 .", "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as bound:
        monkeypatch.setattr(listening, "listen", lambda _host, _port: bound)
        monkeypatch.setattr(listening, "run", lambda *_: None)
        assert cli.run(["serve", str(tmp_path / "graph.ttl"), "--host", "0.0.0.0"]) == 0  # noqa: S104
        assert "warning" in capfd.readouterr().err
        assert cli.run(["serve", str(tmp_path / "graph.ttl")]) == 0
        assert "warning" not in capfd.readouterr().err


@pytest.mark.parametrize(("host", "local"), [("127.0.0.1", True), ("::1", True), ("0.0.0.0", False)])  # noqa: S104
def test_only_this_machine_is_local(host: str, local: bool) -> None:
    assert Settings(host=host).is_local is local
