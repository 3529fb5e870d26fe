"""Saved queries scored against annotated questions: a small set of our own, and the sibling folder's."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from case_tables import own_extractor

from kgbuild import pipeline
from kgbuild.articles import read_articles
from kgbuild.errors import ArticleError
from kgbuild.evaluate.cells import Comparer, GoldPlaces
from kgbuild.evaluate.gold import gold_places, read_gold, read_gold_articles
from kgbuild.evaluate.questions import Answered, read_asks, read_questions, score
from kgbuild.graph import article_iri
from kgbuild.model import Article
from kgbuild.ontology import load_ontology
from kgbuild.store import load_store

ROOT = Path(__file__).resolve().parent.parent
ASKS = ROOT / "tests" / "gold" / "question_queries.json"
SHARED = ROOT.parent / "shared"
#: Questions of the sibling folder that the saved queries answer right.
REACHED = 28
ONE = "one.txt"
TEXT = (
    "Vietnam granted Masan High-Tech Materials an export license for tungsten and for Japan on 3 March 2026. "
    "The license is valid for one year. Hanoi is weighing a ban on exports of raw ore."
)


def _store(tmp_path: Path, articles: Sequence[Article]) -> Any:
    ontology, extractor = load_ontology(), own_extractor()
    extractions = [extractor.extract(article) for article in articles]
    made = pipeline.assemble(articles, extractions, ontology, {}, extractor.rules_digest)
    graph = tmp_path / "graph.ttl"
    graph.write_text(made.graph.turtle(), "utf-8")
    return load_store(graph)


def _own(tmp_path: Path, question: Mapping[str, Any], ask: Mapping[str, Any], **optional: Any) -> Answered:
    (tmp_path / ONE).write_text(TEXT, "utf-8")
    articles = read_articles([tmp_path / ONE])
    iri = article_iri(articles[0])
    facts = {"f1": (iri, [(0, 100)]), "f2": (iri, [(0, 1)])}
    places = GoldPlaces(facts, {}, {"one": iri}, **optional)
    asks = tmp_path / "asks.json"
    asks.write_text(json.dumps({"Q1": [ask]}), "utf-8")
    questions = tmp_path / "questions.json"
    questions.write_text(json.dumps([{"id": "Q1", "question": "?", **question}]), "utf-8")
    comparer = Comparer(load_ontology(), places)
    return score(_store(tmp_path, articles), comparer, read_questions(questions), read_asks(asks))[0]


HOLDERS = {
    "query": "firms-holding-licenses",
    "params": {"destination": "Japan"},
    "match": {"firm": ["entity", "firm"], "source": "source"},
}


def test_a_row_that_the_answer_has_is_right(tmp_path: Path) -> None:
    rows = [{"firm": "Masan High-Tech Materials", "source": "one"}]
    assert _own(tmp_path, {"answers": rows}, HOLDERS).verdict == "right"


def test_a_row_that_no_gold_row_wants_is_in_excess(tmp_path: Path) -> None:
    rows = [{"firm": "Korea Zinc", "source": "one"}]
    answered = _own(tmp_path, {"answers": rows}, HOLDERS)
    assert answered.verdict == "wrong"
    assert (len(answered.missed), len(answered.extra)) == (1, 1)


def test_fields_that_must_be_told_leave_out_rows_without_them(tmp_path: Path) -> None:
    ask = {
        "query": "license-conditions-and-validity",
        "params": {"term": "validity"},
        "match": {"source": "source", "validity": ["text", "value"]},
    }
    rows = [{"source": "one", "validity": "P1Y"}, {"source": "two", "validity": None}]
    assert _own(tmp_path, {"answers": rows}, ask).verdict == "partly"
    assert _own(tmp_path, {"answers": rows}, {**ask, "told": ["validity"]}).verdict == "right"


def test_an_optional_fact_may_be_missed(tmp_path: Path) -> None:
    ask = {"query": "unconfirmed-things", "match": {"fact": "fact"}}
    gold = {"answers": [{"fact": "f2"}]}
    assert len(_own(tmp_path, gold, ask).missed) == 1
    assert _own(tmp_path, gold, ask, optional=frozenset({"f2"})).missed == ()


def test_a_question_without_an_ask_is_answered_by_nothing(tmp_path: Path) -> None:
    questions = [{"id": "Q9", "question": "?", "answers": [{"firm": "Masan"}]}]
    comparer = Comparer(load_ontology(), GoldPlaces({}, {}, {}))
    (answered,) = score(None, comparer, questions, {})
    assert answered.verdict == "wrong"
    assert answered.extra == ("no saved query is asked",)


def test_a_bad_file_of_asks_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "asks.json"
    path.write_text('{"Q1": [{"params": {}}]}', "utf-8")
    with pytest.raises(ArticleError, match="query, params, match"):
        read_asks(path)


@pytest.mark.skipif(not (SHARED / "gold" / "questions.json").is_file(), reason="no sibling folder ../shared")
def test_the_questions_of_the_sibling_folder_are_answered(tmp_path: Path) -> None:
    gold = read_gold(SHARED / "gold")
    articles = read_gold_articles(gold, SHARED / "articles")
    places = gold_places(gold, SHARED / "gold", {a.id: article_iri(a) for a in articles})
    answered = score(
        _store(tmp_path, articles), Comparer(load_ontology(), places),
        read_questions(SHARED / "gold" / "questions.json"), read_asks(ASKS),
    )  # fmt: skip
    assert len(answered) == 30
    right = [a.id for a in answered if a.verdict == "right"]
    assert len(right) >= REACHED, sorted({a.id for a in answered} - set(right))
