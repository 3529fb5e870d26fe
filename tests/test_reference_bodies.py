"""The reference data on bodies: governments, regulators, organizations, people."""

from collections import defaultdict
from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import RdfFormat, parse
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, SKOS

KG: Final = Namespace("https://w3id.org/kgbuild/ontology#")
ID: Final = "https://w3id.org/kgbuild/id/"
BODY: Final = Namespace(f"{ID}body/")
REFERENCE: Final = Path(__file__).resolve().parent.parent / "ontology" / "reference"
FILES: Final = ("bodies.ttl", "bodies-mines-trade.ttl", "organizations.ttl", "people.ttl")
PUBLIC: Final = (KG.Government, KG.Regulator, KG.PublicBody)
ACTIVITIES: Final = {
    *{"export-control", "mining", "customs", "trade", "investment-screening"},
    *{"environment", "nuclear", "securities", "sanctions", "competition"},
}
# Bare words of English that a label would find in any text.
ORDINARY: Final = {
    *{"commerce", "customs", "industry", "the post", "post", "nature", "the paper", "the star", "semi"},
    *{"mint", "fortune", "the times", "the hill", "one", "may", "ross", "congress", "trade", "ministry"},
}


def read(name: str) -> Graph:
    return Graph().parse(REFERENCE / name, format="turtle")


@pytest.fixture(scope="module")
def bodies() -> Graph:
    graph = Graph()
    for name in FILES:
        graph += read(name)
    return graph


def of_class(graph: Graph, *classes: URIRef) -> list[URIRef]:
    return sorted(s for cls in classes for s in graph.subjects(RDF.type, cls) if isinstance(s, URIRef))


def names(graph: Graph, thing: URIRef) -> set[str]:
    found = [o for p in (SKOS.prefLabel, SKOS.altLabel, KG.metonym) for o in graph.objects(thing, p)]
    return {str(name) for name in found if isinstance(name, Literal) and name.language == "en"}


def owners(graph: Graph, *classes: URIRef) -> dict[str, list[URIRef]]:
    """Who has each name, letter case aside."""
    found: defaultdict[str, set[URIRef]] = defaultdict(set)
    for thing in of_class(graph, *classes):
        for name in names(graph, thing):
            assert name == name.strip() != ""
            found[name.casefold()].add(thing)
    return {name: sorted(things) for name, things in found.items()}


@pytest.mark.parametrize("name", FILES)
def test_file_is_read_alike_by_both_parsers_and_has_no_blank_nodes(name: str) -> None:
    graph = read(name)
    quads = list(parse(path=REFERENCE / name, format=RdfFormat.TURTLE))
    assert len(quads) == len(graph) > 0
    assert not [term for triple in graph for term in triple if isinstance(term, BNode)]


@pytest.mark.parametrize("name", FILES)
def test_every_individual_has_one_class_and_one_english_preferred_label(name: str) -> None:
    graph = read(name)
    for thing in set(graph.subjects()):
        assert len(list(graph.objects(thing, RDF.type))) == 1, thing
        preferred = [o for o in graph.objects(thing, SKOS.prefLabel) if isinstance(o, Literal)]
        assert [label.language for label in preferred] == ["en"], thing


def test_counts(bodies: Graph) -> None:
    assert len(of_class(bodies, KG.Government)) >= 41
    assert len(of_class(bodies, KG.Regulator, KG.PublicBody)) >= 90
    assert len(of_class(bodies, KG.TradeAssociation)) >= 20
    assert len(of_class(bodies, KG.NewsOrganization)) >= 35
    assert len(of_class(bodies, KG.Person)) >= 70


def test_regulators_cover_the_world(bodies: Graph) -> None:
    governed = {p for r in of_class(bodies, KG.Regulator) for p in bodies.objects(r, KG.governs)}
    union = URIRef(f"{ID}place/eu")
    assert union in governed
    assert len(governed - {union}) >= 32
    countries = {
        p
        for r in of_class(bodies, KG.Regulator)
        if URIRef(f"{ID}activity/export-control") in set(bodies.objects(r, KG.regulates))
        for p in bodies.objects(r, KG.governs)
    }
    assert len(countries - {union}) >= 20


def test_every_public_body_governs_one_place(bodies: Graph) -> None:
    for body in of_class(bodies, *PUBLIC):
        assert len(list(bodies.objects(body, KG.governs))) == 1, body


def test_one_government_for_each_place_named_by_its_code(bodies: Graph) -> None:
    for government in of_class(bodies, KG.Government):
        place = str(bodies.value(government, KG.governs)).rpartition("/")[2]
        assert government == BODY[f"gov-{place.lower()}"]


def test_every_regulator_and_public_body_belongs_to_the_government_of_its_place(bodies: Graph) -> None:
    governments = set(of_class(bodies, KG.Government))
    loose = set(read("regions.ttl").subjects(KG.membersByConvention))
    for body in of_class(bodies, KG.Regulator, KG.PublicBody):
        if (
            bodies.value(body, KG.governs) in loose
        ):  # "Western governments": several, of which none is over them
            assert not list(bodies.objects(body, KG.partOfBody)), body
            continue
        chain = list(bodies.transitive_objects(body, KG.partOfBody))
        top = governments & set(chain)
        assert len(top) == 1, body
        assert {bodies.value(b, KG.governs) for b in chain if isinstance(b, URIRef)} == {
            bodies.value(body, KG.governs)
        }, body
        assert len(list(bodies.objects(body, KG.partOfBody))) == 1, body


def test_regulators_and_only_they_regulate(bodies: Graph) -> None:
    activities = {str(a).rpartition("/")[2]: a for a in of_class(bodies, KG.RegulatedActivity)}
    assert set(activities) == ACTIVITIES
    assert set(bodies.subjects(KG.regulates)) == set(of_class(bodies, KG.Regulator))
    assert set(bodies.objects(None, KG.regulates)) == set(activities.values())


def test_metonyms_belong_to_governments_and_public_bodies(bodies: Graph) -> None:
    bearers = set(bodies.subjects(KG.metonym))
    assert bearers <= set(of_class(bodies, KG.Government, KG.PublicBody))
    assert len(bearers & set(of_class(bodies, KG.Government))) >= 40


def test_a_shared_name_of_public_bodies_is_shared_across_countries_only(bodies: Graph) -> None:
    shared = {name: who for name, who in owners(bodies, *PUBLIC).items() if len(who) > 1}
    assert "ministry of commerce" in shared
    for name, who in shared.items():
        places = [bodies.value(body, KG.governs) for body in who]
        assert len(set(places)) == len(who), (name, who)


def test_preferred_labels_are_not_shared(bodies: Graph) -> None:
    preferred = [str(bodies.value(b, SKOS.prefLabel)).casefold() for b in of_class(bodies, *PUBLIC)]
    assert len(preferred) == len(set(preferred))


@pytest.mark.parametrize(
    "classes", [(KG.Government,), (KG.TradeAssociation, KG.NewsOrganization, KG.Organization), (KG.Person,)]
)
def test_no_name_belongs_to_two(bodies: Graph, classes: tuple[URIRef, ...]) -> None:
    found = owners(bodies, *classes)
    assert found
    assert {name: who for name, who in found.items() if len(who) > 1} == {}


def test_no_name_is_an_ordinary_word(bodies: Graph) -> None:
    kinds = (*PUBLIC, KG.TradeAssociation, KG.NewsOrganization, KG.Organization, KG.Person)
    assert not set(owners(bodies, *kinds)) & ORDINARY


def test_every_person_has_a_full_name_and_a_titled_office(bodies: Graph) -> None:
    for person in of_class(bodies, KG.Person):
        assert " " in str(bodies.value(person, SKOS.prefLabel)), person
        titles = [t for t in bodies.objects(person, KG.officeTitle) if isinstance(t, Literal)]
        assert [t.language for t in titles] == ["en"], person
        assert len(list(bodies.objects(person, KG.holdsOffice))) == 1, person


def test_every_thing_referred_to_is_defined(bodies: Graph) -> None:
    if not (REFERENCE / "countries.ttl").is_file() or not list(REFERENCE.glob("firms*.ttl")):
        pytest.skip("no countries.ttl or firms*.ttl beside bodies.ttl")
    every = Graph()
    for path in sorted(REFERENCE.glob("*.ttl")):
        every.parse(path, format="turtle")
    known = set(every.subjects(RDF.type))
    used = {o for o in bodies.objects() if isinstance(o, URIRef) and str(o).startswith(ID)}
    assert len(used) > 100
    assert used - known == set()


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("Ministry of Commerce", "body/cn-mofcom"),
        ("China's Ministry of Commerce", "body/cn-mofcom"),
        ("Chinese commerce ministry", "body/cn-mofcom"),
        ("MOFCOM", "body/cn-mofcom"),
        ("General Administration of Customs", "body/cn-gacc"),
        ("Beijing", "body/gov-cn"),
        ("Washington", "body/gov-us"),
        ("Brussels", "body/gov-eu"),
        ("The Hague", "body/gov-nl"),
        ("Pentagon", "body/us-defense"),
        ("Department of War", "body/us-defense"),
        ("Commerce Department", "body/us-commerce"),
        ("U.S. Trade Representative", "body/us-ustr"),
        ("U.S. Geological Survey", "body/us-usgs"),
        ("Ministry of Economy, Trade and Industry", "body/jp-meti"),
        ("Directorate General of Foreign Trade", "body/in-dgft"),
        ("Atomic Energy Licensing Board", "body/my-aelb"),
        ("ARECOMS", "body/cd-arecoms"),
        ("European Association of Automotive Suppliers", "org/clepa"),
        ("Motor and Equipment Manufacturers Association", "org/mema"),
        ("The Wall Street Journal", "org/wall-street-journal"),
        ("Korea Economic Daily", "org/hankyung"),
        ("Xi", "person/xi-jinping"),
        ("Trump", "person/donald-trump"),
    ],
)
def test_news_names_lead_to_their_bearer(bodies: Graph, name: str, body: str) -> None:
    assert name in names(bodies, URIRef(ID + body))
