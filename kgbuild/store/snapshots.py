"""The folder of a store: its snapshots, and the pointer that says which one holds.

current                          the pointer: one JSON object, replaced by rename
snapshots/<number>-<digest>/     one state, never changed once it has this name
    files/                       the files of the build but for the texts
    database/                    Oxigraph
    state.json                   articles, digests, settings
    readers                      what readers share a lock on
extractions/                     what was read from each article, and its text
lock                             held by the one who writes
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from kgbuild.errors import StoreError

CURRENT: Final = "current"
SNAPSHOTS: Final = "snapshots"
FILES: Final = "files"
DATABASE: Final = "database"
READERS: Final = "readers"
KEPT_DEFAULT: Final = 2  #: earlier snapshots that are kept beside the current one
_STATE: Final = "state.json"
_FORMAT: Final = "kgbuild-store/1"
GONE: Final = ".gone-"  #: begins the name of a snapshot that is being removed
STAGING: Final = ".staging-"  #: begins the name of what is being made


@dataclass(frozen=True, slots=True)
class Settings:
    """What a build was given beside its articles; an added article is read in the same way."""

    decided: Mapping[str, str] = field(default_factory=dict)  #: reviewed names: key of the name -> IRI
    packs: tuple[str, ...] = ()  #: folders
    voter: str = ""  #: spaCy pipeline


@dataclass(frozen=True, slots=True)
class State:
    """What a snapshot holds."""

    digest: str  #: SHA-256 of graph.ttl, hexadecimal
    size: int  #: bytes of graph.ttl
    changed: int  #: its time of change in nanoseconds, as the file system gave it
    software: str
    rules: str  #: digest of the rules that extracted
    ontology: str  #: digest of the ontology in the database
    settings: Settings
    counts: Mapping[str, int]
    violations: int
    warnings: int
    files: Mapping[str, str]  #: file of the build -> its SHA-256; texts of articles are among them
    articles: Mapping[str, str]  #: article id -> key of its extraction
    texts: Mapping[str, str]  #: file of a text -> article id


@dataclass(frozen=True, slots=True, order=True)
class Snapshot:
    """One state of a store, by its place on disk."""

    number: int  #: from 1; a later one has a higher number
    folder: Path

    @property
    def name(self) -> str:
        """Return the name of its folder."""
        return self.folder.name

    @property
    def files(self) -> Path:
        """Return the folder of graph.ttl and the other files."""
        return self.folder / FILES

    @property
    def database(self) -> Path:
        """Return the folder of the Oxigraph database."""
        return self.folder / DATABASE

    def state(self) -> State:
        """Return what it holds. Raises StoreError when the record of it is missing or damaged."""
        path = self.folder / _STATE
        try:
            raw = json.loads(path.read_text("utf-8"))
            if raw.pop("format") != _FORMAT:
                raise ValueError("of another version of kgbuild")  # noqa: TRY301 - one reason of several
            settings = raw.pop("settings")
            settings["packs"] = tuple(settings["packs"])
            return State(settings=Settings(**settings), **raw)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as err:
            raise StoreError(
                f"{path}: cannot be used: {err}; build again with: kgbuild build ARTICLES"
            ) from err


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which snapshot holds, and which one is being put in its place: that will be finished, come what may."""

    current: str = ""
    following: str = ""


def write_state(folder: Path, state: State) -> None:
    """Write the record of a snapshot that is being made. Raises OSError."""
    record = json.dumps({"format": _FORMAT, **asdict(state)}, ensure_ascii=False, indent=1)
    (folder / _STATE).write_text(record + "\n", "utf-8")


def read_pointer(folder: Path) -> Pointer | None:
    """Return the pointer of a store folder; None where there is no store. Raises StoreError."""
    path = folder / CURRENT
    try:
        raw: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return Pointer(str(raw["current"]), str(raw["following"]))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError) as err:
        raise StoreError(f"{path}: is no pointer to a snapshot; remove it and build again: {err}") from err


def write_pointer(folder: Path, pointer: Pointer) -> None:
    """Replace the pointer in one step, on disk before this returns. Raises OSError."""
    path = folder / CURRENT
    if pointer == Pointer():
        path.unlink(missing_ok=True)
        return
    part = folder / SNAPSHOTS / ".current"
    with part.open("w", encoding="utf-8") as file:
        json.dump(asdict(pointer), file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on disk, where the system can do that."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def list_snapshots(folder: Path) -> tuple[Snapshot, ...]:
    """Return the snapshots of a store folder, oldest first."""
    found = []
    with suppress(FileNotFoundError, NotADirectoryError):
        for path in (folder / SNAPSHOTS).iterdir():
            number, _, digest = path.name.partition("-")
            if number.isascii() and number.isdigit() and digest:
                found.append(Snapshot(int(number), path))
    return tuple(sorted(found))


def find_snapshot(folder: Path, name: str) -> Snapshot:
    """Return the snapshot of a name or number. Raises StoreError, listing those there are."""
    snapshots = list_snapshots(folder)
    for snapshot in snapshots:
        if name in {snapshot.name, str(snapshot.number)}:
            return snapshot
    listed = ", ".join(s.name for s in snapshots) or "none"
    raise StoreError(f"{folder}: has no snapshot {name}; there are: {listed}")


def current_snapshot(folder: Path) -> Snapshot:
    """Return the snapshot that holds. Raises StoreError where there is none."""
    pointer = read_pointer(folder)
    if pointer is None or not pointer.current:
        raise StoreError(f"{folder}: holds no store; make one with: kgbuild build ARTICLES --store {folder}")
    return find_snapshot(folder, pointer.current)
