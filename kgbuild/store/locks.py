"""Who writes to a store folder, and who reads a snapshot: advisory locks that end with their process.

A lock is one of the operating system (flock), so that a killed process leaves none behind. Where the system
has no flock, or the file system refuses it, readers and writers go without.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from kgbuild.errors import OutputError, StoreError

try:
    import fcntl
except ImportError:  # Windows
    _SHARED = _EXCLUSIVE = 0
else:
    _SHARED, _EXCLUSIVE = fcntl.LOCK_SH, fcntl.LOCK_EX

LOCK: Final = "lock"  #: of a store folder; holds what the writer is doing
_SHOWN: Final = 400  #: bytes of it that are read


@contextmanager
def writing(folder: Path, doing: str) -> Iterator[None]:
    """Hold the lock of `folder`, made if need be; `doing` tells others what for, with the process id.

    The file of the lock is there while it is held, and after a kill, when it holds nobody off. Raises
    StoreError when another process writes, OutputError when the folder cannot be written.
    """
    lock = folder / LOCK
    made = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = _acquire(lock)
    except OSError as err:
        raise OutputError(
            f"{folder}: cannot be written: {err.strerror}; choose another folder with --out"
        ) from err
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{doing}, process {os.getpid()}\n".encode(), 0)
        yield
    finally:
        with suppress(OSError):  # removed before it is released: who waits for this file sees that it is gone
            lock.unlink()
        os.close(descriptor)
        if made:
            with suppress(OSError):  # nothing was written into it
                folder.rmdir()


def _acquire(lock: Path) -> int:
    while True:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        if not _flock(descriptor, _EXCLUSIVE):
            holder = os.pread(descriptor, _SHOWN, 0).decode("utf-8", "replace").strip()
            os.close(descriptor)
            raise StoreError(
                f"{lock.parent}: is being written by {holder or 'another process'}; wait until it is done"
            )
        if _is_at(descriptor, lock):
            return descriptor
        os.close(descriptor)


def holder(folder: Path) -> str:
    """Return what the writer of `folder` is doing, with its process id; "" when nobody writes."""
    try:
        descriptor = os.open(folder / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        if _flock(descriptor, _SHARED):
            return ""
        return os.pread(descriptor, _SHOWN, 0).decode("utf-8", "replace").strip() or "another process"
    finally:
        os.close(descriptor)


def share(path: Path) -> int | None:
    """Return a descriptor that holds `path` as one reader of many; None when it is gone or being removed."""
    return _take(path, os.O_RDONLY, _SHARED)


def claim(path: Path) -> int | None:
    """Return a descriptor that holds `path` alone; None when it is gone or has readers."""
    return _take(path, os.O_RDWR, _EXCLUSIVE)


def _take(path: Path, flags: int, mode: int) -> int | None:
    try:
        descriptor = os.open(path, flags | os.O_CLOEXEC)
    except OSError:
        return None
    if _flock(descriptor, mode) and _is_at(descriptor, path):
        return descriptor
    os.close(descriptor)
    return None


def _is_at(descriptor: int, path: Path) -> bool:
    """Return whether the open file is still the one at `path`: it may have been removed since."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False


def _flock(descriptor: int, mode: int) -> bool:
    """Return whether the lock is held now, without waiting."""
    if not mode:
        return True
    try:
        fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True
