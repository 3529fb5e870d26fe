"""The material reference data: rare-earth elements, minerals, element groups, goods."""

from collections import defaultdict
from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import RdfFormat, parse
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, SKOS, XSD

KG: Final = Namespace("https://w3id.org/kgbuild/ontology#")
ID: Final = "https://w3id.org/kgbuild/id/"
REFERENCE: Final = Path(__file__).resolve().parent.parent / "ontology" / "reference"
FILES: Final = ("elements.ttl", "minerals.ttl", "groups.ttl", "goods.ttl")
GOOD_CLASSES: Final = (KG.Good, KG.PermanentMagnet, KG.RareEarthCompound, KG.Component, KG.Alloy)

# IUPAC periodic table.
ATOMIC_NUMBERS: Final = {
    "Sc": (21, "scandium"),
    "Y": (39, "yttrium"),
    "La": (57, "lanthanum"),
    "Ce": (58, "cerium"),
    "Pr": (59, "praseodymium"),
    "Nd": (60, "neodymium"),
    "Pm": (61, "promethium"),
    "Sm": (62, "samarium"),
    "Eu": (63, "europium"),
    "Gd": (64, "gadolinium"),
    "Tb": (65, "terbium"),
    "Dy": (66, "dysprosium"),
    "Ho": (67, "holmium"),
    "Er": (68, "erbium"),
    "Tm": (69, "thulium"),
    "Yb": (70, "ytterbium"),
    "Lu": (71, "lutetium"),
}
GROUP_MEMBERS: Final = {
    "rare-earths": set(ATOMIC_NUMBERS),
    "lanthanides": set(ATOMIC_NUMBERS) - {"Sc", "Y"},
    "mofcom-18-2025": {"Sm", "Gd", "Tb", "Dy", "Lu", "Sc", "Y"},
    "mofcom-57-2025": {"Ho", "Er", "Tm", "Eu", "Yb"},
    "usgs-light": {"La", "Ce", "Pr", "Nd", "Pm", "Sm", "Eu", "Gd"},
    "usgs-heavy": {"Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu", "Y"},
    "medium-heavy-rare-earths": set[str](),
    "heavy-rare-earths": set[str](),
    "light-rare-earths": set[str](),
    "critical-minerals": set[str](),
}
# Bare words of English that a label would find in any text.
ORDINARY: Final = {"chip", "lead", "gold", "iron", "target", "crude", "chrome", "catalyst", "parts"}


def read(name: str) -> Graph:
    return Graph().parse(REFERENCE / name, format="turtle")


@pytest.fixture(scope="module")
def materials() -> Graph:
    graph = Graph()
    for name in FILES:
        graph += read(name)
    return graph


def of_class(graph: Graph, *classes: URIRef) -> list[URIRef]:
    return sorted(s for cls in classes for s in graph.subjects(RDF.type, cls) if isinstance(s, URIRef))


def local(term: object) -> str:
    return str(term).rpartition("/")[2]


def labels(graph: Graph, thing: URIRef) -> set[str]:
    found = [*graph.objects(thing, SKOS.prefLabel), *graph.objects(thing, SKOS.altLabel)]
    return {str(label) for label in found if isinstance(label, Literal) and label.language == "en"}


def goods(graph: Graph) -> list[URIRef]:
    return of_class(graph, *GOOD_CLASSES)


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


def test_rare_earth_elements_agree_with_the_periodic_table(materials: Graph) -> None:
    elements = of_class(materials, KG.RareEarthElement)
    assert len(elements) == 17
    found = {
        str(materials.value(e, KG.elementSymbol)): (
            materials.value(e, KG.atomicNumber),
            str(materials.value(e, SKOS.prefLabel)),
        )
        for e in elements
    }
    wanted = {
        symbol: (Literal(number, datatype=XSD.positiveInteger), name)
        for symbol, (number, name) in ATOMIC_NUMBERS.items()
    }
    assert found == wanted
    assert {local(e): str(materials.value(e, KG.elementSymbol)) for e in elements} == {s: s for s in wanted}


def test_every_element_has_its_own_wikidata_and_chebi_identifier(materials: Graph) -> None:
    elements = of_class(materials, KG.RareEarthElement)
    for predicate, start in (
        (SKOS.exactMatch, "http://www.wikidata.org/entity/Q"),
        (SKOS.closeMatch, "http://purl.obolibrary.org/obo/CHEBI_"),
    ):
        matches = [list(materials.objects(e, predicate)) for e in elements]
        assert [len(m) for m in matches] == [1] * 17
        assert len({m[0] for m in matches}) == 17
        assert all(str(m[0]).startswith(start) and str(m[0]).removeprefix(start).isdigit() for m in matches)


def test_minerals(materials: Graph) -> None:
    minerals = of_class(materials, KG.Mineral)
    assert len(minerals) >= 30
    symbols = [str(s) for m in minerals for s in materials.objects(m, KG.elementSymbol)]
    assert len(symbols) == len(set(symbols)) >= 30
    assert not set(symbols) & set(ATOMIC_NUMBERS)
    matches = list(materials.objects(None, SKOS.exactMatch))
    assert len(matches) == len(set(matches))
    assert all(str(match).startswith("http://www.wikidata.org/entity/Q") for match in matches)


@pytest.mark.parametrize(("group", "members"), GROUP_MEMBERS.items())
def test_group_members(materials: Graph, group: str, members: set[str]) -> None:
    found = materials.objects(URIRef(f"{ID}group/{group}"), KG.hasGroupMember)
    assert {local(member) for member in found} == members


def test_every_group_says_who_draws_it(materials: Graph) -> None:
    groups = of_class(materials, KG.ElementGroup)
    assert {local(g) for g in groups} >= set(GROUP_MEMBERS)
    for group in groups:
        note = str(materials.value(group, SKOS.scopeNote))
        drawn = list(materials.objects(group, KG.hasGroupMember))
        assert note.startswith("Drawn by " if drawn else "The words of "), group


def test_goods(materials: Graph) -> None:
    assert len(goods(materials)) >= 45
    for cls in GOOD_CLASSES:
        assert len(of_class(materials, cls)) >= 5, cls


def test_broader_goods_exist_and_make_no_circle(materials: Graph) -> None:
    known = set(goods(materials))
    assert set(materials.objects(None, KG.broaderGood)) <= known
    for good in known:
        for broader in materials.objects(good, KG.broaderGood):
            assert good not in set(materials.transitive_objects(broader, KG.broaderGood))
    magnets = set(materials.transitive_subjects(KG.broaderGood, URIRef(f"{ID}good/permanent-magnet")))
    assert magnets == set(of_class(materials, KG.PermanentMagnet))


def test_contents_are_elements_and_minerals(materials: Graph) -> None:
    elements = set(of_class(materials, KG.RareEarthElement))
    minerals = set(of_class(materials, KG.Mineral))
    assert set(materials.objects(None, KG.containsElement)) <= elements
    assert set(materials.objects(None, KG.containsMineral)) <= minerals
    assert set(materials.objects(None, KG.hasGroupMember)) <= elements | minerals


def test_an_oxide_contains_the_element_of_its_name(materials: Graph) -> None:
    of_name = {name: symbol for symbol, (_, name) in ATOMIC_NUMBERS.items()}
    checked = 0
    for good in of_class(materials, KG.RareEarthCompound):
        words = str(materials.value(good, SKOS.prefLabel)).replace("-", " ").split()
        if words[-1] == "oxide":
            contents = {local(e) for e in materials.objects(good, KG.containsElement)}
            assert contents == {of_name[word] for word in words[:-1]}, good
            checked += 1
    assert checked >= 15


def test_makers_are_firms(materials: Graph) -> None:
    if not list(REFERENCE.glob("firms*.ttl")):
        pytest.skip("no firms*.ttl beside goods.ttl")
    firms = Graph()
    for path in sorted(REFERENCE.glob("firms*.ttl")):
        firms.parse(path, format="turtle")
    makers = set(materials.objects(None, KG.madeBy))
    assert makers
    assert makers <= set(of_class(firms, KG.Firm))


def test_no_label_belongs_to_two_materials(materials: Graph) -> None:
    owners: defaultdict[str, set[str]] = defaultdict(set)
    kinds = (KG.RareEarthElement, KG.Mineral, KG.ElementGroup, *GOOD_CLASSES)
    for thing in of_class(materials, *kinds):
        for label in labels(materials, thing):
            assert label == label.strip() != ""
            owners[label.casefold()].add(str(thing))
    assert {label: sorted(who) for label, who in owners.items() if len(who) > 1} == {}
    assert not set(owners) & ORDINARY
    assert not set(owners) & {symbol.casefold() for symbol in ATOMIC_NUMBERS}


def test_hyphen_and_space_are_both_labels(materials: Graph) -> None:
    for thing in [*goods(materials), *of_class(materials, KG.ElementGroup)]:
        every = labels(materials, thing)
        hyphened = {label for label in every if label.startswith("rare-earth ")}
        spaced = {label.replace("rare-earth ", "rare earth ") for label in hyphened}
        assert spaced <= every, thing


@pytest.mark.parametrize(
    ("label", "thing"),
    [
        ("rare-earth magnets", "good/rare-earth-magnet"),
        ("permanent rare earth magnets", "good/rare-earth-magnet"),
        ("neodymium-iron-boron (NdFeB) magnets", "good/ndfeb-magnet"),
        ("neodymium magnets", "good/ndfeb-magnet"),
        ("samarium-cobalt alloys", "good/smco-alloy"),
        ("rare earth-based products", "good/rare-earth-product"),
        ("motor rotors", "good/motor-rotor"),
        ("NdPr", "good/ndpr-oxide"),
        ("chip-making gear", "good/chipmaking-equipment"),
        ("chip design software", "good/eda-software"),
        ("spodumene", "good/lithium-concentrate"),
        ("H20", "good/nvidia-h20"),
        ("rare earths", "group/rare-earths"),
        ("REEs", "group/rare-earths"),
        ("mid-to-heavy rare earths", "group/medium-heavy-rare-earths"),
        ("medium and heavy rare earth elements", "group/medium-heavy-rare-earths"),
        ("seven medium and heavy rare earths", "group/mofcom-18-2025"),
        ("critical raw materials", "group/critical-minerals"),
        ("natural graphite", "mineral/graphite"),
    ],
)
def test_news_names_lead_to_their_material(materials: Graph, label: str, thing: str) -> None:
    assert label in labels(materials, URIRef(ID + thing))
