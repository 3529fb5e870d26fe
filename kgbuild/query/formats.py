"""The formats in which an answer is written for other tools."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kgbuild.errors import QueryError
from kgbuild.query import text_forms as text
from kgbuild.query.tables import to_arrow_file, to_parquet

if TYPE_CHECKING:
    from kgbuild.query.answers import Answer
    from kgbuild.query.evidence import EvidenceRow
    from kgbuild.query.results import QueryResult

    _Write = Callable[[QueryResult, Sequence[Sequence[EvidenceRow]] | None, str], bytes]


@dataclass(frozen=True, slots=True)
class AnswerFormat:
    """One way to write an answer."""

    name: str
    write: _Write  #: of a result, its evidence or None, and a title
    evidence: bool  #: whether it has a place for evidence
    binary: bool = False  #: no format for a terminal


def _text(write: Callable[..., str]) -> _Write:
    return lambda result, evidence, _: write(result, evidence).encode()


def _bare(write: Callable[[QueryResult], str]) -> _Write:
    return lambda result, _evidence, _title: write(result).encode()


def _html(result: QueryResult, evidence: Sequence[Sequence[EvidenceRow]] | None, title: str) -> bytes:
    return text.to_html(result, evidence, title=title).encode()


ANSWER_FORMATS: Final = {
    known.name: known
    for known in (
        AnswerFormat("csv", _text(text.to_csv), evidence=True),
        AnswerFormat("tsv", _text(text.to_tsv), evidence=True),
        AnswerFormat("json", _text(text.to_json), evidence=True),
        AnswerFormat("xml", _bare(text.to_xml), evidence=False),
        AnswerFormat("markdown", _text(text.to_markdown), evidence=True),
        AnswerFormat("html", _html, evidence=True),
        AnswerFormat("turtle", _bare(text.to_graph_turtle), evidence=False),
        AnswerFormat("ntriples", _bare(text.to_graph_ntriples), evidence=False),
        AnswerFormat("parquet", lambda r, e, _: to_parquet(r, e), evidence=True, binary=True),
        AnswerFormat("arrow", lambda r, e, _: to_arrow_file(r, e), evidence=True, binary=True),
    )
}


def write_answer(answer: Answer, form: str, *, title: str = "") -> bytes:
    """Return an answer in the format `form`, a key of ANSWER_FORMATS; text in UTF-8.

    Raises QueryError where there is no such format, where it has no place for what is asked, such as evidence
    in XML or rows in Turtle, and where it needs a package that is not installed.
    """
    known = ANSWER_FORMATS.get(form)
    if known is None:
        raise QueryError(f"there is no format {form!r}; formats: {', '.join(ANSWER_FORMATS)}")
    if answer.evidence is not None and not known.evidence:
        forms = ", ".join(name for name, other in ANSWER_FORMATS.items() if other.evidence)
        raise QueryError(f"format {form} has no place for evidence; with evidence go: table, {forms}")
    return known.write(answer.result, answer.evidence, title)
