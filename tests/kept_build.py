"""The build of the example articles, kept by pytest for as long as nothing that it is made of changes."""

from __future__ import annotations

import hashlib
import pickle
import shutil
import sys
import tempfile
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import kgbuild
from kgbuild.resources import data_dir

if TYPE_CHECKING:
    from kgbuild.pipeline import Build

_BUILD, _FILES = "build.pickle", "out"
_KEPT = 3  #: builds; another run of the tests may be reading the last one


def digest_of(folders: Iterable[Path]) -> str:
    """Return a digest of all files in the folders, of Python and of all that is installed."""
    found = hashlib.sha256(sys.version.encode())
    for named in sorted({f"{d.name}=={d.version}" for d in metadata.distributions()}):
        found.update(named.encode())
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                content = path.read_bytes()
                found.update(f"\0{path.relative_to(folder)}\0{len(content)}\0".encode() + content)
    return found.hexdigest()[:24]


def _digest() -> str:
    package = Path(kgbuild.__file__).parent
    return digest_of((package, *(data_dir(name) for name in ("ontology", "shapes", "queries", "examples"))))


#: Taken before what makes the build is loaded: who edits it during the tests keeps nothing wrong.
_AT_START = _digest()


def kept_build(cache: Path, articles: Path) -> Path:
    """Return a folder in `cache` with the build of `articles`, made where it is not there; only one makes it.

    It holds the build itself (`read_build`) and, in the folder "out", its files.
    """
    folder = cache / _AT_START
    with (cache / "lock").open("w") as lock:
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            kept = sorted((path.stat().st_mtime, path) for path in cache.iterdir() if path.is_dir())
            for _, old in kept[:-_KEPT]:
                shutil.rmtree(old)
            made = _make(cache, articles)
            if _digest() != _AT_START:
                return made
            made.rename(folder)
    return folder


def _make(cache: Path, articles: Path) -> Path:
    from kgbuild.pipeline import build, write

    folder = Path(tempfile.mkdtemp(prefix="changed-", dir=cache))
    made = build([articles])
    write(made, folder / _FILES)
    (folder / _BUILD).write_bytes(pickle.dumps(made))
    return folder


def read_build(folder: Path) -> Build:
    """Return the build that `kept_build` keeps."""
    made: Build = pickle.loads((folder / _BUILD).read_bytes())  # noqa: S301 - written above
    return made


def copy_files(folder: Path, target: Path) -> Path:
    """Return `target` with the files of the build that `kept_build` keeps."""
    shutil.copytree(folder / _FILES, target)
    return target
