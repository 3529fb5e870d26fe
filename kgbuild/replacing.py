"""Files of a folder replaced by new ones: all of them, or none where a move fails."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

MANIFEST: Final = "manifest.json"  #: lists the files of a build


def replace_files(source: Path, target: Path, names: Sequence[str], *, gone: Iterable[str], to: Path) -> None:
    """Move files `names` from folder `source` to `target`, those that were there and `gone` ones to `to`.

    `names` are moved in their order. Where a move fails all are taken back and its exception goes on.
    """
    moved: list[tuple[Path, Path]] = []  #: from, to
    try:
        for name in sorted({*gone, *names}):
            if (target / name).is_file():
                _rename(target / name, to / name, moved)
        for name in names:
            _rename(source / name, target / name, moved)
    except BaseException:
        for before, after in reversed(moved):
            after.replace(before)
        for folder in sorted({after.parent for _, after in moved} - {target}):
            with suppress(OSError):  # a folder that was made for the files is empty now
                folder.rmdir()
        raise


def _rename(source: Path, target: Path, moved: list[tuple[Path, Path]]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)
    moved.append((source, target))


def has_files(folder: Path) -> bool:
    """Return whether a folder holds a file, at any depth; False where there is no folder."""
    return any(path.is_file() for path in folder.rglob("*"))


def files_of_manifest(folder: Path) -> set[str]:
    """Return the files that the last build wrote, by its manifest; only these are ever removed."""
    try:
        listed = json.loads((folder / MANIFEST).read_text("utf-8"))["files"]
        names = [Path(name) for name in listed]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return set()
    return {str(name) for name in names if not name.is_absolute() and ".." not in name.parts}
