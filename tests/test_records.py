"""Extraction records: JSON lines that come back equal, and lines that are refused with file and line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import jsonschema
import pytest

from kgbuild.articles import read_articles
from kgbuild.errors import ExtractionError
from kgbuild.extract import Extractor
from kgbuild.model import Argument, Article, Event, Extraction, Mention, Rejection, Telling
from kgbuild.ontology import Ontology
from kgbuild.parallel import make_extractor
from kgbuild.records import read_records, schema_text, to_record

TEXT: Final = "Beijing has licensed Example Magnets, the firm says."
ARTICLE: Final = Article("news", TEXT, "ab" * 32, title="Title", published="2025-06-11")


def place(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


FIRM: Final = Argument("holder", "Firm", "Example Magnets", *place("Example Magnets"), name="Example Magnets")
SPEAKER: Final = Argument(
    "speaker",
    "Firm",
    "the firm",
    *place("the firm"),
    name="Example Magnets",
    inferred=True,
    derivation="coreference",
)
EXTRACTION: Final = Extraction(
    ARTICLE,
    "by hand",
    (Mention(*place("Beijing"), "Beijing", "Government", "Government of China", "metonym"),),
    (
        Event(
            "license", "granted", 0, len(TEXT), (FIRM,), "affirmed", "actual", SPEAKER, "rule-1",
            (
                Telling(*place("Example Magnets"), None, "rule-2"),
                Telling(*place("the firm says"), SPEAKER, "rule-3"),
            ),
        ),
    ),
    (Rejection(*place("licensed"), "licensed", "rule-4", "taken already"),),
)  # fmt: skip


def read(*lines: str, articles: dict[str, Article] | None = None) -> list[Extraction]:
    known = {"news": ARTICLE} if articles is None else articles
    return list(read_records(iter(lines), known, "file.jsonl"))


def record(change: Callable[[dict[str, Any]], object] = lambda r: None) -> str:
    """Return the line of EXTRACTION after a change."""
    fields: dict[str, Any] = json.loads(to_record(EXTRACTION))
    change(fields)
    return json.dumps(fields)


@pytest.fixture(scope="module")
def extracted(examples: Path, ontology: Ontology) -> list[Extraction]:
    extractor: Extractor = make_extractor(ontology)
    return [extractor.extract(a) for a in read_articles([examples])]


def test_examples_come_back_equal(extracted: list[Extraction]) -> None:
    articles = {x.article.id: x.article for x in extracted}
    assert sum(len(x.events) for x in extracted) > 50
    assert sum(bool(e.repeats) for x in extracted for e in x.events), "the round trip has repeats to carry"
    assert read(*map(to_record, extracted), articles=articles) == extracted


def test_example_lines_fit_the_published_schema(extracted: list[Extraction]) -> None:
    schema = json.loads(schema_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for extraction in extracted:
        line = to_record(extraction)
        assert "\n" not in line
        assert list(validator.iter_errors(json.loads(line))) == []


def test_record_carries_everything() -> None:
    assert read(to_record(EXTRACTION)) == [EXTRACTION]
    assert read("\n", record(), "  \n") == [EXTRACTION], "empty lines are skipped"


def test_offsets_written_as_decimals_are_read_as_whole_numbers() -> None:
    line = record().replace(f'"end": {len(TEXT)}', f'"end": {len(TEXT)}.0')
    assert read(line) == [EXTRACTION]


def test_optional_fields_may_be_left_out() -> None:
    def slim(r: dict[str, Any]) -> None:
        for key in ("quote", "speaker", "repeats"):
            del r["events"][0][key]
        for key in ("title", "publisher", "published", "url", "language"):
            del r["article"][key]
        del r["mentions"][0]["via"]

    (found,) = read(record(slim))
    assert found.article == ARTICLE
    assert found.events == (replace(EXTRACTION.events[0], speaker=None, repeats=()),)
    assert found.mentions[0].via == ""


ERRORS: Final[list[tuple[Callable[[dict[str, Any]], object], str]]] = [
    (lambda r: r.update(format="kgbuild-extraction/2"), "format: 'kgbuild-extraction/1' was expected"),
    (lambda r: r.pop("events"), "record: 'events' is a required property"),
    (lambda r: r.update(more=1), "record: Additional properties are not allowed ('more' was unexpected)"),
    (lambda r: r["article"].update(sha256="no"), "article/sha256: 'no' does not match"),
    (lambda r: r["article"].update(length=0), "article/length: 0 is less than the minimum of 1"),
    (lambda r: r["events"][0].update(type="war"), "events/0/type: 'war' is not one of"),
    (lambda r: r["events"][0].update(polarity="maybe"), "events/0/polarity: 'maybe' is not one of"),
    (lambda r: r["events"][0].update(certainty="sure"), "events/0/certainty: 'sure' is not one of"),
    (lambda r: r["events"][0].update(start=-1), "events/0/start: -1 is less than the minimum of 0"),
    (lambda r: r["events"][0].update(start=0.5), "events/0/start: 0.5 is not of type 'integer'"),
    (
        lambda r: r["events"][0]["arguments"][0].update(role="cook"),
        "events/0/arguments/0/role: 'cook' is not one of",
    ),
    (lambda r: r["events"][0]["repeats"][0].pop("rule"), "events/0/repeats/0: 'rule' is a required property"),
    (lambda r: r["article"].update(id="other"), "no article 'other' among those read"),
    (
        lambda r: r["article"].update(sha256="cd" * 32),
        "article 'news' has changed since it was extracted; extract it",
    ),
    (
        lambda r: r["article"].update(length=9),
        "article 'news' has changed since it was extracted; extract it",
    ),
    (lambda r: r["mentions"][0].update(text="Peking "), "article 'news' does not read 'Peking ' at [0, 7)"),
    (lambda r: r["mentions"][0].update(end=0), f"article 'news' has no [0, 0), only {len(TEXT)} characters"),
    (lambda r: r["rejections"][0].update(end=99), "article 'news' has no [12, 99)"),
    (lambda r: r["rejections"][0].update(text="licensee"), "article 'news' does not read 'licensee'"),
    (
        lambda r: r["events"][0].update(quote="Tokyo"),
        f"article 'news' does not read 'Tokyo' at [0, {len(TEXT)})",
    ),
    (lambda r: (r["events"][0].pop("quote"), r["events"][0].update(end=99)), "article 'news' has no [0, 99)"),
    (
        lambda r: r["events"][0]["arguments"][0].update(text="Example"),
        "article 'news' does not read 'Example'",
    ),
    (lambda r: r["events"][0]["speaker"].update(text="a firm"), "article 'news' does not read 'a firm'"),
    (lambda r: r["events"][0]["repeats"][0].update(quote="x"), "article 'news' does not read 'x'"),
    (
        lambda r: (r["events"][0]["repeats"][0].pop("quote"), r["events"][0]["repeats"][0].update(end=77)),
        "no [21, 77)",
    ),
    (lambda r: r["events"][0]["repeats"][1]["speaker"].update(text="y"), "article 'news' does not read 'y'"),
    (lambda r: r["mentions"][0].update(name="\ud800"), "holds half a surrogate pair"),
]


@pytest.mark.parametrize(("change", "message"), ERRORS, ids=[m for _, m in ERRORS])
def test_line_that_does_not_fit_is_refused(change: Callable[[dict[str, Any]], object], message: str) -> None:
    with pytest.raises(ExtractionError) as caught:
        read("", record(change))
    shown = str(caught.value)
    assert shown.startswith("file.jsonl:2: ")
    assert message in shown
    assert "\n" not in shown
    assert len(shown) < 400


@pytest.mark.parametrize("line", ["{", "nonsense", "[" * 200_000, '"text"', "[1]", "3"])
def test_line_that_is_no_record_is_refused(line: str) -> None:
    with pytest.raises(ExtractionError, match=r"^file\.jsonl:1: (not JSON|record): .{1,300}$"):
        read(line)


def test_long_complaint_is_cut() -> None:
    with pytest.raises(
        ExtractionError, match=r"^file\.jsonl:1: mentions/0/start: '12.* … .*integer'$"
    ) as caught:
        read(record(lambda r: r["mentions"][0].update(start="12" * 1000)))
    assert len(str(caught.value)) < 300


def test_second_record_of_an_article_is_refused() -> None:
    with pytest.raises(ExtractionError, match=r"^file\.jsonl:3: article 'news' stands in line 1 already"):
        read(record(), "", record())


def test_records_are_read_one_by_one() -> None:
    def lines() -> Iterator[str]:
        yield record()
        raise AssertionError("read on without need")

    assert next(read_records(lines(), {"news": ARTICLE}, "file.jsonl")) == EXTRACTION


def test_made_up_articles_of_the_tests_are_true_to_their_text(news: SimpleNamespace) -> None:
    made = news.article(
        "a", news.draft("license", "granted", holder="Example Magnets", date="2025-06-11", speaker="X")
    )
    assert read(to_record(made), articles={"a": made.article}) == [made]


@pytest.mark.parametrize(
    ("type_", "action", "roles"),
    [
        ("relation", "used_in", {"subject": "Example Magnets", "object": "motors"}),
        (
            "trade_stat",
            "exports",
            {
                "reporter": "China",
                "measure": "exports",
                "value": "70",
                "period": "2024",
                "also": "71",
                "share": "share",
                "change": "up",
                "partner": "Japan",
                "comparison": "2023",
            },
        ),
        (
            "disruption",
            "halt",
            {
                "firm": "Example Magnets",
                "site": "mill",
                "industry": "steel",
                "what": "stopped",
                "cause": "a strike",
                "duration": "P1W",
            },
        ),
        (
            "statement",
            "said",
            {
                "speaker": "Ann Example",
                "addressee": "Bob",
                "content": "no",
                "topic": "Japan",
                "channel": "a letter",
            },
        ),
    ],
)
def test_worded_facts_are_records(
    news: SimpleNamespace, type_: str, action: str, roles: dict[str, str]
) -> None:
    made = news.article("a", news.draft(type_, action, **roles))
    [back] = read_records(iter([to_record(made)]), {"a": made.article}, "lines")
    assert back.events == made.events
