"""Terms of licenses: how long, on which conditions, for destinations in words, since when the first."""

from __future__ import annotations

import pytest
from case_tables import Case, assert_enough, extract, read_cases, values

from kgbuild.model import Event

CASES = "license_terms.jsonl"
PUBLISHED = "2026-06-11"
ROLES = ("validity", "until", "since", "condition", "destination_words")
#: Every text but those with a headline of their own is the second paragraph of an article on this topic.
TOPIC = "Export controls on rare earths apply in China.\n\n"


def granted(case: Case) -> list[Event]:
    text = case["text"] if case.get("headline") else TOPIC + case["text"]
    return [e for e in extract(text, PUBLISHED).events if e.type == "license"]


def test_there_are_records_enough() -> None:
    cases = read_cases(CASES)
    plain = {"polarity": "affirmed", "certainty": "actual"}
    assert_enough([{**c, "events": [plain] if c["terms"] else []} for c in cases], 50)


@pytest.mark.parametrize("case", read_cases(CASES), ids=lambda c: c["id"])
def test_record(case: Case) -> None:
    events = granted(case)
    told = {role: sorted({v for e in events for v in values(e, role)}) for role in ROLES}
    assert {role: found for role, found in told.items() if found} == case["terms"]
    if "issuer" in case:
        assert sorted({v for e in events for v in values(e, "issuer")}) == case["issuer"]


def test_who_is_named_in_a_condition_holds_no_license() -> None:
    text = "Beijing granted Ningbo Yunsheng Co. Ltd. export permits on condition that no arms makers buy."
    (event,) = granted({"text": text})
    assert [h.name for h in event.of("holder")] == ["Ningbo Yunsheng Co. Ltd."]


def test_terms_are_spans_of_the_text() -> None:
    text = "Gabon granted Comilog SA an export permit. Exports remain restricted, traders said."
    (event,) = granted({"text": text})
    (condition,) = event.of("condition")
    assert (TOPIC + text)[condition.start : condition.end] == condition.text == "Exports remain restricted"


def test_an_issuer_of_the_headline_is_inferred_and_says_so() -> None:
    text = "China Grants Magnet Export Licenses\n\nMasan Magnets Co. Ltd. received an export license."
    (event,) = [e for e in extract(text, PUBLISHED).events if e.type == "license"]
    (issuer,) = event.of("issuer")
    assert issuer.inferred
    assert issuer.derivation == "the headline names who grants it"
    assert issuer.text == text[issuer.start : issuer.end] == "China"
