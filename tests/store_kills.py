"""Publishes two builds in turn, is killed in the middle, and looks at what is left; for test_store_kills.py.

    store_kills.py FOLDER WORK every STEP     killed before each STEP-th change of a file or folder
    store_kills.py FOLDER WORK random COUNT   killed COUNT times at moments drawn from a seed

FOLDER holds a store whose current snapshot is one build and whose earlier one is another. Prints a JSON
object: the number of kills and what was found after them. Each step runs in a process of its own, forked from
one that never opens a database. To be quick the ontology is left out; with `every` each database is made from
the one before it, with `random` anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgbuild.replacing import MANIFEST, files_of_manifest
from kgbuild.store import database, open_store
from kgbuild.store.condition import condition_of
from kgbuild.store.loading import add_labels
from kgbuild.store.locks import writing
from kgbuild.store.publishing import publish, settle, staging_folder
from kgbuild.store.snapshots import State, list_snapshots

CHANGES = {"os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir", "shutil.rmtree", "shutil.copyfile"}
Builds = dict[str, tuple[Path, State]]


def dump(store: ox.Store) -> str:
    """Return a digest of all quads without blank nodes, which have other names in every database."""
    lines = (store.dump(format=ox.RdfFormat.N_QUADS) or b"").splitlines()
    return hashlib.sha256(b"\n".join(sorted(x for x in lines if b"_:" not in x))).hexdigest()


def said_by(graph: Path) -> str:
    """Return the digest of a database that holds what a graph file says."""
    store = ox.Store()
    store.bulk_load(path=str(graph), format=ox.RdfFormat.TURTLE)
    add_labels(store)
    return dump(store)


def publish_build(folder: Path, files: Path, state: State) -> None:
    """Publish one of the builds."""
    with writing(folder, "test"):
        settle(folder)
        staging = staging_folder(folder)
        shutil.copytree(files, staging, dirs_exist_ok=True)
        publish(folder, staging, state, keep=1, check_texts=False)
        shutil.rmtree(staging, ignore_errors=True)


def publish_all(folder: Path, builds: Builds) -> None:
    """Publish one build after the other."""
    for files, state in builds.values():
        publish_build(folder, files, state)


def forked(work: Callable[[], None]) -> int:
    """Return the id of a new process that does `work` and ends."""
    process = os.fork()
    if process:
        return process
    try:
        work()
    except BaseException as err:  # noqa: BLE001 - the process ends here, whatever it was
        sys.stderr.write(f"{type(err).__name__}: {err}\n")
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def ended(process: int) -> int:
    """Wait for a process and return its exit status, or minus the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def kill_before(change: int) -> None:
    """Have this process killed before its `change`-th change of a file or folder, counted from 1."""
    left = change

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        writes = (
            event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        )
        if event in CHANGES or writes:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def look(folder: Path, builds: Builds, expected: dict[str, str]) -> None:
    """Open the folder as users do, check that it is one of the builds and nothing else, and build again."""
    with open_store(folder) as store:
        found = dump(store)
    (name,) = [n for n, digest in expected.items() if digest == found]
    state = builds[name][1]
    condition = condition_of(folder)
    assert condition.digest == state.digest, "database and files are of two builds"
    assert condition.files == (), f"not as built: {condition.files}"
    assert condition.writer == ""
    assert files_of_manifest(folder) | {MANIFEST} == set(state.files)
    texts = {f"articles/{path.name}" for path in (folder / "articles").iterdir()}
    assert texts == set(state.texts)
    for snapshot in list_snapshots(folder):
        with_state = snapshot.state()
        same = next(n for n, (_, s) in builds.items() if s.digest == with_state.digest)
        assert dump(ox.Store.read_only(str(snapshot.database))) == expected[same], "a snapshot is not whole"
    other = next(n for n in builds if n != name)
    publish_build(folder, *builds[other])
    left = {path.name for path in (folder / "snapshots").iterdir()}
    assert left == {snapshot.name for snapshot in list_snapshots(folder)}, f"left over: {left}"
    with open_store(folder) as store:
        assert dump(store) == expected[other]
    (folder.parent / "found").write_text(name, "utf-8")


def main() -> None:
    """Read the command line, kill, look, and print what was found."""
    folder, work, how, number = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    builds: Builds = {}
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setattr(database, "ontology_files", lambda: ())
    monkeypatch.setattr(database, "_MOST", 100.0 if how == "every" else 0.0)
    old, new = list_snapshots(folder)
    for name, snapshot in (("old", old), ("new", new)):
        files = work / name
        shutil.copytree(snapshot.files, files)
        builds[name] = (files, replace(snapshot.state(), ontology=database.ontology_digest()))
    expected = {name: said_by(files / "graph.ttl") for name, (files, _) in builds.items()}
    if ended(forked(lambda: publish_all(folder, builds))):
        raise SystemExit("the builds cannot be published")
    draw = random.Random(7)  # noqa: S311 - no secret
    counts: Counter[str] = Counter()
    kills = 0
    for round_ in range(1, 10_000):
        place = Path(tempfile.mkdtemp(dir=work))
        copy = place / "store"
        shutil.copytree(folder, copy)

        def steps(copy: Path = copy, round_: int = round_) -> None:
            if how == "every":
                kill_before(round_ * number)
                publish_build(copy, *builds["old"])
                return
            while True:
                publish_build(copy, *builds["old"])
                publish_build(copy, *builds["new"])

        process = forked(steps)
        if how == "random":
            time.sleep(draw.uniform(0.0, 0.4))
            os.kill(process, signal.SIGKILL)
        status = ended(process)
        if status == 0:  # it came to its end before that change
            break
        if status != -signal.SIGKILL:
            raise SystemExit(f"round {round_}: the publishing process ended with {status}")
        kills += 1
        if ended(forked(lambda copy=copy: look(copy, builds, expected))):  # type: ignore[misc]
            raise SystemExit(f"round {round_}: what is left is wrong")
        counts[(place / "found").read_text("utf-8")] += 1
        shutil.rmtree(place)
        if how == "random" and round_ == number:
            break
    sys.stdout.write(json.dumps({"kills": kills, **counts}))


if __name__ == "__main__":
    main()
