"""Positions of triples: every one is found, at the place where its object is written."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import XSD, BNode, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from kgbuild.rdf_files import literals_as_written
from kgbuild.resources import data_dir
from kgbuild.validation.places import Wanted, positions_in
from kgbuild.validation.sets.coded_graph import key_of

EX: Final = "https://example.org/x#"
FILES: Final = sorted(
    [*data_dir("ontology").rglob("*.ttl"), *data_dir("shapes").rglob("*.ttl")], key=lambda p: p.as_posix()
)
TEXT: Final = f"""@prefix ex: <{EX}> . # a comment with "quotes" and <signs>
PREFIX o: <https://example.org/other/>
ex:a a ex:Firm ; ex:says "one; two. [three]"@en-GB ,
        \"\"\"over
two "lines\"\"\" ;
   ex:count 12 , 1.50 , true , -3e4 ;
   ex:list ( ex:i ex:j ) ;
   ex:near [ ex:inner "x" ; ex:deep [ ex:leaf 'y' ] ] ;
   o:typed "2025-06-11T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> .
ex:b ex:dot.name ex:c\\,d .
"""


def place(key: tuple[Node, Node, Node] | str, text: str = TEXT) -> tuple[int, int] | None:
    positions = positions_in(text)
    if isinstance(key, str):
        return positions.of(key)
    s, p, o = key
    return positions.of(key_of(s), str(p), key_of(o))


E = Namespace(EX)
DAY = "2025-06-11T00:00:00Z"
PLACES: Final[dict[tuple[Node, Node, Node], tuple[int, int]]] = {
    (E.a, URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), E.Firm): (3, 8),
    (E.a, E.says, Literal("one; two. [three]", lang="en-GB")): (3, 26),
    (E.a, E.says, Literal('over\ntwo "lines')): (4, 9),
    (E.a, E["count"], Literal("12", datatype=XSD.integer)): (6, 13),
    (E.a, E["count"], Literal("1.50", datatype=XSD.decimal, normalize=False)): (6, 18),
    (E.a, E["count"], Literal("true", datatype=XSD.boolean)): (6, 25),
    (E.a, E["count"], Literal("-3e4", datatype=XSD.double, normalize=False)): (6, 32),
    (E.a, URIRef("https://example.org/other/typed"), Literal(DAY, datatype=XSD.dateTime)): (9, 12),
    (E.b, E["dot.name"], E["c,d"]): (10, 18),
}  # fmt: skip


@pytest.mark.parametrize("triple", PLACES, ids=lambda t: str(t[2])[:20])
def test_a_triple_is_where_its_object_is_written(triple: tuple[Node, Node, Node]) -> None:
    with literals_as_written():
        assert place(triple) == PLACES[triple]


def test_without_the_object_the_property_and_then_the_subject_is_found() -> None:
    positions = positions_in(TEXT)
    assert positions.of(EX + "a", EX + "count") == (6, 13)
    assert positions.of(EX + "a", EX + "says", ("nothing", str(XSD.string), "")) == (3, 26)
    assert positions.of(EX + "b", EX + "absent") == (10, 1)
    assert positions.of(EX + "nobody") is None


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_triple_of_our_files_is_found(path: Path) -> None:
    text = path.read_text("utf-8")
    positions = positions_in(text)
    lines = text.split("\n")
    graph = Graph()
    with literals_as_written():
        graph.parse(data=text, format="turtle")
        for s, p, o in graph:
            if isinstance(s, BNode) or isinstance(o, BNode):
                continue
            found = positions.of(key_of(s), str(p), key_of(o))
            assert found is not None
            written = "\n".join(lines[found[0] - 1 :])[found[1] - 1 :]
            if isinstance(o, Literal):
                assert written.startswith(('"', "'", str(o)))
            else:
                assert written[0] == "<" or written.startswith("a ") or ":" in written.split()[0]


def test_our_files_are_all_there() -> None:
    assert len(FILES) >= 70


LEXICAL: Final = st.text(
    alphabet=st.characters(codec="utf-8", exclude_characters="\r\x00", exclude_categories=["Cs"]), max_size=20
)
OBJECTS: Final = st.one_of(
    LEXICAL.map(Literal),
    LEXICAL.map(lambda t: Literal(t, lang="en")),
    LEXICAL.map(lambda t: Literal(t, datatype=XSD.dateTime, normalize=False)),
    st.integers(-99, 99).map(Literal),
    st.booleans().map(Literal),
    st.text("abc.-_,()", min_size=1, max_size=6).map(lambda t: URIRef(EX + t)),
)
NAMES: Final = st.sampled_from(["a", "b.c", "d-1", "e_"]).map(lambda t: URIRef(EX + t))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NAMES, NAMES, OBJECTS), min_size=1, max_size=12), st.sampled_from(["turtle", "nt"]))
def test_whatever_rdflib_writes_is_found(triples: list[tuple[Node, Node, Node]], syntax: str) -> None:
    with literals_as_written():
        graph = Graph()
        graph.bind("x", EX)
        for triple in triples:
            graph.add(triple)
        text = graph.serialize(format=syntax)
        back = Graph().parse(data=text, format=syntax)
        positions = positions_in(text)
        for s, p, o in back:
            assert positions.of(key_of(s)) is not None
            assert (key_of(s), str(p), key_of(o)) in positions.triples


@settings(max_examples=200, deadline=None)
@given(st.text("<>\"'\\#@^_:;.,[](){}ae1+-% \n\t", max_size=60))
def test_the_scanner_stops_on_any_text(text: str) -> None:
    positions = positions_in(text)
    lines = text.split("\n")
    for subject, predicate, value in positions.triples:
        place = positions.of(subject, predicate, value)
        assert place is not None
        assert place[1] <= len(lines[place[0] - 1])


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(NAMES, NAMES, OBJECTS), min_size=1, max_size=12),
    st.sampled_from(["turtle", "nt", "trig"]),
    st.data(),
)
def test_what_is_wanted_has_the_place_that_it_has_among_all(
    triples: list[tuple[Node, Node, Node]], syntax: str, data: st.DataObject
) -> None:
    with literals_as_written():
        graph = Dataset() if syntax == "trig" else Graph()
        graph.bind("x", EX)
        for triple in triples:
            graph.add(triple)
        text = graph.serialize(format=syntax)
    every = positions_in(text)
    keys = sorted({(s, p, o) for s, p, o in every.triples if isinstance(s, str)}, key=repr)
    chosen = data.draw(st.lists(st.sampled_from(keys), max_size=3))
    wanted: set[Wanted] = {k for s, p, o in chosen for k in ((s, p, o), (s, p, None), (s, None, None))}
    few = positions_in(text, wanted=wanted)
    for key in wanted:
        assert few.of(*key) == every.of(*key)
        assert few.has(key)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [*"abe:<>\"'\\#@^_;.,[](){} \n", "e:a", "<urn:e/a>", " . ", '"""', '""', "1.5", "@prefix "]
        ),
        max_size=40,
    ).map("".join)
)
def test_of_odd_text_too_the_wanted_has_no_other_place(text: str) -> None:
    text = "@prefix e: <urn:e/> .\n" + text
    every = positions_in(text)
    for subject, predicate, value in list(every.triples)[:5]:
        key = (subject, predicate, value)
        few = positions_in(text, wanted={key})
        assert not few.has(key) or few.of(*key) == every.of(*key)


def test_the_rest_of_a_file_is_not_looked_at() -> None:
    first = f"<{EX}a> <{EX}p> 1 .\n"
    rest = "".join(f"<{EX}a> <{EX}p> {n} .\n" for n in range(2, 50))
    found = positions_in(first + rest, wanted={(EX + "a", EX + "p", ("1", str(XSD.integer), ""))})
    assert len(found.triples) == 1
    other = positions_in(rest + f"<{EX}b> <{EX}p> 1 .\n", wanted={(EX + "b", None, None)})
    assert other.of(EX + "b") == (49, 1)
    assert len(other.triples) == 0


TRAPS: Final = """@prefix e: <urn:e/> .
PREFIX f: <urn:f/>
e:b e:p "e:a e:p 1 . " , 'e:a e:p 2 .' ; e:q 1.5 , e:x.y . # e:a e:p 3 .
e:c e:p \"\"\"
e:a e:p 4 .
\"\"\" .
<urn:e/e:a> f:p e:z\\.e .
[ e:p 5 ] e:p e:a .
e:a e:p 6 .
"""


def test_what_only_looks_like_a_statement_is_passed_over() -> None:
    key = ("urn:e/a", "urn:e/p", ("6", str(XSD.integer), ""))
    found = positions_in(TRAPS, wanted={key})
    assert found.of(*key) == (9, 9)
    assert found.of("urn:e/a") == (9, 1)
