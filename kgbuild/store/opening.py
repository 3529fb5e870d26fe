"""A graph opened for questions: the database of a store folder where there is one, else the graph file.

Opening is what a question waits for: what is needed to write is not imported.
"""

# ruff: noqa: PLC0415 - see above

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kgbuild.errors import KgbuildError, StoreError
from kgbuild.store.database import ontology_digest
from kgbuild.store.loading import GRAPH_FILE, load_store
from kgbuild.store.locks import share, writing
from kgbuild.store.snapshots import CURRENT, READERS, Snapshot, State, find_snapshot, read_pointer

_TRIES: Final = 50  #: how often a snapshot may be replaced between two looks


@contextmanager
def open_store(source: Path) -> Iterator[ox.Store]:
    """Yield a store with the graph of `source` and the ontology in its default graph, to be read only.

    `source` is an output folder or an RDF file. The snapshot that holds at this moment is read to the end,
    whatever a build does meanwhile. Where there is none, where graph.ttl has been changed by hand since, or
    where the ontology is of another version, the file is loaded into memory: see `load_store`, which says
    what is raised.
    """
    held = _hold(source)
    if held is None:
        yield load_store(source)
        return
    snapshot, descriptor = held
    try:
        try:
            store = ox.Store.read_only(str(snapshot.database))
        except (OSError, RuntimeError):  # damaged, or of another Oxigraph: the file says the same
            store = load_store(snapshot.files / GRAPH_FILE)
        yield store
        del store
    finally:
        os.close(descriptor)


def settle_if_idle(folder: Path) -> None:
    """Finish what a killed process began in a store, if nobody writes now and the folder can be written."""
    pointer = read_pointer(folder)
    if pointer is not None and pointer.following:
        from kgbuild.store.publishing import settle

        with suppress(KgbuildError), writing(folder, "kgbuild finishing an earlier run"):
            settle(folder)


def _hold(source: Path) -> tuple[Snapshot, int] | None:
    """Return the current snapshot, shared with other readers, with the descriptor of the lock; or None."""
    if not (source / CURRENT).is_file():
        return None
    settle_if_idle(source)
    for _ in range(_TRIES):
        pointer = read_pointer(source)
        if pointer is None or not pointer.current:
            return None
        try:
            snapshot = find_snapshot(source, pointer.current)
            state = snapshot.state()
        except StoreError:
            if read_pointer(source) == pointer:
                return None
            continue
        descriptor = share(snapshot.folder / READERS)
        if descriptor is None:
            continue
        if pointer.following or _tells_the_graph(source / GRAPH_FILE, state):
            return snapshot, descriptor
        os.close(descriptor)
        if read_pointer(source) == pointer:
            return None
    return None


def _tells_the_graph(graph: Path, state: State) -> bool:
    """Return whether the database of a snapshot says what `graph` and the ontology that ships say now."""
    if state.ontology != ontology_digest():
        return False
    try:
        known = graph.stat()
        if known.st_size != state.size:
            return False
        if known.st_mtime_ns == state.changed:
            return True
        from kgbuild.store.publishing import file_digest  # copied, or changed by hand

        return file_digest(graph) == state.digest
    except OSError:
        return False
