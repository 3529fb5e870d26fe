"""The ontology as values: names, classes, places, and what a folder without ontology says."""

from __future__ import annotations

import shutil
import unicodedata
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgbuild.errors import OntologyError
from kgbuild.ontology import Ontology, load_ontology, name_key
from kgbuild.resources import data_dir
from kgbuild.terms import CLASSES, KG, expand

PREFIX: Final = """@prefix kg: <https://w3id.org/kgbuild/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""


def named(ontology: Ontology, name: str) -> set[str]:
    return {e.iri for e in ontology.by_name(name)}


# ---- names


@given(st.text())
def test_name_key_is_a_fixed_point(name: str) -> None:
    key = name_key(name)
    assert name_key(key) == key
    assert key == " ".join(key.split())
    assert not any(unicodedata.combining(c) for c in key)


@given(st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=1))
def test_name_key_has_no_case(name: str) -> None:
    assert name_key(name.upper()) == name_key(name.upper().lower())
    assert name_key(name), "letters and digits always count"


@given(st.text())
def test_name_key_does_not_see_how_accents_are_encoded(name: str) -> None:
    for other in (unicodedata.normalize("NFC", name), unicodedata.normalize("NFKD", name)):
        assert name_key(other) == name_key(name)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Example Rare-Earth Magnet Co., Ltd.", "EXAMPLE Rare Earth Magnet Co Ltd"),
        ("U.S.", "US"),
        ("São Paulo", "Sao Paulo"),
        ("People’s Republic", "People's  Republic"),
        ("STRASSE", "Straße"),
        ("℡ Corp", "tel corp"),
    ],
)
def test_spellings_of_one_name(a: str, b: str) -> None:
    assert name_key(a) == name_key(b)


def test_names_that_differ_stay_apart() -> None:
    assert (
        len({name_key(n) for n in ("Ningbo Yunsheng", "Ningbo Yansheng", "NingboYunsheng", "稀土", "")}) == 5
    )


# ---- entities


def test_by_name_finds_labels_demonyms_and_metonyms(ontology: Ontology) -> None:
    assert expand("place:US") in named(ontology, "united states")
    assert expand("body:gov-us") in named(ontology, "Washington")
    assert named(ontology, "Beijing") == {expand("body:gov-cn"), expand("place:beijing")}
    assert named(ontology, "") == named(ontology, "...") == named(ontology, "no such name") == set()


def test_each_entity_is_found_by_each_of_its_names(ontology: Ontology) -> None:
    for entity in ontology.entities.values():
        assert entity.label in entity.names
        for name in (*entity.names, *entity.demonyms, *entity.metonyms):
            assert entity in ontology.by_name(name), name


def test_every_entity_has_one_known_class(ontology: Ontology) -> None:
    assert len(ontology.entities) > 1000
    for iri, entity in ontology.entities.items():
        assert entity.iri == iri
        assert entity.kind == ontology.kind(iri)
        assert ontology.is_a(entity.kind, entity.kind), entity.kind
        assert entity.label == ontology.label(iri)
    assert list(ontology.entities) == sorted(ontology.entities)


def test_what_is_unknown_is_empty(ontology: Ontology) -> None:
    assert ontology.kind("urn:x") == ontology.label("urn:x") == ""
    assert ontology.objects("urn:x", KG.locatedIn) == ()
    assert ontology.describe("urn:x") == ()
    assert ontology.within("urn:x") == {"urn:x"}
    assert not ontology.is_a("Planet", "Place")


# ---- classes


def test_class_is_a_subclass_of_itself_and_of_those_above(ontology: Ontology) -> None:
    for name in CLASSES:
        assert ontology.is_a(name, name), name
    assert ontology.is_a("GeneralExportLicense", "License")
    assert ontology.is_a("Regulator", "Agent")
    assert not ontology.is_a("License", "GeneralExportLicense")
    assert not ontology.is_a("Firm", "PublicBody")


def test_subclasses_are_transitive(ontology: Ontology) -> None:
    for name, above in ontology.subclasses.items():
        for upper in above:
            assert ontology.subclasses[upper] <= above, (name, upper)


# ---- places and governments


def test_within_climbs_to_the_top(ontology: Ontology) -> None:
    ganzhou = ontology.within(expand("place:ganzhou"))
    assert {expand("place:ganzhou"), expand("place:CN")} <= ganzhou
    assert expand("place:beijing") not in ganzhou
    for iri, entity in ontology.entities.items():
        if ontology.is_a(entity.kind, "Place"):
            around = ontology.within(iri)
            assert iri in around
            assert all(ontology.within(p) <= around for p in around)
            assert all(ontology.is_a(ontology.kind(p), "Place") for p in around)


def test_within_ends_in_a_circle(tmp_path: Path) -> None:
    loop = "<urn:a> kg:locatedIn <urn:b> . <urn:b> kg:locatedIn <urn:a> ."
    assert loaded(tmp_path, PREFIX + loop).within("urn:a") == {"urn:a", "urn:b"}


def test_each_place_has_at_most_one_government(ontology: Ontology) -> None:
    governed = [
        p
        for i, e in ontology.entities.items()
        if e.kind == "Government"
        for p in ontology.objects(i, KG.governs)
    ]
    assert len(governed) == len(set(governed)) == len(ontology.government_of)
    assert ontology.government_of[expand("place:CN")] == expand("body:gov-cn")
    assert ontology.government_of[expand("place:US")] == expand("body:gov-us")


# ---- loading


def loaded(folder: Path, reference: str | bytes) -> Ontology:
    shutil.copy(data_dir("ontology") / "core.ttl", folder)
    (folder / "reference").mkdir()
    raw = reference.encode() if isinstance(reference, str) else reference
    (folder / "reference" / "things.ttl").write_bytes(raw)
    return load_ontology(folder)


def test_own_ontology_has_the_names_of_its_files(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        PREFIX
        + """<urn:f> a kg:Firm ; skos:prefLabel "Beispiel"@de , "Example"@en ;
            skos:altLabel "Ex"@en ; skos:hiddenLabel "Exmple"@en .
        <urn:g> a kg:Firm ; skos:prefLabel "Nur deutsch"@de .
        <urn:h> a kg:Firm .
        [] a kg:Firm ; skos:prefLabel "Nobody"@en .""",
    )
    assert [(e.label, e.names) for e in found.entities.values()] == [
        ("Example", ("Beispiel", "Ex", "Example", "Exmple")),
        ("Nur deutsch", ("Nur deutsch",)),
    ]
    assert found.by_name("Nobody") == ()


def test_digest_tells_every_change(tmp_path: Path, ontology: Ontology) -> None:
    assert load_ontology().digest == ontology.digest
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert loaded(tmp_path / "a", "").digest != loaded(tmp_path / "b", "\n").digest


@pytest.mark.parametrize("missing", ["core.ttl", "reference"])
def test_folder_without_ontology_is_refused(tmp_path: Path, missing: str) -> None:
    if missing == "reference":
        shutil.copy(data_dir("ontology") / "core.ttl", tmp_path)
    else:
        (tmp_path / "reference").mkdir()
        (tmp_path / "reference" / "things.ttl").write_text("")
    with pytest.raises(
        OntologyError, match=r"is no ontology folder: it needs core\.ttl and reference/\*\.ttl"
    ):
        load_ontology(tmp_path)


@pytest.mark.parametrize(
    ("reference", "place"),
    [
        ("@prefix : <urn:> .\n:a :b\n", "3:1"),
        ('\n<urn:a> <urn:b> "x .', "2:"),
        (b'<urn:a> <urn:b> "\xff" .', "1:"),
    ],
)
def test_file_that_is_no_turtle_is_refused_with_its_line(
    tmp_path: Path, reference: str | bytes, place: str
) -> None:
    with pytest.raises(OntologyError, match=rf"things\.ttl:{place}.*not Turtle") as caught:
        loaded(tmp_path, reference)
    assert "\n" not in str(caught.value)


def test_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "folder.ttl").mkdir()
    shutil.copy(data_dir("ontology") / "core.ttl", tmp_path)
    with pytest.raises(OntologyError, match=r"folder\.ttl: cannot be read"):
        load_ontology(tmp_path)
