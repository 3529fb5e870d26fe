"""Exports of several files: a folder that is replaced as a whole, or a ZIP file, the same bytes each time."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

from kgbuild.errors import OutputError
from kgbuild.replacing import MANIFEST, files_of_manifest, has_files, replace_files

#: Path of a file inside the folder, and what writes it.
Member: TypeAlias = tuple[str, Callable[[BinaryIO], None]]
_CHUNK: Final = 1 << 20


def text_member(name: str, pieces: Callable[[], Iterable[str]]) -> Member:
    """Return a file of text in UTF-8."""

    def write(out: BinaryIO) -> None:
        out.writelines(piece.encode() for piece in pieces())

    return name, write


def write_zip(members: Iterable[Member], out: BinaryIO) -> int:
    """Write the files as a ZIP file and return their number."""
    # Stored, with the earliest time that ZIP knows: compressed bytes differ between versions of zlib.
    # Through a file: zipfile writes other bytes where it cannot seek.
    count = 0
    with tempfile.TemporaryFile() as buffer:
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            for name, write in members:
                with archive.open(_entry(name), "w", force_zip64=True) as file:
                    write(file)  # type: ignore[arg-type]  # zipfile's files have what is needed
                count += 1
        buffer.seek(0)
        shutil.copyfileobj(buffer, out, _CHUNK)
    return count


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.create_system = 3  # else the system that writes stands in the file
    entry.external_attr = 0o644 << 16
    return entry


def write_folder(members: Iterable[Member], target: Path, about: Mapping[str, object]) -> int:
    """Write the files into the folder `target`, with a manifest of them, and return their number.

    Files that an earlier export wrote there are replaced or removed. Raises OutputError, and leaves all as it
    was, where a file is in the way that no export wrote, or that was changed since; OSError else.
    """
    _refuse_other(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".staging-", dir=target.parent))
    try:
        digests = dict(_stage(members, staging / "new"))
        manifest = {**about, "files": digests}
        text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
        (staging / "new").mkdir(exist_ok=True)
        (staging / "new" / MANIFEST).write_text(text, "utf-8")
        _refuse_changed(target, digests)
        target.mkdir(exist_ok=True)
        gone = files_of_manifest(target)
        replace_files(
            staging / "new", target, [*sorted(digests), MANIFEST], gone=gone, to=staging / "earlier"
        )
        _remove_empty(target, gone - digests.keys())
        shutil.rmtree(staging / "earlier", ignore_errors=True)
    finally:
        if not has_files(staging / "earlier"):
            shutil.rmtree(staging, ignore_errors=True)
    return len(digests)


def _stage(members: Iterable[Member], folder: Path) -> Iterator[tuple[str, str]]:
    for name, write in members:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as out:
            write(out)
        yield name, _digest(path)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refuse_other(target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise OutputError(f"{target} is a file; this format writes a folder, or a ZIP file named .zip")
    if (target / MANIFEST).is_file() and "format" not in _manifest(target):
        raise OutputError(f"{target} holds a build; choose another folder for the export")


def _refuse_changed(target: Path, digests: Mapping[str, str]) -> None:
    files = _manifest(target).get("files")
    earlier = files if isinstance(files, dict) else {}
    for name in sorted({*digests, *files_of_manifest(target)}):
        path = target / name
        if path.is_file() and _digest(path) not in {earlier.get(name), digests.get(name)}:
            was = "was changed after the export" if name in earlier else "was not written by an export"
            raise OutputError(f"{path} {was} and would be lost; move it, or choose another folder")


def _manifest(target: Path) -> dict[str, object]:
    try:
        found = json.loads((target / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _remove_empty(target: Path, gone: Iterable[str]) -> None:
    for folder in sorted({(target / name).parent for name in gone} - {target}):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
