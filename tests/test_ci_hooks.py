"""The GitHub Action and the pre-commit hook, as far as they run without GitHub."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

EXAMPLE = Path(__file__).resolve().parent / "graphs"


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    folder = tmp_path / "with a space"
    folder.mkdir()
    text = (
        (EXAMPLE / "example.ttl").read_text("utf-8").replace('kg:validity "P1Y" .', 'kg:validity "a year" .')
    )
    (folder / "graph.ttl").write_text(text, "utf-8")
    return folder / "graph.ttl"


def _step(root: Path) -> dict[str, Any]:
    action = yaml.safe_load((root / "action.yml").read_text("utf-8"))
    assert action["runs"]["using"] == "composite"
    (step,) = [s for s in action["runs"]["steps"] if s["name"] == "Validate"]
    return dict(step)


def _run(root: Path, folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the script of the action as the runner would, with `kgbuild` of this environment on PATH."""
    step = _step(root)
    defaults = {
        k: v.get("default", "")
        for k, v in yaml.safe_load((root / "action.yml").read_text())["inputs"].items()
    }
    given = defaults | {k.replace("_", "-"): v for k, v in inputs.items()}
    environment = {
        name: given[value.removeprefix("${{ inputs.").removesuffix(" }}")]
        for name, value in step["env"].items()
    }
    bin_folder = folder / "bin"
    bin_folder.mkdir(exist_ok=True)
    (bin_folder / "kgbuild").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kgbuild "$@"\n', "utf-8")
    (bin_folder / "kgbuild").chmod(0o755)
    environment["PATH"] = f"{bin_folder}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["sh", "-e", "-c", step["run"]],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        check=False,
    )


@pytest.mark.skipif(shutil.which("sh") is None, reason="there is no shell")
def test_the_action_annotates_and_fails(root: Path, bad: Path) -> None:
    done = _run(root, bad.parent, files="graph.ttl", sarif="report.sarif")
    assert done.returncode == 1, done.stderr
    assert "::error file=graph.ttl,line=" in done.stdout
    assert (bad.parent / "report.sarif").stat().st_size > 1000


@pytest.mark.skipif(shutil.which("sh") is None, reason="there is no shell")
def test_the_action_passes_with_a_baseline(root: Path, bad: Path) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "kgbuild", "validate", "graph.ttl", "-f", "json", "-o", "old.json"],
        cwd=bad.parent, check=False,
    )  # fmt: skip
    assert made.returncode == 1
    assert _run(root, bad.parent, files="graph.ttl", baseline="old.json").returncode == 0


def test_the_hook_names_a_command_that_takes_files(root: Path, bad: Path) -> None:
    (hook,) = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text("utf-8"))
    command = hook["entry"].split()
    assert command[0] == "kgbuild"
    done = subprocess.run(
        [sys.executable, "-m", *command, str(bad), str(EXAMPLE / "example.ttl")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "StatusBearerShape-validity" in done.stdout
