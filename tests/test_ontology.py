"""Hygiene of ontology/: names, definitions, domains, disjointness, use."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Final

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kgbuild import terms
from kgbuild.rdf_files import read_graph
from kgbuild.resources import data_dir
from kgbuild.terms import NS

ROOT: Final = Path(__file__).resolve().parent.parent
ONTOLOGY: Final = data_dir("ontology")
FILES: Final = sorted(ONTOLOGY.rglob("*.ttl"))
ALIGNMENTS: Final = sorted((ONTOLOGY / "alignments").glob("*.ttl"))
KINDS: Final = {
    OWL.Class: terms.CLASSES,
    OWL.ObjectProperty: terms.OBJECT_PROPERTIES,
    OWL.DatatypeProperty: terms.DATA_PROPERTIES,
    OWL.AnnotationProperty: terms.ANNOTATION_PROPERTIES,
}
#: Properties without a domain of their own, and why.
NO_DOMAIN: Final = {
    "heldBy": "the inverse has the range",
    "issuedBy": "the inverse has the range",
    "elementControlledBy": "the inverse has the range",
    "statusRecordOf": "the inverse has the range",
    "containsPlace": "the inverse has the range",
    "listingOf": "the inverse has the range",
    "coversDestination": "its chain and its subproperty have the domain; a domain would only repeat it",
    "hasParty": "negotiations and agreements have parties",
    "hasTime": "events and records have times",
    "hasQuantity": "anything that sources count or measure",
    "usedIn": "a material or a group of elements",
    "dependsOn": "an industry, a good, a place or an organization",
    "alsoKnownAs": "anything with a name",
}
NO_RANGE: Final = {
    "heldBy": "the inverse has the domain",
    "elementControlledBy": "the inverse has the domain",
    "issuedBy": "the inverse has the domain",
    "statusRecordOf": "the inverse has the domain",
    "containsPlace": "the inverse has the domain",
    "listingOf": "the inverse has the domain",
    "claimSubject": "a claim may be about anything",
    "claimObject": "a claim may be about anything",
    "claimValue": "a claim may give a literal of any datatype",
    "dependsOn": "a material, a group of elements, a place or an organization",
    "acquired": "an organization or a site",
    "statisticOf": "a material, a group of elements, a place or an organization",
    "reporter": "a place or an organization",
    "affects": "a firm, a site, an industry, a material or a group of elements",
    "mentions": "a statement may name anything",
}
#: Classes that the reasoner fills by a condition on a class that has disjoint ones.
DEFINED: Final = {"ControlledElement", "GoodWithControlledElement", "ContestedClaim", "LicensedExporter"}


@pytest.fixture(scope="module")
def core() -> Graph:
    return read_graph([ONTOLOGY / "core.ttl"])


def named(graph: Graph, kind: Node) -> set[str]:
    found = {str(s) for s in graph.subjects(RDF.type, kind) if isinstance(s, URIRef)}
    return {iri.removeprefix(NS) for iri in found if iri.startswith(NS)}


def is_ours(term: Node) -> bool:
    return isinstance(term, URIRef) and str(term).startswith(NS)


def english(graph: Graph, term: str, predicate: URIRef) -> list[str]:
    values = graph.objects(URIRef(NS + term), predicate)
    return [str(v) for v in values if isinstance(v, Literal) and v.language == "en"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: str(k).rpartition("#")[2])
def test_terms_py_and_core_ttl_have_the_same_terms(kind: URIRef, core: Graph) -> None:
    assert named(core, kind) == KINDS[kind]


def test_kinds_of_terms_do_not_overlap() -> None:
    assert sum(map(len, KINDS.values())) == len(terms.TERMS)


@pytest.mark.parametrize("predicate", [RDFS.label, SKOS.definition], ids=["label", "definition"])
def test_every_term_has_one_in_english(predicate: URIRef, core: Graph) -> None:
    assert {t: n for t in sorted(terms.TERMS) if (n := len(english(core, t, predicate))) != 1} == {}


def test_labels_are_unique_and_in_lower_case(core: Graph) -> None:
    labels = {t: english(core, t, RDFS.label)[0] for t in terms.TERMS}
    assert [label for label, n in Counter(labels.values()).items() if n > 1] == []
    for term, label in labels.items():
        words = [w for w in label.split() if not re.fullmatch(r"[A-Z]{2,}", w)]
        assert all(w == w.lower() for w in words), f"kg:{term} {label!r}"


def test_labels_and_names_agree(core: Graph) -> None:
    """The words of the name are those of the label, less a leading "has"."""
    for term in terms.TERMS:
        name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", term).lower().removeprefix("has ")
        label = re.sub(r"[-_]", " ", english(core, term, RDFS.label)[0]).lower().removeprefix("has ")
        short = {"iso alpha3": "iso alpha 3 code"}
        assert label == short.get(name, name), f"kg:{term}"


def test_definitions_are_one_sentence_and_not_circular(core: Graph) -> None:
    for term in sorted(terms.TERMS):
        text = english(core, term, SKOS.definition)[0]
        assert not text.endswith("."), f"kg:{term}"
        assert ". " not in text, f"kg:{term}"
        assert len(text.split()) >= 3, f"kg:{term}: {text!r}"
        assert english(core, term, RDFS.label)[0].lower() != text.lower(), f"kg:{term}"


def test_classes_are_nouns_in_the_singular_and_properties_begin_small() -> None:
    plural = {"Talks"}  # the word of the field
    for term in terms.CLASSES:
        assert re.fullmatch(r"[A-Z][A-Za-z]+", term)
        assert term in plural or not re.search(r"[^sy]s$", term), term
    for term in terms.TERMS - terms.CLASSES:
        assert re.fullmatch(r"[a-z][A-Za-z0-9]+", term)


def test_every_property_has_domain_and_range_or_a_reason(core: Graph) -> None:
    properties = terms.OBJECT_PROPERTIES | terms.DATA_PROPERTIES
    for predicate, excused in ((RDFS.domain, NO_DOMAIN), (RDFS.range, NO_RANGE)):
        without = {p for p in properties if (URIRef(NS + p), predicate, None) not in core}
        assert without == set(excused), predicate


def test_reasons_that_name_the_inverse_are_true(core: Graph) -> None:
    for excused, wanted in ((NO_DOMAIN, RDFS.range), (NO_RANGE, RDFS.domain)):
        for term, reason in excused.items():
            if reason.startswith("the inverse"):
                inverse = next(core.subjects(OWL.inverseOf, URIRef(NS + term)))
                assert (inverse, wanted, None) in core, term


def test_every_class_is_disjoint_from_another(core: Graph) -> None:
    apart: set[Node] = set()
    for members in core.objects(None, OWL.members):
        apart.update(Collection(core, members))
    for one, two in core.subject_objects(OWL.disjointWith):
        apart.update((one, two))
    without = {
        c for c in terms.CLASSES if not apart & set(core.transitive_objects(URIRef(NS + c), RDFS.subClassOf))
    }
    assert without == DEFINED


def test_defined_classes_have_a_condition(core: Graph) -> None:
    for name in DEFINED:
        conditions = [s for s in core.subjects(RDFS.subClassOf, URIRef(NS + name)) if isinstance(s, BNode)]
        assert len(conditions) == 1, name
        assert core.value(conditions[0], OWL.intersectionOf) is not None, name


def test_no_constructs_that_engines_get_wrong(core: Graph) -> None:
    for construct in (OWL.hasKey, OWL.imports):
        assert (None, construct, None) not in core
    assert (None, RDF.type, OWL.InverseFunctionalProperty) not in core


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_no_imports_and_no_unknown_terms(path: Path) -> None:
    graph = read_graph([path])
    assert (None, OWL.imports, None) not in graph
    used = {str(t).removeprefix(NS) for triple in graph for t in triple if is_ours(t)}
    assert used <= terms.TERMS


@pytest.mark.parametrize("path", [ONTOLOGY / "core.ttl", *ALIGNMENTS], ids=lambda p: p.stem)
def test_header_has_version_label_and_license(path: Path) -> None:
    graph = read_graph([path])
    (header,) = graph.subjects(RDF.type, OWL.Ontology)
    expected = NS.rstrip("#") if path.stem == "core" else f"{NS.rstrip('#')}/alignments/{path.stem}"
    assert str(header) == expected
    version = str(graph.value(header, OWL.versionInfo))
    assert str(graph.value(header, OWL.versionIRI)) == f"{expected}/{version}"
    assert graph.value(header, RDFS.label) is not None
    assert str(graph.value(header, URIRef("http://purl.org/dc/terms/license"))).startswith(
        "https://creativecommons"
    )


def test_there_are_alignments() -> None:
    assert {p.stem for p in ALIGNMENTS} == {"prov", "web-annotation", "schema-org", "fibo", "org", "sem-gaf"}


@pytest.mark.parametrize("path", ALIGNMENTS, ids=lambda p: p.stem)
def test_alignments_point_one_way_and_declare_what_they_use(path: Path, core: Graph) -> None:
    graph = read_graph([path])
    links = [*graph.subject_objects(RDFS.subClassOf), *graph.subject_objects(RDFS.subPropertyOf)]
    assert len(links) >= 4
    kinds = {kind: set(graph.subjects(RDF.type, kind)) for kind in KINDS}
    for lower, upper in links:
        assert str(lower).startswith(NS), f"{lower} is not ours"
        assert not str(upper).startswith(NS), f"{upper} is ours"
        assert any(lower in s and upper in s for s in kinds.values()), f"{lower} and {upper} differ in kind"
        assert any((lower, RDF.type, kind) in core for kind in kinds), f"{lower} is not in core.ttl"
    for equal in (OWL.equivalentClass, OWL.equivalentProperty, OWL.sameAs):
        assert (None, equal, None) not in graph


def test_no_term_is_without_use() -> None:
    """A query, a shape or a line of code uses each term; nothing is there in reserve."""
    files = [*(ROOT / "queries").rglob("*.rq"), *(ROOT / "shapes").rglob("*.ttl")]
    code = [p.read_text(encoding="utf-8") for p in (ROOT / "kgbuild").rglob("*.py") if p.name != "terms.py"]
    texts = "\n".join([p.read_text(encoding="utf-8") for p in files] + code)
    used = set(re.findall(r"(?:kg:|KG\.)([A-Za-z0-9]+)", texts))
    kinds = set(
        re.findall(r"[A-Z][A-Za-z]+", "\n".join(code))
    )  # code speaks of classes by name: `kind == "Summit"`
    assert sorted(terms.TERMS - used - (kinds & terms.CLASSES)) == []
