"""A build put in the place of the one before it: after a kill at any moment the old or the new one holds.

The order makes it safe. The new snapshot is complete under its name before the pointer mentions it; the
pointer says that it follows before the first file of the folder is touched; it holds when all files are in
place. Whoever opens the folder after a kill finishes what the pointer says.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from kgbuild.errors import OutputError, StoreError
from kgbuild.replacing import MANIFEST, files_of_manifest, has_files, replace_files
from kgbuild.store.database import create_database, derive_database, ontology_digest
from kgbuild.store.extractions import kept_article
from kgbuild.store.loading import GRAPH_FILE
from kgbuild.store.pruning import prune, remove_snapshot
from kgbuild.store.snapshots import (
    DATABASE,
    FILES,
    READERS,
    SNAPSHOTS,
    STAGING,
    Pointer,
    Snapshot,
    State,
    find_snapshot,
    list_snapshots,
    read_pointer,
    sync_folder,
    write_pointer,
    write_state,
)


def staging_folder(folder: Path) -> Path:
    """Return a new folder to make something in; what a kill leaves there goes with the next build."""
    (folder / SNAPSHOTS).mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=STAGING, dir=folder / SNAPSHOTS))


def publish(folder: Path, staging: Path, state: State, *, keep: int, check_texts: bool) -> Snapshot:
    """Make a snapshot of the build files in `staging`, let it hold, and return it.

    `keep` earlier snapshots stay. Where nothing differs from the current snapshot that one stays, and the
    files of the folder are put right. With `check_texts` all texts of the folder are compared with what is
    kept; else only those are written that the snapshot before does not have. The caller holds the lock.
    Raises OutputError; then all is as it was.
    """
    pointer = read_pointer(folder) or Pointer()
    old = find_snapshot(folder, pointer.current) if pointer.current else None
    held = _state_of(old)
    try:
        if old is not None and held is not None and _same(held, state) and not _damaged(old, held):
            _put_in_place(folder, old, held, held, check_texts=True)
            new = old
        else:
            new = _make(folder, staging, state, old, held)
            try:
                _follow(folder, pointer, new, held, check_texts=check_texts)
            except BaseException:
                if read_pointer(folder) in (None, pointer):
                    remove_snapshot(new)
                raise
    except OSError as err:
        raise _not_written(folder, err) from err
    prune(folder, keep)
    return new


def _not_written(folder: Path, err: OSError) -> OutputError:
    pointer = read_pointer(folder)
    unfinished = pointer is not None and pointer.following
    state = "the next command on this folder tries again" if unfinished else "earlier output is as it was"
    return OutputError(
        f"{err.filename2 or err.filename or folder}: cannot be written: {err.strerror}; {state}"
    )


def settle(folder: Path) -> None:
    """Finish what a killed process began. The caller holds the lock. Raises OutputError, StoreError."""
    pointer = read_pointer(folder)
    if pointer is None or not pointer.following:
        return
    new = find_snapshot(folder, pointer.following)
    held = _state_of(find_snapshot(folder, pointer.current)) if pointer.current else None
    try:
        _put_in_place(folder, new, new.state(), held, check_texts=False)
        write_pointer(folder, Pointer(new.name))
    except OSError as err:
        raise _not_written(folder, err) from err


def restore(folder: Path, snapshot: Snapshot) -> None:
    """Let an earlier snapshot hold again. The caller holds the lock. Raises OutputError, StoreError."""
    pointer = read_pointer(folder) or Pointer()
    state = snapshot.state()
    held = _state_of(find_snapshot(folder, pointer.current)) if pointer.current else None
    damaged = _damaged(snapshot, state)
    if damaged:
        raise StoreError(
            f"{snapshot.files / damaged}: is not what was built; this snapshot cannot be restored"
        )
    try:
        _follow(folder, pointer, snapshot, held, check_texts=True)
    except OSError as err:
        raise _not_written(folder, err) from err


def _follow(folder: Path, before: Pointer, new: Snapshot, held: State | None, *, check_texts: bool) -> None:
    """Let `new` hold; where that fails the pointer and all files are as they were. Raises OSError."""
    try:
        write_pointer(folder, Pointer(before.current, new.name))
        _put_in_place(folder, new, new.state(), held, check_texts=check_texts)
        write_pointer(folder, Pointer(new.name))
    except BaseException:
        if not any(has_files(path) for path in _earlier(folder)):  # else the files could not be taken back
            write_pointer(folder, before)
        raise


def _earlier(folder: Path) -> list[Path]:
    """Return the folders that hold replaced files: of a replacement that goes on, or was cut short."""
    return sorted((folder / SNAPSHOTS).glob(f"{STAGING}*/earlier"))


def _damaged(snapshot: Snapshot, state: State) -> str:
    """Return the first file of a snapshot that is not as it was built, or ""."""
    return next(
        (
            name
            for name, digest in sorted(state.files.items())
            if name not in state.texts and file_digest(snapshot.files / name) != digest
        ),
        "",
    )


def _state_of(snapshot: Snapshot | None) -> State | None:
    try:
        return snapshot.state() if snapshot is not None else None
    except StoreError:
        return None


def _same(held: State, state: State) -> bool:
    return replace(held, size=0, changed=0) == replace(state, size=0, changed=0)


def _make(folder: Path, staging: Path, state: State, old: Snapshot | None, held: State | None) -> Snapshot:
    """Return a new complete snapshot that does not hold yet. The files are moved there from `staging`."""
    number = max((s.number for s in list_snapshots(folder)), default=0) + 1
    snapshot = Snapshot(number, folder / SNAPSHOTS / f"{number}-{state.digest[:12]}")
    making = staging_folder(folder)
    files = making / FILES
    files.mkdir()
    for name in state.files:
        if name not in state.texts:
            (staging / name).replace(files / name)
            _sync_file(files / name)
    graph = files / GRAPH_FILE
    derived = False
    if old is not None and held is not None and _usable(old, held, state):
        derived = derive_database(making / DATABASE, graph, old.database, old.files / GRAPH_FILE)
    if not derived:
        create_database(making / DATABASE, graph)
    (making / READERS).touch()
    known = graph.stat()
    write_state(making, replace(state, size=known.st_size, changed=known.st_mtime_ns))
    sync_folder(making)
    making.rename(snapshot.folder)
    sync_folder(snapshot.folder.parent)
    return snapshot


def _usable(old: Snapshot, held: State, state: State) -> bool:
    """Return whether the new database can be made from the old one: same ontology, graph file intact."""
    return (
        held.ontology == state.ontology == ontology_digest()
        and old.database.is_dir()
        and file_digest(old.files / GRAPH_FILE) == held.digest
    )


def _put_in_place(
    folder: Path, new: Snapshot, state: State, held: State | None, *, check_texts: bool
) -> None:
    """Make the files of the folder those of a snapshot: all, or none where a move fails. Raises OSError.

    Without `check_texts` those that are in `held` too, the state before, are not looked at again.
    """
    area = staging_folder(folder)
    earlier = area / "earlier"
    gone = files_of_manifest(folder) | set(held.files if held is not None else ())
    for left in _earlier(folder):  # of a process that was killed here
        gone |= files_of_manifest(left)
    names = []
    try:
        for name in sorted(state.files, key=lambda name: (name == MANIFEST, name)):
            if _is_there(folder / name, new, name, state, None if check_texts else held):
                continue
            (area / name).parent.mkdir(parents=True, exist_ok=True)
            if name in state.texts:
                (area / name).write_bytes(
                    kept_article(folder, state.articles[state.texts[name]]).text.encode()
                )
            else:
                _link(new.files / name, area / name)
            names.append(name)
        replace_files(area, folder, names, gone=gone - set(state.files), to=earlier)
        shutil.rmtree(earlier, ignore_errors=True)
    finally:
        if not has_files(earlier):
            shutil.rmtree(area, ignore_errors=True)


def _is_there(path: Path, new: Snapshot, name: str, state: State, held: State | None) -> bool:
    if name not in state.texts:
        return path.is_file() and path.samefile(new.files / name)
    if held is not None and held.files.get(name) == state.files[name] and path.is_file():
        return True
    return file_digest(path) == state.files[name]


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copy2(source, target)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal; "" where there is none. Raises OSError."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return ""


def _sync_file(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
