"""What ships: the wheel has the package and its data folders, nothing else, and runs without the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest

from kgbuild.resources import data_dir

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ("ontology", "shapes", "queries", "examples/articles")
# As in .gitignore.
NOT_COPIED = shutil.ignore_patterns(
    ".git",
    ".venv",
    "*_cache",
    ".hypothesis",
    "__pycache__",
    "dist",
    "out",
    "*.bak",
    "*.orig",
    "*.sqlite3",
    "*.swp",
    "*~",
)
STRAY = (
    "ontology/core.ttl.bak",
    "ontology/quadstore.sqlite3",
    "shapes/.license.ttl.swp",
    "queries/firms.rq~",
)


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def kept_files(folder: str) -> list[Path]:
    """Return the files below a folder of the checkout that are not left behind by some program."""
    return [
        path
        for path in sorted((ROOT / folder).rglob("*"))
        if path.is_file() and not NOT_COPIED("", list(path.relative_to(ROOT).parts))
    ]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the checkout, in a folder with a space in its name, with stray files in it."""
    folder = tmp_path_factory.mktemp("packaging") / "kg build"
    shutil.copytree(ROOT, folder, ignore=NOT_COPIED)
    for stray in STRAY:
        (folder / stray).write_text("left behind by an editor or a reasoner\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def wheel(source: Path) -> Path:
    """Return the wheel built from the source archive built from `source`, without a network."""
    pytest.importorskip("build", reason="the wheel is built where the test tools are installed")
    out = source.parent / "dist"
    built = run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ".", cwd=source)
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = out.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """Return a folder into which only the wheel is installed."""
    target = wheel.parent.parent / "site"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet"]
    done = run(*pip, "--no-deps", "--no-index", "--target", target, wheel, cwd=wheel.parent)
    assert done.returncode == 0, done.stderr
    return target


def run_installed(
    installed: Path, empty: Path, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run Python with the installed wheel and the dependencies, but without the checkout.

    -S skips the .pth files, by which an editable install makes the checkout importable.
    """
    packages = sysconfig.get_paths()
    path = os.pathsep.join([str(installed), packages["purelib"], packages["platlib"]])
    return run(sys.executable, "-S", *arguments, cwd=empty, PYTHONPATH=path, **environment)


def test_wheel_holds_exactly_the_data_folders(source: Path, wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        shipped = {
            name.removeprefix("kgbuild/_data/"): archive.read(name)
            for name in archive.namelist()
            if name.startswith("kgbuild/_data/")
        }
    kept = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for folder in SHIPPED
        for path in kept_files(folder)
    }
    assert all((source / stray).exists() for stray in STRAY)
    assert shipped.keys() == kept.keys()
    assert [name for name, content in shipped.items() if content != kept[name]] == []
    assert {name.split("/")[0] for name in shipped} == {folder.split("/")[0] for folder in SHIPPED}


def test_wheel_puts_one_name_beside_other_packages(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    info = f"kgbuild-{version}.dist-info"
    assert {name.split("/")[0] for name in names} == {"kgbuild", info}
    assert "kgbuild/py.typed" in names
    assert {f"{info}/licenses/LICENSE", f"{info}/licenses/LICENSE-data"} <= set(names)
    assert {name for name in names if name.startswith("kgbuild/") and "/_data/" not in name} == {
        path.relative_to(ROOT).as_posix() for path in kept_files("kgbuild")
    }


def test_wheel_is_the_same_straight_from_the_checkout(source: Path, wheel: Path) -> None:
    out = source.parent / "direct"
    built = run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ".", cwd=source)
    assert built.returncode == 0, built.stdout + built.stderr
    (direct,) = out.glob("*.whl")
    assert direct.read_bytes() == wheel.read_bytes()


def test_installed_package_is_the_one_that_runs(installed: Path, tmp_path: Path) -> None:
    done = run_installed(installed, tmp_path, "-c", "import kgbuild.terms as terms; print(terms.__file__)")
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).is_relative_to(installed)


@pytest.mark.parametrize("arguments", [["--version"], ["query"]])
def test_installed_command_runs_without_the_checkout(
    installed: Path, tmp_path: Path, arguments: list[str]
) -> None:
    done = run_installed(installed, tmp_path, "-W", "error", "-m", "kgbuild", *arguments)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() != ""
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.installed
@pytest.mark.parametrize(
    ("kind", "suffix"), [("ontology", ".ttl"), ("shapes", ".ttl"), ("queries", ".rq"), ("examples", ".txt")]
)
def test_data_folders_are_found_and_full(kind: str, suffix: str) -> None:
    folder = data_dir(kind)  # type: ignore[arg-type]  # a list of Literals would say each name twice
    assert list(folder.rglob(f"*{suffix}")) != []
