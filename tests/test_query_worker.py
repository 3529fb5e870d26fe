"""Workers: tasks in a process of their own, ended where they break a limit."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgbuild.errors import GraphError, LimitError, QueryError
from kgbuild.query import Answer, Binding, Question, Worker, plain_query
from kgbuild.query import worker as module

GRAPH = "".join(f"<urn:s{n}> <urn:p> {n} .\n" for n in range(300))
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
HUNGRY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY DESC(CONCAT(STR(?a), STR(?d), STR(?g)))"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("worker") / "graph.ttl"
    path.write_text(GRAPH, "utf-8")
    return path


def ask(worker: Worker, text: str, seconds: float = 60.0) -> Answer:
    return worker.ask(Question(plain_query(text)), seconds=seconds)


def is_gone(process_id: int, *, tries: int = 200) -> bool:
    """Return whether a process has ended, looking twenty times a second."""
    for _ in range(tries):
        try:
            if Path(f"/proc/{process_id}/stat").read_text("ascii").rpartition(")")[2].split()[0] == "Z":
                return True  # ended; whoever takes in orphans here has not noticed yet
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


linux_only = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")


def test_it_answers_one_task_after_another(graph: Path) -> None:
    with Worker(graph) as worker:
        for n in (1, 2):
            rows = ask(worker, f"SELECT ?s {{ ?s <urn:p> {n} }}").result.rows
            assert rows == ((f"urn:s{n}",),)


@linux_only
def test_a_runaway_query_is_stopped_and_its_process_is_gone(graph: Path) -> None:
    with Worker(graph) as worker:
        worker.wait_until_ready()
        begun = time.monotonic()
        with pytest.raises(LimitError, match=r"^stopped after 0\.5 s"):
            ask(worker, RUNAWAY, 0.5)
        assert time.monotonic() - begun < 5
        assert not worker.alive
        assert not Path(f"/proc/{worker.process_id}").exists()
        with pytest.raises(QueryError, match="has ended; start another"):
            ask(worker, "ASK {}")


@linux_only
def test_a_query_that_needs_too_much_memory_is_stopped(graph: Path) -> None:
    with Worker(graph, memory=200 << 20) as worker:
        with pytest.raises(LimitError, match="memory"):
            ask(worker, HUNGRY)
        assert not worker.alive or ask(worker, "ASK {}").result.rows


def test_errors_come_back_and_the_worker_stays(graph: Path) -> None:
    with Worker(graph) as worker:
        with pytest.raises(QueryError, match="not SPARQL"):
            ask(worker, "SELECT * { ?s }")
        with pytest.raises(QueryError, match="no thing is named 'nobody'"):
            worker.ask(
                Question(plain_query("SELECT * { BIND(?__who_iri AS ?x) }"), {"who": "nobody"}), seconds=60
            )
        with pytest.raises(RuntimeError, match=r"^AttributeError: "):
            worker.ask(breaks, seconds=60)
        assert ask(worker, "ASK {}").result.kind == "ask"


def breaks(store: ox.Store) -> None:
    store.no_such_method()  # type: ignore[attr-defined]


def test_data_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with Worker(tmp_path / "nowhere") as worker, pytest.raises(GraphError, match="nowhere does not exist"):
        worker.wait_until_ready()
    bad = tmp_path / "bad.ttl"
    bad.write_text("<urn:a> <urn:b> .", "utf-8")
    with Worker(bad) as worker, pytest.raises(GraphError, match=r"bad\.ttl:1:"):
        ask(worker, "ASK {}")


def test_bound_text_is_shown_without_an_answer(graph: Path) -> None:
    query = plain_query("SELECT * { BIND(?__n_xsd_integer AS ?n) ?s <urn:p> ?n }")
    with Worker(graph) as worker:
        bound = worker.ask(Binding(Question(query, {"n": "7"})))
    assert str(bound) == (
        "# n = '7' -> '7'\n"
        'SELECT * { BIND("7"^^<http://www.w3.org/2001/XMLSchema#integer> AS ?n) ?s <urn:p> ?n }\n'
    )


@linux_only
def test_leaving_the_block_ends_the_process(graph: Path) -> None:
    with Worker(graph) as worker:
        worker.wait_until_ready()
        assert Path(f"/proc/{worker.process_id}").exists()
    assert not Path(f"/proc/{worker.process_id}").exists()
    worker.close()


SCRIPT = """
from pathlib import Path
from kgbuild.query import Question, Worker, plain_query

worker = Worker(Path({graph!r}))
worker.wait_until_ready()
print(type(worker._process).__name__, worker.process_id, flush=True)
print(worker.ask(Question(plain_query({text!r})), seconds={seconds}).result.rows, flush=True)
{last}
"""


def script(graph: Path, text: str, seconds: float, last: str) -> str:
    return SCRIPT.format(graph=str(graph), text=text, seconds=seconds, last=last)


@linux_only
def test_a_process_of_one_thread_is_forked(graph: Path, tmp_path: Path) -> None:
    code = script(graph, "ASK { <urn:s1> ?p ?o }", 60, "worker.close()")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    first, second = done.stdout.splitlines()
    assert first.startswith("_Fork ")
    assert "true" in second
    assert done.stderr == ""
    threaded = "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()\n"
    again = subprocess.run(
        [sys.executable, "-c", threaded + code],
        capture_output=True,
        encoding="utf-8",
        check=True,
        cwd=tmp_path,
    )
    assert again.stdout.splitlines()[0].startswith("_Spawn ")
    assert again.stdout.splitlines()[1] == second


@linux_only
@pytest.mark.parametrize(
    ("text", "last"), [(RUNAWAY, ""), ("ASK {}", "import time; time.sleep(60)")], ids=["busy", "idle"]
)
def test_it_ends_itself_when_its_owner_is_killed(graph: Path, text: str, last: str) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", script(graph, text, 2.0, last)], stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert owner.stdout is not None
    with owner.stdout:
        worker = int(owner.stdout.readline().split()[1])
        if last:
            owner.stdout.readline()
        else:
            time.sleep(0.5)  # until the task is under way
        assert not is_gone(worker, tries=1)
        os.kill(owner.pid, signal.SIGKILL)
        owner.wait()
    assert is_gone(worker)


@linux_only
def test_an_interrupted_task_ends_the_process(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: object) -> object:
        raise KeyboardInterrupt

    with Worker(graph) as worker:
        worker.wait_until_ready()
        with monkeypatch.context() as patched:
            patched.setattr(Worker, "_receive", interrupt)
            with pytest.raises(KeyboardInterrupt):
                ask(worker, RUNAWAY)
        assert not worker.alive
        assert not Path(f"/proc/{worker.process_id}").exists()


def test_modules_of_the_current_folder_are_not_taken(
    graph: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("yaml", "csv", "signal"):
        (tmp_path / f"{name}.py").write_text(textwrap.dedent("raise SystemExit(9)"), "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(module, "_has_one_thread", lambda: False)
    with Worker(graph) as worker:
        assert ask(worker, "ASK {}").result.kind == "ask"


def test_rows_beyond_the_limit_are_cut(graph: Path) -> None:
    question: Callable[[int], Question] = lambda rows: Question(  # noqa: E731 - a short name for one call
        plain_query("SELECT ?s { ?s <urn:p> ?n } ORDER BY ?n"), rows=rows
    )
    with Worker(graph) as worker:
        answers = {rows: worker.ask(question(rows)).result for rows in (0, 1, 299, 300, 301)}
    assert {rows: (len(a.rows), len(a.bindings), a.cut) for rows, a in answers.items()} == {
        0: (0, 0, True),
        1: (1, 1, True),
        299: (299, 299, True),
        300: (300, 300, False),
        301: (300, 300, False),
    }
