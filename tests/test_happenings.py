"""What several articles tell becomes one thing where all agrees, and stays apart where something does not."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgbuild.happenings import Happening
from kgbuild.link import Decision
from kgbuild.model import Extraction
from kgbuild.terms import ID

JUNE: Final = "2025-06-11"
JLMAG: Final = "JL MAG Rare-Earth Co. Ltd."
WEST: Final = ("WorldRegion", "the West")
EUROPE: Final = ("WorldRegion", "Europe")
#: What makes two tellings of a license one thing unless a test changes it.
SAME: Final[dict[str, Any]] = {"holder": JLMAG, "announced": JUNE, "kind": "ExportLicense"}


def license_(news: SimpleNamespace, id_: str, action: str = "granted", /, **changes: Any) -> Extraction:
    """Return an article that tells SAME with changes; None takes a role away."""
    roles = {k: v for k, v in (SAME | changes).items() if v is not None}
    made: Extraction = news.article(id_, news.draft("license", action, **roles))
    return made


def event(news: SimpleNamespace, id_: str, type_: str, action: str, /, **roles: Any) -> Extraction:
    made: Extraction = news.article(id_, news.draft(type_, action, **roles))
    return made


def happenings(news: SimpleNamespace, *articles: Extraction) -> tuple[Happening, ...]:
    found: tuple[Happening, ...] = news.understand(*articles).happenings
    return found


def decisions(news: SimpleNamespace, *articles: Extraction) -> list[Decision]:
    return [d for d in news.understand(*articles).decisions if d.subject == "event"]


# ---- licenses


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"announced": "2025-06"},  # one time contains the other
        {"announced": None, "date": "[2025-06-09..2025-06-11]"},
        {"announced": None, "date": "[..2025-06-12]"},
        {"destination": "United States"},  # the other does not say where
        {"issuer": "Government of China"},
        {"kind": "GeneralExportLicense"},  # the finer kind
    ],
)
def test_license_told_by_two_articles_is_one(news: SimpleNamespace, change: dict[str, Any]) -> None:
    (found,) = happenings(news, license_(news, "a"), license_(news, "b", **change))
    assert {e.article for e in found.tellings} == {"a", "b"}
    assert found.confirmed
    assert found.kind == change.get("kind", "ExportLicense")
    assert found.iri.startswith(f"{ID}license/jl-mag-rare-earth-co-ltd-")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"holder": "Lynas Rare Earths Ltd."}),
        ({}, {"announced": "2025-12-11"}),  # half a year apart
        ({}, {"announced": "2025-06-12"}),
        ({}, {"kind": "MiningLicense"}),
        ({"kind": "SingleExportLicense"}, {"kind": "GeneralExportLicense"}),
        ({"destination": "United States"}, {"destination": "Japan"}),
        ({"destination": ["United States", "Japan"]}, {"destination": ["United States", EUROPE]}),
        ({"holder": [JLMAG, "Lynas"]}, {"holder": [JLMAG, "MP Materials"]}),
        ({"announced": None}, {"announced": None}),  # nothing but the holder agrees
        ({"holder": ("UnnamedFirm", "three rivals")}, {"holder": ("UnnamedFirm", "three rivals")}),
    ],
)
def test_licenses_that_differ_stay_apart(
    news: SimpleNamespace, one: dict[str, Any], other: dict[str, Any]
) -> None:
    found = happenings(news, license_(news, "a", **one), license_(news, "b", **other))
    assert len(found) == 2
    assert len({h.iri for h in found}) == 2


def test_unnamed_holders_of_one_article_stay_apart_too(news: SimpleNamespace) -> None:
    told = news.draft("license", "granted", holder=("UnnamedFirm", "a rival"), announced=JUNE)
    assert len(happenings(news, news.article("a", told, told))) == 2


def test_unnamed_holders_do_not_keep_named_ones_apart(news: SimpleNamespace) -> None:
    with_others = license_(news, "a", holder=[JLMAG, ("UnnamedFirm", "two rivals")])
    assert len(happenings(news, with_others, license_(news, "b"))) == 1


def test_destinations_that_contain_one_another_agree(news: SimpleNamespace) -> None:
    europe = license_(news, "a", destination=[EUROPE, "United States"])
    assert len(happenings(news, europe, license_(news, "b", destination=["Germany", "United States"]))) == 1
    assert len(happenings(news, europe, license_(news, "b", destination="United States"))) == 1


@pytest.mark.parametrize("other", ["denied", "revoked", "applied"])
def test_another_act_is_another_thing(news: SimpleNamespace, other: str) -> None:
    assert len(happenings(news, license_(news, "a"), license_(news, "b", other))) == 2


def test_stages_of_one_act_are_one_thing(news: SimpleNamespace) -> None:
    (found,) = happenings(news, license_(news, "a", "applied"), license_(news, "b", "pending"))
    assert found.act == "applied"


def test_vague_telling_does_not_join_june_and_december(news: SimpleNamespace) -> None:
    articles = [
        license_(news, "a", date=JUNE, announced=None, issuer="Government of China"),
        license_(news, "b", date="2025", announced=None, issuer="Government of China"),
        license_(news, "c", date="2025-12-02", announced=None),
    ]
    found = happenings(news, *articles)
    assert not any({JUNE, "2025-12-02"} <= set(h.times) for h in found)


def test_telling_that_fits_two_things_stays_apart(news: SimpleNamespace) -> None:
    articles = [
        license_(news, "a"),
        license_(news, "b", announced="2025-06-02"),
        license_(news, "c", announced="2025-06"),
    ]
    found = happenings(news, *articles)
    assert len(found) == 3
    assert [d.verdict for d in decisions(news, *articles)] == ["unsure"]
    assert decisions(news, *articles)[0].reason == "could be one of 2; kept apart"


def test_decision_on_one_thing_is_kept(news: SimpleNamespace) -> None:
    (decision,) = decisions(news, license_(news, "a"), license_(news, "b"))
    assert (decision.verdict, {decision.article, decision.iri}) == ("same", {"a", "b"})
    assert decision.reason.startswith("participants, kind, place and time agree (")


# ---- denied, planned, possible


def test_denial_meets_the_thing_that_it_denies(news: SimpleNamespace) -> None:
    (found,) = happenings(news, license_(news, "a"), license_(news, "b", polarity="denied"))
    assert not found.confirmed
    assert found.iri.startswith(f"{ID}license/"), "it keeps its name"


@pytest.mark.parametrize("change", [{"announced": "2024-01-01"}, {"holder": "Lynas"}])
def test_denial_of_something_else_stands_alone(news: SimpleNamespace, change: dict[str, Any]) -> None:
    found = happenings(news, license_(news, "a"), license_(news, "b", polarity="denied", **change))
    assert [h.confirmed for h in sorted(found, key=lambda h: h.iri)] == [True, False]
    assert found[-1].iri.startswith(f"{ID}unconfirmed/")


@pytest.mark.parametrize("certainty", ["planned", "possible", "in-principle"])
def test_what_is_not_said_to_be_so_is_a_thing_of_its_own(news: SimpleNamespace, certainty: str) -> None:
    found = happenings(news, license_(news, "a"), license_(news, "b", certainty=certainty))
    assert {(h.confirmed, h.iri.split("/")[-2]) for h in found} == {(True, "license"), (False, "unconfirmed")}


def test_agreement_in_principle_is_an_agreement(news: SimpleNamespace) -> None:
    party = ["Government of China", "Government of the United States"]
    told = [
        event(news, id_, "agreement", "agreed", party=party, date=JUNE, certainty=certainty)
        for id_, certainty in (("a", "in-principle"), ("b", "actual"))
    ]
    (found,) = happenings(news, *told)
    assert found.confirmed
    assert found.kind == "Agreement"


# ---- other kinds of happenings

LONDON: Final = {"place": "London"}
PARTIES: Final = ["Government of China", "Government of the United States"]
TALKS: Final[dict[str, Any]] = {"party": PARTIES}
MOVE: Final[dict[str, Any]] = {"firm": JLMAG, "percent": "7.89"}
CONTROL: Final[dict[str, Any]] = {
    "imposer": "Government of China",
    "item": ("ElementGroup", "rare earths"),
    "date": "2025-04-04",
}


@pytest.mark.parametrize(
    ("type_", "action", "one", "other", "count"),
    [
        ("market_move", "up", MOVE, MOVE, 1),
        ("market_move", "up", MOVE, MOVE | {"percent": "7.9"}, 1),
        ("market_move", "up", MOVE, MOVE | {"percent": "12"}, 2),
        ("market_move", "up", MOVE | {"date": JUNE}, MOVE | {"date": JUNE, "percent": "12"}, 1),
        ("market_move", "up", MOVE | {"date": JUNE}, MOVE | {"date": "2025-06-12"}, 2),
        ("market_move", "up", MOVE, MOVE | {"window": "opening hour"}, 2),
        ("market_move", "up", MOVE, MOVE | {"percent": ("Quantity", "a lot", {"value": ""})}, 2),
        ("market_move", "up", MOVE, MOVE | {"firm": "Lynas"}, 2),
        ("market_move", "up", MOVE | {"exchange": "Shenzhen Stock Exchange"}, MOVE, 1),
        (
            "market_move", "up", MOVE | {"exchange": "Shenzhen Stock Exchange"},
            MOVE | {"exchange": "Hong Kong Stock Exchange"}, 2,
        ),
        ("control_measure", "imposed", CONTROL, CONTROL, 1),
        ("control_measure", "imposed", CONTROL, CONTROL | {"imposer": ("Regulator", "MOFCOM")}, 1),
        ("control_measure", "imposed", CONTROL, CONTROL | {"imposer": "Government of Japan"}, 2),
        ("control_measure", "imposed", CONTROL, CONTROL | {"item": ("RareEarthElement", "dysprosium")}, 1),
        ("control_measure", "imposed", CONTROL, CONTROL | {"item": ("Mineral", "gallium")}, 2),
        ("control_measure", "imposed", CONTROL | {"target": "Japan"}, CONTROL | {"target": "Peru"}, 2),
        ("control_measure", "imposed", CONTROL, CONTROL | {"kind": "TariffMeasure"}, 2),
        ("negotiation", "talks", TALKS | LONDON, TALKS | LONDON, 1),
        ("negotiation", "talks", TALKS | LONDON, TALKS | {"place": "Geneva"}, 2),
        ("negotiation", "talks", TALKS | LONDON, TALKS, 2),
        ("negotiation", "talks", {"party": PARTIES, "date": JUNE}, {"party": PARTIES, "date": "2025-06"}, 1),
        (
            "visit", "visit", {"person": "Xi Jinping", "firm": JLMAG, "date": "2019"},
            {"firm": JLMAG, "date": "2019-05"}, 1,
        ),
    ],
)  # fmt: skip
def test_other_happenings(
    news: SimpleNamespace, type_: str, action: str, one: dict[str, Any], other: dict[str, Any], count: int
) -> None:
    found = happenings(news, event(news, "a", type_, action, **one), event(news, "b", type_, action, **other))
    assert len(found) == count


def test_moves_on_two_exchanges_are_not_joined_by_one_without(news: SimpleNamespace) -> None:
    def move(id_: str, exchange: str | None) -> Extraction:
        roles = MOVE | {"date": JUNE} | ({"exchange": exchange} if exchange else {})
        return event(news, id_, "market_move", "up", **roles)

    articles = [move("a", None), move("b", "Shenzhen Stock Exchange"), move("c", "Hong Kong Stock Exchange")]
    for happening in happenings(news, *articles):
        assert len({i for e in happening.tellings for i in e.iris("exchange")}) <= 1


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("talks", "Talks"),
        ("summit", "Summit"),
        ("call", "Call"),
        ("dispute", "Dispute"),
        ("meeting", "Negotiation"),
    ],
)
def test_negotiation_has_its_class(news: SimpleNamespace, action: str, kind: str) -> None:
    (found,) = happenings(news, event(news, "a", "negotiation", action, party=PARTIES))
    assert found.kind == kind


@pytest.mark.parametrize(
    ("kinds", "kind"),
    [
        ([], "License"),
        (["ExportLicense"], "ExportLicense"),
        (["ExportLicense", "GeneralExportLicense"], "GeneralExportLicense"),
        (["MiningLicense"], "MiningLicense"),
    ],
)
def test_license_has_its_finest_class(news: SimpleNamespace, kinds: list[str], kind: str) -> None:
    (found,) = happenings(news, license_(news, "a", kind=kinds))
    assert found.kind == kind


def test_equal_things_kept_apart_have_names_of_their_own(news: SimpleNamespace) -> None:
    undated = {"announced": None}
    found = happenings(news, *(license_(news, id_, **undated) for id_ in "abc"))
    assert len({h.iri for h in found}) == 3


def test_new_article_renames_nothing(news: SimpleNamespace) -> None:
    (before,) = happenings(news, license_(news, "m"))
    for more in (
        license_(news, "z"),
        license_(news, "z", holder="Lynas"),
        license_(news, "z", polarity="denied"),
    ):
        assert before.iri in {h.iri for h in happenings(news, license_(news, "m"), more)}


# ---- order


@settings(max_examples=40, deadline=None)
@given(order=st.permutations(range(9)))
def test_order_of_articles_does_not_count(news: SimpleNamespace, order: list[int]) -> None:
    articles = [
        license_(news, "a"),
        license_(news, "b", announced="2025-06"),
        license_(news, "c", announced="2025-12-02", destination=WEST),
        license_(news, "d", polarity="denied"),
        license_(news, "e", holder=[JLMAG, ("UnnamedFirm", "two rivals")], destination="Japan"),
        license_(news, "f", announced=None, destination="United States"),
        event(news, "g", "negotiation", "talks", party=PARTIES, place="London", date=JUNE),
        event(news, "h", "negotiation", "talks", party=PARTIES, place="London"),
        event(news, "i", "market_move", "up", **MOVE),
    ]

    def shape(found: tuple[Happening, ...]) -> list[tuple[str, str, bool, list[str]]]:
        return [(h.iri, h.kind, h.confirmed, [e.article for e in h.tellings]) for h in found]

    given_order, other = news.understand(*articles), news.understand(*(articles[i] for i in order))
    assert shape(given_order.happenings) == shape(other.happenings)
    assert sorted(given_order.decisions) == sorted(other.decisions)
    assert given_order.told.claims == other.told.claims
    assert given_order.told.labels == other.told.labels
    assert given_order.facts == other.facts
    assert given_order.relations == other.relations


def test_events_of_one_clause_have_one_order(news: SimpleNamespace) -> None:
    made: Extraction = news.article(
        "a", news.draft("market_move", "up", **MOVE), news.draft("market_move", "up", **MOVE)
    )
    from dataclasses import replace

    one, two = made.events
    clause = replace(two, start=one.start, end=one.end, arguments=one.arguments)
    lower = replace(clause, action="down")
    for events in ((one, lower), (lower, one)):
        found = happenings(news, replace(made, events=events))
        assert [h.act for h in found] == [h.act for h in happenings(news, replace(made, events=(one, lower)))]
