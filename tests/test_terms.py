"""IRIs: minted the same everywhere, readable, and abbreviated without loss."""

from __future__ import annotations

import re
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgbuild.model import Literal
from kgbuild.resources import data_dir
from kgbuild.terms import (
    ID,
    KG,
    KINDS,
    NS,
    PREFIXES,
    RDF,
    TERMS,
    XSD,
    compact,
    expand,
    local_iri,
    mint,
    slug,
    text_literal,
    typed_literal,
)

TEXT: Final = st.text(max_size=60)
IRI: Final = re.compile(r"https://w3id\.org/kgbuild/id/[a-z]+/(?:[a-z0-9-]{1,40}-)?[0-9a-f]{10}")


def test_every_term_is_in_the_vocabulary_and_no_other() -> None:
    core = (data_dir("ontology") / "core.ttl").read_text("utf-8")
    declared = set(re.findall(r"^kg:(\w+)\s+a\s+owl:", core, re.MULTILINE))
    assert declared == TERMS


def test_misspelt_term_is_refused_with_the_right_one() -> None:
    assert KG.License == NS + "License"
    with pytest.raises(AttributeError, match=r"no term 'Licence'; did you mean 'License'\?"):
        _ = KG.Licence
    with pytest.raises(AttributeError, match=r"no term 'zzzz'$"):
        _ = KG.zzzz


@given(st.sampled_from(KINDS), st.lists(TEXT, min_size=1, max_size=4), TEXT)
def test_minted_iri_is_well_formed_and_stable(kind: str, key: list[str], name: str) -> None:
    iri = mint(kind, *key, name=name)
    assert IRI.fullmatch(iri)
    assert iri == mint(kind, *key, name=name)
    assert iri.startswith(f"{ID}{kind}/")
    assert iri[-10:] == mint(kind, *key)[-10:], "the name is only for reading"


@given(st.lists(TEXT, max_size=3), st.lists(TEXT, max_size=3))
def test_other_keys_give_other_iris(a: list[str], b: list[str]) -> None:
    assert (mint("firm", *a) == mint("firm", *b)) == (a == b)


def test_key_is_no_plain_concatenation() -> None:
    assert mint("firm", "a", "b.c") != mint("firm", "a.b", "c")
    assert mint("firm", "a", "b") != mint("firm", "ab")
    assert mint("firm", "a") != mint("org", "a")


def test_iris_of_a_release_stay() -> None:
    # changing these renames every thing in every graph that was ever built
    assert mint("license", "a-1", "jl-mag", name="JL MAG") == f"{ID}license/jl-mag-34d1d5f872"
    assert mint("claim", "é") == f"{ID}claim/305a5bf7c7"


@given(TEXT, st.integers(1, 60))
def test_slug_is_short_and_plain(text: str, limit: int) -> None:
    found = slug(text, limit)
    assert len(found) <= limit
    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", found)
    assert slug(found, limit) == found


def test_slug_cuts_between_words_and_drops_accents() -> None:
    assert slug("Société Générale d'Électricité", 20) == "societe-generale-d"
    assert slug("a" * 50) == "a" * 40
    assert slug("稀土") == ""


@given(st.sampled_from(sorted(PREFIXES)), st.text(max_size=20))
def test_abbreviated_iri_comes_back(prefix: str, local: str) -> None:
    iri = PREFIXES[prefix] + local
    short = compact(iri)
    assert short == f"<{iri}>" or expand(short) == iri


def test_compact_takes_a_prefix_only_where_turtle_allows_it() -> None:
    assert compact(ID + "place/US") == "place:US"
    assert compact(NS + "License") == "kg:License"
    assert compact(ID + "time/%5B..2025%5D") == f"<{ID}time/%5B..2025%5D>"
    assert compact(ID + "place/US.") == f"<{ID}place/US.>"
    assert compact(ID + "place/") == f"<{ID}place/>"
    assert compact("https://example.org/US") == "<https://example.org/US>"


@pytest.mark.parametrize("name", ["US", "planet:Mars", "", ":US"])
def test_unknown_prefix_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"has no known prefix; prefixes: activity, agreement, .*, xsd"):
        expand(name)


def test_unknown_kind_is_refused() -> None:
    for make in (mint, local_iri):
        with pytest.raises(ValueError, match=r"unknown kind 'planet'; use one of activity, "):
            make("planet", "x")
    assert local_iri("status", "granted") == f"{ID}status/granted"


def test_literals_have_their_datatype() -> None:
    assert text_literal("a") == Literal("a", XSD + "string")
    assert text_literal("a", "en") == Literal("a", RDF + "langString", "en")
    assert typed_literal("1.0", "decimal") == Literal("1.0", XSD + "decimal")
