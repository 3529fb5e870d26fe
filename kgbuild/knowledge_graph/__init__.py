"""A built graph in Python: questions, evidence, tables, files."""

from kgbuild.knowledge_graph.building import build, extract_articles
from kgbuild.knowledge_graph.kept import ArticleEntry, ToldDifferently, ToldValue
from kgbuild.knowledge_graph.opened import Explained, GraphWarning, KnowledgeGraph, Questions, open_graph
from kgbuild.knowledge_graph.rows import Row, Rows
from kgbuild.knowledge_graph.values import Iri

__all__ = [
    "ArticleEntry", "Explained", "GraphWarning", "Iri", "KnowledgeGraph", "Questions", "Row", "Rows",
    "ToldDifferently", "ToldValue", "build", "extract_articles", "open_graph",
]  # fmt: skip
