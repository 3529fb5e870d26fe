"""What must hold of the files of a release: prose and configuration rot too."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
MODULES = sorted((ROOT / "kgbuild").rglob("*.py"))
LOCKS = sorted(ROOT.glob("requirements*.lock"))
# Made by tools, and absent from a fresh clone.
NOT_KEPT = {".git", ".venv", ".hypothesis", "__pycache__", "dist", "out"}
MACHINE_PATH = re.compile(r"(?<![\w.:/-])/(?:home|media|mnt|private|root|srv|Users|work)/")


def kept_files() -> list[Path]:
    """Return all files a clone has, without asking git (a source archive has none)."""
    found = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in NOT_KEPT and not name.endswith("_cache")]
        found += [Path(folder, name) for name in files]
    return sorted(found)


def kept_texts() -> list[tuple[str, str]]:
    texts = []
    for path in kept_files():
        try:
            texts.append((path.relative_to(ROOT).as_posix(), path.read_bytes().decode("utf-8")))
        except UnicodeDecodeError:
            continue
    return texts


def pins(lock: Path) -> dict[str, set[str]]:
    """Return the versions of each package of a lock file; a marker may choose between two."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9._-]+)==(\S+)", lock.read_text("utf-8"), re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


def test_changelog_knows_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    released = re.findall(r"^## \[(\d[^]]*)\]", changelog, re.MULTILINE)
    assert released[0] == PROJECT["project"]["version"]


def test_modules_are_small_and_named_after_their_subject() -> None:
    assert len(MODULES) >= 4, "the package has moved"
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in MODULES
    }
    assert {name: lines for name, lines in lengths.items() if lines > 400} == {}
    unnamed = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [path for path in MODULES if path.stem in unnamed or path.parent.name in unnamed] == []


def test_functions_are_short() -> None:
    long = {
        f"{path.relative_to(ROOT).as_posix()}: {node.name}": lines
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > 60
    }
    assert long == {}


def test_no_file_names_a_folder_of_the_machine_it_was_written_on() -> None:
    texts = kept_texts()
    assert "pyproject.toml" in dict(texts)
    found = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts
        if name != "tests/test_release.py"
        for number, line in enumerate(text.splitlines(), 1)
        if MACHINE_PATH.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("see /home/ann/kgbuild/out", True),
        ("open('/Users/ann/x.ttl')", True),
        ("https://example.org/home/page", False),
        ("<https://w3id.org/kgbuild/work/1>", False),
        ("shapes/work/x", False),
    ],
)
def test_what_counts_as_a_path_of_a_machine(line: str, found: bool) -> None:
    assert bool(MACHINE_PATH.search(line)) == found


def test_every_target_of_the_makefile_is_documented() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    documented = dict(re.findall(r"^([a-z]+):.*## (.+)$", makefile, re.MULTILINE))
    assert set(phony.split()) == documented.keys()
    assert {"demo", "test", "check", "lock", "clean", "help"} <= documented.keys()
    if make := shutil.which("make"):
        shown = subprocess.run([make, "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
        assert shown.stderr == ""
        assert [line.split(maxsplit=2)[1] for line in shown.stdout.splitlines()] == list(documented)


def test_locks_pin_every_dependency_with_hashes() -> None:
    assert [lock.name for lock in LOCKS] == [
        "requirements-build.lock",
        "requirements-dev.lock",
        "requirements.lock",
    ]
    for lock in LOCKS:
        text = lock.read_text("utf-8")
        entries = re.split(r"\n(?=[a-z0-9])", text)[1:]
        assert [entry.split("\n")[0] for entry in entries if "--hash=sha256:" not in entry] == []
        assert "://" not in text, f"{lock.name} names a host; the index is the user's choice"
    groups = PROJECT["dependency-groups"]
    asked = {
        "requirements.lock": PROJECT["project"]["dependencies"],
        "requirements-build.lock": groups["build"],
        "requirements-dev.lock": [one for one in groups["dev"] if isinstance(one, str)],
    }
    for name, requirements in asked.items():
        pinned = pins(ROOT / name)
        assert [one for one in requirements if re.split(r"[>=<~! ]", one)[0] not in pinned] == []


def test_locks_agree() -> None:
    versions: dict[str, list[set[str]]] = {}
    for lock in LOCKS:
        for package, pinned in pins(lock).items():
            versions.setdefault(package, []).append(pinned)
    assert {
        name: pinned for name, pinned in versions.items() if any(one != pinned[0] for one in pinned)
    } == {}


def test_ci_runs_what_a_developer_runs() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text("utf-8").rstrip().endswith("\nmake test")
    assert ".ci/run" in (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")


def test_a_missing_program_is_skipped_by_people_and_not_by_ci(
    needs_program: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Path(needs_program("sh")).is_file()
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-program is not installed"):
        needs_program("no-such-program")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="Debian package nothing"):
        needs_program("no-such-program", "nothing")
