"""Repeated tellings inside one article: kgbuild.extract.documents."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgbuild.extract.documents import merge_events, not_yet
from kgbuild.model import Argument, Event

A = Argument("holder", "Firm", "A", 0, 1, "Firm A")
B = Argument("holder", "Firm", "B", 2, 3, "Firm B")
C = Argument("holder", "Firm", "C", 4, 5, "Firm C")
ISSUER = Argument("issuer", "Government", "X", 6, 7, "Government X")
TWO = Argument("holder", "UnnamedFirm", "two firms", 8, 17, value="2")
THREE = Argument("holder", "UnnamedFirm", "three firms", 8, 19, value="3")
REST = Argument("holder", "UnnamedFirm", "three firms", 8, 19, value="1")
SOME = Argument("holder", "UnnamedFirm", "some firms", 8, 18)


def license_at(start: int, *arguments: Argument, action: str = "granted", **changes: str) -> Event:
    event = Event(
        "license", action, start, start + 10, tuple(sorted(arguments)), "affirmed", "actual", None, "rule"
    )
    return replace(event, **changes)  # type: ignore[arg-type]


def when(role: str, value: str) -> Argument:
    return Argument(role, "Time", value, 20, 30, value=value)


def test_the_first_telling_is_the_evidence_and_the_others_are_repeats() -> None:
    [event] = merge_events([license_at(40, A, ISSUER), license_at(0, A), license_at(80, A)])
    assert (event.start, [t.start for t in event.repeats]) == (0, [40, 80])
    assert [t.start for t in event.tellings] == [0, 40, 80]
    assert event.of("issuer") == (ISSUER,)


@pytest.mark.parametrize(
    "others",
    [
        pytest.param([license_at(40, B)], id="another holder"),
        pytest.param([license_at(40, A, action="denied")], id="another act"),
        pytest.param([license_at(40, A, polarity="denied")], id="denied"),
        pytest.param([license_at(40, A, certainty="planned")], id="only planned"),
        pytest.param([license_at(40, B, C)], id="other holders"),
        pytest.param([license_at(40, A, when("date", "2025-07"))], id="another time"),
        pytest.param([license_at(40, SOME)], id="unnamed holders"),
        pytest.param([license_at(40, ISSUER)], id="no holder"),
        pytest.param([replace(license_at(40, A), type="visit")], id="another type"),
    ],
)
def test_what_differs_stays_apart(others: list[Event]) -> None:
    assert len(merge_events([license_at(0, A, when("date", "2025-06")), *others])) == 2


def test_amounts_that_differ_are_two_quotas() -> None:
    tons = [
        Argument("quantity", "Quantity", "5 t", 20, 23, value="5"),
        Argument("quantity", "Quantity", "6 t", 20, 23, value="6"),
    ]
    assert len(merge_events([license_at(0, A, tons[0]), license_at(40, A, tons[1])])) == 2
    assert len(merge_events([license_at(0, A, tons[0]), license_at(40, A, tons[0])])) == 1
    assert len(merge_events([license_at(0, A, tons[0]), license_at(40, A)])) == 1


def test_a_time_that_contains_the_other_fits() -> None:
    assert (
        len(
            merge_events(
                [license_at(0, A, when("date", "2025")), license_at(40, A, when("date", "2025-06-11"))]
            )
        )
        == 1
    )


def test_a_part_of_the_holders_is_the_same_act() -> None:
    [event] = merge_events([license_at(0, A), license_at(40, A, B)])
    assert {h.name for h in event.of("holder")} == {"Firm A", "Firm B"}


def test_pending_and_applied_tell_one_application() -> None:
    assert len(merge_events([license_at(0, A, action="applied"), license_at(40, A, action="pending")])) == 1


def test_a_group_is_the_same_as_its_members() -> None:
    [event] = merge_events([license_at(0, THREE), license_at(40, A, B, REST)])
    assert {h.name or h.value for h in event.of("holder")} == {"Firm A", "Firm B", "1"}


def test_groups_of_another_size_stay_apart() -> None:
    assert len(merge_events([license_at(0, TWO), license_at(40, A, B, REST)])) == 2


def test_an_unnamed_group_told_in_the_same_words_is_one() -> None:
    assert len(merge_events([license_at(0, SOME), license_at(40, SOME)])) == 1


def test_measures_share_an_item_or_name_none() -> None:
    def measure(start: int, *items: str) -> Event:
        arguments = [Argument("imposer", "Government", "X", 0, 1, "Government X")]
        arguments += [Argument("item", "Mineral", i, 2, 3, i) for i in items]
        return replace(license_at(start, *arguments), type="control_measure", action="imposed")

    assert len(merge_events([measure(0, "gallium"), measure(40, "gallium", "germanium")])) == 1
    assert len(merge_events([measure(0, "gallium"), measure(40)])) == 1
    assert len(merge_events([measure(0, "gallium"), measure(40, "graphite")])) == 2


def test_nothing_comes_of_nothing() -> None:
    assert merge_events([]) == ()


EVENTS = st.lists(
    st.builds(
        license_at,
        st.integers(0, 9).map(lambda n: n * 40),
        st.sampled_from([A, B, C, TWO, SOME]),
        action=st.sampled_from(["granted", "denied"]),
    ),
    max_size=8,
)


@settings(max_examples=100, deadline=None)
@given(EVENTS)
def test_merging_keeps_every_place_and_goes_no_further_the_second_time(events: list[Event]) -> None:
    merged = merge_events(events)
    assert {t.start for e in merged for t in e.tellings} == {e.start for e in events}
    assert len(merge_events(list(merged))) <= len(merged)
    for event in merged:
        assert event.tellings[0].start == min(t.start for t in event.tellings)


def test_the_order_of_finding_does_not_matter() -> None:
    events = [license_at(0, A), license_at(40, A, ISSUER), license_at(80, B), license_at(120, SOME)]
    assert len({merge_events(list(order)) for order in permutations(events)}) == 1


# ---- relations, statistics, disruptions, statements


def told(type_: str, action: str, start: int, **roles: tuple[str, str]) -> Event:
    """Return an event whose roles are filled by (name, value)."""
    arguments = tuple(
        Argument(role, "Text", name or value, start + i, start + i + 1, name, value)
        for i, (role, (name, value)) in enumerate(sorted(roles.items()))
    )
    return Event(type_, action, start, start + 20, arguments, "affirmed", "actual", None, "rule")


@pytest.mark.parametrize(
    ("type_", "action", "first", "second", "together"),
    [
        pytest.param(
            "relation",
            "used_in",
            {"subject": ("neodymium", ""), "object": ("", "the motors")},
            {"subject": ("neodymium", ""), "object": ("", "motor")},
            True,
            id="the same words",
        ),
        pytest.param(
            "relation",
            "used_in",
            {"subject": ("neodymium", ""), "object": ("", "motors")},
            {"subject": ("terbium", ""), "object": ("", "motors")},
            False,
            id="another subject",
        ),
        pytest.param(
            "trade_stat",
            "exports",
            {"reporter": ("China", ""), "value": ("", "70"), "partner": ("World", "")},
            {"reporter": ("China", ""), "value": ("", "70")},
            True,
            id="a partner told once",
        ),
        pytest.param(
            "trade_stat",
            "exports",
            {"reporter": ("China", ""), "value": ("", "70")},
            {"reporter": ("China", ""), "value": ("", "71")},
            False,
            id="another figure",
        ),
        pytest.param(
            "trade_stat",
            "exports",
            {"reporter": ("China", ""), "value": ("", "70"), "period": ("", "2024")},
            {"reporter": ("China", ""), "value": ("", "70"), "period": ("", "2023")},
            False,
            id="another period",
        ),
        pytest.param(
            "disruption",
            "halt",
            {"firm": ("Ford", ""), "site": ("", "its plant")},
            {"firm": ("Ford", "")},
            True,
            id="a site told once",
        ),
        pytest.param(
            "disruption",
            "halt",
            {"firm": ("Ford", "")},
            {"site": ("", "a plant")},
            False,
            id="no firm",
        ),
        pytest.param(
            "disruption",
            "halt",
            {"firm": ("Ford", ""), "material": ("magnets", "")},
            {"firm": ("Ford", ""), "material": ("cars", "")},
            True,
            id="what it lacks and what it makes",
        ),
        pytest.param(
            "disruption",
            "halt",
            {"firm": ("Ford", ""), "site": ("", "Chicago plant")},
            {"firm": ("Ford", ""), "site": ("", "Dearborn plant")},
            False,
            id="another site",
        ),
        pytest.param(
            "statement",
            "said",
            {"speaker": ("Ford", ""), "content": ("", "we shall keep the law and the rules")},
            {"speaker": ("Ford", ""), "content": ("", "we keep the law and rules")},
            True,
            id="said again",
        ),
        pytest.param(
            "statement",
            "said",
            {"speaker": ("Ford", ""), "content": ("", "we keep the law")},
            {"speaker": ("Ford", ""), "content": ("", "prices will rise soon")},
            False,
            id="something else",
        ),
    ],
)
def test_worded_facts_told_twice(
    type_: str,
    action: str,
    first: dict[str, tuple[str, str]],
    second: dict[str, tuple[str, str]],
    together: bool,
) -> None:
    merged = merge_events([told(type_, action, 0, **first), told(type_, action, 100, **second)])
    assert len(merged) == (1 if together else 2)


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_every_cause_that_is_told_for_one_stop_stays(order: tuple[int, ...]) -> None:
    words = ("supply disruptions", "export controls on magnets", "a lack of parts")
    events = [
        replace(
            told("disruption", "halt", 100 * i, firm=("Ford", "")),
            arguments=(
                Argument("cause", "Text", text, 100 * i + 5, 100 * i + 15),
                Argument("firm", "Firm", "Ford", 100 * i, 100 * i + 4, "Ford"),
            ),
        )
        for i, text in enumerate(words)
    ]
    [event] = merge_events([events[i] for i in order])
    assert sorted(a.text for a in event.of("cause")) == sorted(words)
    assert [a.start for a in event.of("firm")] == [0, 100, 200]


@pytest.mark.parametrize(
    ("type_", "first", "second"), [("disruption", "halt", "closure"), ("statement", "warned", "said")]
)
def test_worded_facts_told_with_another_verb(type_: str, first: str, second: str) -> None:
    roles = {"firm": ("Ford", ""), "speaker": ("Ford", ""), "content": ("", "lines may stand still")}
    assert len(merge_events([told(type_, first, 0, **roles), told(type_, second, 100, **roles)])) == 1


# ---- what has not happened yet


@pytest.mark.parametrize(
    ("published", "certainty"),
    [("2023-07-05", "planned"), ("2023-08-02", "actual"), (None, "actual"), ("2023", "actual")],
)
def test_what_is_dated_after_publication_is_planned(published: str | None, certainty: str) -> None:
    day = Argument("date", "Time", "August 1", 0, 8, value="2023-08-01")
    event = Event("control_measure", "imposed", 0, 40, (day,), "affirmed", "actual", None, "test")
    (found,) = not_yet([event], published)
    assert found.certainty == certainty


def test_a_statement_about_a_day_to_come_was_made_all_the_same() -> None:
    day = Argument("date", "Time", "August 1", 0, 8, value="2023-08-01")
    event = Event("statement", "said", 0, 40, (day,), "affirmed", "actual", None, "test")
    assert not_yet([event], "2023-07-05") == [event]
