"""Why a graph is inconsistent: a few statements, all of them needed, each with its place and its quote.

reasoning/inconsistent/*.ttl are graphs that no world can hold; their first lines name the facts and axioms
expected of the explanation.
"""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, RDFS, URIRef

from kgbuild.cli import run as run_command
from kgbuild.reasoning import check_consistency, explain_contradiction, explain_empty_class, jvm
from kgbuild.reasoning.hermit import run_hermit
from kgbuild.reasoning.logic import read_logic
from kgbuild.reasoning.statements import Statement, fact, take_apart
from kgbuild.reasoning.trials import Exhausted, quick_xplain
from kgbuild.resources import data_dir
from kgbuild.terms import KG, PREFIXES

CASES: Final = sorted((Path(__file__).resolve().parent / "reasoning" / "inconsistent").glob("*.ttl"))
HEAD: Final = "".join(f"@prefix {prefix}: <{base}> .\n" for prefix, base in PREFIXES.items())


@pytest.fixture(scope="module")
def core_only(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an ontology folder with the vocabulary alone."""
    folder = tmp_path_factory.mktemp("ontology")
    shutil.copy(data_dir("ontology") / "core.ttl", folder)
    return folder


@pytest.fixture(scope="module", autouse=True)
def _one_java() -> Iterator[None]:
    """Keep one Java for all explanations of this module; the command starts one for each."""
    if importlib.util.find_spec("jpype") is None:
        yield
        return
    with jvm.warm_jvm() as shared, pytest.MonkeyPatch.context() as patch:
        patch.setattr("kgbuild.reasoning.trials.warm_jvm", lambda: nullcontext(shared))
        yield


def expected(path: Path, what: str) -> set[str]:
    return set(re.findall(rf"^#\+ {what}: (.+)$", path.read_text("utf-8"), re.MULTILINE))


def facts(folder: Path, text: str) -> Path:
    path = folder / "facts.ttl"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


# ---- what no world can hold


def test_there_are_cases() -> None:
    assert len(CASES) >= 20
    axioms = {axiom for path in CASES for axiom in expected(path, "axiom")}
    for kind in ("disjointWith", "domain", "range", "subClassOf", "inverseOf", "propertyDisjointWith"):
        assert any(kind in axiom for axiom in axioms), kind
    for kind in ("Functional", "Irreflexive"):
        assert any(f"owl:{kind}Property" in axiom for axiom in axioms), kind


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_explanation_has_the_expected_statements(path: Path, core_only: Path) -> None:
    whole = bool(expected(path, "reference data"))
    found = explain_contradiction(path, ontology=None if whole else core_only)
    assert found is not None, "HermiT takes it for consistent"
    assert found.minimal
    assert {s.text for s in found.facts} == expected(path, "fact")
    assert {s.text for s in found.axioms} == expected(path, "axiom")


@pytest.mark.parametrize("name", ["record-of-two-bearers", "license-holds-license"])
def test_without_any_one_statement_the_others_can_be_true(name: str, core_only: Path) -> None:
    path = next(p for p in CASES if p.stem == name)
    found = explain_contradiction(path, ontology=core_only)
    assert found is not None
    theory = take_apart(read_logic(path, core_only))
    statements = [*found.axioms, *found.facts]
    assert run_hermit(theory.graph_of(statements), 60) is None
    for left_out in statements:
        rest = [s for s in statements if s != left_out]
        assert run_hermit(theory.graph_of(rest), 60) is not None, left_out.text


def test_what_is_consistent_needs_no_explanation(tmp_path: Path, core_only: Path) -> None:
    path = facts(tmp_path, "firm:a a kg:Firm ; kg:holds license:a .")
    assert explain_contradiction(path, ontology=core_only) is None


def test_own_facts_are_preferred_to_reference_data(tmp_path: Path) -> None:
    found = explain_contradiction(facts(tmp_path, "firm:jl-mag a kg:Firm , kg:PublicBody ."))
    assert found is not None
    assert [s.text for s in found.facts] == ["firm:jl-mag a kg:Firm", "firm:jl-mag a kg:PublicBody"]


def test_contradiction_that_shows_at_no_single_thing(tmp_path: Path) -> None:
    """One status record of a license and of a tariff: only the whole reference data stands in the way."""
    text = "license:a a kg:License ; kg:hasStatusRecord record:a ."
    text += " measure:a a kg:TariffMeasure ; kg:hasStatusRecord record:a ."
    found = explain_contradiction(facts(tmp_path, text))
    assert found is not None
    assert found.minimal
    assert len(found.facts) == 4


def test_axioms_alone_can_be_inconsistent(tmp_path: Path, core_only: Path) -> None:
    text = "owl:Thing rdfs:subClassOf kg:Firm , kg:Place ."
    found = explain_contradiction(facts(tmp_path, text), ontology=core_only)
    assert found is not None
    assert found.facts == ()
    assert {"owl:Thing rdfs:subClassOf kg:Firm", "owl:Thing rdfs:subClassOf kg:Place"} <= {
        s.text for s in found.axioms
    }


def test_class_expressions_are_part_of_explanations(tmp_path: Path, core_only: Path) -> None:
    text = "kg:LicensedExporter owl:disjointWith kg:NewsOrganization ."
    text += " org:a a kg:Firm , kg:NewsOrganization ; kg:holds license:a . license:a a kg:ExportLicense ."
    found = explain_contradiction(facts(tmp_path, text), ontology=core_only)
    assert found is not None
    assert found.minimal
    condition = "(kg:Firm and (kg:holds some kg:ExportLicense)) rdfs:subClassOf kg:LicensedExporter"
    assert condition in {s.text for s in found.axioms}


def test_empty_class_is_explained(tmp_path: Path, core_only: Path) -> None:
    text = "kg:Both a owl:Class ; rdfs:subClassOf kg:Firm , kg:Person ."
    path = facts(tmp_path, text)
    found = explain_empty_class("https://w3id.org/kgbuild/ontology#Both", path, ontology=core_only)
    assert found is not None
    assert {s.text for s in found.axioms} >= {
        "kg:Both rdfs:subClassOf kg:Firm",
        "kg:Both rdfs:subClassOf kg:Person",
    }
    assert explain_empty_class(KG.Firm, path, ontology=core_only) is None


def test_same_without_jpype(monkeypatch: pytest.MonkeyPatch, core_only: Path) -> None:
    path = next(p for p in CASES if p.stem == "peer-of-itself")
    monkeypatch.setattr("kgbuild.reasoning.trials.has_jpype", lambda: False)
    found = explain_contradiction(path, ontology=core_only)
    assert found is not None
    assert found.minimal
    assert {s.text for s in found.axioms} == expected(path, "axiom")


@pytest.mark.parametrize("limit", [0, 1, 4])
def test_search_that_ends_early_says_so(limit: int, core_only: Path) -> None:
    path = next(p for p in CASES if p.stem == "license-holds-license")
    found = explain_contradiction(path, trials=limit, ontology=core_only)
    assert found is not None
    assert not found.minimal
    assert found.trials == limit
    assert {s.text for s in found.facts} >= expected(path, "fact")
    assert {s.text for s in found.axioms} >= expected(path, "axiom")


def test_words_say_what_an_axiom_means(core_only: Path) -> None:
    theory = take_apart(read_logic(None, core_only))
    words = {s.text: s.words for s in theory.axioms}
    assert words["kg:Firm owl:disjointWith kg:PublicBody"] == "nothing is both a kg:Firm and a kg:PublicBody"
    assert words["kg:locatedIn a owl:TransitiveProperty"] == "kg:locatedIn of kg:locatedIn is kg:locatedIn"
    chain = "kg:basedIn owl:propertyChainAxiom (kg:headquarteredIn kg:locatedIn)"
    assert words[chain] == "a path along (kg:headquarteredIn kg:locatedIn) makes kg:basedIn"
    assert theory.facts == ()
    assert not any("[]" in text or "_:" in text for text in words)


# ---- the search by itself


def made_up(number: int) -> Statement:
    return fact(URIRef(f"urn:{number}"), RDF.type, RDFS.Resource)


class _Oracle:
    """Refuses what contains one of the conflicts."""

    def __init__(self, conflicts: Sequence[frozenset[Statement]], limit: int = 10_000) -> None:
        self._conflicts = conflicts
        self._limit = limit
        self.asked = 0

    def consistent(self, statements: Sequence[Statement]) -> bool:
        if self.asked >= self._limit:
            raise Exhausted
        self.asked += 1
        return not any(conflict <= set(statements) for conflict in self._conflicts)


@settings(max_examples=150)
@given(st.lists(st.frozensets(st.integers(0, 40), min_size=1, max_size=5), min_size=1, max_size=4))
def test_search_finds_statements_that_are_all_needed(numbers: list[frozenset[int]]) -> None:
    conflicts = [frozenset(map(made_up, members)) for members in numbers]
    found = quick_xplain([], [made_up(n) for n in range(41)], _Oracle(conflicts))
    assert frozenset(found) in conflicts
    assert not any(conflict < frozenset(found) for conflict in conflicts)


def test_search_prefers_what_comes_first_and_asks_little() -> None:
    conflicts = [frozenset(map(made_up, pair)) for pair in ((998, 999), (3, 700), (3, 4))]
    oracle = _Oracle(conflicts)
    assert quick_xplain([], [made_up(n) for n in range(1000)], oracle) == [made_up(3), made_up(4)]
    assert oracle.asked <= 50


def test_search_takes_the_background_for_granted() -> None:
    oracle = _Oracle([frozenset(map(made_up, (1, 2)))])
    assert quick_xplain([made_up(1)], [made_up(n) for n in range(2, 9)], oracle) == [made_up(2)]
    assert quick_xplain([made_up(1)], [], oracle) == []


# ---- the command


@pytest.fixture
def contradictory_output(example_output: Path, tmp_path: Path) -> Path:
    """Return an output folder whose graph calls a license, of which an article tells, a place."""
    out = tmp_path / "out"
    shutil.copytree(example_output, out)
    graph = (out / "graph.ttl").read_text("utf-8")
    held = re.search(r"^    kg:holds (license:[\w-]+) [;.]$", graph, re.MULTILINE)
    assert held is not None, "no firm of the examples holds a license"
    (out / "graph.ttl").write_text(f"{graph}\n{held[1]} a kg:Place .\n", "utf-8")
    return out


def test_command_names_places_and_quotes(
    contradictory_output: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(contradictory_output.parent)
    assert run_command(["reason", "out", "--explain", "-f", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    why = told["explanation"]
    assert why["minimal"]
    lines = (contradictory_output / "graph.ttl").read_text("utf-8").splitlines()
    stated = next(f for f in why["facts"] if f["text"].endswith(" a kg:Place"))
    assert (stated["file"], stated["line"]) == ("out/graph.ttl", len(lines))
    assert not stated["told"], "no article says that a license is a place"
    told_facts = [f for f in why["facts"] if f["told"]]
    quotes = [source for f in told_facts for source in f["sources"]]
    assert quotes, "no fact of the explanation is told by an article"
    for source in quotes:
        text = (contradictory_output.parent / source["file"]).read_text("utf-8")
        assert source["quote"] in text
        assert text.splitlines()[source["line"] - 1][source["column"] - 1 :]
    assert any(a["file"].endswith("core.ttl") for a in why["axioms"])


def test_command_explains_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = facts(tmp_path, "firm:a a kg:Firm , kg:Place .")
    assert run_command(["reason", str(path), "--explain", "--closure", str(tmp_path / "closure.ttl")]) == 1
    out = capsys.readouterr().out
    assert "cannot all be true; without any one of them the others can." in out
    assert f"firm:a a kg:Place  [{path}:{len(HEAD.splitlines()) + 1}:" in out
    assert "nothing is both a kg:Agent and a kg:Place" in out
    assert not (tmp_path / "closure.ttl").exists()


def test_command_without_contradiction(example_output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["reason", str(example_output), "--explain"]) == 0
    assert capsys.readouterr().out.startswith("consistent: ")


def test_command_explains_empty_classes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = facts(tmp_path, "kg:Both a owl:Class ; rdfs:subClassOf kg:Firm , kg:Person .")
    assert run_command(["reason", str(path), "--explain"]) == 1
    assert "kg:Both rdfs:subClassOf kg:Firm" in capsys.readouterr().out


# ---- the profile


def test_profile_without_jpype_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("kgbuild.reasoning.profile.has_jpype", lambda: False)
    assert run_command(["reason", "--profile"]) == 2
    assert "pip install 'kgbuild[profile]'" in capsys.readouterr().err


def test_profile_of_the_example(capsys: pytest.CaptureFixture[str], example_output: Path) -> None:
    pytest.importorskip("jpype", reason="JPype1 calls the profile checker")
    assert run_command(["reason", str(example_output), "--profile"]) == 0
    assert capsys.readouterr().out.startswith("profile: OWL 2 DL\nconsistent: ")


def test_what_is_beyond_the_profile(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("jpype", reason="JPype1 calls the profile checker")
    path = facts(tmp_path, "kg:locatedIn a owl:AsymmetricProperty . place:a a kg:Place .")
    assert run_command(["reason", str(path), "--profile", "-f", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert any("locatedIn" in text for text in told["profile"])
    assert "consistent" not in told


def test_consistency_and_explanation_agree(core_only: Path) -> None:
    for path in CASES[:3]:
        assert not check_consistency(path, ontology=core_only).consistent
