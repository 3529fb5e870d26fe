"""Relations and elements: kgbuild.extract.relations and its readers, in our own words."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

from kgbuild.errors import LexiconError
from kgbuild.extract import Extractor
from kgbuild.extract.lexicon import read_entries
from kgbuild.extract.relation_words import RelationWords, load_relation_words
from kgbuild.model import Article, Event, Extraction
from kgbuild.ontology import load_ontology
from kgbuild.parallel import make_extractor
from kgbuild.resources import lexicon_dir

FOLDER: Final = Path(__file__).with_name("cases")
PREDICATES: Final = {
    "peer_of", "used_in", "depends_on", "supplies", "subsidiary_of", "subsidiary_in", "customer_in",
    "located_in",
    "supplements", "holds_stake_in", "operates", "acquired", "holds_office",
}  # fmt: skip
#: Classes of words whose examples tell a relation, and which.
TELLING: Final = {
    "use.told": "used_in",
    "use.valued": "used_in",
    "use.verb": "used_in",
    "use.keep": "used_in",
    "use.making": "used_in",
    "use.part": "used_in",
    "use.application": "used_in",
    "need.verb": "depends_on",
    "peer.noun": "peer_of",
    "peer.verb": "peer_of",
    "unit.noun": "subsidiary_of",
    "unit.parent": "subsidiary_of",
    "unit.owned": "subsidiary_of",
    "unit.holder": "holds_stake_in",
    "unit.stake": "holds_stake_in",
    "unit.acquire": "acquired",
    "unit.has": "subsidiary_in",
    "supply.to": "supplies",
    "supply.direct": "supplies",
    "supply.buy": "supplies",
    "supply.noun": "supplies",
    "supply.customer": "supplies",
    "site.noun": "located_in",
    "site.verb": "located_in",
    "site.operate": "operates",
    "supplement.verb": "supplements",
    "supplement.noun": "supplements",
    "office.title": "holds_office",
}


def read_cases(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines()]


def plain(event: dict[str, Any]) -> bool:
    return bool(event["polarity"] == "affirmed" and event["certainty"] == "actual")


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return make_extractor(load_ontology())


def extract(extractor: Extractor, text: str) -> Extraction:
    return extractor.extract(
        Article("case", text, hashlib.sha256(text.encode()).hexdigest(), published="2025-11-12")
    )


def told(extractor: Extractor, text: str) -> list[Event]:
    return [e for e in extract(extractor, text).events if e.type == "relation"]


def values(event: Event, role: str) -> list[str]:
    return sorted({a.name or a.value or a.text for a in event.of(role)})


def test_there_are_records_enough() -> None:
    cases = read_cases("relations.jsonl")
    assert len(cases) >= 150
    assert len({c["id"] for c in cases}) == len({c["text"] for c in cases}) == len(cases)
    assert sum(not any(plain(e) for e in c["events"]) for c in cases) * 3 >= len(cases)
    assert sum(not c["events"] for c in cases) >= 45
    assert {e["action"] for c in cases for e in c["events"]} == PREDICATES
    assert {e["certainty"] for c in cases for e in c["events"]} == {"actual", "planned", "possible"}


@pytest.mark.parametrize("case", read_cases("relations.jsonl"), ids=lambda c: c["id"])
def test_record(extractor: Extractor, case: dict[str, Any]) -> None:
    found = [
        {
            "action": e.action,
            "polarity": e.polarity,
            "certainty": e.certainty,
            "subject": values(e, "subject"),
            "object": values(e, "object"),
        }
        for e in told(extractor, case["text"])
    ]
    rest = list(found)
    for expected in case["events"]:
        assert expected in rest, f"{case['text']}\nwanted {expected}\ngot {found}"
        rest.remove(expected)
    assert not rest, f"{case['text']}\nnot wanted: {rest}"


@pytest.mark.parametrize("case", read_cases("relations.jsonl"), ids=lambda c: c["id"])
def test_every_span_is_the_text_there(extractor: Extractor, case: dict[str, Any]) -> None:
    text = case["text"]
    for event in told(extractor, text):
        assert all(0 <= t.start < t.end <= len(text) for t in event.tellings)
        speakers = [t.speaker for t in event.tellings if t.speaker is not None]
        for argument in (*event.arguments, *speakers):
            assert text[argument.start : argument.end] == argument.text


# ---- elements


def elements(extractor: Extractor, text: str) -> list[str]:
    kinds = {"RareEarthElement", "Mineral"}
    return sorted({m.name for m in extract(extractor, text).mentions if m.kind in kinds})


def test_there_are_element_records_enough() -> None:
    cases = read_cases("elements.jsonl")
    assert len(cases) >= 40
    assert len({c["text"] for c in cases}) == len(cases)
    assert sum(not c["elements"] for c in cases) * 3 >= len(cases)


@pytest.mark.parametrize("case", read_cases("elements.jsonl"), ids=lambda c: c["id"])
def test_elements(extractor: Extractor, case: dict[str, Any]) -> None:
    assert elements(extractor, case["text"]) == case["elements"]


def test_an_element_in_a_compound_has_its_own_span(extractor: Extractor) -> None:
    text = "The plant makes dysprosium oxide."
    [mention] = [m for m in extract(extractor, text).mentions if m.kind == "RareEarthElement"]
    assert (text[mention.start : mention.end], mention.via) == ("dysprosium", "part of dysprosium oxide")


# ---- single rules


def test_a_group_counted_before_is_who_all_three_firms_are(extractor: Extractor) -> None:
    text = (
        "Three Chinese companies, including JL MAG and Zhongke Sanhuan, have won permits. "
        "All three companies sell magnets to automakers."
    )
    [event] = [e for e in told(extractor, text) if e.action == "supplies"]
    named = {a.name for a in event.of("subject")} - {""}
    unnamed = [a for a in event.of("subject") if a.kind == "UnnamedFirm"]
    assert "JL MAG Rare-Earth Co. Ltd." in named
    assert len(named) == 2
    assert len(unnamed) == 1
    assert all(a.inferred for a in event.of("subject"))


def test_these_elements_are_those_of_the_sentence_before(extractor: Extractor) -> None:
    [event] = told(extractor, "China restricts rare earths. These elements are used in lasers.")
    [subject] = event.of("subject")
    assert (subject.name, subject.text, subject.inferred) == ("rare earths", "These elements", True)
    assert subject.derivation == "coreference: These elements = rare earths"


def test_both_need_two_to_be_named_before(extractor: Extractor) -> None:
    assert not told(
        extractor, "China restricts gallium, germanium and antimony. Both metals are used in lasers."
    )


def test_the_peers_are_those_of_the_firm_spoken_of(extractor: Extractor) -> None:
    [event] = told(extractor, "JL MAG won a license. Its shares rose, while peers like Lynas fell.")
    [of] = event.of("object")
    assert (of.name, of.text, of.inferred) == ("JL MAG Rare-Earth Co. Ltd.", "peers", True)


def test_a_supplier_of_the_headline_is_named_further_down(extractor: Extractor) -> None:
    text = "Volkswagen supplier cleared\n\nPermits are out. JL MAG may again make deliveries to Volkswagen."
    [event] = told(extractor, text)
    assert (event.action, values(event, "subject"), values(event, "object")) == (
        "supplies", ["JL MAG Rare-Earth Co. Ltd."], ["Volkswagen AG"],
    )  # fmt: skip


def test_what_a_described_firm_is_has_no_speaker_but_what_is_said_has(extractor: Extractor) -> None:
    [described] = told(extractor, "Lynas said that its unit, Lynas Malaysia, had applied.")
    [said] = told(extractor, "Lynas said that gallium was used in lasers.")
    assert described.speaker is None
    assert said.speaker is not None
    assert said.speaker.name == "Lynas Rare Earths Ltd."


def test_general_words_before_examples_are_no_use(extractor: Extractor) -> None:
    [event] = told(extractor, "Gallium goes into devices ranging from lasers to smartphones and other goods.")
    assert values(event, "object") == ["lasers", "smartphones"]


def test_two_adjectives_of_one_noun_are_one_use(extractor: Extractor) -> None:
    [event] = told(extractor, "Cobalt is used in the engines of military and civilian aircraft.")
    assert values(event, "object") == ["engines of military and civilian aircraft"]


def test_a_long_list_is_read_in_time(extractor: Extractor) -> None:
    text = "Gallium is used in " + ", ".join(["lasers and radar"] * 200) + "."
    assert told(extractor, text)


# ---- words


def entries() -> list[dict[str, Any]]:
    return read_entries(lexicon_dir() / "relations.jsonl", ("id", "class", "forms", "example"))


def test_no_id_twice_and_forms_are_lower_case() -> None:
    ids = [e["id"] for e in entries()]
    assert len(ids) == len(set(ids))
    assert all(f == f.lower().strip() and f for e in entries() for f in e["forms"])


@pytest.mark.parametrize("entry", entries(), ids=lambda e: e["id"])
def test_an_example_holds_a_form_and_tells_its_relation(extractor: Extractor, entry: dict[str, Any]) -> None:
    forms = "|".join(
        re.escape(f).replace(r"\ \-\ ", "-") for f in sorted(entry["forms"], key=len, reverse=True)
    )
    assert re.search(rf"(?<!\w)(?:{forms})(?!\w)", entry["example"], re.IGNORECASE)
    wanted = TELLING.get(entry["class"])
    found = {e.action for e in told(extractor, entry["example"])}
    assert wanted is None or wanted in found, f"{entry['example']}\ngot {found}"


def test_words_are_found_by_class() -> None:
    words = load_relation_words()
    assert "used in" in words.words("use.told")
    assert not words.words("no such class")


def test_a_malformed_entry_is_named(tmp_path: Path) -> None:
    path = tmp_path / "relations.jsonl"
    path.write_text('{"id": "bare", "class": "use.told"}\n', encoding="utf-8")
    with pytest.raises(LexiconError, match=r"relations\.jsonl:1: entry 'bare' lacks forms, example"):
        RelationWords(path)
