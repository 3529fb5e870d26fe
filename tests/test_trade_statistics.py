"""Trade statistics: kgbuild.extract.trade_statistics, in our own words."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from kgbuild.errors import LexiconError
from kgbuild.extract import Extractor
from kgbuild.extract.phrase_words import load_phrase_words, phrase_entries
from kgbuild.model import Article, Event, Extraction
from kgbuild.ontology import load_ontology
from kgbuild.parallel import make_extractor

CASES = Path(__file__).with_name("cases") / "trade_statistics.jsonl"
PUBLISHED = "2025-11-12"
LEXICON = "statistics.jsonl"


def read_cases() -> list[dict[str, Any]]:
    return [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]


def plain(event: dict[str, Any]) -> bool:
    return bool(event["polarity"] == "affirmed" and event["certainty"] == "actual")


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return make_extractor(load_ontology())


def extract(extractor: Extractor, text: str) -> Extraction:
    article = Article("case", text, hashlib.sha256(text.encode()).hexdigest(), published=PUBLISHED)
    return extractor.extract(article)


def told(extractor: Extractor, text: str) -> list[Event]:
    return [e for e in extract(extractor, text).events if e.type == "trade_stat"]


def values(event: Event, role: str) -> list[str]:
    """Return what fills a role: names, times, "70 % about" for figures, the words of a comparison."""
    out = set()
    for a in event.of(role):
        if a.kind == "Quantity":
            out.add(" ".join(p for p in (a.value, a.unit, a.qualifier) if p and p != "exact"))
        else:
            out.add(a.text if role == "comparison" else a.name or a.value or a.text)
    return sorted(out)


def fits(event: Event, expected: dict[str, Any]) -> bool:
    """Return whether an event is the expected one: every role that the record names must agree in full."""
    head = (event.type, event.action, event.polarity, event.certainty)
    wanted = tuple(expected[key] for key in ("type", "action", "polarity", "certainty"))
    speaker = event.speaker.name if event.speaker else ""
    return (
        head == wanted
        and speaker == expected.get("speaker", speaker)
        and all(values(event, role) == found for role, found in expected["roles"].items())
    )


def test_there_are_records_enough() -> None:
    cases = read_cases()
    assert len(cases) >= 150
    assert len({c["id"] for c in cases}) == len({c["text"] for c in cases}) == len(cases)
    assert sum(not any(plain(e) for e in c["events"]) for c in cases) * 3 >= len(cases)
    assert sum(not c["events"] for c in cases) >= 50
    assert {e["action"] for c in cases for e in c["events"]} >= {
        "production", "supply", "exports", "imports", "reserves", "consumption", "revenue", "sales", "price",
        "capacity", "quota", "stock", "destinations",
    }  # fmt: skip


@pytest.mark.parametrize("case", read_cases(), ids=lambda c: c["id"])
def test_record(extractor: Extractor, case: dict[str, Any]) -> None:
    rest = told(extractor, case["text"])
    for expected in case["events"]:
        fitting = [e for e in rest if fits(e, expected)]
        assert fitting, f"{case['text']}\nwanted {expected}\ngot {rest}"
        rest.remove(fitting[0])
    assert not rest, f"{case['text']}\nnot wanted: {rest}"


@pytest.mark.parametrize("case", read_cases(), ids=lambda c: c["id"])
def test_every_span_is_the_text_there(extractor: Extractor, case: dict[str, Any]) -> None:
    text = case["text"]
    for event in told(extractor, text):
        for telling in event.tellings:
            assert 0 <= telling.start < telling.end <= len(text)
        speakers = [t.speaker for t in event.tellings if t.speaker is not None]
        for argument in (*event.arguments, *speakers):
            assert text[argument.start : argument.end] == argument.text


@pytest.mark.parametrize("entry", phrase_entries(LEXICON), ids=lambda e: f"{e['class']}-{e['id']}")
def test_an_example_holds_its_words_and_tells_its_measure(
    extractor: Extractor, entry: dict[str, Any]
) -> None:
    forms = "|".join(re.escape(f) for f in (*entry.get("forms", ()), *entry.get("verb", ())))
    assert re.search(rf"(?<!\w)(?:{forms})(?!\w)", entry["example"], re.IGNORECASE)
    if entry.get("action"):
        assert entry["action"] in {e.action for e in told(extractor, entry["example"])}
    else:
        assert not [
            e for e in told(extractor, entry["example"]) if e.certainty == "actual" and not e.of("value")
        ]


def test_ids_are_single_within_a_class() -> None:
    keys = [(e["class"], e["id"]) for e in phrase_entries(LEXICON)]
    assert len(keys) == len(set(keys))


def test_a_file_that_is_missing_a_form_is_named() -> None:
    with pytest.raises((LexiconError, FileNotFoundError)):
        load_phrase_words("no-such-file.jsonl")


def test_two_figures_of_one_sentence_are_two_facts(extractor: Extractor) -> None:
    text = (
        "China mined 70 percent of the world's rare earths in 2024 and holds almost half of global reserves."
    )
    found = {e.action: (values(e, "value"), values(e, "period")) for e in told(extractor, text)}
    assert found == {"production": (["70 %"], ["2024"]), "reserves": (["50 % nearly"], [])}


def test_a_figure_told_twice_is_one_fact(extractor: Extractor) -> None:
    text = (
        "In May, China's magnet exports totaled 1,238 tons.\n\nTIMELINE\n\nMay 2025:\n"
        "- China exported 1,238 tons of magnets."
    )
    [event] = told(extractor, text)
    assert len(event.repeats) == 1
    assert values(event, "period") == ["2025-05"]


def test_an_amount_in_two_currencies_is_one_figure(extractor: Extractor) -> None:
    text = (
        "JL MAG, which is listed in Shenzhen, earned 200 million yuan (US$28 million) from exports in 2024, "
        "with 50 million yuan attributed to shipments to Germany."
    )
    whole, part = sorted(told(extractor, text), key=lambda e: values(e, "value"))
    assert values(whole, "also") == ["28000000 USD"]
    assert values(part, "value") == ["50000000 CNY"]
    assert values(part, "partner") == ["Germany"]
    assert values(part, "subject") == ["JL MAG Rare-Earth Co. Ltd."]


def test_most_has_no_number(extractor: Extractor) -> None:
    [event] = told(extractor, "China supplies most of the world's tungsten.")
    [value] = event.of("value")
    assert (value.text, value.value, value.unit) == ("most", "", "%")


def test_what_is_named_before_is_marked_as_inferred(extractor: Extractor) -> None:
    text = "China's exports of gallium rose 6 percent in March.\n\nThe top buyers were Japan and Germany."
    [event] = [e for e in told(extractor, text) if e.action == "destinations"]
    [subject], [period] = event.of("subject"), event.of("period")
    assert (subject.name, subject.inferred) == ("gallium", True)
    assert (period.value, period.inferred) == ("2025-03", True)


def test_nothing_depends_on_the_order_of_articles(extractor: Extractor) -> None:
    text = "China accounts for 98 percent of world gallium output."
    first = told(extractor, text)
    told(extractor, "Congo mined 70 percent of the world's cobalt in 2024.")
    assert told(extractor, text) == first
