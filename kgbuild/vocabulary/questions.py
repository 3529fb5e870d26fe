"""The competency questions of ontology/questions.ttl, held against the saved queries that answer them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rdflib import RDF, RDFS, Graph, Literal, URIRef
from rdflib.term import Node

from kgbuild.query import SavedQuery, load_queries
from kgbuild.rdf_files import read_graph
from kgbuild.resources import data_dir
from kgbuild.vocabulary.rows import Row

CQ: Final = "https://w3id.org/kgbuild/questions#"


@dataclass(frozen=True, slots=True)
class CompetencyQuestion:
    """Something that people want to know."""

    id: str  #: such as "CQ01"
    texts: tuple[str, ...]  #: in English; one
    queries: tuple[str, ...]  #: names of the saved queries that answer it, sorted
    asserted_by: tuple[str, ...]  #: files with the rows that a test expects, relative to the project, sorted

    @property
    def text(self) -> str:
        """Return the question in words."""
        return self.texts[0] if self.texts else ""


def read_questions(path: Path | None = None) -> tuple[CompetencyQuestion, ...]:
    """Return the questions of a file, of kgbuild's own by default, by number. Raises GraphError."""
    graph = read_graph([data_dir("ontology") / "questions.ttl" if path is None else path])
    nodes = sorted(set(graph.subjects(RDF.type, URIRef(CQ + "CompetencyQuestion"))), key=str)
    return tuple(_question(graph, node) for node in nodes)


def _question(graph: Graph, node: Node) -> CompetencyQuestion:
    labels = [v for v in graph.objects(node, RDFS.label) if isinstance(v, Literal) and v.language == "en"]
    return CompetencyQuestion(
        str(node).removeprefix(CQ),
        tuple(sorted(map(str, labels))),
        tuple(sorted(map(str, graph.objects(node, URIRef(CQ + "answeredBy"))))),
        tuple(sorted(map(str, graph.objects(node, URIRef(CQ + "assertedBy"))))),
    )


def check_questions(
    questions: Sequence[CompetencyQuestion] | None = None, saved: Sequence[SavedQuery] | None = None
) -> list[Row]:
    """Return where questions and saved queries (kgbuild's own by default) do not fit each other."""
    questions = read_questions() if questions is None else questions
    saved = load_queries() if saved is None else saved
    by_name = {query.name: query for query in saved}
    askers: defaultdict[str, list[str]] = defaultdict(list)
    rows = []
    for question in questions:
        entity = f"cq:{question.id}"
        if len(question.texts) != 1:
            shown = f"{len(question.texts)} in English"
            rows.append(Row(entity, "rdfs:label", shown, "error", "question-without-one-text"))
        if not question.queries:
            rows.append(Row(entity, "cq:answeredBy", "no query", "error", "question-without-query"))
        for name in question.queries:
            askers[name].append(question.id)
            query = by_name.get(name)
            if query is None:
                rows.append(Row(entity, "cq:answeredBy", name, "error", "no-such-query"))
            elif query.competency_question != question.id:
                named = f"{name} is for {query.competency_question or 'no question'}"
                rows.append(Row(entity, "cq:answeredBy", named, "error", "query-for-another-question"))
            if not any(f"/{name}/" in path for path in question.asserted_by):
                rows.append(
                    Row(entity, "cq:assertedBy", f"nothing for {name}", "error", "answer-not-asserted")
                )
    for name, query in by_name.items():
        if not askers[name]:
            value = query.competency_question or "none named"
            rows.append(
                Row(f"queries/{name}.rq", "competency-question", value, "error", "query-without-question")
            )
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for question in questions:
        texts[question.text.casefold()].append(question.id)
    for same in texts.values():
        rows += [
            Row(f"cq:{i}", "rdfs:label", f"as cq:{same[0]}", "error", "question-asked-twice")
            for i in same[1:]
        ]
    return rows
