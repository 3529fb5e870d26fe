"""Questions to a graph: saved queries with typed parameters, free SPARQL, evidence, answers as text."""

from kgbuild.query.evidence import EvidenceRow, evidence_of
from kgbuild.query.explanation import Explanation, Statement, explain
from kgbuild.query.names import resolve_name
from kgbuild.query.results import QueryResult, display, to_csv, to_json, to_markdown, to_tsv
from kgbuild.query.running import parameter_terms, run_query, run_sparql
from kgbuild.query.saved import Column, Parameter, SavedQuery, find_query, load_queries, read_query

__all__ = [
    "Column",
    "EvidenceRow",
    "Explanation",
    "Parameter",
    "QueryResult",
    "SavedQuery",
    "Statement",
    "display",
    "evidence_of",
    "explain",
    "find_query",
    "load_queries",
    "parameter_terms",
    "read_query",
    "resolve_name",
    "run_query",
    "run_sparql",
    "to_csv",
    "to_json",
    "to_markdown",
    "to_tsv",
]
