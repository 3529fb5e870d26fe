"""The commands of the README are run, and their output is compared with what it shows."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest

from kgbuild.cli import run

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"


def sessions() -> list[tuple[str, list[str]]]:
    """Return (command, lines of output) for each indented `$ kgbuild` line of the README."""
    found: list[tuple[str, list[str]]] = []
    inside = False
    for line in README.read_text("utf-8").splitlines():
        if line.startswith("    $ kgbuild "):
            found.append((line.removeprefix("    $ kgbuild "), []))
            inside = True
        elif inside and line.startswith("    "):
            found[-1][1].append(line[4:].rstrip())
        elif line.strip():
            inside = False
    return found


def test_readme(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    shutil.copytree(ROOT / "examples" / "articles", tmp_path / "examples" / "articles")
    monkeypatch.chdir(tmp_path)
    told = sessions()
    assert len(told) == 3
    shown = {}
    for command, _ in told:
        assert run(shlex.split(command)) == 0
        shown[command] = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    if request.config.getoption("--update-golden"):
        _rewrite(shown)
        return
    for command, lines in told:
        assert [x for x in shown[command] if x] == [x for x in lines if x], command


def _rewrite(shown: dict[str, list[str]]) -> None:
    out: list[str] = []
    inside = False
    for line in README.read_text("utf-8").splitlines():
        if line.startswith("    $ kgbuild "):
            inside = True
            out.append(line)
            out += [f"    {x}".rstrip() for x in shown[line.removeprefix("    $ kgbuild ")] if x.strip()]
        elif inside and (line.startswith("    ") or not line.strip()):
            if not line.strip() and out[-1].strip():
                out.append("")
        else:
            inside = False
            out.append(line)
    README.write_text("\n".join(out) + "\n", "utf-8")
