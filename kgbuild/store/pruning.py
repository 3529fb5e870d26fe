"""Snapshots and extractions that nobody needs any more, and what killed processes left."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from kgbuild.errors import StoreError
from kgbuild.store.extractions import prune_extractions
from kgbuild.store.locks import claim
from kgbuild.store.snapshots import (
    GONE,
    READERS,
    SNAPSHOTS,
    STAGING,
    Pointer,
    Snapshot,
    list_snapshots,
    read_pointer,
)


def prune(folder: Path, keep: int) -> None:
    """Remove all snapshots but the current one and the newest `keep` others, and what none of them needs.

    A snapshot that somebody reads stays. The caller holds the lock. Raises OSError.
    """
    pointer = read_pointer(folder) or Pointer()
    held = {pointer.current, pointer.following}
    others = [s for s in list_snapshots(folder) if s.name not in held]
    for snapshot in others[: max(0, len(others) - keep)]:
        remove_snapshot(snapshot)
    with suppress(FileNotFoundError):
        for path in sorted((folder / SNAPSHOTS).iterdir()):
            if path.name.startswith((GONE, STAGING)):
                shutil.rmtree(path, ignore_errors=True)
    with suppress(StoreError):  # a damaged snapshot does not say what it needs: then nothing goes
        needed = {key for s in list_snapshots(folder) for key in s.state().articles.values()}
        prune_extractions(folder, needed)


def remove_snapshot(snapshot: Snapshot) -> None:
    """Remove a snapshot, unless somebody reads it. Raises OSError."""
    readers = snapshot.folder / READERS
    descriptor = claim(readers)
    if descriptor is None and readers.exists():
        return  # somebody reads it
    gone = snapshot.folder.with_name(GONE + snapshot.name)
    try:
        snapshot.folder.rename(gone)  # first: a kill in the middle of the removal leaves no half snapshot
        shutil.rmtree(gone, ignore_errors=True)
    finally:
        if descriptor is not None:
            os.close(descriptor)
