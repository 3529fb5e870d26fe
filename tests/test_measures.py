"""Control measures and tariffs: kgbuild.extract.measures, on sentences in our own words."""

from __future__ import annotations

import pytest
from case_tables import Case, Table, assert_enough, assert_spans, extract, values

TABLE = Table("measures.jsonl", frozenset({"control_measure"}))


def test_there_are_records_enough() -> None:
    cases = TABLE.cases
    assert_enough(cases, 200, without_events=55)
    assert {e["action"] for c in cases for e in c["events"]} == {
        "imposed", "announced", "tightened", "extended", "suspended", "eased", "lifted",
    }  # fmt: skip


@pytest.mark.parametrize("case", TABLE.cases, ids=lambda c: c["id"])
def test_record(case: Case) -> None:
    TABLE.assert_record(case)


@pytest.mark.parametrize("case", TABLE.cases, ids=lambda c: c["id"])
def test_every_span_is_the_text_there(case: Case) -> None:
    assert_spans(case["text"])


def test_a_measure_told_before_is_meant() -> None:
    text = "Congo imposed an export ban on cobalt in February 2025. The ban ended in October 2025."
    lifted = next(e for e in TABLE.told(text) if e.action == "lifted")
    [imposer], [item] = lifted.of("imposer"), lifted.of("item")
    assert (imposer.name, item.name) == ("Government of the Democratic Republic of the Congo", "cobalt")
    assert imposer.inferred
    assert item.inferred
    assert imposer.derivation == "coreference: ban = Congo, told before"


def test_which_of_two_measures_is_meant_is_not_guessed() -> None:
    text = (
        "Congo imposed an export ban on cobalt in 2025. Indonesia imposed an export ban on bauxite in 2023. "
        "The export ban was lifted in 2026."
    )
    assert [e.action for e in TABLE.told(text)] == ["imposed", "imposed"]


def test_a_person_imposes_for_the_government_of_the_office() -> None:
    [event] = TABLE.told("Donald Trump imposed tariffs on Chinese goods.")
    [imposer] = event.of("imposer")
    assert (imposer.text, imposer.name, imposer.inferred) == (
        "Donald Trump", "Government of the United States", True,
    )  # fmt: skip


def test_the_kind_tells_tariffs_from_export_controls() -> None:
    text = "Washington imposed tariffs on Chinese magnets. Beijing imposed export controls on gallium."
    assert [values(e, "kind") for e in TABLE.told(text)] == [["TariffMeasure"], ["ExportControlMeasure"]]


def test_what_is_not_taken_has_a_reason() -> None:
    text = "Germany called on China to lift its export controls on rare earths."
    reasons = {r.reason for r in extract(text).rejections if r.rule == "measure-lift"}
    assert reasons == {"a wish, a demand or a prospect is no measure"}


def test_tellings_of_one_measure_are_one_event() -> None:
    text = (
        "Export controls on antimony have shaken the market. China announced them in August 2024. "
        "Beijing's curbs on antimony took effect in September 2024. Traders fear the Chinese restrictions."
    )
    [event] = TABLE.told(text)
    assert (event.action, values(event, "imposer"), values(event, "item")) == (
        "imposed", ["Government of China"], ["antimony"],
    )  # fmt: skip
    assert len(event.tellings) >= 3


def test_measures_of_two_times_items_or_families_stay_apart() -> None:
    text = (
        "China imposed export controls on gallium in August 2023. China banned exports of gallium to the "
        "United States in December 2024. China has export quotas on tin. China imposed an export ban on tin. "
        "China imposed export controls on tungsten."
    )
    assert len(TABLE.told(text)) == 4
    quota = text.replace("China has export", "China imposed export")
    assert len(TABLE.told(quota)) == 5


def test_who_imposes_may_stand_elsewhere_in_the_article() -> None:
    text = (
        "Licensing for tellurium was introduced in February 2025. China's export controls on tellurium bite."
    )
    [event] = TABLE.told(text)
    assert values(event, "imposer") == ["Government of China"]
    assert values(event, "date") == ["2025-02"]


def test_with_two_governments_nobody_is_guessed() -> None:
    text = (
        "China's export controls on gallium hurt. U.S. export controls on chips hurt as well. "
        "Export controls on tellurium were introduced in February 2025."
    )
    [event] = [e for e in TABLE.told(text) if "tellurium" in values(e, "item")]
    assert event.of("imposer") == ()


def test_a_list_is_kept_by_its_government() -> None:
    [event] = TABLE.told("SMIC has been on the Entity List since December 2020.")
    [imposer] = event.of("imposer")
    assert (imposer.text, imposer.name, imposer.inferred) == (
        "Entity List", "Government of the United States", True,
    )  # fmt: skip


def test_a_ministry_and_its_government_impose_one_measure() -> None:
    text = (
        "China's export controls on germanium hurt makers of optics. "
        "China's Ministry of Commerce imposed export controls on germanium in 2023."
    )
    [event] = TABLE.told(text)
    assert len(values(event, "imposer")) == 2
