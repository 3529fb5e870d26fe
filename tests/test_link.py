"""Names to IRIs: known names, unknown ones, ambiguous ones, and what a reviewer decided."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgbuild.errors import ResourceError
from kgbuild.link import Decision, Linker, firm_key, read_decisions
from kgbuild.model import Extraction
from kgbuild.ontology import Ontology
from kgbuild.terms import ID, KG, expand


def link(
    ontology: Ontology, kind: str, name: str, *, countries: dict[str, int] | None = None, **more: Any
) -> tuple[str | None, list[Decision]]:
    """Return the IRI for a name, and the decisions on it."""
    linker = Linker(ontology, more.get("decided"))
    context = {expand(f"place:{code}"): n for code, n in (countries or {}).items()}
    return linker.name("article", kind, name, more.get("text", name), context), list(linker.decisions)


# ---- known names


@pytest.mark.parametrize(
    ("kind", "name", "iri"),
    [
        ("Firm", "JL MAG Rare-Earth Co. Ltd.", "firm:jl-mag"),
        ("Firm", "jl mag rare earth co., ltd", "firm:jl-mag"),
        ("Firm", "JL MAG Rare Earth Inc.", "firm:jl-mag"),  # another legal form
        ("Country", "United States", "place:US"),
        ("WorldRegion", "United States", "place:US"),  # kinds of one family stand for one another
        ("Government", "Washington", "body:gov-us"),
        ("City", "Washington", "place:washington"),
        ("PublicBody", "Ministry of Commerce of the People's Republic of China", "body:cn-mofcom"),
        ("Person", "Trump", "person:donald-trump"),
        ("StockExchange", "Shenzhen Stock Exchange", "exchange:XSHE"),
        ("Good", "dysprosium", "element:Dy"),
        ("NewsOrganization", "Reuters", "org:reuters"),
    ],
)
def test_known_name_gets_its_iri(ontology: Ontology, kind: str, name: str, iri: str) -> None:
    found, decisions = link(ontology, kind, name)
    assert found == expand(iri)
    assert {d.verdict for d in decisions} <= {"same"}


def test_decision_is_kept_only_where_the_text_is_not_the_label(ontology: Ontology) -> None:
    assert link(ontology, "Firm", "JL MAG Rare-Earth Co. Ltd.")[1] == []
    found, (decision,) = link(ontology, "Firm", "JL MAG Rare-Earth Co. Ltd.", text="the company")
    assert decision == Decision(
        "name", "article", "the company", "Firm", "same", str(found), "name in the ontology"
    )


def test_name_of_another_kind_is_not_taken(ontology: Ontology) -> None:
    found, (decision,) = link(ontology, "Firm", "Washington")
    assert found is not None
    assert found.startswith(f"{ID}firm/washington-")
    assert decision.verdict == "new"


# ---- ambiguous names


@pytest.mark.parametrize(("country", "body"), [("CN", "body:cn-mofcom"), ("IN", "body:in-commerce-ministry")])
def test_ministry_is_that_of_the_country_the_article_speaks_of(
    ontology: Ontology, country: str, body: str
) -> None:
    found, (decision,) = link(
        ontology, "Regulator", "Commerce Ministry", countries={country: 3, "US": 9, "MM": 1}
    )
    assert found == expand(body)
    assert decision.reason == "the country the article speaks of most"


@pytest.mark.parametrize("countries", [{}, {"US": 5}, {"CN": 2, "IN": 2}])
def test_ministry_of_an_unclear_country_stays_open(ontology: Ontology, countries: dict[str, int]) -> None:
    found, (decision,) = link(ontology, "Regulator", "Commerce Ministry", countries=countries)
    assert found is None
    assert (decision.verdict, decision.iri) == ("unsure", "")
    assert "things have this name: " in decision.reason


def test_country_of_an_article_counts_its_mentions(ontology: Ontology, news: SimpleNamespace) -> None:
    def issuer(*countries: str) -> set[str | None]:
        told = news.draft("license", "granted", holder="JL MAG", issuer=("Regulator", "Commerce Ministry"))
        links = Linker(ontology).link([news.article("a", told, countries=countries)])
        return {x.iri for x in links.events[0].linked if x.argument.role == "issuer"}

    assert issuer("China", "India", "India") == {expand("body:in-commerce-ministry")}
    assert issuer("China", "China", "India") == {expand("body:cn-mofcom")}
    assert issuer() == {None}


def test_label_itself_goes_before_namesakes(ontology: Ontology) -> None:
    found, _ = link(ontology, "Country", "Georgia")
    assert found == expand("place:GE")
    found, _ = link(ontology, "Subdivision", "Georgia")
    assert found == expand("place:US-GA")


# ---- unknown names


def test_unknown_firm_is_minted_without_its_legal_form(ontology: Ontology) -> None:
    linker = Linker(ontology)
    names = ["Example Magnetics", "Example Magnetics Co., Ltd.", "EXAMPLE MAGNETICS"]
    iris = {linker.name("a", "Firm", name, name, {}) for name in names}
    assert len(iris) == 1
    (iri,) = iris
    assert iri is not None
    assert linker.minted == {iri: ("Firm", "Example Magnetics Co., Ltd.")}, (
        "the longest spelling is the label"
    )
    assert linker.name("a", "Firm", "Example Magnets", "Example Magnets", {}) != iri


@pytest.mark.parametrize(
    ("kind", "start"),
    [("Person", "person/"), ("Regulator", "body/"), ("PublicBody", "body/"), ("TradeAssociation", "org/")],
)
def test_unknown_agent_is_minted_by_its_kind(ontology: Ontology, kind: str, start: str) -> None:
    found, (decision,) = link(ontology, kind, "Somebody Nobody Knows")
    assert str(found).startswith(f"{ID}{start}somebody-nobody-knows-")
    assert (decision.verdict, decision.iri) == ("new", found)


@pytest.mark.parametrize(
    "kind", ["Country", "City", "Good", "StockExchange", "RareEarthElement", "Government"]
)
def test_unknown_thing_of_a_closed_kind_stays_open(ontology: Ontology, kind: str) -> None:
    found, (decision,) = link(ontology, kind, "Atlantis")
    assert found is None
    assert (decision.verdict, decision.reason) == ("unsure", "no such name in the ontology")


def test_name_that_only_looks_alike_is_kept_apart_and_listed(ontology: Ontology) -> None:
    found, (decision,) = link(ontology, "Firm", "JL MAG Rare-Earht")
    assert found != expand("firm:jl-mag")
    assert str(found).startswith(f"{ID}firm/")
    assert decision.verdict == "unsure"
    assert decision.reason.startswith("kept apart from JL MAG Rare-Earth Co. Ltd., 9")


def test_names_without_letters_are_not_thrown_together(ontology: Ontology) -> None:
    linker = Linker(ontology)
    assert linker.name("a", "Firm", "???", "???", {}) != linker.name("a", "Firm", "!!!", "!!!", {})


def test_unnamed_firms_are_told_apart_by_their_place(ontology: Ontology, news: SimpleNamespace) -> None:
    one = news.draft("license", "granted", holder=("UnnamedFirm", "a rival"))
    links = Linker(ontology).link([news.article("a", one, one), news.article("b", one)])
    iris = [x.iri for e in links.events for x in e.linked]
    assert len(set(iris)) == 3
    assert all(str(iri).startswith(f"{ID}firm/unnamed-") for iri in iris)


def test_unnamed_source_is_one_in_its_article(ontology: Ontology, news: SimpleNamespace) -> None:
    source = ("UnnamedSource", "people familiar with it")
    told = news.draft("license", "granted", holder="JL MAG", speaker=source)
    linker = Linker(ontology)
    links = linker.link([news.article("a", told, told), news.article("b", told)])
    speakers = [s for e in links.events for s in e.speakers]
    assert speakers[0] == speakers[1] != speakers[2]
    assert linker.minted[str(speakers[0])] == ("UnnamedSource", "people familiar with it")


def test_exchange_may_be_called_after_its_city(ontology: Ontology, news: SimpleNamespace) -> None:
    told = [
        news.draft("market_move", "up", firm="JL MAG", exchange=("City", place))
        for place in ("Shenzhen", "Ganzhou")
    ]
    links = Linker(ontology).link([news.article("a", *told)])
    assert [e.iris("exchange") for e in links.events] == [(expand("exchange:XSHE"),), ()]


# ---- order


@settings(max_examples=20)
@given(order=st.permutations(range(4)))
def test_order_of_articles_does_not_count(
    ontology: Ontology, news: SimpleNamespace, order: list[int]
) -> None:
    articles: list[Extraction] = [
        news.article("a", news.draft("license", "granted", holder="Example Magnetics")),
        news.article("b", news.draft("license", "granted", holder="Example Magnetics Co. Ltd.")),
        news.article("c", news.draft("license", "granted", holder=["JL Mag", "EXAMPLE MAGNETICS"])),
        news.article("d", news.draft("license", "denied", holder=("UnnamedFirm", "a rival"))),
    ]
    one, other = Linker(ontology), Linker(ontology)
    assert one.link(articles) == other.link([articles[i] for i in order])
    assert one.minted == other.minted


# ---- legal forms


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Lynas Rare Earths Ltd.", "lynas rare earths"),
        ("The Example Group Holdings plc", "example"),
        ("Siemens AG & Co. KG", "siemens kg"),
        ("Company Limited", "company limited"),  # nothing else would be left
        ("Nippon Steel K.K.", "nippon steel"),
    ],
)
def test_firm_key_drops_legal_forms(name: str, key: str) -> None:
    assert firm_key(name) == key


# ---- reviewed decisions


def decisions(folder: Path, text: str | bytes) -> dict[str, str]:
    path = folder / "decisions.jsonl"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return dict(read_decisions(path))


def test_decisions_file_is_read(tmp_path: Path) -> None:
    lines = (
        "\ufeff# reviewed in June\n\n"
        '{"name": "Ningbo Yansheng", "iri": "firm:ningbo-yunsheng"}\r\n'
        '{"name": "Line\u2028separated", "iri": "https://example.org/x", "note": "why"}\n'
        '  {"name": "NINGBO-YANSHENG", "iri": "firm:ningbo-yunsheng"}\n'
    )
    assert decisions(tmp_path, lines) == {
        "ningbo yansheng": expand("firm:ningbo-yunsheng"),
        "line separated": "https://example.org/x",
    }


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[" * 200_000,
        "[]",
        '"text"',
        "{}",
        '{"name": "x"}',
        '{"iri": "firm:x"}',
        '{"name": 5, "iri": "firm:x"}',
        '{"name": "x", "iri": 5}',
        '{"name": "x", "iri": null}',
        '{"name": "x", "iri": "planet:mars"}',
        '{"name": "x", "iri": "firm:a b"}',
        '{"name": "x", "iri": "https://example.org/<>"}',
        '{"name": "x", "iri": "https://example.org/\\ud800"}',
        '{"name": "?!", "iri": "firm:x"}',
    ],
)
def test_malformed_decision_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    with pytest.raises(
        ResourceError, match=r'decisions\.jsonl:2: a decision is a line like \{"name": "Example'
    ) as caught:
        decisions(tmp_path, f"# first\n{line}\n")
    assert "\n" not in str(caught.value)
    assert str(caught.value).encode()


def test_contradicting_decisions_are_refused(tmp_path: Path) -> None:
    lines = '{"name": "X Corp", "iri": "firm:a"}\n{"name": "x corp.", "iri": "firm:b"}'
    with pytest.raises(
        ResourceError, match=rf"decisions\.jsonl:2: an earlier line gives this name to {ID}firm/a"
    ):
        decisions(tmp_path, lines)


def test_decisions_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match=r"nowhere\.jsonl: cannot be read: No such file"):
        read_decisions(tmp_path / "nowhere.jsonl")
    with pytest.raises(ResourceError, match="cannot be read: Is a directory"):
        read_decisions(tmp_path)
    with pytest.raises(ResourceError, match=r"decisions\.jsonl: not UTF-8 \(offset 2\)"):
        decisions(tmp_path, b"# \xff")


def test_decision_goes_before_everything(ontology: Ontology) -> None:
    decided = {"jl mag": expand("firm:lynas"), "the magnet maker": expand("firm:lynas")}
    found, (decision,) = link(ontology, "Firm", "JL MAG", decided=decided)
    assert found == expand("firm:lynas")
    assert decision.reason == "decisions file"
    found, _ = link(ontology, "Firm", "Whoever", text="the magnet maker", decided=decided)
    assert found == expand("firm:lynas")


def test_decision_counts_only_for_things_of_that_kind(ontology: Ontology) -> None:
    decided = {"washington": expand("body:gov-us"), "example": f"{ID}firm/example"}
    assert link(ontology, "City", "Washington", decided=decided)[0] == expand("place:washington")
    assert link(ontology, "Government", "Washington", decided=decided)[0] == expand("body:gov-us")
    assert str(link(ontology, "Person", "Example", decided=decided)[0]).startswith(f"{ID}person/")


def test_decision_may_join_spellings_of_a_firm_that_nobody_knows(ontology: Ontology) -> None:
    iri = f"{ID}firm/example-magnetics"
    linker = Linker(ontology, {"example magnetics": iri, "exmple magnetics": iri})
    assert linker.name("a", "Firm", "Exmple Magnetics", "Exmple Magnetics", {}) == iri
    assert linker.name("a", "Firm", "Example Magnetics", "Example Magnetics", {}) == iri
    assert linker.minted == {iri: ("Firm", "Example Magnetics")}, "it is described like every minted firm"


# ---- listings


@pytest.mark.parametrize("market", ["SZ", "Shenzhen Stock Exchange", "SZSE"])
def test_listing_of_a_known_exchange(ontology: Ontology, market: str) -> None:
    assert Linker(ontology).listing("300748", market) == (
        expand("listing:XSHE-300748"),
        expand("exchange:XSHE"),
    )
    assert ontology.objects(expand("firm:jl-mag"), KG.hasListing)[1] == expand("listing:XSHE-300748")


def test_listing_of_an_unknown_exchange_is_a_well_formed_iri(ontology: Ontology) -> None:
    assert Linker(ontology).listing("A B/C", "Moon <Exchange>") == (
        f"{ID}listing/Moon%20%3CExchange%3E-A%20B%2FC",
        None,
    )


def test_publisher_is_linked_or_minted(ontology: Ontology) -> None:
    linker = Linker(ontology)
    assert linker.publisher("a", "Reuters") == expand("org:reuters")
    assert linker.publisher("a", "The Example Times").startswith(f"{ID}org/the-example-times-")
