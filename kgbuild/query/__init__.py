"""Questions to a graph: saved queries with typed parameters, free SPARQL, evidence, formats of answers."""

from kgbuild.query.answers import Answer, Binding, Bound, BoundParameter, Question
from kgbuild.query.evidence import EvidenceRow, distinct_places, evidence_of
from kgbuild.query.explanation import Explanation, Statement, explain
from kgbuild.query.formats import ANSWER_FORMATS, AnswerFormat, write_answer
from kgbuild.query.names import resolve_name
from kgbuild.query.results import QueryResult, display, heading
from kgbuild.query.running import parameter_terms, run_query, run_sparql
from kgbuild.query.saved import (
    Column,
    Parameter,
    SavedQuery,
    find_query,
    load_queries,
    named_query,
    plain_query,
    read_query,
    read_question,
)
from kgbuild.query.tables import to_arrow
from kgbuild.query.text_forms import to_csv, to_html, to_json, to_markdown, to_tsv, to_xml
from kgbuild.query.worker import Worker

__all__ = [
    "ANSWER_FORMATS",
    "Answer",
    "AnswerFormat",
    "Binding",
    "Bound",
    "BoundParameter",
    "Column",
    "EvidenceRow",
    "Explanation",
    "Parameter",
    "QueryResult",
    "Question",
    "SavedQuery",
    "Statement",
    "Worker",
    "display",
    "distinct_places",
    "evidence_of",
    "explain",
    "find_query",
    "heading",
    "load_queries",
    "named_query",
    "parameter_terms",
    "plain_query",
    "read_query",
    "read_question",
    "resolve_name",
    "run_query",
    "run_sparql",
    "to_arrow",
    "to_csv",
    "to_html",
    "to_json",
    "to_markdown",
    "to_tsv",
    "to_xml",
    "write_answer",
]
