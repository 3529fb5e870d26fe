"""The lexicon: every entry has an example that holds one of its forms, and verbs tell what they claim."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any, Final

import pytest

from kgbuild.errors import LexiconError
from kgbuild.extract import Extractor
from kgbuild.extract.frames import load_frames
from kgbuild.extract.lexicon import VERB_FORMS, load_lexicon, read_entries
from kgbuild.model import Article
from kgbuild.ontology import load_ontology
from kgbuild.parallel import make_extractor
from kgbuild.resources import lexicon_dir

WORDS: Final = ("verbs.jsonl", "nouns.jsonl", "cues.jsonl")
#: Every example is read as the second paragraph of an article on this topic.
TOPIC: Final = "Export controls on rare earths apply in China.\n\n"
#: The firms of the examples are made up; known ones take their places.
FIRMS: Final = {
    "Example Magnets": "JL MAG",
    "Example Mining": "Lynas",
    "Example Refining": "Lynas",
    "Example Chips": "Nvidia",
    "Example Motors": "Tesla",
}
TYPES: Final = {"license": "license", "control": "control_measure", "market": "market_move"}
#: Verbs whose example tells no event of their action, and why.
EXCEPTIONS: Final = {
    "confer": 'no frame has the holder behind "on"',
}


def entries(name: str) -> list[dict[str, Any]]:
    return read_entries(lexicon_dir() / name, ("id", "example"))


def all_entries() -> list[tuple[str, dict[str, Any]]]:
    return [(name, entry) for name in WORDS for entry in entries(name)]


def telling_verbs() -> list[dict[str, Any]]:
    return [e for e in entries("verbs.jsonl") if e["class"].partition(".")[0] in TYPES and "." in e["class"]]


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return make_extractor(load_ontology())


def test_there_are_entries_enough_and_no_id_twice() -> None:
    sizes = {name: len(entries(name)) for name in WORDS}
    assert sizes["verbs.jsonl"] >= 250
    assert sizes["nouns.jsonl"] >= 45
    assert sizes["cues.jsonl"] >= 15
    assert len(telling_verbs()) >= 180
    for name in (*WORDS, "boilerplate.jsonl", "frames.jsonl"):
        ids = [e["id"] for e in entries(name)]
        assert len(ids) == len(set(ids)), name


@pytest.mark.parametrize(
    ("name", "entry"), all_entries(), ids=lambda x: x["id"] if isinstance(x, dict) else x
)
def test_the_example_holds_a_form(name: str, entry: dict[str, Any]) -> None:
    forms = "|".join(re.escape(f) for f in entry["forms"])
    # "n't" and "-free" stand inside words
    assert re.search(rf"(?:(?<!\w)(?:{forms})(?!\w)|(?:{forms})$)", entry["example"], re.IGNORECASE), name
    assert entry["example"][0].isupper()
    assert entry["example"][-1] in ".!?"


@pytest.mark.parametrize("entry", entries("verbs.jsonl"), ids=lambda e: e["id"])
def test_a_verb_has_its_forms(entry: dict[str, Any]) -> None:
    assert len(entry["forms"]) == len(VERB_FORMS)
    assert all(form == form.lower().strip() and form for form in entry["forms"])


@pytest.mark.parametrize("entry", entries("boilerplate.jsonl"), ids=lambda e: e["id"])
def test_page_furniture_matches_its_example(entry: dict[str, Any]) -> None:
    pattern = re.compile(entry["pattern"], re.IGNORECASE)
    found = (
        pattern.fullmatch(entry["example"]) if entry["scope"] == "line" else pattern.search(entry["example"])
    )
    assert found is not None
    assert not pattern.fullmatch("JL MAG has obtained export licenses for Germany.")


@pytest.mark.parametrize("entry", telling_verbs(), ids=lambda e: f"{e['class']}-{e['id']}")
def test_a_verb_tells_its_action(extractor: Extractor, entry: dict[str, Any]) -> None:
    text = entry["example"]
    for made_up, known in FIRMS.items():
        text = text.replace(made_up, known)
    text = TOPIC + text
    article = Article("case", text, hashlib.sha256(text.encode()).hexdigest(), published="2025-11-12")
    type_ = TYPES[entry["class"].partition(".")[0]]
    told = [e for e in extractor.extract(article).events if e.type == type_ and e.start >= len(TOPIC)]
    if entry["id"] in EXCEPTIONS:
        assert entry["action"] not in {e.action for e in told}, f"{entry['id']} is no exception any more"
        return
    assert entry["action"] in {e.action for e in told}, f"{text}\ngot {told}"


def test_frames_name_verb_classes_that_exist() -> None:
    classes = {e["class"] for e in entries("verbs.jsonl")}
    assert {frame.verbs for frame in load_frames()} <= classes


def test_a_malformed_entry_is_named(tmp_path: Path) -> None:
    for path in sorted(lexicon_dir().glob("*.json*")):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with (tmp_path / "verbs.jsonl").open("a", encoding="utf-8") as file:
        file.write(
            '{"id": "short", "class": "control.set", "action": "imposed", "forms": ["a"], "example": "A."}\n'
        )
    with pytest.raises(LexiconError, match="'short' has 1 forms; give five"):
        load_lexicon(tmp_path)
    (tmp_path / "nouns.jsonl").write_text('{"id": "bare", "class": "control"}\n', encoding="utf-8")
    with pytest.raises(LexiconError, match=r"nouns\.jsonl:1: entry 'bare' lacks forms, example"):
        read_entries(tmp_path / "nouns.jsonl", ("id", "class", "forms", "example"))
