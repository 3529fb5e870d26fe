"""The place reference data: countries, regions and blocs, subdivisions, cities."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, SKOS

KG: Final = Namespace("https://w3id.org/kgbuild/ontology#")
PLACE: Final = Namespace("https://w3id.org/kgbuild/id/place/")
REFERENCE: Final = Path(__file__).resolve().parent.parent / "ontology" / "reference"
CLASS_OF_FILE: Final = {
    "countries.ttl": KG.Country,
    "regions.ttl": KG.WorldRegion,
    "subdivisions.ttl": KG.Subdivision,
    "cities.ttl": KG.City,
}
LABELS: Final = (SKOS.prefLabel, SKOS.altLabel, KG.demonym)

# Antarctica, and islands without inhabitants that lie in no region of regions.ttl or in several.
WITHOUT_REGION: Final = {"AQ", "BV", "GS", "HM", "TF", "UM"}
# City-states keep their label to themselves; the others have no settlement that counts as a capital.
WITHOUT_CAPITAL: Final = {
    *{"GI", "HK", "MC", "MO", "SG", "VA"},
    *{"AQ", "BV", "HM", "IO", "TF", "TK", "UM"},
}
# Sizes, or full member lists where a slip would change what a license for the bloc covers.
BLOC_SIZES: Final = {
    "arab-world": 22,
    "brics": 10,
    "eea": 30,
    "eu": 27,
    "eurozone": 21,
    "nato": 32,
}
BLOC_MEMBERS: Final = {
    "asean": {"BN", "ID", "KH", "LA", "MM", "MY", "PH", "SG", "TH", "TL", "VN"},
    "baltic-states": {"EE", "LT", "LV"},
    "eaeu": {"AM", "BY", "KG", "KZ", "RU"},
    "efta": {"CH", "IS", "LI", "NO"},
    "g7": {"CA", "DE", "FR", "GB", "IT", "JP", "US"},
    "gcc": {"AE", "BH", "KW", "OM", "QA", "SA"},
    "mercosur": {"AR", "BO", "BR", "PY", "UY"},
    "usmca": {"CA", "MX", "US"},
}


def read(name: str) -> Graph:
    return Graph().parse(REFERENCE / name, format="turtle")


@pytest.fixture(scope="module")
def places() -> Graph:
    graph = Graph()
    for name in CLASS_OF_FILE:
        graph += read(name)
    return graph


def of_class(graph: Graph, cls: URIRef) -> list[URIRef]:
    return sorted(s for s in graph.subjects(RDF.type, cls) if isinstance(s, URIRef))


def code(place: URIRef) -> str:
    return place.removeprefix(str(PLACE))


def larger_places(graph: Graph, place: URIRef) -> set[URIRef]:
    """Every place that contains `place`, itself left out unless it lies on a cycle."""
    return {
        above
        for direct in graph.objects(place, KG.locatedIn)
        for above in graph.transitive_objects(direct, KG.locatedIn)
        if isinstance(above, URIRef)
    }


def countries_in(graph: Graph, region: str) -> set[str]:
    return {code(c) for c in of_class(graph, KG.Country) if PLACE[region] in larger_places(graph, c)}


def names(graph: Graph, place: URIRef) -> Iterator[Literal]:
    for predicate in LABELS:
        for name in graph.objects(place, predicate):
            assert isinstance(name, Literal), (place, predicate, name)
            yield name


@pytest.mark.parametrize(("name", "cls"), CLASS_OF_FILE.items())
def test_file_holds_one_class_without_blank_nodes(name: str, cls: URIRef) -> None:
    graph = read(name)
    assert set(graph.subjects()) == set(of_class(graph, cls))
    assert set(graph.objects(None, RDF.type)) == {cls}
    assert not [term for triple in graph for term in triple if isinstance(term, BNode)]


def test_every_place_has_one_english_preferred_label(places: Graph) -> None:
    for cls in CLASS_OF_FILE.values():
        for place in of_class(places, cls):
            labels = [o for o in places.objects(place, SKOS.prefLabel) if isinstance(o, Literal)]
            assert [label.language for label in labels] == ["en"], place


def test_every_iso_3166_1_code_has_a_country(places: Graph) -> None:
    countries = of_class(places, KG.Country)
    assert len(countries) == 249
    for country in countries:
        assert [str(c) for c in places.objects(country, KG.isoCode)] == [code(country)]
    alpha3 = [str(c) for country in countries for c in places.objects(country, KG.isoAlpha3)]
    assert len(alpha3) == len(set(alpha3)) == 249
    assert all(len(c) == 3 and c.isascii() and c.isupper() for c in alpha3)


def test_every_country_lies_in_a_region(places: Graph) -> None:
    outside = {code(c) for c in of_class(places, KG.Country) if not larger_places(places, c)}
    assert outside == WITHOUT_REGION


def test_countries_lie_in_regions_only(places: Graph) -> None:
    regions = set(of_class(places, KG.WorldRegion))
    for place in of_class(places, KG.Country) + of_class(places, KG.WorldRegion):
        assert set(places.objects(place, KG.locatedIn)) <= regions, place


def test_every_region_holds_several_countries(places: Graph) -> None:
    counts = {code(r): len(countries_in(places, code(r))) for r in of_class(places, KG.WorldRegion)}
    assert [region for region, count in counts.items() if count < 2] == ["world"]  # no place lies in it


@pytest.mark.parametrize(("bloc", "size"), BLOC_SIZES.items())
def test_bloc_size(places: Graph, bloc: str, size: int) -> None:
    assert len(countries_in(places, bloc)) == size


@pytest.mark.parametrize(("bloc", "members"), BLOC_MEMBERS.items())
def test_bloc_members(places: Graph, bloc: str, members: set[str]) -> None:
    assert countries_in(places, bloc) == members


def test_containment_of_regions(places: Graph) -> None:
    europe, southeast_asia = countries_in(places, "europe"), countries_in(places, "southeast-asia")
    assert countries_in(places, "eurozone") < countries_in(places, "eu") < europe
    assert countries_in(places, "asean") <= southeast_asia
    assert countries_in(places, "eu") < countries_in(places, "the-west")
    assert "GB" in europe - countries_in(places, "eu")
    assert "TR" not in europe
    assert "MX" in countries_in(places, "latin-america") & countries_in(places, "north-america")
    assert not southeast_asia & countries_in(places, "east-asia")
    continents = ("africa", "americas", "asia", "europe", "oceania")
    counted = [country for continent in continents for country in countries_in(places, continent)]
    assert len(counted) == len(set(counted)) == 249 - len(WITHOUT_REGION)


def test_located_in_is_acyclic_and_every_target_exists(places: Graph) -> None:
    known = {place for cls in CLASS_OF_FILE.values() for place in of_class(places, cls)}
    assert set(places.objects(None, KG.locatedIn)) <= known
    assert [place for place in sorted(known) if place in larger_places(places, place)] == []


def test_subdivisions_lie_in_the_country_of_their_code(places: Graph) -> None:
    for subdivision in of_class(places, KG.Subdivision):
        assert [str(c) for c in places.objects(subdivision, KG.isoCode)] == [code(subdivision)]
        country = PLACE[code(subdivision).partition("-")[0]]
        assert list(places.objects(subdivision, KG.locatedIn)) == [country]


@pytest.mark.parametrize(
    ("country", "count"), [("AU", 8), ("CA", 13), ("CN", 31), ("IN", 36), ("MY", 16), ("US", 51)]
)
def test_countries_with_all_their_subdivisions(places: Graph, country: str, count: int) -> None:
    inside = [s for s in of_class(places, KG.Subdivision) if code(s).startswith(f"{country}-")]
    assert len(inside) == count


def test_every_city_lies_in_one_subdivision_or_country(places: Graph) -> None:
    wanted = {*of_class(places, KG.Subdivision), *of_class(places, KG.Country)}
    cities = of_class(places, KG.City)
    assert len(cities) >= 600
    for city in cities:
        parents = list(places.objects(city, KG.locatedIn))
        assert len(parents) == 1, city
        assert parents[0] in wanted, city


def test_every_capital_is_a_city_of_its_country(places: Graph) -> None:
    cities = set(of_class(places, KG.City))
    without = set()
    for country in of_class(places, KG.Country):
        capitals = list(places.objects(country, KG.capital))
        assert len(capitals) <= 1, country
        if not capitals:
            without.add(code(country))
            continue
        capital = capitals[0]
        assert isinstance(capital, URIRef)
        assert capital in cities, capital
        assert country in larger_places(places, capital), capital
    assert without == WITHOUT_CAPITAL


@pytest.mark.parametrize("cls", CLASS_OF_FILE.values())
def test_no_name_belongs_to_two_places_of_one_class(places: Graph, cls: URIRef) -> None:
    owners: defaultdict[str, set[URIRef]] = defaultdict(set)
    for place in of_class(places, cls):
        for name in names(places, place):
            assert str(name) == str(name).strip() != ""
            owners[str(name).casefold()].add(place)
    assert {name: sorted(who) for name, who in owners.items() if len(who) > 1} == {}


def test_no_city_is_also_a_country_or_a_subdivision(places: Graph) -> None:
    cities = {str(places.value(city, SKOS.prefLabel)) for city in of_class(places, KG.City)}
    larger = {
        str(places.value(place, SKOS.prefLabel))
        for cls in (KG.Country, KG.Subdivision)
        for place in of_class(places, cls)
    }
    assert cities & larger == set()


def test_no_city_has_the_name_of_an_ordinary_word(places: Graph) -> None:
    ordinary = {"Bath", "Male", "Mobile", "Nice", "Normal", "Of", "Orange", "Reading", "Split"}
    cities = {str(name) for city in of_class(places, KG.City) for name in names(places, city)}
    assert cities & ordinary == set()


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("U.S.", "US"),
        ("US", "US"),
        ("American", "US"),
        ("U.K.", "GB"),
        ("Korea", "KR"),
        ("UAE", "AE"),
        ("DRC", "CD"),
        ("E.U.", "eu"),
        ("Western", "the-west"),
        ("Southeast Asian", "southeast-asia"),
        ("Jiangxi", "CN-JX"),
        ("Kachin state", "MM-11"),
        ("Washington, D.C.", "washington"),
    ],
)
def test_news_names_lead_to_their_place(places: Graph, name: str, place: str) -> None:
    assert Literal(name, lang="en") in set(names(places, PLACE[place]))


def test_no_place_is_called_the_bloc(places: Graph) -> None:
    every = {
        str(name).casefold()
        for cls in CLASS_OF_FILE.values()
        for p in of_class(places, cls)
        for name in names(places, p)
    }
    assert not every & {"the bloc", "bloc", "west", "us-", "u.s.-"}
