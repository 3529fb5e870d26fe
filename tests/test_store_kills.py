"""Killed at any moment, a store holds the old or the new build, and the next build can begin."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

import pytest
from store_kills import dump, publish_build

from kgbuild import pipeline
from kgbuild.ontology import load_ontology
from kgbuild.parallel import make_extractor
from kgbuild.store import open_store
from kgbuild.store.snapshots import current_snapshot, list_snapshots
from kgbuild.upkeep import build_store
from kgbuild.validation import ValidationReport

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills processes as POSIX does")
SCRIPT: Final = Path(__file__).with_name("store_kills.py")


@pytest.fixture(scope="module")
def two_builds(tmp_path_factory: pytest.TempPathFactory, examples: Path) -> tuple[Path, dict[str, str]]:
    """Return a store with two snapshots, and the digest of what each says."""
    folder = tmp_path_factory.mktemp("kills") / "store"
    articles = sorted(examples.iterdir())
    expected = {}
    with pytest.MonkeyPatch.context() as patch:
        extractor = make_extractor(load_ontology())
        patch.setattr(pipeline, "make_extractor", lambda *_, **__: extractor)
        patch.setattr(pipeline, "validate", lambda *_, **__: ValidationReport((), {}))
        for name, chosen in (("old", articles[:3]), ("new", articles[1:4])):
            build_store(folder, chosen)
            with open_store(folder) as store:
                expected[name] = dump(store)
    assert len(set(expected.values())) == 2
    return folder, expected


def _kill(two_builds: tuple[Path, dict[str, str]], work: Path, how: str, number: int) -> dict[str, int]:
    copy = work / "store"
    shutil.copytree(two_builds[0], copy)
    command: list[str | Path] = [sys.executable, "-W", "ignore", SCRIPT, copy, work, how, str(number)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    counts: dict[str, int] = json.loads(done.stdout)
    return counts


def test_killed_before_each_change_of_a_file(two_builds: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    counts = _kill(two_builds, tmp_path, "every", 7)
    assert counts["kills"] > 20
    assert counts["old"] > 0
    assert counts["new"] > 0


def test_killed_at_random_moments(two_builds: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    counts = _kill(two_builds, tmp_path, "random", 20)
    assert counts["kills"] == 20


def test_readers_see_one_build_or_the_other_while_builds_go_on(
    two_builds: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    folder, expected = two_builds
    builds = {s.name: (s.files, s.state()) for s in list_snapshots(folder)}
    copy = tmp_path / "store"
    shutil.copytree(folder, copy)
    files = {name: tmp_path / f"files-{name}" for name in builds}
    for name, (source, _) in builds.items():
        shutil.copytree(source, files[name])
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(4):
                for name, (_, state) in builds.items():
                    publish_build(copy, files[name], state)
        except BaseException as err:  # noqa: BLE001 - told by the test below
            failures.append(err)

    writer = threading.Thread(target=write)
    seen = set()
    with open_store(copy) as held:
        before = dump(held)
        writer.start()
        while writer.is_alive():
            with open_store(copy) as store:
                first, second = dump(store), dump(store)
            assert first == second
            seen.add(first)
        writer.join()
        assert dump(held) == before, "a reader lost its snapshot"
        # Two, the one held all the time, and maybe one that a reader had open when the last build looked.
        assert len(list_snapshots(copy)) in {3, 4}
    assert failures == []
    assert seen <= set(expected.values())
    name = current_snapshot(copy).name
    last = next(iter(builds))
    publish_build(copy, files[last], builds[last][1])
    assert current_snapshot(copy).name != name
    assert len(list_snapshots(copy)) == 2
