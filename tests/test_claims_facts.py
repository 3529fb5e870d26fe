"""What is claimed, which of it is a fact, and how claims of several articles stand to one another."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgbuild.facts import Comparison, Relation, to_facts
from kgbuild.model import Claim, Evidence, Extraction, Literal, Term
from kgbuild.ontology import Ontology
from kgbuild.terms import ID, KG, NS, RDF_TYPE, XSD, expand, local_iri, text_literal

JUNE: Final = "2025-06-11"
JLMAG: Final = "JL MAG Rare-Earth Co. Ltd."
PARTIES: Final = ["Government of China", "Government of the United States"]
LICENSE: Final[dict[str, Any]] = {
    "holder": JLMAG,
    "announced": JUNE,
    "kind": "ExportLicense",
    "issuer": "Government of China",
    "destination": "United States",
}


def license_(news: SimpleNamespace, id_: str, action: str = "granted", /, **changes: Any) -> Extraction:
    roles = {k: v for k, v in (LICENSE | changes).items() if v is not None}
    made: Extraction = news.article(id_, news.draft("license", action, **roles))
    return made


def told(news: SimpleNamespace, type_: str, action: str, /, *, id_: str = "a", **roles: Any) -> Any:
    return news.understand(news.article(id_, news.draft(type_, action, **roles)))


def objects(facts: Any, predicate: str) -> set[Any]:
    return {o for _, p, o in facts if p == predicate}


def about(found: Any, predicate: str) -> set[Claim]:
    return {c for c in found.told.claims if c.predicate == predicate}


def place(code: str) -> str:
    return expand(f"place:{code}")


# ---- facts


def test_what_is_told_as_so_is_a_fact(news: SimpleNamespace) -> None:
    found = news.understand(license_(news, "a", destination=["United States", ("WorldRegion", "Europe")]))
    (thing,) = found.happenings
    facts = found.facts
    assert (expand("firm:jl-mag"), KG.holds, thing.iri) in facts
    assert (thing.iri, RDF_TYPE, KG.ExportLicense) in facts
    assert (thing.iri, KG.issuedBy, expand("body:gov-cn")) in facts
    assert objects(facts, KG.validForDestination) == {place("US"), place("europe")}
    (record,) = objects(facts, KG.hasStatusRecord)
    assert (record, KG.statusValue, local_iri("status", "granted")) in facts
    assert (record, KG.announcedAt, f"{ID}time/{JUNE}") in facts
    assert (record, RDF_TYPE, KG.StatusRecord) in facts


@pytest.mark.parametrize(
    "stance",
    [
        {"polarity": "denied"},
        {"certainty": "planned"},
        {"certainty": "possible"},
        {"certainty": "in-principle"},
        {"polarity": "denied", "certainty": "possible"},
    ],
)
@pytest.mark.parametrize(
    ("type_", "action", "roles"),
    [
        ("license", "granted", LICENSE),
        (
            "control_measure",
            "imposed",
            {"imposer": PARTIES[0], "item": ("ElementGroup", "rare earths"), "date": JUNE},
        ),
        (
            "negotiation",
            "talks",
            {"party": PARTIES, "place": "London", "date": JUNE, "person": "Donald Trump"},
        ),
        ("market_move", "up", {"firm": JLMAG, "percent": "7.89", "date": JUNE}),
        ("visit", "visit", {"firm": JLMAG, "person": "Xi Jinping", "date": "2019"}),
    ],
)
def test_what_is_denied_planned_or_possible_is_no_fact(
    news: SimpleNamespace, type_: str, action: str, roles: dict[str, Any], stance: dict[str, str]
) -> None:
    found = told(news, type_, action, **roles, **stance)
    assert found.facts == set()
    assert found.told.claims, "it stays a claim"
    assert {(c.polarity, c.certainty) for c in found.told.claims} == {
        (stance.get("polarity", "affirmed"), stance.get("certainty", "actual"))
    }


def test_unknown_firm_exists_even_where_its_license_is_denied(news: SimpleNamespace) -> None:
    found = news.understand(license_(news, "a", holder="Example Magnetics", polarity="denied"))
    ((firm, predicate, class_),) = found.facts
    assert (predicate, class_) == (RDF_TYPE, KG.Firm)
    assert firm.startswith(f"{ID}firm/example-magnetics-")
    assert found.told.labels[firm] == "Example Magnetics"


def test_denial_of_another_article_takes_the_facts_away(news: SimpleNamespace) -> None:
    alone = news.understand(license_(news, "a"))
    (thing,) = alone.happenings
    both = news.understand(license_(news, "a"), license_(news, "b", polarity="denied"))
    assert [h.iri for h in both.happenings] == [thing.iri]
    assert any(thing.iri in triple for triple in alone.facts)
    assert not any(thing.iri in triple for triple in both.facts)
    assert {c.polarity for c in about(both, KG.holds)} == {"affirmed", "denied"}


def test_agreement_in_principle_is_a_fact_with_that_status(news: SimpleNamespace) -> None:
    found = told(
        news, "agreement", "agreed", party=PARTIES, place="London", date=JUNE, certainty="in-principle"
    )
    assert objects(found.facts, KG.statusValue) == {local_iri("status", "agreed-in-principle")}
    assert objects(found.facts, KG.hasParty) == {expand("body:gov-cn"), expand("body:gov-us")}
    assert objects(found.facts, KG.settledIn) == {place("london")}


@pytest.mark.parametrize(
    ("action", "predicate"),
    [
        ("granted", KG.holds),
        ("revoked", KG.holds),
        ("expired", KG.holds),
        ("applied", KG.appliesFor),
        ("pending", KG.appliesFor),
        ("denied", KG.appliesFor),
    ],
)
def test_only_who_has_got_a_license_holds_it(news: SimpleNamespace, action: str, predicate: str) -> None:
    found = news.understand(license_(news, "a", action))
    assert objects(found.facts, KG.holds) | objects(found.facts, KG.appliesFor) == objects(
        found.facts, predicate
    )
    assert objects(found.facts, KG.statusValue) == {local_iri("status", action)}


def test_every_fact_about_a_new_thing_has_a_claim(news: SimpleNamespace) -> None:
    found = news.understand(
        license_(news, "a", holder="Example Magnetics", count="3", validity="P1Y", condition="civil use"),
        license_(news, "b", polarity="denied", holder="Lynas"),
        news.article(
            "c", news.draft("market_move", "up", firm="Example Magnetics", percent="7.89", date=JUNE)
        ),
    )
    claimed = {c.triple for c in found.told.claims if c.plain}
    assert found.facts
    assert found.facts <= claimed


VALUES: Final[list[Term]] = ["urn:s", "urn:o", text_literal("urn:s")]


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    return Claim(
        draw(st.sampled_from(["urn:s", "urn:t"])),
        draw(st.sampled_from([KG.holds, RDF_TYPE])),
        draw(st.sampled_from(VALUES)),
        Evidence(draw(st.sampled_from("ab")), draw(st.integers(0, 2)), 5, "quote"),
        draw(st.sampled_from(["affirmed", "denied"])),
        draw(st.sampled_from(["actual", "planned", "possible", "in-principle"])),
        None,
        "rule",
    )


@given(st.lists(claims(), max_size=8), st.frozensets(st.sampled_from(["urn:s", "urn:o"])))
def test_facts_are_plain_undenied_and_of_confirmed_things(
    told_claims: list[Claim], unsure: frozenset[str]
) -> None:
    for triple in to_facts(told_claims, unsure):
        about_it = [c for c in told_claims if c.triple == triple]
        assert any((c.polarity, c.certainty) == ("affirmed", "actual") for c in about_it)
        assert not any(c.polarity == "denied" for c in about_it)
        assert not {triple[0], triple[2]} & unsure
    assert to_facts(told_claims, unsure) == to_facts(reversed(told_claims), unsure)


def test_a_text_is_no_thing(news: SimpleNamespace) -> None:
    claim = Claim(
        "urn:s",
        KG.condition,
        text_literal("urn:o"),
        Evidence("a", 0, 1, "q"),
        "affirmed",
        "actual",
        None,
        "r",
    )
    assert to_facts([claim], frozenset({"urn:o"})) == {claim.triple}


# ---- times


def test_license_that_was_only_announced_had_been_granted_by_then(news: SimpleNamespace) -> None:
    found = news.understand(license_(news, "a"))
    (claim,) = about(found, KG.hasTime)
    assert claim.object == f"{ID}time/%5B..{JUNE}%5D"
    assert claim.inferred
    assert claim.derivation == f"announced {JUNE}, so done by then"
    assert (claim.object, KG.edtf, text_literal(f"[..{JUNE}]")) in found.told.values
    assert (claim.object, KG.latestEnd, Literal(f"{JUNE}T23:59:59Z", XSD + "dateTime")) in found.told.values
    assert not [t for t in found.told.values if t[0] == claim.object and t[1] == KG.earliestStart]


def test_bound_is_not_inferred_where_a_date_is_told(news: SimpleNamespace) -> None:
    found = news.understand(license_(news, "a"), license_(news, "b", date="2025-06-10", announced=JUNE))
    assert {c.object for c in about(found, KG.hasTime)} == {f"{ID}time/2025-06-10"}
    assert not any(c.inferred for c in about(found, KG.hasTime))


def test_announced_year_is_a_bound_at_its_end(news: SimpleNamespace) -> None:
    found = news.understand(license_(news, "a", announced="2025"))
    assert {c.object for c in about(found, KG.hasTime)} == {f"{ID}time/%5B..2025-12-31%5D"}


def test_unknown_year_gives_no_bound(news: SimpleNamespace) -> None:
    found = news.understand(license_(news, "a", announced="XXXX-06-02"))
    assert about(found, KG.hasTime) == set()
    assert len(about(found, KG.announcedAt)) == 1


# ---- what a claim carries


def test_claim_carries_its_quote_speaker_and_rule(news: SimpleNamespace) -> None:
    article = news.article(
        "a", news.draft("license", "granted", **LICENSE, speaker=("UnnamedSource", "an insider"))
    )
    found = news.understand(article)
    for claim in found.told.claims:
        assert claim.evidence.quote == article.article.text[claim.evidence.start : claim.evidence.end]
        assert claim.rule == "rule-license"
    (claim,) = about(found, KG.holds)
    assert found.linker.minted[claim.speaker] == ("UnnamedSource", "an insider")


@pytest.mark.parametrize(
    ("role", "value", "predicate", "literal"),
    [
        ("validity", "P1Y", KG.validity, Literal("P1Y", XSD + "string")),
        ("condition", "civil use only", KG.condition, text_literal("civil use only")),
        ("undisclosed", "declined", KG.destinationsUndisclosed, Literal("true", XSD + "boolean")),
        ("open_list", "including", KG.destinationsExhaustive, Literal("false", XSD + "boolean")),
    ],
)  # fmt: skip
def test_values_become_literals(
    news: SimpleNamespace, role: str, value: str, predicate: str, literal: Literal
) -> None:
    assert objects(news.understand(license_(news, "a", **{role: value})).facts, predicate) == {literal}


@pytest.mark.parametrize(
    ("type_", "role", "kind"),
    [
        ("license", "count", "license count"),
        ("license", "quantity", "licensed amount"),
        ("market_move", "percent", "share price change"),
        ("market_move", "price", "share price"),
    ],
)
def test_quantities_tell_what_they_measure(news: SimpleNamespace, type_: str, role: str, kind: str) -> None:
    filler = ("Quantity", "about 7 tons", {"unit": "t", "value": "7", "qualifier": "about"})
    found = news.understand(news.article("a", news.draft(type_, "up", **{role: filler})))
    (quantity,) = objects(found.facts, KG.hasQuantity)
    described = {
        (p, o.value if isinstance(o, Literal) else o) for s, p, o in found.told.values if s == quantity
    }
    assert described == {
        (RDF_TYPE, KG.Quantity),
        (KG.quantityKind, kind),
        (KG.quantityText, "about 7 tons"),
        (KG.numericValue, "7.0"),
        (KG.unit, "t"),
        (KG.valueQualifier, local_iri("qualifier", "about")),
    }


def test_materials_and_groups_have_properties_of_their_own(news: SimpleNamespace) -> None:
    found = news.understand(
        license_(news, "a", material=[("ElementGroup", "rare earths"), ("RareEarthElement", "dysprosium")])
    )
    assert objects(found.facts, KG.coversGroup) == {expand("group:rare-earths")}
    assert objects(found.facts, KG.coversMaterial) == {expand("element:Dy")}


def test_measure_on_an_element_controls_it(news: SimpleNamespace) -> None:
    roles: dict[str, Any] = {
        "imposer": PARTIES[0],
        "item": [("RareEarthElement", "dysprosium"), ("Mineral", "gallium")],
        "date": JUNE,
    }
    found = told(news, "control_measure", "imposed", **roles)
    assert objects(found.facts, KG.controlsElement) == {expand("element:Dy")}
    assert objects(found.facts, KG.restrictsMaterial) == {expand("element:Dy"), expand("mineral:gallium")}
    tariff = told(news, "control_measure", "imposed", **roles, kind="TariffMeasure")
    assert objects(tariff.facts, KG.controlsElement) == set()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"issuer": ("Firm", "Lynas")}, "a Firm cannot fill kg:issuedBy"),
        ({"issuer": ("Regulator", "Commerce Ministry")}, "no such name in the ontology, or several"),
        ({"destination": "Atlantis"}, "no such name in the ontology, or several"),
    ],
)
def test_what_cannot_be_linked_is_told(news: SimpleNamespace, changes: dict[str, Any], reason: str) -> None:
    found = news.understand(license_(news, "a", **changes))
    ((article, argument, why),) = found.told.unlinked
    assert (article, argument.role, why) == ("a", next(iter(changes)), reason)
    assert len(found.facts) > 3, "the rest stays"


def test_governments_of_office_holders_are_parties_by_inference(news: SimpleNamespace) -> None:
    found = told(
        news, "negotiation", "call", person=["Donald Trump", "Xi Jinping"], party="Government of China"
    )
    claims_ = {c.object: c for c in about(found, KG.hasParty)}
    assert not claims_[expand("body:gov-cn")].inferred, "told"
    assert claims_[expand("body:gov-us")].inferred
    assert claims_[expand("body:gov-us")].derivation == "Donald Trump holds office there"


def test_talks_result_in_the_agreement_of_the_same_sentence(news: SimpleNamespace) -> None:
    from dataclasses import replace

    made: Extraction = news.article(
        "a",
        news.draft("negotiation", "talks", party=PARTIES),
        news.draft("agreement", "agreed", party=PARTIES),
    )
    talks, agreement = made.events
    one_sentence = replace(made, events=(talks, replace(agreement, start=talks.start, end=talks.end)))
    assert about(news.understand(made), KG.resultsIn) == set()
    (claim,) = about(news.understand(one_sentence), KG.resultsIn)
    assert (claim.inferred, claim.derivation) == (True, "told in one sentence")


def test_measure_answers_the_one_measure_that_fits(news: SimpleNamespace) -> None:
    tariff = news.draft(
        "control_measure", "imposed", imposer=PARTIES[1], kind="TariffMeasure", date="2025-04-02"
    )
    controls = news.draft(
        "control_measure", "imposed", imposer=PARTIES[0], date="2025-04-04",
        item=("ElementGroup", "rare earths"),
        response_to=("TariffMeasure", "Government of the United States", {"name": PARTIES[1]}),
    )  # fmt: skip
    found = news.understand(news.article("a", tariff, controls))
    measures = {h.kind: h.iri for h in found.happenings}
    answers = {(c.subject, c.object) for c in about(found, KG.inResponseTo)}
    assert answers == {(measures["ExportControlMeasure"], measures["TariffMeasure"])}
    other = news.understand(news.article("a", controls), news.article("b", tariff))
    assert about(other, KG.inResponseTo) == set(), "of another article"


def test_firm_is_described(news: SimpleNamespace) -> None:
    def listed(text: str, code: str, market: str) -> Any:
        ticker = ("Ticker", text, {"value": code, "unit": market})
        return news.draft("firm", "listed", firm="Example Magnetics", ticker=ticker)

    based = news.draft("firm", "headquartered", firm="Example Magnetics", place="Ganzhou")
    drafts = (listed("(600001.SH)", "600001", "SH"), based, listed("(EM.XX)", "EM", "XX"))
    found = news.understand(news.article("a", *drafts))
    assert objects(found.facts, KG.headquarteredIn) == {place("ganzhou")}
    assert objects(found.facts, KG.hasListing) == {f"{ID}listing/XSHG-600001", f"{ID}listing/XX-EM"}
    assert (f"{ID}listing/XSHG-600001", KG.onExchange, expand("exchange:XSHG")) in found.told.values
    assert {p for s, p, _ in found.told.values if s == f"{ID}listing/XX-EM"} == {RDF_TYPE, KG.ticker}
    assert found.told.labels[f"{ID}listing/XSHG-600001"] == "600001.SH"


@pytest.mark.parametrize(
    ("type_", "action", "roles", "label"),
    [
        ("license", "granted", LICENSE, f"export license of {JLMAG} (granted by {JUNE})"),
        ("license", "granted", {"date": JUNE}, f"license of nobody named (granted {JUNE})"),
        (
            "license", "granted", {"holder": ("UnnamedFirm", "a rival")},
            "license of unnamed firms (granted undated)",
        ),
        (
            "license", "granted", {"holder": ["Lynas", ("UnnamedFirm", "two")]},
            "license of Lynas Rare Earths Ltd., unnamed others (granted undated)",
        ),
        ("control_measure", "imposed", {}, "export control measure (imposed undated)"),
        ("negotiation", "talks", {"place": "London"}, "talks of nobody named in London (undated)"),
        ("negotiation", "call", {"person": "Donald Trump", "date": JUNE}, f"call of Donald Trump ({JUNE})"),
        ("market_move", "up", {"firm": "Lynas"}, "share of Lynas Rare Earths Ltd. up (undated)"),
        (
            "agreement", "agreed", {"party": PARTIES[:1], "place": "London"},
            "agreement of Government of China in London (undated)",
        ),
        (
            "visit", "visit", {"person": "Xi Jinping", "firm": "Lynas"},
            "visit of Xi Jinping to Lynas Rare Earths Ltd. (undated)",
        ),
    ],
)  # fmt: skip
def test_labels_tell_what_it_is(
    news: SimpleNamespace, type_: str, action: str, roles: dict[str, Any], label: str
) -> None:
    found = told(news, type_, action, **roles)
    assert found.told.labels[found.happenings[0].iri] == label


# ---- how claims stand to one another


def related(found: Any, predicate: str) -> set[tuple[str, str, str]]:
    """Return (kind, article of the left, article of the right) for claims with `predicate`."""
    return {
        (r.kind, r.left.evidence.article, r.right.evidence.article)
        for r in found.relations
        if r.left.predicate == predicate
    }


def move(news: SimpleNamespace, id_: str, percent: str, qualifier: str = "", *, text: str = "") -> Extraction:
    filler = ("Quantity", text or percent, {"value": percent, "unit": "%", "qualifier": qualifier})
    made: Extraction = news.article(
        id_, news.draft("market_move", "up", firm=JLMAG, date=JUNE, percent=filler)
    )
    return made


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (("7.89", ""), ("7.9", ""), {("refines", "a", "b")}),
        (("7.9", ""), ("7.89", ""), {("refines", "b", "a")}),
        (("7.89", ""), ("8", "nearly"), {("refines", "a", "b")}),
        (("7.9", ""), ("8", "nearly"), {("refines", "a", "b")}),
        (("8", "nearly"), ("8", ""), {("refines", "b", "a")}),
        (("7.85", ""), ("7.9", ""), {("refines", "a", "b")}),
        (("7.95", ""), ("7.9", ""), {("refines", "a", "b")}),
        (("7.96", ""), ("7.9", ""), {("contradicts", "a", "b")}),
        (("7.84", ""), ("7.9", ""), {("contradicts", "a", "b")}),
        (("12", ""), ("7.89", ""), {("contradicts", "a", "b")}),
        (("12", ""), ("13", ""), {("contradicts", "a", "b")}),
        (("8.2", ""), ("8", "nearly"), {("refines", "a", "b")}),  # rounds to 8
        (("8.6", ""), ("8", "nearly"), {("contradicts", "a", "b")}),
        (("9", ""), ("8", "more-than"), {("refines", "a", "b")}),
        (("11", ""), ("8", "more-than"), {("contradicts", "a", "b")}),
        (("7", ""), ("8", "more-than"), {("contradicts", "a", "b")}),
        (("103", ""), ("100", "about"), {("refines", "a", "b")}),
        (("106", ""), ("100", "about"), {("contradicts", "a", "b")}),
        (("7.89", ""), ("", ""), set()),
        (("7.89", ""), ("7.89", ""), set()),
    ],
)
def test_numbers_of_two_articles(
    news: SimpleNamespace, a: tuple[str, str], b: tuple[str, str], expected: set[tuple[str, str, str]]
) -> None:
    first, second = move(news, "a", *a, text=f"a{a[0]}"), move(news, "b", *b, text=f"b{b[0]}")
    found = news.understand(first, second)
    assert len(found.happenings) == 1
    assert related(found, KG.hasQuantity) == expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (JUNE, "2025-06", {("refines", "a", "b")}),
        ("2025", "2025-06", {("refines", "b", "a")}),
        (JUNE, JUNE, set()),
        ("[2025-06-01..2025-06-11]", "[2025-06-10..2025-06-30]", set()),
    ],
)
def test_times_of_two_articles(
    news: SimpleNamespace, a: str, b: str, expected: set[tuple[str, str, str]]
) -> None:
    found = news.understand(
        license_(news, "a", announced=None, date=a), license_(news, "b", announced=None, date=b)
    )
    assert len(found.happenings) == 1
    assert related(found, KG.hasTime) == expected


def test_places_and_bodies_of_two_articles(news: SimpleNamespace) -> None:
    found = news.understand(
        license_(news, "a", destination="Germany", issuer=("Regulator", "Chinese Ministry of Commerce")),
        license_(news, "b", destination=("WorldRegion", "Europe")),
    )
    assert related(found, KG.validForDestination) == {("refines", "a", "b")}
    assert related(found, KG.issuedBy) == {("refines", "a", "b")}


def test_two_destinations_are_no_contradiction(news: SimpleNamespace) -> None:
    found = news.understand(license_(news, "a", destination=["United States", "Japan"]), license_(news, "b"))
    assert found.relations == ()


def test_denial_contradicts_once_for_each_pair_of_articles(news: SimpleNamespace) -> None:
    twice = news.draft("license", "granted", **LICENSE)
    found = news.understand(news.article("a", twice, twice), license_(news, "b", polarity="denied"))
    assert related(found, KG.holds) == {("contradicts", "a", "b")}
    per_pair = [r for r in found.relations if r.left.predicate == KG.holds]
    assert len(per_pair) == len({r.left.object for r in per_pair})


def test_validity_differs_only_between_articles(news: SimpleNamespace) -> None:
    one = license_(news, "a", validity=["P1Y", "P6M"])
    assert related(news.understand(one), KG.validity) == set()
    assert ("contradicts", "a", "b") in related(
        news.understand(one, license_(news, "b", validity="P2Y")), KG.validity
    )


def claim(value: str, article: str, *, polarity: str = "affirmed", predicate: str = "hasTime") -> Claim:
    return Claim("urn:s", NS + predicate, value, Evidence(article, 0, 1, "q"), polarity, "actual", None, "r")


def test_times_that_exclude_one_another_contradict(ontology: Ontology) -> None:
    comparison = Comparison(ontology, {"urn:1": JUNE, "urn:2": "2025-07"}, {})
    left, right = claim("urn:1", "a"), claim("urn:2", "b")
    assert comparison.relate([right, left]) == (Relation("contradicts", left, right),)
    denied = claim("urn:2", "b", polarity="denied")
    assert comparison.relate([left, denied]) == (), "what is denied is no second value"


def test_amounts_of_different_kinds_are_not_compared(ontology: Ontology) -> None:
    comparison = Comparison(
        ontology, {}, {"urn:1": ("license count", "3", ""), "urn:2": ("share price change", "8", "")}
    )
    claims_ = [claim("urn:1", "a", predicate="hasQuantity"), claim("urn:2", "b", predicate="hasQuantity")]
    assert comparison.relate(claims_) == ()


def test_values_that_are_no_names_are_not_nested(ontology: Ontology) -> None:
    one = claim(place("US"), "a", predicate="issuedBy")
    other = Claim(
        "urn:s", KG.issuedBy, text_literal("US"), Evidence("b", 0, 1, "q"), "affirmed", "actual", None, "r"
    )
    assert Comparison(ontology, {}, {}).relate([one, other]) == ()
