"""kgbuild turns news articles about firms, regulators, rare earths and licenses into a knowledge graph.

    kg = kgbuild.build("articles/", out="out/")  # or, if that is done, kgbuild.open("out/")
    for row in kg.query("firms-holding-licenses", destination="Germany"):
        print(row.firm.label, row.grantedBy)

Importing it loads next to nothing; each name loads what it needs when it is first used.
"""

# ruff: noqa: PLC0415 - see above

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from kgbuild.articles import read_article, read_articles
    from kgbuild.errors import KgbuildError, LimitError, QueryError
    from kgbuild.knowledge_graph import (
        GraphWarning,
        Iri,
        KnowledgeGraph,
        Row,
        Rows,
        build,
        extract_articles,
    )
    from kgbuild.knowledge_graph import open_graph as open  # noqa: A004 - read as kgbuild.open

__all__ = [
    "GraphWarning", "Iri", "KgbuildError", "KnowledgeGraph", "LimitError", "QueryError", "Row", "Rows",
    "build", "extract_articles", "open", "read_article", "read_articles",
]  # fmt: skip

#: Public name -> module, and the name there.
_PLACES: Final = {
    **{name: ("kgbuild.errors", name) for name in ("KgbuildError", "LimitError", "QueryError")},
    **{name: ("kgbuild.articles", name) for name in ("read_article", "read_articles")},
    **{
        name: ("kgbuild.knowledge_graph", name)
        for name in ("GraphWarning", "Iri", "KnowledgeGraph", "Row", "Rows", "build", "extract_articles")
    },
    "open": ("kgbuild.knowledge_graph", "open_graph"),
}


def __getattr__(name: str) -> Any:
    """Return a public name, loading its module. Raises AttributeError."""
    if name not in _PLACES:
        raise AttributeError(f"module 'kgbuild' has no attribute {name!r}")
    from importlib import import_module

    module, there = _PLACES[name]
    return getattr(import_module(module), there)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted({*globals(), *__all__})


def load_ipython_extension(shell: Any) -> None:
    """Add the magics %sparql and %%sparql to IPython: `%load_ext kgbuild`."""
    from kgbuild.notebook import add_magics

    add_magics(shell)


def unload_ipython_extension(shell: Any) -> None:
    """Take the magics away again: `%unload_ext kgbuild`."""
    from kgbuild.notebook import remove_magics

    remove_magics(shell)
