"""Disruptions: kgbuild.extract.disruptions, in our own words."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from kgbuild.extract import Extractor
from kgbuild.extract.phrase_words import phrase_entries
from kgbuild.model import Article, Event, Extraction
from kgbuild.ontology import load_ontology
from kgbuild.parallel import make_extractor

CASES = Path(__file__).with_name("cases") / "disruptions.jsonl"
PUBLISHED = "2025-11-12"
LEXICON = "disruptions.jsonl"


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
    return [e for e in extract(extractor, text).events if e.type == "disruption"]


def values(event: Event, role: str) -> list[str]:
    """Return what fills a role: names, times, the words of a cause."""
    out = set()
    for a in event.of(role):
        if a.kind == "Quantity":
            out.add(" ".join(p for p in (a.value, a.unit, a.qualifier) if p and p != "exact"))
        else:
            out.add(a.text if role == "cause" else a.name or a.value or a.text)
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
    assert len(cases) >= 100
    assert len({c["id"] for c in cases}) == len({c["text"] for c in cases}) == len(cases)
    assert sum(not any(plain(e) for e in c["events"]) for c in cases) * 3 >= len(cases)
    assert sum(not c["events"] for c in cases) >= 40
    assert {e["action"] for c in cases for e in c["events"]} == {
        "halt", "closure", "delay", "shortage", "price-increase", "strain", "force-majeure", "loss", "other",
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
def test_an_example_holds_its_words_and_tells_its_trouble(
    extractor: Extractor, entry: dict[str, Any]
) -> None:
    forms = "|".join(re.escape(f) for f in (*entry.get("forms", ()), *entry.get("verb", ())))
    assert re.search(rf"(?<!\w)(?:{forms})(?!\w)", entry["example"], re.IGNORECASE)
    if entry.get("action"):
        assert entry["action"] in {e.action for e in told(extractor, entry["example"])}
    else:
        assert not told(extractor, entry["example"])


def test_ids_are_single_within_a_class() -> None:
    keys = [(e["class"], e["id"]) for e in phrase_entries(LEXICON)]
    assert len(keys) == len(set(keys))


def test_one_halt_told_three_times_is_one_event(extractor: Extractor) -> None:
    text = (
        "Honda paused work at its Suzuka plant for three days in June.\n\n"
        "Honda suffered a production halt at its Suzuka plant because of a lack of magnets.\n\n"
        "TIMELINE\n\nJune 2025:\n- Honda Motor Co.'s Suzuka plant stopped production of hybrid cars."
    )
    [event] = told(extractor, text)
    assert len(event.repeats) == 2
    assert values(event, "date") == ["2025-06"]
    assert values(event, "site") == ["suzuka plant"]


def test_two_plants_of_one_firm_are_two_events(extractor: Extractor) -> None:
    text = "Ford halted production at its Chicago plant.\n\nFord halted production at its Cologne plant."
    assert len(told(extractor, text)) == 2


def test_who_warns_of_what_happened_is_the_speaker(extractor: Extractor) -> None:
    [event] = told(extractor, "CLEPA warned that the curbs had forced production halts across Europe.")
    assert event.speaker is not None
    assert event.speaker.name == "CLEPA"
    assert values(event, "place") == ["Europe"]


def test_a_refused_reading_is_told(extractor: Extractor) -> None:
    found = extract(extractor, "Volkswagen could stop production of the Golf next week.")
    assert not [e for e in found.events if e.type == "disruption"]
    assert [r.reason for r in found.rejections if r.rule.startswith("disruption")]
