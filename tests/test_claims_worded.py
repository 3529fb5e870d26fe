"""Relations, statistics, disruptions and statements to claims and facts."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from kgbuild.terms import ID, KG, RDF_TYPE, expand, local_iri, text_literal

JLMAG = expand("firm:jl-mag")
CHINA, GERMANY = expand("place:CN"), expand("place:DE")


def told(news: SimpleNamespace, type_: str, action: str, /, *, id_: str = "a", **roles: Any) -> Any:
    return news.understand(news.article(id_, news.draft(type_, action, **roles)))


def linked(facts: Any, predicate: str) -> set[tuple[str, Any]]:
    return {(s, o) for s, p, o in facts if p == predicate}


# ---- relations


@pytest.mark.parametrize(
    ("action", "subject", "value", "expected"),
    [
        ("peer_of", ("Firm", "JL MAG"), ("Firm", "Ningbo Yunsheng"), "peerOf"),
        ("used_in", ("RareEarthElement", "neodymium"), ("EndUse", "LEDs"), "usedIn"),
        ("used_in", ("ElementGroup", "rare earths"), ("Good", "wind turbines"), "usedIn"),
        ("supplies", ("Firm", "JL MAG"), ("Firm", "Ford"), "supplies"),
        ("supplies", ("Firm", "JL MAG"), ("Industry", "carmakers"), "suppliesIndustry"),
        ("supplies", ("Firm", "JL MAG"), ("Good", "magnets"), "suppliesMaterial"),
        ("subsidiary_of", ("Firm", "JL MAG"), ("Firm", "Ford"), "subsidiaryOf"),
        ("subsidiary_in", ("Firm", "JL MAG"), ("Country", "Germany"), "hasSubsidiaryIn"),
        ("customer_in", ("Firm", "JL MAG"), ("Country", "Germany"), "hasCustomersIn"),
        ("located_in", ("Firm", "JL MAG"), ("Country", "Germany"), "hasSiteIn"),
        ("located_in", ("Site", "Mount Example"), ("Country", "Germany"), "locatedIn"),
        ("depends_on", ("Industry", "carmakers"), ("Good", "magnets"), "dependsOn"),
        ("depends_on", ("Country", "Germany"), ("Country", "China"), "dependsOn"),
        ("holds_office", ("Person", "Ann Example"), ("Firm", "JL MAG"), "holdsOffice"),
        ("holds_stake_in", ("Person", "Ann Example"), ("Firm", "JL MAG"), "holdsStakeIn"),
        ("operates", ("Firm", "JL MAG"), ("Site", "Mount Example"), "operates"),
        ("acquired", ("Firm", "JL MAG"), ("Site", "Mount Example"), "acquired"),
        ("supplements", ("Instrument", "general permit"), ("Instrument", "license system"), "supplements"),
    ],
)
def test_a_relation_is_one_property_between_two_things(
    news: SimpleNamespace, action: str, subject: Any, value: Any, expected: str
) -> None:
    found = told(news, "relation", action, subject=subject, object=value)
    properties = {p for _, p, _ in found.facts} - {RDF_TYPE}
    assert properties == {KG.__getattr__(expected)}
    assert not found.happenings


@pytest.mark.parametrize(
    ("action", "subject", "value"),
    [
        ("peer_of", ("Firm", "JL MAG"), ("Country", "Germany")),
        ("peer_of", ("Firm", "JL MAG"), ("Firm", "JL MAG")),
        ("used_in", ("Firm", "JL MAG"), ("EndUse", "LEDs")),
        ("holds_office", ("Firm", "JL MAG"), "chief executive"),
        ("subsidiary_of", ("Firm", "JL MAG"), "a large group"),
        ("located_in", ("Person", "Ann Example"), ("Country", "Germany")),
    ],
)
def test_what_no_property_links_is_listed(
    news: SimpleNamespace, action: str, subject: Any, value: Any
) -> None:
    found = told(news, "relation", action, subject=subject, object=value)
    assert {p for _, p, _ in found.facts} <= {RDF_TYPE}
    assert len(found.told.unlinked) == 1


@pytest.mark.parametrize(
    ("action", "subject", "name"),
    [
        ("holds_office", ("Person", "Xi Jinping"), "officeTitle"),
        ("also_called", ("Firm", "JL MAG"), "alsoKnownAs"),
        ("reported_on", ("NewsOrganization", "Reuters"), "reportedOn"),
    ],
)
def test_words_that_are_no_thing_stay_words(
    news: SimpleNamespace, action: str, subject: Any, name: str
) -> None:
    found = told(news, "relation", action, subject=subject, object="Some Words")
    assert {o for _, o in linked(found.facts, KG.__getattr__(name))} == {text_literal("Some Words")}


def test_words_for_a_thing_get_one_iri_by_their_normal_form(news: SimpleNamespace) -> None:
    texts = ("the guidance systems", "guidance system", "guidance systems")
    told_all = [
        told(news, "relation", "used_in", subject=("RareEarthElement", "neodymium"), object=t) for t in texts
    ]
    facts = {fact for one in told_all for fact in linked(one.facts, KG.usedIn)}
    found = told_all[-1]
    ((_, use),) = facts
    assert found.told.labels.get(use, found.linker.minted[use][1]) == "guidance systems"
    assert use.startswith(f"{ID}use/guidance-system-")
    known = told(
        news, "relation", "used_in", subject=("RareEarthElement", "neodymium"), object="a wind turbine"
    )
    assert linked(known.facts, KG.usedIn) == {(expand("element:Nd"), expand("good:wind-turbine"))}


@pytest.mark.parametrize(("dates", "time"), [("2019", f"{ID}time/2019"), (["2019", "2020"], ""), ([], "")])
def test_the_time_of_a_relation_is_said_by_its_claim(news: SimpleNamespace, dates: Any, time: str) -> None:
    roles = {"subject": ("Firm", "JL MAG"), "object": ("Firm", "Ford"), "date": dates}
    found = told(news, "relation", "acquired", **roles)
    assert {c.time for c in found.told.claims if c.predicate == KG.acquired} == {time}


def test_an_industry_is_known_without_the_word(news: SimpleNamespace) -> None:
    found = told(news, "relation", "used_in", subject=("RareEarthElement", "neodymium"), object="defense")
    assert linked(found.facts, KG.usedIn) == {(expand("element:Nd"), expand("industry:defense"))}


def test_a_site_without_a_name_is_another_one_in_every_article(news: SimpleNamespace) -> None:
    site = ("Site", "its plant", {"name": "", "value": "plant"})
    sites = {
        s
        for id_ in ("a", "b")
        for s, _ in linked(
            told(news, "relation", "located_in", id_=id_, subject=site, object=("Country", "Germany")).facts,
            KG.locatedIn,
        )
    }
    assert len(sites) == 2


def test_each_subject_meets_each_object(news: SimpleNamespace) -> None:
    found = told(
        news,
        "relation",
        "used_in",
        subject=[("RareEarthElement", "neodymium"), ("RareEarthElement", "terbium")],
        object=[("EndUse", "LEDs"), ("EndUse", "headphones")],
    )
    assert len(linked(found.facts, KG.usedIn)) == 4
    assert all(c.evidence.quote.startswith("relation used_in:") for c in found.told.claims)


@pytest.mark.parametrize(
    "stance", [{"polarity": "denied"}, {"certainty": "planned"}, {"certainty": "possible"}]
)
def test_a_relation_that_is_not_so_is_no_fact(news: SimpleNamespace, stance: dict[str, str]) -> None:
    found = told(news, "relation", "supplies", subject=("Firm", "JL MAG"), object=("Firm", "Ford"), **stance)
    assert not found.facts
    (claim,) = found.told.claims
    assert claim.predicate == KG.supplies


def test_a_denial_in_another_article_contradicts_a_relation(news: SimpleNamespace) -> None:
    roles = {"subject": ("Firm", "JL MAG"), "object": ("Firm", "Ford")}
    found = news.understand(
        news.article("a", news.draft("relation", "supplies", **roles)),
        news.article("b", news.draft("relation", "supplies", polarity="denied", **roles)),
    )
    assert not found.facts
    assert [r.kind for r in found.relations] == ["contradicts"]


def test_the_place_of_a_site_is_told_more_precisely(news: SimpleNamespace) -> None:
    found = news.understand(
        *(
            news.article(id_, news.draft("relation", "located_in", subject=("Firm", "JL MAG"), object=where))
            for id_, where in (("a", ("Country", "Germany")), ("b", ("WorldRegion", "Europe")))
        )
    )
    assert [r.kind for r in found.relations] == ["refines"]


# ---- statistics

SHARE: dict[str, Any] = {
    "reporter": "China",
    "subject": ("ElementGroup", "rare earths"),
    "measure": "output",
    "period": "2024",
    "value": ("Quantity", "70", {"unit": "%", "qualifier": "about"}),
    "partner": ("WorldRegion", "world", {"name": "World"}),
}


def test_a_statistic_is_a_thing_with_its_figure(news: SimpleNamespace) -> None:
    found = told(news, "trade_stat", "production", **SHARE, comparison="more than a year before")
    (thing,) = found.happenings
    facts = found.facts
    assert (thing.iri, RDF_TYPE, KG.TradeStatistic) in facts
    assert (thing.iri, KG.measureFamily, local_iri("family", "production")) in facts
    assert (thing.iri, KG.reporter, CHINA) in facts
    assert (thing.iri, KG.partnerPlace, local_iri("place", "world")) in facts
    assert (thing.iri, KG.measureText, text_literal("output")) in facts
    assert (thing.iri, KG.hasTime, f"{ID}time/2024") in facts
    ((_, quantity),) = linked(facts, KG.hasQuantity)
    kinds = {o.value for s, p, o in found.told.values if s == quantity and p == KG.quantityKind}
    assert kinds == {"share of production"}
    assert found.told.labels[thing.iri] == "production of rare earths, China: 70 % (2024)"


def test_the_same_figure_in_another_unit_does_not_contradict_it(news: SimpleNamespace) -> None:
    roles: dict[str, Any] = {
        "reporter": ("Firm", "JL MAG"),
        "measure": "exports",
        "value": ("Quantity", "312", {"unit": "CNY"}),
        "also": ("Quantity", "43", {"unit": "USD"}),
    }
    found = told(news, "trade_stat", "exports", **roles)
    assert len(linked(found.facts, KG.hasQuantity)) == 2
    assert not found.relations


def test_a_fall_has_its_direction(news: SimpleNamespace) -> None:
    change = ("Text", "fell", {"value": "down"})
    found = told(
        news,
        "trade_stat",
        "price",
        subject=("Mineral", "antimony"),
        change=change,
        value=("Quantity", "12", {"unit": "%"}),
    )
    assert {o for _, o in linked(found.facts, KG.changeDirection)} == {local_iri("direction", "down")}


@pytest.mark.parametrize(
    ("changed", "things", "relations"),
    [
        pytest.param({}, 1, [], id="the same"),
        pytest.param({"value": ("Quantity", "69.2", {"unit": "%"})}, 1, ["refines"], id="rounded"),
        pytest.param({"value": ("Quantity", "50", {"unit": "%"})}, 1, ["contradicts"], id="another figure"),
        pytest.param({"period": "2023"}, 2, [], id="another period"),
        pytest.param({"reporter": "Vietnam"}, 2, [], id="another reporter"),
        pytest.param({"subject": ("Mineral", "gallium")}, 2, [], id="another material"),
        pytest.param({"partner": "Germany"}, 2, [], id="another partner"),
        pytest.param({"value": ("Quantity", "70", {"unit": "t"})}, 2, [], id="another unit"),
        pytest.param({"change": ("Text", "up", {"value": "up"})}, 2, [], id="a change"),
    ],
)
def test_statistics_of_two_articles(
    news: SimpleNamespace, changed: dict[str, Any], things: int, relations: list[str]
) -> None:
    found = news.understand(
        news.article("a", news.draft("trade_stat", "production", **SHARE)),
        news.article("b", news.draft("trade_stat", "production", **{**SHARE, **changed})),
    )
    assert (len(found.happenings), [r.kind for r in found.relations]) == (things, relations)


@pytest.mark.parametrize(("year", "things"), [("2025-11-02", 1), ("2012-06-01", 2)])
def test_undated_statistics_are_one_only_in_one_year(news: SimpleNamespace, year: str, things: int) -> None:
    undated = {k: v for k, v in SHARE.items() if k != "period"}
    found = news.understand(
        news.article("a", news.draft("trade_stat", "production", **undated), published="2025-06-01"),
        news.article("b", news.draft("trade_stat", "production", **undated), published=year),
    )
    assert len(found.happenings) == things


# ---- disruptions

HALT: dict[str, Any] = {
    "firm": ("Firm", "Ford"),
    "site": "Chicago plant",
    "what": "stopped work",
    "cause": "want of magnets",
    "duration": "P1W",
    "date": "2025-05",
}


def test_a_disruption_is_an_event_with_what_it_hits(news: SimpleNamespace) -> None:
    found = told(news, "disruption", "halt", **HALT, industry=("Industry", "carmakers"), place="Chicago")
    (thing,) = found.happenings
    facts = found.facts
    assert (thing.iri, RDF_TYPE, KG.Disruption) in facts
    assert (thing.iri, KG.disruptionKind, local_iri("trouble", "halt")) in facts
    assert {expand("firm:ford"), expand("industry:automotive")} <= {o for _, o in linked(facts, KG.affects)}
    assert (thing.iri, KG.duration, text_literal("P1W")) in facts
    assert (thing.iri, KG.causeText, text_literal("want of magnets")) in facts
    assert linked(facts, KG.takesPlaceIn)


@pytest.mark.parametrize(
    ("action", "changed", "things"),
    [
        pytest.param("halt", {}, 1, id="the same"),
        pytest.param("closure", {"date": "2025-05-12"}, 1, id="a day in the month"),
        pytest.param("halt", {"site": "Chicago assembly plant"}, 1, id="other words for the site"),
        pytest.param("halt", {"site": "Dearborn plant"}, 2, id="another site"),
        pytest.param("halt", {"date": "2025-08"}, 2, id="another month"),
        pytest.param("delay", {}, 2, id="another trouble"),
        pytest.param("halt", {"firm": ("Firm", "Tesla")}, 2, id="another firm"),
        pytest.param("halt", {"firm": []}, 2, id="no firm"),
        pytest.param("halt", {"date": []}, 1, id="no time, a named site"),
        pytest.param("halt", {"date": [], "site": []}, 2, id="no time, no site"),
    ],
)
def test_disruptions_of_two_articles(
    news: SimpleNamespace, action: str, changed: dict[str, Any], things: int
) -> None:
    found = news.understand(
        news.article("a", news.draft("disruption", "halt", **HALT)),
        news.article("b", news.draft("disruption", action, **{**HALT, **changed})),
    )
    assert len(found.happenings) == things


# ---- statements


def test_that_it_was_said_is_a_fact_whatever_was_said(news: SimpleNamespace) -> None:
    found = told(
        news,
        "statement",
        "denied",
        speaker=("Firm", "JL MAG"),
        content="work for the army",
        polarity="denied",
        certainty="possible",
        addressee=("Government", "Washington"),
        topic=[("Firm", "Ford")],
        channel="a letter",
    )
    (thing,) = found.happenings
    assert thing.confirmed
    facts = found.facts
    assert (thing.iri, KG.statedBy, JLMAG) in facts
    assert (thing.iri, KG.statementText, text_literal("work for the army")) in facts
    assert (thing.iri, KG.statementKind, local_iri("speech", "denied")) in facts
    assert (thing.iri, KG.statementPolarity, local_iri("polarity", "denied")) in facts
    assert (thing.iri, KG.statementCertainty, local_iri("certainty", "possible")) in facts
    assert (thing.iri, KG.addressee, expand("body:gov-us")) in facts
    assert (thing.iri, KG.mentions, expand("firm:ford")) in facts
    assert (thing.iri, KG.statedThrough, text_literal("a letter")) in facts
    assert {(c.polarity, c.certainty) for c in found.told.claims} == {("affirmed", "actual")}


def test_an_unnamed_speaker_is_an_agent(news: SimpleNamespace) -> None:
    found = told(
        news, "statement", "said", speaker=("UnnamedSource", "two dealers"), content="prices will fall"
    )
    ((_, source),) = linked(found.facts, KG.statedBy)
    assert found.linker.minted[source] == ("UnnamedSource", "two dealers")


def test_statements_are_never_one(news: SimpleNamespace) -> None:
    said = {"speaker": ("Firm", "JL MAG"), "content": "we keep the law", "date": "2025-06-11"}
    found = news.understand(
        *(news.article(id_, news.draft("statement", "said", **said)) for id_ in ("a", "b"))
    )
    assert len({h.iri for h in found.happenings}) == 2


def test_who_reports_a_statement_is_who_its_claims_are_attributed_to(news: SimpleNamespace) -> None:
    event = news.draft("statement", "said", speaker=("Firm", "JL MAG"), content="we keep the law")
    article = news.article("a", event)
    (made,) = article.events
    reporter = made.arguments[0]
    quoted = replace(made, speaker=replace(reporter, kind="NewsOrganization", name="Reuters"))
    found = news.understand(replace(article, events=(quoted,)))
    assert {c.speaker for c in found.told.claims} == {expand("org:reuters")}


@pytest.mark.parametrize(
    ("type_", "action", "roles"), [("trade_stat", "production", SHARE), ("disruption", "halt", HALT)]
)
@pytest.mark.parametrize(
    "stance", [{"polarity": "denied"}, {"certainty": "planned"}, {"certainty": "possible"}]
)
def test_a_figure_or_trouble_that_is_not_so_is_no_fact(
    news: SimpleNamespace, type_: str, action: str, roles: dict[str, Any], stance: dict[str, str]
) -> None:
    found = told(news, type_, action, **roles, **stance)
    (thing,) = found.happenings
    assert not found.facts
    assert not thing.confirmed
    assert "/unconfirmed/" in thing.iri
