"""Saved questions against annotated ones: which gold questions a graph answers right.

A gold question has rows of named fields. An *asks* file says for each question which saved queries answer
it, with which parameters, and how a field of the gold is compared with columns of the answer (the kinds are
told in `kgbuild.evaluate.cells`). A question is right when every gold row is met by a row of each ask that
has its fields, and every row that rests on an article meets a gold row. Rows that rest on reference data
alone are never in excess.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kgbuild.errors import ArticleError
from kgbuild.evaluate.cells import Cell, Comparer
from kgbuild.query import EvidenceRow, SavedQuery, display, evidence_of, find_query, load_queries, run_query

if TYPE_CHECKING:
    from kgbuild.model import Term

RIGHT: Final = "right"
PARTLY: Final = "partly"
WRONG: Final = "wrong"


@dataclass(frozen=True, slots=True)
class Ask:
    """One saved query that answers a gold question, and which of its rows are meant."""

    query: str
    params: Mapping[str, str]
    match: Mapping[str, tuple[str, ...]]  #: field of the gold -> kind, then columns or words
    told: tuple[str, ...] = ()  #: fields that a gold row must have a value of to be asked for


@dataclass(frozen=True, slots=True)
class Answered:
    """How one gold question was answered."""

    id: str
    question: str
    wanted: int  #: gold rows
    found: int  #: rows of the answer that rest on an article
    missed: tuple[str, ...] = ()  #: gold rows that no row of the answer meets
    extra: tuple[str, ...] = ()  #: rows of the answer that meet no gold row

    @property
    def verdict(self) -> str:
        """Return `RIGHT`, `PARTLY` or `WRONG`."""
        if not self.missed and not self.extra:
            return RIGHT
        return PARTLY if len(self.missed) < self.wanted else WRONG

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome as JSON can hold it."""
        return {
            "id": self.id, "question": self.question, "verdict": self.verdict, "wanted": self.wanted,
            "found": self.found, "missed": list(self.missed), "extra": list(self.extra),
        }  # fmt: skip


@dataclass(slots=True)
class _Row:
    """A row of an answer, and whether a gold row was met by it."""

    values: Mapping[str, Term]
    evidence: tuple[EvidenceRow, ...]
    shown: str
    met: bool = False


def read_asks(path: Path) -> dict[str, list[Ask]]:
    """Return the asks of a file: a JSON object from question ids to lists of asks.

    Raises ArticleError on a bad file.
    """
    try:
        loaded = json.loads(path.read_text("utf-8"))
        return {
            str(key): [
                Ask(
                    ask["query"],
                    {str(k): str(v) for k, v in ask.get("params", {}).items()},
                    {str(k): (v,) if isinstance(v, str) else tuple(v) for k, v in ask["match"].items()},
                    tuple(ask.get("told", ())),
                )
                for ask in asks
            ]
            for key, asks in loaded.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as err:
        raise ArticleError(
            f"{path}: no object from questions to lists of query, params, match: {err}"
        ) from err


def read_questions(path: Path) -> list[dict[str, Any]]:
    """Return the gold questions of a JSON file. Raises ArticleError on a bad file."""
    try:
        loaded = json.loads(path.read_text("utf-8"))
        return [{"id": q["id"], "question": q["question"], "answers": q["answers"]} for q in loaded]
    except (OSError, ValueError, KeyError, TypeError) as err:
        raise ArticleError(f"{path}: no list of objects with id, question, answers: {err}") from err


def score(
    store: Any,
    comparer: Comparer,
    questions: Sequence[Mapping[str, Any]],
    asks: Mapping[str, Sequence[Ask]],
) -> list[Answered]:
    """Return how the graph in `store` answers each of the questions, in their order.

    A question without an ask is answered by nothing. Raises QueryError for an ask that cannot be run.
    """
    saved = load_queries()
    return [
        _answered(question, [_rows(store, saved, ask) for ask in asks.get(question["id"], ())], comparer)
        for question in questions
    ]


def _rows(store: Any, saved: Sequence[SavedQuery], ask: Ask) -> tuple[Ask, list[_Row]]:
    query = find_query(saved, ask.query)
    result = run_query(store, query, ask.params)
    return ask, [
        _Row(binding, evidence_of(store, query, binding), " | ".join(map(display, shown))[:200])
        for shown, binding in zip(result.rows, result.bindings, strict=True)
    ]


def _answered(
    question: Mapping[str, Any],
    answers: Sequence[tuple[Ask, list[_Row]]],
    comparer: Comparer,
) -> Answered:
    missed: list[str] = []
    extra: set[str] = set()
    wanted = found = 0
    for ask, rows in answers:
        asked = [a for a in question["answers"] if all(a.get(name) is not None for name in ask.told)]
        gold = [cells for answer in asked for cells in _exploded(answer, ask.match)]
        for cells in gold:
            meeting = [row for row in rows if _meets(ask, cells, row, comparer)]
            for row in meeting:
                row.met = True
            if not meeting and not comparer.optional(cells, ask.match):
                missed.append(json.dumps(cells, ensure_ascii=False))
        told = [row for row in rows if row.evidence]
        extra.update(row.shown for row in told if not row.met)
        wanted, found = wanted + len(gold), found + len(told)
    if not answers:
        wanted = len(question["answers"])
        missed = [json.dumps(answer, ensure_ascii=False)[:160] for answer in question["answers"]]
        extra = {"no saved query is asked"}
    return Answered(question["id"], question["question"], wanted, found, tuple(missed), tuple(sorted(extra)))


def _meets(ask: Ask, cells: Mapping[str, Any], row: _Row, comparer: Comparer) -> bool:
    """Return whether a row has what a gold row has; of fields joined by "|" one is enough."""
    for names, (kind, *columns) in ask.match.items():
        given = [cells[name] for name in names.split("|") if name in cells]
        cell = Cell(row.values, row.evidence, tuple(columns))
        if given and not any(comparer.same(kind, value, cell) for value in given):
            return False
    return True


def _exploded(answer: Mapping[str, Any], fields: Iterable[str]) -> Iterable[dict[str, Any]]:
    """Yield a gold row for each combination of the values of its lists; only `fields` are kept.

    A row that lacks a field is not asked for; one whose field is null is, without regard to that field.
    """
    joined = [field.split("|") for field in fields]
    if any(not any(name in answer for name in names) for names in joined):
        return
    names = sorted({name for names in joined for name in names})
    lists = [
        [(name, value) for value in (answer[name] if isinstance(answer[name], list) else [answer[name]])]
        for name in names
        if answer.get(name) is not None
    ]
    for combination in itertools.product(*lists):
        yield dict(combination)
