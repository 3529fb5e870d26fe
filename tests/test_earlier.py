"""A build that uses what an earlier one validated reports, byte for byte, what one from nothing reports."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgbuild.model import Literal, Term
from kgbuild.rdf_files import Key, read_keys, read_store
from kgbuild.terms import KG, RDF_TYPE, XSD
from kgbuild.turtle import to_turtle
from kgbuild.validation import earlier, engine, rules_digest, validate
from kgbuild.validation.checks import load_checks, run_checks
from kgbuild.validation.query_reads import properties_read
from kgbuild.validation.shapes import load_shapes

GRAPHS: Final = Path(__file__).resolve().parent / "graphs"
CHECKS: Final = sorted((Path(__file__).resolve().parent / "checks").glob("*.ttl"))
Triple = tuple[Key, str, Key]


@cache
def base() -> tuple[Triple, ...]:
    """Return the example, with what some graph checks find."""
    files = [GRAPHS / "example.ttl", *CHECKS]
    return tuple(sorted((t for t in read_keys(files) if "_:" not in f"{t[0]}{t[2]}"), key=repr))


def output(folder: Path, triples: Iterable[Triple], old: Path | None = None, texts: str = "") -> str:
    """Write what a build writes into `folder`, validated with the help of folder `old`; return the report."""
    shutil.copytree(GRAPHS / "articles", folder / "articles")
    if texts:
        path = folder / "articles" / "doubts.txt"
        path.write_text(path.read_text("utf-8") + texts, "utf-8")
    graph = to_turtle(((str(s), p, term(o)) for s, p, o in triples), comment="A graph.")
    (folder / "graph.ttl").write_text(graph, "utf-8")
    manifest = json.loads((GRAPHS / "manifest.json").read_text("utf-8"))
    manifest["validated_by"] = rules_digest()
    files = ["graph.ttl", *manifest["articles"].values()]
    manifest["files"] = {name: digest((folder / name).read_bytes()) for name in files}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    report = validate([folder / "graph.ttl"], texts=folder, earlier=old).to_turtle()
    (folder / "validation.ttl").write_text(report, "utf-8")
    manifest["files"]["validation.ttl"] = digest(report.encode())
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return report


def term(key: Key) -> Term:
    return Literal(*key) if isinstance(key, tuple) else key


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def spoil(triple: Triple, how: int) -> list[Triple]:
    s, p, o = triple
    other = base()[sum(map(ord, repr(triple))) % len(base())]
    return [
        [],
        [triple, (s, p, ('two\n\nlines "', XSD + "string", ""))],
        [(s, p, other[0])],
        [triple, (other[0], p, o)],
        [(s, p, other[2])],
        [triple, (s, other[1], other[2])],
        [triple, (s, str(KG.segmentOf), other[0])],
    ][how]


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_the_report_is_that_of_a_whole_validation(data: Any) -> None:
    changes = st.dictionaries(st.integers(0, len(base()) - 1), st.integers(0, 6), max_size=12)
    graphs = []
    for spoilt in (data.draw(changes), data.draw(changes)):
        graphs.append(
            [t for i, b in enumerate(base()) for t in (spoil(b, spoilt[i]) if i in spoilt else [b])]
        )
    texts = data.draw(st.sampled_from(["", " More."]))
    with tempfile.TemporaryDirectory() as folder:
        old, new, alone = (Path(folder) / name for name in ("old", "new", "alone"))
        output(old, graphs[0])
        assert output(new, graphs[1], old, texts) == output(alone, graphs[1], None, texts)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Return a function that tells by which means graphs were validated so far."""
    seen: list[str] = []
    for name in ("run", "run_again"):
        monkeypatch.setattr(engine, name, traced(name, getattr(engine, name), seen))
    return lambda: seen


def traced(name: str, function: Callable[..., Any], seen: list[str]) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        seen.append(name)
        return function(*arguments)

    return call


def test_an_earlier_build_is_used(tmp_path: Path, looks: Callable[[], list[str]]) -> None:
    first = output(tmp_path / "a", base())
    assert output(tmp_path / "b", base(), tmp_path / "a") == first
    assert looks() == ["run", "run_again"]


def test_nothing_is_asked_again_when_nothing_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = output(tmp_path / "a", base())
    assert "checks#" in first
    asked: list[int] = []

    def count(_: object, checks: list[object]) -> tuple[list[object], dict[str, int]]:
        asked.append(len(checks))
        return [], {}

    monkeypatch.setattr(engine, "run_checks", count)
    assert output(tmp_path / "b", base(), tmp_path / "a") == first
    assert asked == [0]


@pytest.mark.parametrize("name", ["graph.ttl", "validation.ttl", "manifest.json"])
@pytest.mark.parametrize("damage", ["gone", "altered", "other rules"])
def test_damaged_output_is_not_used(
    name: str, damage: str, tmp_path: Path, looks: Callable[[], list[str]]
) -> None:
    first = output(tmp_path / "a", base())
    path = tmp_path / "a" / name
    text = path.read_text("utf-8")
    if damage == "gone":
        path.unlink()
    elif damage == "altered":
        path.write_text(text[: len(text) // 2], "utf-8")
    else:
        manifest = tmp_path / "a" / "manifest.json"
        manifest.write_text(manifest.read_text("utf-8").replace(rules_digest(), "0" * 64), "utf-8")
    assert output(tmp_path / "b", base(), tmp_path / "a") == first
    assert looks() == ["run", "run"]


def test_other_class_hierarchies_are_not_compared(tmp_path: Path, looks: Callable[[], list[str]]) -> None:
    output(tmp_path / "a", base())
    more = (str(KG.Firm), "http://www.w3.org/2000/01/rdf-schema#subClassOf", str(KG.Place))
    output(tmp_path / "b", [*base(), more], tmp_path / "a")
    assert looks() == ["run", "run"]


def test_the_rules_cover_shapes_checks_and_code() -> None:
    assert len(rules_digest()) == 64
    assert earlier.read_earlier(Path("/nowhere"), Path("/nowhere"), Path("/nowhere"), load_shapes()) is None


# ---- which properties a check depends on


@pytest.mark.parametrize("check", load_checks(), ids=lambda c: c.name)
def test_an_answer_depends_on_no_other_property(check: Any, tmp_path: Path) -> None:
    read = properties_read(check.text)
    path = CHECKS[0].parent / f"{check.name}.ttl"
    if read is None:
        assert "?path ?value" in check.text
        return
    some = [(str(s), p, term(o)) for s, p, o in read_keys([path]) if p in read]
    (tmp_path / "some.ttl").write_text(to_turtle(some), "utf-8")
    found, whole = (run_checks(read_store([p]), [check])[0] for p in (tmp_path / "some.ttl", path))
    assert whole
    assert set(found) == set(whole)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("?s a x:c", {RDF_TYPE, "urn:x#c"}),
        ("?s x:p/^x:q+ ?o . FILTER(?s != ?o)", {"urn:x#p", "urn:x#q"}),
        ('?s x:p "?a ?b ?c" # ?s ?p ?o', {"urn:x#p"}),
        ("?s ?p ?o", None),
        ("?s a x:c ; ?p ?o", None),
        ("?s x:p*/x:q ?o", None),
        ("?s !x:p ?o", None),
        ("?s x:p? ?o", None),
        (
            "{ SELECT ?s ?o ?x (MIN(?v) AS ?w) WHERE { ?s x:p ?o } GROUP BY ?s ?o ?x } ?s x:q ?y",
            {"urn:x#p", "urn:x#q"},
        ),
        ("VALUES ?p { x:p } ?s ?p ?o", None),
        ("{ ?s x:p ?o } UNION { ?s <urn:q> ?o }", {"urn:x#p", "urn:q"}),
    ],
)
def test_properties_read(body: str, expected: set[str] | None) -> None:
    assert properties_read("PREFIX x: <urn:x#>\nSELECT ?s ?p ?o WHERE { " + body + " }") == expected
