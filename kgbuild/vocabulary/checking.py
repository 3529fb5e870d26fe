"""All checks of an ontology file, and of kgbuild's own ontology with its reference data and its use."""

from __future__ import annotations

from pathlib import Path

from kgbuild.rdf_files import read_graph
from kgbuild.resources import data_dir
from kgbuild.vocabulary.accepted import read_accepted, without_accepted
from kgbuild.vocabulary.hygiene import check_terms
from kgbuild.vocabulary.individuals import check_individuals
from kgbuild.vocabulary.questions import check_questions
from kgbuild.vocabulary.rows import Row, in_order
from kgbuild.vocabulary.terms_in import terms_in
from kgbuild.vocabulary.usage import check_usage, own_places


def check_file(path: Path) -> tuple[Row, ...]:
    """Return what is wrong with the terms of one ontology file, errors first.

    Raises GraphError when it cannot be read.
    """
    return in_order(check_terms(read_graph([path])))


def check_own() -> tuple[Row, ...]:
    """Return what is wrong with kgbuild's terms, their use, the questions and the reference data.

    What ontology/accepted.yaml gives a reason for is left out.
    """
    folder = data_dir("ontology")
    graph = read_graph([folder / "core.ttl"])
    terms = terms_in(graph)
    above = {t.iri: t.above for t in terms if t.kind == "class"}
    rows = check_terms(graph)
    rows += check_usage(terms, own_places())
    rows += check_questions()
    rows += check_individuals(read_graph(sorted((folder / "reference").glob("*.ttl"))), above)
    return in_order(without_accepted(rows, read_accepted()))
