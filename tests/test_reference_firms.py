"""The reference data of firms, their listings, stock exchanges, head-office cities and branded goods."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import RdfFormat, parse
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import OWL, RDF, SKOS

KG: Final = Namespace("https://w3id.org/kgbuild/ontology#")
FIRM: Final = Namespace("https://w3id.org/kgbuild/id/firm/")
LISTING: Final = Namespace("https://w3id.org/kgbuild/id/listing/")
EXCHANGE: Final = Namespace("https://w3id.org/kgbuild/id/exchange/")
REFERENCE: Final = Path(__file__).resolve().parent.parent / "ontology" / "reference"

FIRM_FILES: Final = (
    "firms-americas-africa.ttl",
    "firms-asia-pacific.ttl",
    "firms-china.ttl",
    "firms-europe.ttl",
    "firms-miners.ttl",
    "firms-technology.ttl",
)
HEADQUARTERS: Final = "cities-headquarters.ttl"
PRODUCTS: Final = "products-branded.ttl"
OWN_FILES: Final = (*FIRM_FILES, "exchanges.ttl", HEADQUARTERS, PRODUCTS)
PLACE_FILES: Final = ("countries.ttl", "subdivisions.ttl", "cities.ttl", HEADQUARTERS)
PLACE_CLASSES: Final = (KG.Country, KG.Subdivision, KG.City)
FEWEST_FIRMS: Final = 170
FEWEST_EXCHANGES: Final = 30
FEWEST_BRANDED_GOODS: Final = 15
SUFFIXES_IN_NEWS: Final = (
    *("SZ", "SH", "SS", "BJ", "HK", "T", "KS", "AX", "L", "TO", "V", "PA", "DE", "MI", "AS"),
    *("ST", "CO", "HE", "OL", "NS", "BO", "TW", "JK", "KL", "BK", "SI"),
)
# Names that a firm bears but that a text uses far more often for something else.
WORDS_AND_GIVEN_NAMES: Final = {
    *("aim", "alphabet", "bright", "cadence", "caterpillar", "coherent", "continental", "critical metals"),
    *("dana", "gem", "lear", "lens", "lucid", "magna", "mercedes", "meta", "neo", "rainbow", "rising"),
    *("screen", "target", "vale"),
}


def read(*names: str) -> Graph:
    graph = Graph()
    for name in names:
        graph.parse(REFERENCE / name, format="turtle")
    return graph


@pytest.fixture(scope="module")
def firms() -> Graph:
    return read(*FIRM_FILES)


@pytest.fixture(scope="module")
def exchanges() -> Graph:
    return read("exchanges.ttl")


@pytest.fixture(scope="module")
def places() -> Graph:
    return read(*PLACE_FILES)


def of_class(graph: Graph, cls: URIRef) -> list[URIRef]:
    return sorted(s for s in graph.subjects(RDF.type, cls) if isinstance(s, URIRef))


def labels(graph: Graph, subject: URIRef) -> Iterator[Literal]:
    for label in (SKOS.prefLabel, SKOS.altLabel):
        for value in graph.objects(subject, label):
            assert isinstance(value, Literal)
            yield value


def shared_labels(graph: Graph, subjects: list[URIRef]) -> dict[str, set[URIRef]]:
    """The casefolded labels that belong to more than one of `subjects`, with their owners."""
    owners: defaultdict[str, set[URIRef]] = defaultdict(set)
    for subject in subjects:
        for label in labels(graph, subject):
            owners[str(label).casefold()].add(subject)
    return {label: found for label, found in owners.items() if len(found) > 1}


@pytest.mark.parametrize("name", OWN_FILES)
def test_both_parsers_read_the_same_triples(name: str) -> None:
    quads = list(parse(path=REFERENCE / name, format=RdfFormat.TURTLE))
    assert len({str(quad) for quad in quads}) == len(read(name)), f"{name}: a statement was given twice"


@pytest.mark.parametrize("name", OWN_FILES)
def test_each_individual_has_one_class_and_one_english_preferred_label(name: str) -> None:
    graph = read(name)
    for subject in set(graph.subjects()):
        assert not isinstance(subject, BNode)
        assert len(list(graph.objects(subject, RDF.type))) == 1, subject
        preferred = list(graph.objects(subject, SKOS.prefLabel))
        assert [value.language for value in preferred if isinstance(value, Literal)] == ["en"], subject
    assert not [term for triple in graph for term in triple if str(term).startswith(str(OWL))]


@pytest.mark.parametrize("name", OWN_FILES)
def test_each_individual_is_written_once(name: str) -> None:
    blocks = Counter(
        line.split(" a ", 1)[0]
        for line in (REFERENCE / name).read_text(encoding="utf-8").splitlines()
        if " a kg:" in line and not line.startswith("#")
    )
    assert [subject for subject, times in blocks.items() if times > 1] == []


def test_no_individual_is_in_two_reference_files() -> None:
    files: defaultdict[URIRef, set[str]] = defaultdict(set)
    for path in sorted(REFERENCE.glob("*.ttl")):
        for subject in read(path.name).subjects(RDF.type, None):
            assert isinstance(subject, URIRef)
            files[subject].add(path.name)
    shared = {subject: names for subject, names in files.items() if len(names) > 1}
    assert {subject: names for subject, names in shared.items() if names & set(OWN_FILES)} == {}


def test_number_of_entries(firms: Graph, exchanges: Graph) -> None:
    assert len(of_class(firms, KG.Firm)) >= FEWEST_FIRMS
    assert len(of_class(exchanges, KG.StockExchange)) >= FEWEST_EXCHANGES
    assert len(set(read(PRODUCTS).subjects(KG.madeBy, None))) >= FEWEST_BRANDED_GOODS


def test_no_label_belongs_to_two_firms(firms: Graph) -> None:
    assert shared_labels(firms, of_class(firms, KG.Firm)) == {}


def test_no_label_belongs_to_two_listings(firms: Graph) -> None:
    assert shared_labels(firms, of_class(firms, KG.Listing)) == {}


def test_no_label_belongs_to_two_exchanges(exchanges: Graph) -> None:
    assert shared_labels(exchanges, of_class(exchanges, KG.StockExchange)) == {}


def test_no_label_belongs_to_two_cities(places: Graph) -> None:
    own = set(of_class(read(HEADQUARTERS), KG.City))
    shared = shared_labels(places, of_class(places, KG.City))
    assert {label: found for label, found in shared.items() if found & own} == {}


def test_no_label_belongs_to_two_goods() -> None:
    graph = read("goods.ttl", PRODUCTS)
    goods = sorted({s for s in graph.subjects(RDF.type, None) if isinstance(s, URIRef)})
    own = set(of_class(read(PRODUCTS), KG.Good))
    assert {label: found for label, found in shared_labels(graph, goods).items() if found & own} == {}


def test_no_firm_or_exchange_is_called_by_an_ordinary_word(firms: Graph, exchanges: Graph) -> None:
    graph = firms + exchanges
    named = [*of_class(graph, KG.Firm), *of_class(graph, KG.StockExchange)]
    found = {str(label).casefold() for subject in named for label in labels(graph, subject)}
    assert found & WORDS_AND_GIVEN_NAMES == set()


def test_no_firm_has_the_label_of_a_place(firms: Graph, places: Graph) -> None:
    place_labels = {
        str(label).casefold()
        for cls in PLACE_CLASSES
        for place in of_class(places, cls)
        for label in labels(places, place)
    }
    firm_labels = {str(v).casefold() for firm in of_class(firms, KG.Firm) for v in labels(firms, firm)}
    assert firm_labels & place_labels == set()


def test_each_head_office_is_one_known_place(firms: Graph, exchanges: Graph, places: Graph) -> None:
    known = {place for cls in PLACE_CLASSES for place in of_class(places, cls)}
    graph = firms + exchanges
    for subject in (*of_class(graph, KG.Firm), *of_class(graph, KG.StockExchange)):
        offices = list(graph.objects(subject, KG.headquarteredIn))
        assert len(offices) == 1, subject
        assert offices[0] in known, f"{subject}: {offices[0]} is in none of {PLACE_FILES}"


def test_each_head_office_city_is_needed_and_lies_in_a_country(firms: Graph, places: Graph) -> None:
    countries = set(of_class(places, KG.Country))
    offices = set(firms.objects(None, KG.headquarteredIn))
    for city in of_class(read(HEADQUARTERS), KG.City):
        assert city in offices, f"{city} is no firm's head office"
        assert countries & set(places.transitive_objects(city, KG.locatedIn)), city


def test_each_listing_belongs_to_one_firm_and_one_known_exchange(firms: Graph, exchanges: Graph) -> None:
    known = set(of_class(exchanges, KG.StockExchange))
    listings = of_class(firms, KG.Listing)
    assert set(firms.objects(None, KG.hasListing)) == set(listings)
    for listing in listings:
        assert len(list(firms.subjects(KG.hasListing, listing))) == 1, listing
        on = list(firms.objects(listing, KG.onExchange))
        assert len(on) == 1, listing
        assert on[0] in known, listing
        assert len(list(firms.objects(listing, KG.ticker))) == 1, listing


def test_no_ticker_is_given_twice_on_one_exchange(firms: Graph) -> None:
    codes = Counter(
        (firms.value(listing, KG.onExchange), str(firms.value(listing, KG.ticker)).casefold())
        for listing in of_class(firms, KG.Listing)
    )
    assert [code for code, times in codes.items() if times > 1] == []


def test_listing_name_follows_from_exchange_and_ticker(firms: Graph) -> None:
    for listing in of_class(firms, KG.Listing):
        exchange, ticker = firms.value(listing, KG.onExchange), str(firms.value(listing, KG.ticker))
        code = "".join(c if c.isalnum() else "-" for c in ticker)
        assert str(listing) == f"{LISTING}{str(exchange).removeprefix(str(EXCHANGE))}-{code}"
        shown = str(firms.value(listing, SKOS.prefLabel)).rsplit(".", 1)[0]
        assert "".join(c if c.isalnum() else "-" for c in shown) == code, listing


def test_listing_name_ends_in_a_suffix_of_its_exchange(firms: Graph, exchanges: Graph) -> None:
    for listing in of_class(firms, KG.Listing):
        exchange = firms.value(listing, KG.onExchange)
        suffixes = {str(suffix) for suffix in exchanges.objects(exchange, KG.tickerSuffix)}
        shown = str(firms.value(listing, SKOS.prefLabel)).rsplit(".", 1)[-1]
        # The small-firm market of London has no letters of its own.
        assert shown in (suffixes or {"L"}), listing


@pytest.mark.parametrize(
    ("exchange", "digits"),
    [("XSHE", 6), ("XSHG", 6), ("BJSE", 6), ("XKRX", 6), ("XKOS", 6), ("XBOM", 6), ("XHKG", 4), ("XTAI", 4)],
)
def test_numeric_tickers_have_all_their_digits(firms: Graph, exchange: str, digits: int) -> None:
    tickers = [str(firms.value(of, KG.ticker)) for of in firms.subjects(KG.onExchange, EXCHANGE[exchange])]
    assert tickers
    assert [t for t in tickers if not (t.isdecimal() and len(t) == digits)] == []


def test_exchange_codes(exchanges: Graph) -> None:
    owners: defaultdict[str, set[URIRef]] = defaultdict(set)
    for exchange in of_class(exchanges, KG.StockExchange):
        code = exchanges.value(exchange, KG.marketIdentifierCode)
        assert exchange == EXCHANGE[str(code)]
        for suffix in exchanges.objects(exchange, KG.tickerSuffix):
            owners[str(suffix)].add(exchange)
    assert {suffix for suffix, found in owners.items() if len(found) > 1} == set()
    assert set(SUFFIXES_IN_NEWS) - set(owners) == set()


def test_each_parent_firm_is_known_and_none_is_its_own(firms: Graph) -> None:
    known = set(of_class(firms, KG.Firm))
    for firm in known:
        above = {
            parent
            for direct in firms.objects(firm, KG.partOfBody)
            for parent in firms.transitive_objects(direct, KG.partOfBody)
        }
        assert above <= known, f"{firm}: {above - known} is no firm"
        assert firm not in above


def test_each_branded_good_has_a_known_maker_and_kind(firms: Graph) -> None:
    products, goods = read(PRODUCTS), read("goods.ttl", PRODUCTS)
    for good in of_class(products, KG.Good):
        makers = list(products.objects(good, KG.madeBy))
        assert len(makers) == 1, good
        assert (makers[0], RDF.type, KG.Firm) in firms, f"{good}: {makers[0]} is no firm"
        assert all((kind, RDF.type, None) in goods for kind in products.objects(good, KG.broaderGood)), good


def test_makers_of_all_goods_are_known_firms(firms: Graph) -> None:
    makers = set(read("goods.ttl").objects(None, KG.madeBy))
    assert {maker for maker in makers if (maker, RDF.type, KG.Firm) not in firms} == set()


@pytest.mark.parametrize(
    ("name", "firm"),
    [
        ("JL MAG Rare-Earth Co. Ltd.", "jl-mag"),
        ("JL Mag Rare Earths", "jl-mag"),
        ("Ningbo Yansheng", "ningbo-yunsheng"),
        ("Innuovo Technology", "innuovo"),
        ("Greenland Minerals", "energy-transition-minerals"),
        ("Hitachi Metals", "proterial"),
        ("Raytheon", "rtx"),
        ("Ford", "ford"),
        ("宁波韵升", "ningbo-yunsheng"),
    ],
)
def test_names_used_in_news(firms: Graph, name: str, firm: str) -> None:
    assert name in {str(label) for label in labels(firms, FIRM[firm])}
