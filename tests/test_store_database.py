"""A database made from the one before it equals one made anew, whatever the two graphs are."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_kills import dump

from kgbuild.model import Literal, Triple
from kgbuild.store import database
from kgbuild.terms import ID, KG, RDFS_LABEL, SKOS_PREF, XSD
from kgbuild.turtle import to_turtle

ONTOLOGY = f"""
<{ID}place/US> <{SKOS_PREF}> "United States"@en , "Vereinigte Staaten"@de ; a <{KG.Country}> .
<{ID}place/CN> <{RDFS_LABEL}> "China"@en ; <{SKOS_PREF}> "China proper"@EN .
<{KG.Country}> <http://www.w3.org/2000/01/rdf-schema#subClassOf> [ a <{KG.Firm}> ] .
"""
#: The store holds some of them as one value: 1.5 for 1.50, en for EN.
VALUES = (
    f"{ID}firm/a",
    f"{ID}place/US",
    f"{ID}place/CN",
    KG.Country,
    *(Literal(text, XSD + "decimal") for text in ("1.5", "1.50", "01.5", "2")),
    *(Literal(text, XSD + "integer") for text in ("1", "01", "+1")),
    *(
        Literal("x", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", tag)
        for tag in ("en", "EN", "de")
    ),
    *(
        Literal(text, XSD + "string")
        for text in ("x", "two\n\nlines", "# ---- no heading", "@prefix", 'a "b" \\')
    ),
)
SUBJECTS = (f"{ID}firm/a", f"{ID}firm/b", f"{ID}place/US", f"{ID}place/CN", KG.Country)
PREDICATES = (RDFS_LABEL, SKOS_PREF, KG.holds, KG.numericValue)
GRAPHS = st.lists(
    st.tuples(st.sampled_from(SUBJECTS), st.sampled_from(PREDICATES), st.sampled_from(VALUES)),
    min_size=1,
    max_size=14,
)


@pytest.fixture(scope="module", autouse=True)
def _small_ontology(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    path = tmp_path_factory.mktemp("ontology") / "core.ttl"
    path.write_text(ONTOLOGY, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "ontology_files", lambda: (path,))
        known = database._ontology  # noqa: SLF001 - kept for the whole process
        known.cache_clear()
        yield
    known.cache_clear()


def _write(path: Path, triples: list[Triple]) -> Path:
    path.write_text(to_turtle(triples, comment="a graph\n\nof a test"), "utf-8")
    return path


@settings(max_examples=25, deadline=None)
@given(before=GRAPHS, after=GRAPHS)
def test_difference_gives_the_database_of_a_fresh_load(before: list[Triple], after: list[Triple]) -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name)
        patch.setattr(database, "_MOST", 100.0)
        old, new = _write(folder / "old.ttl", before), _write(folder / "new.ttl", after)
        database.create_database(folder / "one", old)
        database.create_database(folder / "fresh", new)
        untouched = dump(ox.Store.read_only(str(folder / "one")))
        assert database.derive_database(folder / "two", new, folder / "one", old)
        derived, fresh = (ox.Store.read_only(str(folder / which)) for which in ("two", "fresh"))
        assert dump(derived) == dump(fresh)
        assert len(derived) == len(fresh)
        assert dump(ox.Store.read_only(str(folder / "one"))) == untouched


def test_much_difference_and_other_prefixes_are_left_to_a_fresh_load(tmp_path: Path) -> None:
    label = Literal("x", XSD + "string")
    old = _write(tmp_path / "old.ttl", [(f"{ID}firm/f{n}", RDFS_LABEL, label) for n in range(20)])
    database.create_database(tmp_path / "one", old)
    new = _write(tmp_path / "new.ttl", [(f"{ID}firm/f{n}", RDFS_LABEL, label) for n in range(10)])
    assert not database.derive_database(tmp_path / "two", new, tmp_path / "one", old)
    other = tmp_path / "other.ttl"
    other.write_text(old.read_text("utf-8").replace(f"{ID}firm/", "http://elsewhere/"), "utf-8")
    assert not database.derive_database(tmp_path / "two", other, tmp_path / "one", old)
    assert not (tmp_path / "two").exists()
    assert database.derive_database(tmp_path / "two", old, tmp_path / "one", old)
