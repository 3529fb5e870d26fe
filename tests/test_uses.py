"""Industries and end uses in sentences, and the normal form of words without a name."""

from __future__ import annotations

import pytest

from kgbuild.extract.lexicon import load_lexicon
from kgbuild.extract.reader import Reader
from kgbuild.model import Article
from kgbuild.ontology import Ontology, phrase_key


@pytest.fixture(scope="module")
def reader(ontology: Ontology) -> Reader:
    return Reader(list(ontology.entities.values()), load_lexicon())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Carmakers want more of it.", [("Carmakers", "Industry", "automotive industry")]),
        (
            "It goes into LEDs and headphones.",
            [("LEDs", "EndUse", "LEDs"), ("headphones", "EndUse", "headphones")],
        ),
        ("The delegation was led by a minister.", []),
        ("Prices rose in Paris.", []),
    ],
)
def test_uses_are_marked_beside_the_units(
    reader: Reader, text: str, expected: list[tuple[str, str, str]]
) -> None:
    _, [sentence] = reader.read(Article("a", text, ""))
    assert [(u.text, u.kind, u.name) for u in sentence.uses] == expected
    assert all(text[u.start : u.end] == u.text for u in sentence.uses)
    assert not any(u.kind in {"Industry", "EndUse"} for u in sentence.units)


def test_a_use_belongs_to_its_sentence(reader: Reader) -> None:
    _, sentences = reader.read(Article("a", "Radar needs it. Headphones do, too.", ""))
    assert [[u.name for u in s.uses] for s in sentences] == [["radar"], ["headphones"]]


def test_names_of_uses_are_of_no_other_thing(ontology: Ontology) -> None:
    uses = [e for e in ontology.entities.values() if e.kind in {"Industry", "EndUse"}]
    assert len(uses) >= 50
    for entity in uses:
        for name in entity.names:
            assert [e.iri for e in ontology.by_name(name)] == [entity.iri], name


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("the wind turbines", "wind turbine"),
        ("Its batteries", "battery"),
        ("switches", "switch"),
        ("glass", "glass"),
        ("the", "the"),
        ("...", ""),
    ],
)
def test_normal_form_of_words(text: str, key: str) -> None:
    assert phrase_key(text) == key
