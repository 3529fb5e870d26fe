"""Pronouns and descriptions: kgbuild.extract.coreference."""

from __future__ import annotations

import hashlib

import pytest

from kgbuild.extract.coreference import Coreference, Referent
from kgbuild.extract.grammar import Grammar
from kgbuild.extract.lexicon import load_lexicon
from kgbuild.extract.reader import Reader
from kgbuild.extract.units import Sentence
from kgbuild.model import Article
from kgbuild.ontology import load_ontology

JL_MAG = "JL MAG Rare-Earth Co. Ltd."
LYNAS = "Lynas Rare Earths Ltd."
GOVERNMENTS = {"China": "Government of China", "Malaysia": "Government of Malaysia"}
BASES = {JL_MAG: frozenset({"Ganzhou", "Jiangxi", "China"}), LYNAS: frozenset({"Perth", "Australia"})}


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(list(load_ontology().entities.values()), load_lexicon())


def refer(reader: Reader, text: str, words: str, *, firm: bool = False) -> Referent | None:
    """Return what the last `words` of `text` refer to."""
    _, sentences = reader.read(Article("case", text, hashlib.sha256(text.encode()).hexdigest()))
    coreference = Coreference(Grammar(load_lexicon()), sentences, GOVERNMENTS, BASES)
    found: list[tuple[Sentence, int]] = [
        (s, i) for s in sentences for i, u in enumerate(s.units) if u.text == words
    ]
    s, i = found[-1]
    return coreference.refer(s, i, firm=firm)


@pytest.mark.parametrize(
    ("text", "words", "name"),
    [
        ("JL MAG rose. It said it had a license.", "it", JL_MAG),
        ("JL MAG said it had a license.", "it", JL_MAG),
        ("JL MAG said its licenses are valid.", "its", JL_MAG),
        ("JL MAG makes magnets. The company obtained licenses.", "company", JL_MAG),
        ("JL MAG makes magnets. The magnet maker obtained licenses.", "magnet maker", JL_MAG),
        ("JL MAG, an exporter, obtained licenses.", "exporter", JL_MAG),
        ("Chinese exporter JL MAG obtained licenses.", "exporter", JL_MAG),
        ("JL MAG, which obtained licenses, rose.", "which", JL_MAG),
        ("Lynas and JL MAG met. The Ganzhou firm obtained licenses.", "firm", JL_MAG),
        ("JL MAG and Lynas met. The Australian miner obtained licenses.", "miner", LYNAS),
        ("Lynas said it was told by JL MAG that it obtained licenses.", "JL MAG", JL_MAG),
        ("Lynas was refused a license, and JL MAG was told that it would get one.", "it", JL_MAG),
        (
            "JL MAG rose. Talks went on. Stocks fell. Oil fell. Gold fell. It has obtained licenses.",
            "It",
            JL_MAG,
        ),
    ],
)
def test_a_firm_is_found(reader: Reader, text: str, words: str, name: str) -> None:
    found = refer(reader, text, words, firm=True)
    assert found is not None
    assert (found.kind, found.name) == ("Firm", name)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It has obtained licenses.", "It"),
        ("The company obtained licenses.", "company"),
        ("JL MAG and Lynas met. The Canadian firm obtained licenses.", "firm"),
        ("JL MAG rose. Customers of the firm agreed.", "Customers"),
        ("JL MAG rose. Three companies agreed.", "companies"),
        ("JL MAG rose. A supplier agreed.", "supplier"),
        ("One producer obtained licenses. JL MAG said the market is weak.", "producer"),
        ("The magnets were sold.", "magnets"),
    ],
)
def test_nobody_rather_than_a_guess(reader: Reader, text: str, words: str) -> None:
    assert refer(reader, text, words, firm=True) is None


def test_what_opens_an_article_is_named_later(reader: Reader) -> None:
    text = "A top magnet maker obtained licenses\n\nJL MAG said on Monday that it had licenses."
    found = refer(reader, text, "magnet maker")
    assert found is not None
    assert (found.name, found.via) == (JL_MAG, "coreference: A … magnet maker = JL MAG, named later")


@pytest.mark.parametrize(
    ("text", "words", "name"),
    [
        ("Beijing agreed.", "Beijing", "Government of China"),
        ("China agreed.", "China", "Government of China"),
        ("The Chinese government agreed.", "Chinese government", "Government of China"),
        ("Chinese officials agreed.", "officials", "Government of China"),
        ("The Ministry of Commerce agreed. The ministry said so.", "ministry", "Ministry of Commerce"),
        (
            "The Ministry of Commerce agreed. One. Two. Three. Four. Five. The ministry said so.",
            "ministry",
            "Ministry of Commerce",
        ),
        (
            "The Ministry of Commerce agreed. One. Two. Three. Four. The authorities said so.",
            "authorities",
            "Ministry of Commerce",
        ),
    ],
)
def test_who_governs(reader: Reader, text: str, words: str, name: str) -> None:
    found = refer(reader, text, words)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "The Ministry of Commerce met the Ministry of Finance. A. B. C. D. The ministry said so.",
            "ministry",
        ),
        ("Officials agreed.", "Officials"),
        ("A ministry agreed.", "ministry"),
        ("Sydney agreed.", "Sydney"),
    ],
)
def test_two_bodies_or_none_are_nobody(reader: Reader, text: str, words: str) -> None:
    assert refer(reader, text, words) is None


def test_the_step_is_told(reader: Reader) -> None:
    found = refer(reader, "JL MAG makes magnets. The company obtained licenses.", "company")
    assert found is not None
    assert found.via == "coreference: The … company = JL MAG"
