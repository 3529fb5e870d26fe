"""The only door to Oxigraph databases: graph files in memory, and the store folder that a build keeps."""

from kgbuild.store.loading import GRAPH_FILE, load_files, load_store, rows, to_term
from kgbuild.store.opening import open_store, settle_if_idle

__all__ = ["GRAPH_FILE", "load_files", "load_store", "open_store", "rows", "settle_if_idle", "to_term"]
