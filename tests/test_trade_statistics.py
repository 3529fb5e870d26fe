"""Trade statistics: kgbuild.extract.trade_statistics, in our own words."""

from __future__ import annotations

import pytest
from case_tables import Case, Table, assert_enough, assert_spans

TABLE = Table("trade_statistics.jsonl", frozenset({"trade_stat"}), frozenset({"comparison"}))


def test_there_are_records_enough() -> None:
    cases = TABLE.cases
    assert_enough(cases, 150, without_events=50)
    assert {e["action"] for c in cases for e in c["events"]} >= {
        "production", "supply", "exports", "imports", "reserves", "consumption", "revenue", "sales", "price",
        "capacity", "quota", "stock", "destinations",
    }  # fmt: skip


@pytest.mark.parametrize("case", TABLE.cases, ids=lambda c: c["id"])
def test_record(case: Case) -> None:
    TABLE.assert_record(case)


@pytest.mark.parametrize("case", TABLE.cases, ids=lambda c: c["id"])
def test_every_span_is_the_text_there(case: Case) -> None:
    assert_spans(case["text"], TABLE.types)


def test_two_figures_of_one_sentence_are_two_facts() -> None:
    text = (
        "China mined 70 percent of the world's rare earths in 2024 and holds almost half of global reserves."
    )
    found = {e.action: (TABLE.values(e, "value"), TABLE.values(e, "period")) for e in TABLE.told(text)}
    assert found == {"production": (["70 %"], ["2024"]), "reserves": (["50 % nearly"], [])}


def test_a_figure_told_twice_is_one_fact() -> None:
    text = (
        "In May, China's magnet exports totaled 1,238 tons.\n\nTIMELINE\n\nMay 2025:\n"
        "- China exported 1,238 tons of magnets."
    )
    [event] = TABLE.told(text)
    assert len(event.repeats) == 1
    assert TABLE.values(event, "period") == ["2025-05"]


def test_an_amount_in_two_currencies_is_one_figure() -> None:
    text = (
        "JL MAG, which is listed in Shenzhen, earned 200 million yuan (US$28 million) from exports in 2024, "
        "with 50 million yuan attributed to shipments to Germany."
    )
    whole, part = sorted(TABLE.told(text), key=lambda e: TABLE.values(e, "value"))
    assert TABLE.values(whole, "also") == ["28000000 USD"]
    assert TABLE.values(part, "value") == ["50000000 CNY"]
    assert TABLE.values(part, "partner") == ["Germany"]
    assert TABLE.values(part, "subject") == ["JL MAG Rare-Earth Co. Ltd."]


def test_most_has_no_number() -> None:
    [event] = TABLE.told("China supplies most of the world's tungsten.")
    [value] = event.of("value")
    assert (value.text, value.value, value.unit) == ("most", "", "%")


def test_what_is_named_before_is_marked_as_inferred() -> None:
    text = "China's exports of gallium rose 6 percent in March.\n\nThe top buyers were Japan and Germany."
    [event] = [e for e in TABLE.told(text) if e.action == "destinations"]
    [subject], [period] = event.of("subject"), event.of("period")
    assert (subject.name, subject.inferred) == ("gallium", True)
    assert (period.value, period.inferred) == ("2025-03", True)


def test_nothing_depends_on_the_order_of_articles() -> None:
    text = "China accounts for 98 percent of world gallium output."
    first = TABLE.told(text)
    TABLE.told("Congo mined 70 percent of the world's cobalt in 2024.")
    assert TABLE.told(text) == first
