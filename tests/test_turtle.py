from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from subprocess import run

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kgbuild.model import Literal, Term, Triple
from kgbuild.rdf_files import literals_as_written
from kgbuild.terms import (
    ID,
    KG,
    KINDS,
    NS,
    RDF_TYPE,
    RDFS_LABEL,
    XSD,
    local_iri,
    mint,
    text_literal,
    typed_literal,
)
from kgbuild.turtle import SECTIONS, to_nquads, to_ntriples, to_trig, to_turtle

Quad = tuple[str, str, Term, str]

# ---- what any graph may hold ---------------------------------------------------------------------

ODD = st.sampled_from(
    [
        "",
        "-x",
        "x.",
        "a..b",
        "x-",
        "_",
        "7",
        "a:b",
        "%5B..2025%5D",
        "é",
        "城",
        "a'b",
        "(x)",
        "~",
        "a,b",
        "a;b",
    ]
)
LOCAL = st.one_of(ODD, st.text("abcXYZ019-_.~:!$&'()*+,;=@äøЖ城𐐷", max_size=8))
IRI = st.one_of(
    st.builds(lambda kind, local: f"{ID}{kind}/{local}", st.sampled_from(KINDS), LOCAL),
    st.builds(lambda local: NS + local, LOCAL),
    st.builds(lambda local, hash_: f"http://example.org/{local}#{hash_}", LOCAL, LOCAL),
    st.sampled_from(
        ["urn:isbn:123", "mailto:a@example.org", "https://example.org/?q=a&b=%20#c", RDF_TYPE, "firm:x"]
    ),
)
PREDICATE = st.one_of(st.sampled_from([RDF_TYPE, RDFS_LABEL, KG.holds, KG.coversMaterial, KG.edtf]), IRI)
NASTY = st.sampled_from(
    ['"', '"""', "\\", "\\n", "\\u0041", "\n", "\r\n", "\t", "\x00", "\x1f", "\x7f", "\x85",
     "\u2028", "\ufeff", "\ufffe",
     "# no comment", "<x> .", "a ;", "{ }", "'", "́", "🧲", " ", "\U0010ffff"]
)  # fmt: skip
TEXT = st.one_of(NASTY, st.text(max_size=12), st.lists(NASTY, max_size=4).map("".join))
NUMBERS = st.sampled_from(
    ["0", "-0", "+7", "007", "7", "-7", ".5", "5.", "0.5", "1.50", "-0.0", "00.1", "0.0000001",
     "1e5", "", " 7", "true", "1", "TRUE", "x",
     "99999999999999999999"]
)  # fmt: skip
DATATYPE = st.one_of(
    st.sampled_from(
        ["integer", "decimal", "boolean", "double", "nonNegativeInteger", "dateTime", "anyURI", "string"]
    ).map(XSD.__add__),
    IRI.filter(lambda iri: iri != RDF_TYPE),
)
LANGUAGE = st.sampled_from(["en", "zh-hans", "de-1996", "x-klingon"])
LITERAL = st.one_of(
    st.builds(text_literal, TEXT, st.one_of(st.just(""), LANGUAGE)),
    st.builds(Literal, st.one_of(NUMBERS, TEXT), DATATYPE),
    st.decimals(allow_nan=False, allow_infinity=False).map(lambda d: typed_literal(f"{d:f}", "decimal")),
    st.integers().map(lambda i: typed_literal(str(i), "integer")),
)
EVERY_ODD_CHARACTER: list[Triple] = [
    (
        NS + "x",
        RDFS_LABEL,
        text_literal("".join(map(chr, [*range(0xA1), 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF, 0x1FFFF]))),
    )
]
TRIPLES = st.lists(st.tuples(IRI, PREDICATE, st.one_of(IRI, LITERAL)), max_size=12)
GRAPHS = st.dictionaries(IRI, TRIPLES, max_size=3)


# ---- two independent readers ---------------------------------------------------------------------


def read_with_oxigraph(text: str, form: ox.RdfFormat) -> set[Quad]:
    found: set[Quad] = set()
    for quad in ox.parse(text, form):
        graph = "" if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name.value
        found.add((_iri(quad.subject), quad.predicate.value, _oxigraph_term(quad.object), graph))
    return found


def _iri(node: object) -> str:
    assert isinstance(node, ox.NamedNode)
    return node.value


def _oxigraph_term(value: object) -> Term:
    if isinstance(value, ox.Literal):
        return Literal(value.value, value.datatype.value, value.language or "")
    return _iri(value)


def read_with_rdflib(text: str, form: str) -> set[Quad]:
    data = rdflib.Dataset()
    with literals_as_written():
        data.parse(data=text.encode(), format=form)
    found: set[Quad] = set()
    for subject, predicate, value, graph in data.quads():
        name = "" if graph is None or str(graph).startswith("urn:x-rdflib:") else str(graph)
        found.add((str(subject), str(predicate), _rdflib_term(value), name))
    return found


def _rdflib_term(value: object) -> Term:
    if isinstance(value, rdflib.Literal):
        if value.language:
            return text_literal(str(value), value.language.lower())
        return Literal(str(value), str(value.datatype or XSD + "string"))
    assert isinstance(value, rdflib.URIRef)
    return str(value)


def quads(default: Iterable[Triple], graphs: Mapping[str, Iterable[Triple]] | None = None) -> set[Quad]:
    wanted = {(*triple, "") for triple in default}
    for name, triples in (graphs or {}).items():
        wanted |= {(*triple, name) for triple in triples}
    return wanted


# ---- properties ----------------------------------------------------------------------------------


@given(TRIPLES)
@example(EVERY_ODD_CHARACTER)
@settings(deadline=None)
def test_turtle_reads_back_the_same(triples: list[Triple]) -> None:
    text = to_turtle(triples)
    assert read_with_oxigraph(text, ox.RdfFormat.TURTLE) == quads(triples)
    assert read_with_rdflib(text, "turtle") == quads(triples)


@given(TRIPLES, GRAPHS)
@settings(deadline=None)
def test_trig_reads_back_the_same(default: list[Triple], graphs: dict[str, list[Triple]]) -> None:
    text = to_trig(default, graphs, comment="two\nlines")
    assert read_with_oxigraph(text, ox.RdfFormat.TRIG) == quads(default, graphs)
    assert read_with_rdflib(text, "trig") == quads(default, graphs)


@given(TRIPLES, GRAPHS)
@settings(deadline=None)
def test_line_formats_read_back_the_same(default: list[Triple], graphs: dict[str, list[Triple]]) -> None:
    lines = to_ntriples(default)
    assert read_with_oxigraph(lines, ox.RdfFormat.N_TRIPLES) == quads(default)
    assert read_with_rdflib(lines, "nt11") == quads(default)
    lines = to_nquads(default, graphs)
    assert read_with_oxigraph(lines, ox.RdfFormat.N_QUADS) == quads(default, graphs)
    assert read_with_rdflib(lines, "nquads") == quads(default, graphs)


@given(TRIPLES)
@example(EVERY_ODD_CHARACTER)
@settings(deadline=None)
def test_ntriples_are_in_canonical_form(triples: list[Triple]) -> None:
    canonical = ox.serialize(
        [
            ox.Triple(q.subject, q.predicate, q.object)
            for q in ox.parse(to_turtle(triples), ox.RdfFormat.TURTLE)
        ],
        format=ox.RdfFormat.N_TRIPLES,
    )
    assert canonical is not None
    assert to_ntriples(triples).encode() == b"".join(sorted(set(canonical.splitlines(keepends=True))))


@given(TRIPLES, GRAPHS, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_order_and_repetition_do_not_matter(
    default: list[Triple], graphs: dict[str, list[Triple]], chance: random.Random
) -> None:
    def mixed(triples: list[Triple]) -> list[Triple]:
        again = triples + triples[:2]
        chance.shuffle(again)
        return again

    names = list(graphs)
    chance.shuffle(names)
    other = {name: mixed(graphs[name]) for name in names}
    assert to_turtle(mixed(default)) == to_turtle(default)
    assert to_trig(mixed(default), other) == to_trig(default, graphs)
    assert to_ntriples(mixed(default)) == to_ntriples(default)
    assert to_nquads(mixed(default), other) == to_nquads(default, graphs)


@given(st.lists(st.tuples(IRI, PREDICATE, st.one_of(IRI, LITERAL)), min_size=1, max_size=12))
@settings(deadline=None, max_examples=15)
def test_rapper_counts_the_same(needs_program: Callable[..., str], triples: list[Triple]) -> None:
    # Raptor keeps texts as C strings, which a NUL ends, and it refuses U+FFFE and U+FFFF in any spelling.
    kept = {t for t in triples if not (isinstance(t[2], Literal) and set(t[2].value) & set("\0\ufffe\uffff"))}
    rapper = needs_program("rapper", "raptor2-utils")
    done = run(
        [rapper, "-c", "-i", "turtle", "-", "http://example.org/"],
        input=to_turtle(kept).encode(),
        capture_output=True,
        check=False,
    )
    assert f"returned {len(kept)} triple" in done.stderr.decode(), done.stderr.decode()


# ---- the shape of the text -----------------------------------------------------------------------

FIRM = local_iri("firm", "a-magnets")
LICENSE = local_iri("license", "a-magnets-1")


def test_layout_of_turtle() -> None:
    triples: list[Triple] = [
        (LICENSE, KG.validForDestination, local_iri("place", "US")),
        (LICENSE, KG.validForDestination, local_iri("place", "europe")),
        (LICENSE, KG.destinationsExhaustive, typed_literal("false", "boolean")),
        (LICENSE, RDF_TYPE, KG.ExportLicense),
        *((LICENSE, KG.coversMaterial, local_iri("good", f"a-good-with-a-long-name-{n}")) for n in range(4)),
        (FIRM, KG.holds, LICENSE),
        (FIRM, "http://example.org/note", typed_literal("7", "nonNegativeInteger")),
        (FIRM, RDFS_LABEL, text_literal('A "Magnets"\nLtd.', "en")),
        (FIRM, RDF_TYPE, KG.Firm),
        (local_iri("quantity", "q"), KG.numericValue, typed_literal("7.80", "decimal")),
        (local_iri("time", "%5B..2025%5D"), KG.edtf, text_literal("[..2025]")),
    ]
    assert (
        to_turtle(triples, comment="A graph.\n\nOf kgbuild.")
        == r"""# A graph.
#
# Of kgbuild.

@prefix firm: <https://w3id.org/kgbuild/id/firm/> .
@prefix good: <https://w3id.org/kgbuild/id/good/> .
@prefix kg: <https://w3id.org/kgbuild/ontology#> .
@prefix license: <https://w3id.org/kgbuild/id/license/> .
@prefix place: <https://w3id.org/kgbuild/id/place/> .
@prefix quantity: <https://w3id.org/kgbuild/id/quantity/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

# ---- Firms

firm:a-magnets a kg:Firm ;
    rdfs:label "A \"Magnets\"\nLtd."@en ;
    kg:holds license:a-magnets-1 ;
    <http://example.org/note> "7"^^xsd:nonNegativeInteger .

# ---- Licenses

license:a-magnets-1 a kg:ExportLicense ;
    kg:coversMaterial
        good:a-good-with-a-long-name-0 ,
        good:a-good-with-a-long-name-1 ,
        good:a-good-with-a-long-name-2 ,
        good:a-good-with-a-long-name-3 ;
    kg:destinationsExhaustive false ;
    kg:validForDestination place:US , place:europe .

# ---- Quantities

quantity:q kg:numericValue 7.80 .

# ---- Times

<https://w3id.org/kgbuild/id/time/%5B..2025%5D> kg:edtf "[..2025]" .
"""
    )


def test_layout_of_trig() -> None:
    article = local_iri("article", "a-1")
    text = to_trig(
        [(FIRM, RDF_TYPE, KG.Firm)],
        {
            article: [(article, RDF_TYPE, KG.Article), (article, KG.language, text_literal("en"))],
            local_iri("article", "none"): [],
        },
    )
    assert (
        text
        == """@prefix article: <https://w3id.org/kgbuild/id/article/> .
@prefix firm: <https://w3id.org/kgbuild/id/firm/> .
@prefix kg: <https://w3id.org/kgbuild/ontology#> .

# ---- Firms

firm:a-magnets a kg:Firm .

# ---- Named graphs

article:a-1 {
    # ---- Articles

    article:a-1 a kg:Article ;
        kg:language "en" .
}
"""
    )


def test_nothing_is_the_empty_text() -> None:
    assert to_turtle([]) == to_trig([], {}) == to_ntriples([]) == to_nquads([], {}) == ""


def test_every_kind_of_iri_has_its_heading() -> None:
    assert set(KINDS) <= {kind for kind, _ in SECTIONS}
    assert len({heading for _, heading in SECTIONS}) == len(SECTIONS)


@pytest.mark.parametrize("text", ["+7", "007", "-0"])
def test_integers_that_readers_would_rewrite_stay_in_quotes(text: str) -> None:
    assert f'"{text}"^^xsd:integer' in to_turtle([(FIRM, KG.edtf, typed_literal(text, "integer"))])


def test_characters_that_no_iri_may_hold_are_escaped() -> None:
    iri = 'http://example.org/a b<>"{}|^`\\\n'
    for text, form in (
        (to_turtle([(iri, KG.holds, iri)]), "turtle"),
        (to_ntriples([(iri, KG.holds, iri)]), "nt11"),
    ):
        assert (
            r"<http://example.org/a\u0020b\u003C\u003E\u0022\u007B\u007D\u007C\u005E\u0060\u005C\u000A>"
            in text
        )
        if form == "turtle":
            (quad,) = ox.parse(text, ox.RdfFormat.TURTLE, lenient=True)
            assert isinstance(quad.object, ox.NamedNode)
            assert quad.object.value == iri


def test_blank_nodes_of_other_files_keep_their_names() -> None:
    triples: list[Triple] = [("_:b1", RDF_TYPE, KG.Firm), (FIRM, KG.holds, "_:b1")]
    (one, two) = ox.parse(to_turtle(triples), ox.RdfFormat.TURTLE)
    assert one.object == two.subject == ox.BlankNode("b1")


@pytest.mark.parametrize("write", [to_turtle, to_ntriples])
def test_what_rdf_text_cannot_hold_is_refused(write: Callable[[list[Triple]], str]) -> None:
    with pytest.raises(ValueError, match="half a surrogate pair"):
        write([(FIRM, RDFS_LABEL, text_literal("x\ud800"))])
    with pytest.raises(ValueError, match="no language tag"):
        write([(FIRM, RDFS_LABEL, text_literal("x", 'en" .'))])


def test_a_hundred_thousand_triples_take_seconds() -> None:
    triples: list[Triple] = []
    for n in range(12_500):
        claim = mint("claim", str(n))
        triples += [
            (claim, RDF_TYPE, KG.Claim),
            (claim, RDFS_LABEL, text_literal(f"claim {n}", "en")),
            (claim, KG.claimSubject, mint("firm", str(n // 7))),
            (claim, KG.claimPredicate, KG.holds),
            (claim, KG.claimObject, mint("license", str(n))),
            (claim, KG.inferred, typed_literal("false", "boolean")),
            (claim, KG.startOffset, typed_literal(str(n), "nonNegativeInteger")),
            (claim, KG.exactText, text_literal(f"the words of claim {n}\nand more")),
        ]
    began = time.process_time()
    to_turtle(triples)
    assert time.process_time() - began < 6  # 0.4 s on an idle machine
    assert len(triples) == 100_000


def test_the_whole_ontology_survives(root: Path) -> None:
    for path in sorted((root / "ontology" / "reference").glob("*.ttl")):
        wanted = read_with_oxigraph(path.read_text("utf-8"), ox.RdfFormat.TURTLE)
        again = to_turtle((s, p, o) for s, p, o, _ in wanted)
        assert read_with_oxigraph(again, ox.RdfFormat.TURTLE) == wanted
