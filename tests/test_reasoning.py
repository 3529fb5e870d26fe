"""Ontology and facts in OWL 2 DL: what fits together is consistent, what does not is found."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import pytest

from kgbuild.errors import GraphError, OntologyError, ReasoningError
from kgbuild.reasoning import check_consistency
from kgbuild.reasoning.clashes import clashes
from kgbuild.reasoning.logic import read_logic
from kgbuild.resources import data_dir
from kgbuild.terms import PREFIXES

EXAMPLE: Final = Path(__file__).resolve().parent / "graphs" / "example.ttl"
HEAD: Final = "".join(f"@prefix {prefix}: <{base}> .\n" for prefix, base in PREFIXES.items())

#: What no world can hold -> words of the message; the reference data is part of the check.
AGAINST_REFERENCE: Final = {
    "element:Dy a kg:Mineral .": "element:Dy would be both kg:Mineral (stated) and kg:RareEarthElement",
    "measure:a kg:imposedBy place:CN .": "place:CN would be both kg:Agent (measure:a kg:imposedBy place:CN)",
    "firm:jl-mag a kg:Person .": "and kg:Person (stated)",
    "place:US kg:locatedIn body:gov-us .": "body:gov-us would be both kg:Agent",
    'element:Dy kg:atomicNumber "67"^^xsd:positiveInteger .': "two values of kg:atomicNumber: 66 and 67",
}
#: The same without the reference data.
AGAINST_CORE: Final = {
    "firm:a a kg:Firm , kg:PublicBody .": "firm:a would be both kg:Firm (stated) and kg:PublicBody (stated)",
    "firm:a a kg:Firm . license:a kg:issuedBy firm:a .": "firm:a would be both kg:Firm",
    "license:a kg:heldBy license:b . license:b a kg:License .": "license:b would be both kg:Agent",
    "firm:a kg:holds firm:b . firm:b a kg:Firm .": "(firm:a kg:holds firm:b)",
    "license:a kg:coversMaterial good:m ; kg:excludesMaterial good:m .": "both as kg:excludesMaterial and as",
    "license:a a kg:MiningLicense ; kg:validForDestination place:a .": "kg:ExportLicense",
    "license:a a kg:GeneralExportLicense , kg:SingleExportLicense .": "kg:SingleExportLicense (stated)",
    'listing:a kg:ticker "1" , "2" .': "listing:a has two values of kg:ticker: 1 and 2",
    "good:a kg:containsElement good:b . good:b a kg:Good .": "good:b would be both",
    "event:a kg:moveOf place:a . place:a a kg:Place .": "place:a would be both",
    'time:a kg:edtf "2025" , "2026" .': "time:a has two values of kg:edtf: 2025 and 2026",
    'time:a kg:latestEnd "2025-01-01T00:00:00Z"^^xsd:dateTime , "2025-01-02T00:00:00Z"^^xsd:dateTime .': (
        "time:a has two values of kg:latestEnd"
    ),
    "unconfirmed:a a kg:UnconfirmedThing . firm:a kg:holds unconfirmed:a .": "kg:UnconfirmedThing (stated)",
    "event:a a kg:Talks ; kg:resultsIn measure:a . measure:a a kg:TariffMeasure .": "measure:a would be both",
    'quantity:a kg:numericValue "eight" .': 'quantity:a kg:numericValue "eight": no xsd:decimal',
    'license:a kg:destinationsUndisclosed "yes" .': "no xsd:boolean",
    "measure:a a kg:TariffMeasure ; kg:controlsElement element:a .": "kg:ExportControlMeasure",
    "place:a kg:capital place:b . place:b a kg:Country .": "place:b would be both kg:City",
    "mineral:a kg:usedIn place:a . place:a a kg:Country .": "place:a would be both",
    "firm:a kg:peerOf place:a . place:a a kg:Country .": "place:a would be both",
    "industry:a a kg:Industry , kg:Good .": "industry:a would be both",
    "statement:a kg:statedBy place:a . place:a a kg:Country .": "place:a would be both",
    "disruption:a a kg:Disruption , kg:Statement .": "disruption:a would be both",
    "statistic:a a kg:TradeStatistic , kg:Event .": "statistic:a would be both",
    "unconfirmed:a a kg:UnconfirmedThing ; kg:affects firm:a .": "unconfirmed:a would be both",
    "firm:a kg:peerOf firm:a .": "firm:a has itself as kg:peerOf",
}
#: What only looks like a contradiction.
TOGETHER: Final = (
    "mineral:a a kg:Mineral ; kg:usedIn good:a . good:a a kg:Component .",
    "firm:a kg:subsidiaryOf firm:b . firm:b kg:peerOf firm:c . firm:c kg:supplies firm:a .",
    "statement:a kg:statementPolarity polarity:denied ; kg:mentions firm:a . firm:a kg:holds license:a .",
    "disruption:a kg:affects firm:a , site:a , industry:a . site:a a kg:Site ; kg:locatedIn place:a .",
)


@pytest.fixture(scope="module")
def core_only(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an ontology folder with the vocabulary and the alignments, without the reference data."""
    folder = tmp_path_factory.mktemp("ontology")
    shutil.copy(data_dir("ontology") / "core.ttl", folder)
    shutil.copytree(data_dir("ontology") / "alignments", folder / "alignments")
    return folder


def facts(folder: Path, text: str) -> Path:
    path = folder / "facts.ttl"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def test_vocabulary_alignments_and_reference_data_are_consistent() -> None:
    report = check_consistency(None)
    assert report.consistent, report.message
    assert report.unsatisfiable == ()
    triples = int(report.message.split()[1])
    assert triples > 8000, "the reference data was not looked at"


def test_example_is_consistent_with_the_reference_data() -> None:
    report = check_consistency(EXAMPLE)
    assert report.consistent, report.message


@pytest.mark.parametrize("text", AGAINST_REFERENCE)
def test_facts_against_the_reference_data(text: str, tmp_path: Path) -> None:
    report = check_consistency(facts(tmp_path, text))
    assert not report.consistent
    assert AGAINST_REFERENCE[text] in report.message


@pytest.mark.parametrize("text", TOGETHER)
def test_facts_that_fit_together(text: str, tmp_path: Path, core_only: Path) -> None:
    report = check_consistency(facts(tmp_path, text), ontology=core_only)
    assert report.consistent, report.message


@pytest.mark.parametrize("text", AGAINST_CORE)
def test_clashes_with_the_vocabulary_are_told(text: str, tmp_path: Path, core_only: Path) -> None:
    """That HermiT finds such facts inconsistent is told by test_reasoning_explanation.py."""
    found = {clash.text for clash in clashes(read_logic(facts(tmp_path, text), core_only))}
    assert any(AGAINST_CORE[text] in clash for clash in found), found


def test_contradiction_without_a_simple_clash(tmp_path: Path, core_only: Path) -> None:
    text = (
        "license:a a kg:License ; kg:hasStatusRecord record:a ."
        " measure:a a kg:TariffMeasure ; kg:hasStatusRecord record:a ."
    )
    report = check_consistency(facts(tmp_path, text), ontology=core_only)
    assert report.message == "inconsistent: no simple reason found"


def test_denied_claims_and_unconfirmed_things_are_no_contradiction(tmp_path: Path, core_only: Path) -> None:
    text = (
        "claim:a a kg:Claim ; kg:claimSubject firm:a ; kg:claimPredicate kg:holds ; kg:claimObject place:a ;"
        " kg:contradicts claim:a . place:a a kg:Place . unconfirmed:a a kg:UnconfirmedThing ."
    )
    assert check_consistency(facts(tmp_path, text), ontology=core_only).consistent


def test_two_sources_may_be_right_at_different_precision(tmp_path: Path, core_only: Path) -> None:
    text = (
        "license:a a kg:ExportLicense ; kg:issuedBy body:a , body:b ."
        " license:a kg:validForDestination place:a , place:b ."
        " firm:a kg:holds license:a . firm:b kg:holds license:a . place:a kg:locatedIn place:b ."
    )
    assert check_consistency(facts(tmp_path, text), ontology=core_only).consistent


def test_class_that_can_have_no_member_is_named(tmp_path: Path, core_only: Path) -> None:
    text = "kg:Both a owl:Class ; rdfs:subClassOf kg:Firm , kg:Person ."
    report = check_consistency(facts(tmp_path, text), ontology=core_only)
    assert report.consistent
    assert report.unsatisfiable == ("https://w3id.org/kgbuild/ontology#Both",)
    assert "nothing can belong to kg:Both" in report.message


def test_imports_are_not_fetched(tmp_path: Path, core_only: Path) -> None:
    text = "<urn:o> a owl:Ontology ; owl:imports <http://localhost:9/none> . firm:a a kg:Firm ."
    assert check_consistency(facts(tmp_path, text), ontology=core_only).consistent


def test_literal_that_hermit_does_not_know_is_an_error(tmp_path: Path, core_only: Path) -> None:
    text = 'article:a kg:textDigest "2025-06-11"^^xsd:date .'
    with pytest.raises(ReasoningError, match=r"cannot read the facts.*XMLSchema#date"):
        check_consistency(facts(tmp_path, text), ontology=core_only)


def test_time_limit(tmp_path: Path, core_only: Path) -> None:
    with pytest.raises(ReasoningError, match=r"did not finish \d+ triples in 0.01 seconds"):
        check_consistency(facts(tmp_path, "firm:a a kg:Firm ."), ontology=core_only, timeout=0.01)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="no such file"):
        check_consistency(tmp_path / "none.ttl")
    with pytest.raises(OntologyError, match=r"needs core\.ttl"):
        check_consistency(None, ontology=tmp_path)


def test_same_message_twice(tmp_path: Path, core_only: Path) -> None:
    text = "firm:a a kg:Firm , kg:PublicBody , kg:Person . firm:b a kg:Firm , kg:Person ; kg:governs firm:c ."
    path = facts(tmp_path, text)
    first = check_consistency(path, ontology=core_only)
    assert first == check_consistency(path, ontology=core_only)
    assert first.message.count(" would be both ") >= 3


def test_there_are_enough_wrong_inputs() -> None:
    assert len(AGAINST_REFERENCE) + len(AGAINST_CORE) >= 23
