"""Control measures and tariffs: kgbuild.extract.measures, on sentences in our own words."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from kgbuild.extract import Extractor
from kgbuild.model import Article, Event, Extraction
from kgbuild.ontology import load_ontology
from kgbuild.parallel import make_extractor

CASES = Path(__file__).with_name("cases") / "measures.jsonl"
PUBLISHED = "2025-11-12"
TYPES = {"control_measure"}


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
    return [e for e in extract(extractor, text).events if e.type in TYPES]


def values(event: Event, role: str) -> list[str]:
    return sorted({a.name or a.value or a.text for a in event.of(role)})


def fits(event: Event, expected: dict[str, Any]) -> bool:
    """Return whether an event is the expected one: every role that the record names must agree in full."""
    head = (event.type, event.action, event.polarity, event.certainty)
    wanted = tuple(expected[key] for key in ("type", "action", "polarity", "certainty"))
    return head == wanted and all(values(event, role) == found for role, found in expected["roles"].items())


def test_there_are_records_enough() -> None:
    cases = read_cases()
    assert len(cases) >= 200
    assert len({c["id"] for c in cases}) == len({c["text"] for c in cases}) == len(cases)
    assert sum(not any(plain(e) for e in c["events"]) for c in cases) * 3 >= len(cases)
    assert sum(not c["events"] for c in cases) >= 55
    assert {e["action"] for c in cases for e in c["events"]} == {
        "imposed", "announced", "tightened", "extended", "suspended", "eased", "lifted",
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
    found = extract(extractor, text)
    for event in found.events:
        for telling in event.tellings:
            assert 0 <= telling.start < telling.end <= len(text)
        speakers = [t.speaker for t in event.tellings if t.speaker is not None]
        for argument in (*event.arguments, *speakers):
            assert text[argument.start : argument.end] == argument.text
    for rejection in found.rejections:
        assert text[rejection.start : rejection.end] == rejection.text


def test_a_measure_told_before_is_meant(extractor: Extractor) -> None:
    text = "Congo imposed an export ban on cobalt in February 2025. The ban ended in October 2025."
    lifted = next(e for e in told(extractor, text) if e.action == "lifted")
    [imposer], [item] = lifted.of("imposer"), lifted.of("item")
    assert (imposer.name, item.name) == ("Government of the Democratic Republic of the Congo", "cobalt")
    assert imposer.inferred
    assert item.inferred
    assert imposer.derivation == "coreference: ban = Congo, told before"


def test_which_of_two_measures_is_meant_is_not_guessed(extractor: Extractor) -> None:
    text = (
        "Congo imposed an export ban on cobalt in 2025. Indonesia imposed an export ban on bauxite in 2023. "
        "The export ban was lifted in 2026."
    )
    assert [e.action for e in told(extractor, text)] == ["imposed", "imposed"]


def test_a_person_imposes_for_the_government_of_the_office(extractor: Extractor) -> None:
    [event] = told(extractor, "Donald Trump imposed tariffs on Chinese goods.")
    [imposer] = event.of("imposer")
    assert (imposer.text, imposer.name, imposer.inferred) == (
        "Donald Trump", "Government of the United States", True,
    )  # fmt: skip


def test_the_kind_tells_tariffs_from_export_controls(extractor: Extractor) -> None:
    text = "Washington imposed tariffs on Chinese magnets. Beijing imposed export controls on gallium."
    assert [values(e, "kind") for e in told(extractor, text)] == [["TariffMeasure"], ["ExportControlMeasure"]]


def test_what_is_not_taken_has_a_reason(extractor: Extractor) -> None:
    text = "Germany called on China to lift its export controls on rare earths."
    reasons = {r.reason for r in extract(extractor, text).rejections if r.rule == "measure-lift"}
    assert reasons == {"a wish, a demand or a prospect is no measure"}


def test_tellings_of_one_measure_are_one_event(extractor: Extractor) -> None:
    text = (
        "Export controls on antimony have shaken the market. China announced them in August 2024. "
        "Beijing's curbs on antimony took effect in September 2024. Traders fear the Chinese restrictions."
    )
    [event] = told(extractor, text)
    assert (event.action, values(event, "imposer"), values(event, "item")) == (
        "imposed", ["Government of China"], ["antimony"],
    )  # fmt: skip
    assert len(event.tellings) >= 3


def test_measures_of_two_times_items_or_families_stay_apart(extractor: Extractor) -> None:
    text = (
        "China imposed export controls on gallium in August 2023. China banned exports of gallium to the "
        "United States in December 2024. China has export quotas on tin. China imposed an export ban on tin. "
        "China imposed export controls on tungsten."
    )
    assert len(told(extractor, text)) == 4
    quota = text.replace("China has export", "China imposed export")
    assert len(told(extractor, quota)) == 5


def test_who_imposes_may_stand_elsewhere_in_the_article(extractor: Extractor) -> None:
    text = (
        "Licensing for tellurium was introduced in February 2025. China's export controls on tellurium bite."
    )
    [event] = told(extractor, text)
    assert values(event, "imposer") == ["Government of China"]
    assert values(event, "date") == ["2025-02"]


def test_with_two_governments_nobody_is_guessed(extractor: Extractor) -> None:
    text = (
        "China's export controls on gallium hurt. U.S. export controls on chips hurt as well. "
        "Export controls on tellurium were introduced in February 2025."
    )
    [event] = [e for e in told(extractor, text) if "tellurium" in values(e, "item")]
    assert event.of("imposer") == ()


def test_a_list_is_kept_by_its_government(extractor: Extractor) -> None:
    [event] = told(extractor, "SMIC has been on the Entity List since December 2020.")
    [imposer] = event.of("imposer")
    assert (imposer.text, imposer.name, imposer.inferred) == (
        "Entity List", "Government of the United States", True,
    )  # fmt: skip


def test_a_ministry_and_its_government_impose_one_measure(extractor: Extractor) -> None:
    text = (
        "China's export controls on germanium hurt makers of optics. "
        "China's Ministry of Commerce imposed export controls on germanium in 2023."
    )
    [event] = told(extractor, text)
    assert len(values(event, "imposer")) == 2
