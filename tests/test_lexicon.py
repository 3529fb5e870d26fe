"""The lexicon: every entry has what it must have, and its example tells what it promises."""

from __future__ import annotations

from pathlib import Path

import pytest
from case_tables import own_extractor

from kgbuild.evaluate.lexicon_examples import Examples, reading, with_known_firms, written_problem
from kgbuild.extract.frames import load_frames
from kgbuild.extract.lexicon import load_lexicon, read_source
from kgbuild.extract.lexicon_files import FILES, VERB_FORMS, Entry
from kgbuild.extract.phrase_words import load_phrase_words
from kgbuild.extract.relation_words import load_relation_words
from kgbuild.extract.speech_words import load_speech
from kgbuild.ontology import load_ontology
from kgbuild.resources import lexicon_dir


def entries(name: str) -> tuple[Entry, ...]:
    return load_lexicon().entries(name)


def all_entries() -> list[tuple[str, Entry]]:
    return [(name, entry) for name in FILES for entry in entries(name)]


def named(value: object) -> str:
    return f"{value.get('class')}-{value['id']}" if isinstance(value, Entry) else str(value)


@pytest.fixture(scope="module")
def examples() -> Examples:
    return Examples(own_extractor())


def test_there_are_entries_enough() -> None:
    assert len(entries("verbs.jsonl")) >= 250
    assert len(entries("nouns.jsonl")) >= 45
    assert len(entries("cues.jsonl")) >= 15
    assert sum(Examples.tells("verbs.jsonl", e) for e in entries("verbs.jsonl")) >= 180
    assert sum(Examples.tells(name, e) for name, e in all_entries()) >= 700
    assert {path.name for path in lexicon_dir().glob("*.jsonl")} == {*FILES}


def test_nothing_is_wrong_with_any_entry() -> None:
    assert list(map(str, read_source().findings)) == []


@pytest.mark.parametrize(("name", "entry"), all_entries(), ids=named)
def test_the_example_holds_a_form(name: str, entry: Entry) -> None:
    assert written_problem(name, entry) == ""


@pytest.mark.parametrize(
    ("name", "entry"), [(n, e) for n, e in all_entries() if Examples.tells(n, e)], ids=named
)
def test_the_example_tells_what_it_promises(examples: Examples, name: str, entry: Entry) -> None:
    assert examples.problem(name, entry) == ""


def test_the_classes_that_tell_something_are_there() -> None:
    assert {e["class"] for e in entries("relations.jsonl")} >= {*reading()["relations"]}
    assert {e["class"].partition(".")[0] for e in entries("verbs.jsonl")} >= {*reading()["verbs"]}


def test_firms_that_stand_in_for_made_up_ones_are_known() -> None:
    for made_up, known in reading()["stand_ins"].items():
        assert {e.kind for e in load_ontology().by_name(known)} == {"Firm"}
        assert with_known_firms(f"{made_up} rose.") == f"{known} rose."


def test_frames_name_verb_classes_that_exist() -> None:
    classes = {e["class"] for e in entries("verbs.jsonl")}
    assert {frame.verbs for frame in load_frames(load_lexicon())} <= classes


def test_a_verb_is_found_in_each_form() -> None:
    phrases = load_lexicon().phrases
    for entry in entries("verbs.jsonl"):
        for form, phrase in zip(VERB_FORMS, entry["forms"], strict=True):
            assert (entry["id"], form) in {(t.id, t.form) for t in phrases[phrase]}


def test_words_are_read_once_for_a_lexicon() -> None:
    lexicon = load_lexicon()
    assert load_lexicon() is lexicon
    assert load_frames(lexicon) is load_frames(lexicon)
    assert load_speech(lexicon) is load_speech(lexicon)
    assert load_phrase_words(lexicon, "statistics.jsonl") is load_phrase_words(lexicon, "statistics.jsonl")
    assert load_phrase_words(lexicon, "statistics.jsonl") is not load_phrase_words(
        lexicon, "disruptions.jsonl"
    )


def test_words_of_relations_are_found_by_class() -> None:
    words = load_relation_words(load_lexicon())
    assert "used in" in words.words("use.told")
    assert not words.words("no such class")


# ---- what an example that tells nothing is called


def changed(entry: Entry, **fields: object) -> Entry:
    return Entry(Path("mine.jsonl"), 1, {**entry.fields, **fields})


def entry_of(name: str, id_: str) -> Entry:
    return next(e for e in entries(name) if e["id"] == id_)


@pytest.mark.parametrize(
    ("name", "id_", "example", "problem"),
    [
        (
            "verbs.jsonl",
            "grant",
            "The ministry granted Lynas a wish.",
            "does not tell license granted; it",
        ),
        ("verbs.jsonl", "confer", "Beijing granted JL MAG an export license.", "remove `silent`"),
        (
            "frames.jsonl",
            "license-get-active",
            "Lynas has obtained export licenses.",
            "it tells granted",
        ),
        (
            "relations.jsonl",
            "used",
            "It is used in vain.",
            "relation used_in; it tells nothing",
        ),
        ("statistics.jsonl", "output", "Output of cobalt was used up.", "trade_stat production; it tells no"),
        ("disruptions.jsonl", "halt", "Ford will call a halt.", "disruption halt; it tells nothing"),
        ("speech_verbs.jsonl", "say", "They say.", "does not tell statement said; it tells nothing"),
    ],
)
def test_an_example_that_tells_something_else_is_named(
    examples: Examples, name: str, id_: str, example: str, problem: str
) -> None:
    assert problem in examples.problem(name, changed(entry_of(name, id_), example=example))


@pytest.mark.parametrize(
    ("name", "id_", "example", "problem"),
    [
        ("verbs.jsonl", "grant", "The ministry gave Lynas a license.", "has none of the forms grant, grants"),
        ("nouns.jsonl", "license", "example Magnets has a license.", "begin the sentence with a capital"),
        ("cues.jsonl", "not", "Lynas has not obtained it", "end the sentence with a full stop"),
        ("boilerplate.jsonl", "para-mark", "Prices rose [para 3].", "does not match the example"),
    ],
)
def test_an_example_that_cannot_stand_for_its_words_is_named(
    name: str, id_: str, example: str, problem: str
) -> None:
    assert problem in written_problem(name, changed(entry_of(name, id_), example=example))


def test_a_pattern_that_matches_news_is_named() -> None:
    entry = changed(entry_of("boilerplate.jsonl", "para-mark"), pattern="l.c", example="Click here.")
    assert "matches news as well" in written_problem("boilerplate.jsonl", entry)


def test_words_inside_words_are_seen() -> None:
    entry = changed(entry_of("cues.jsonl", "not"), example="Lynas hasn't obtained it.", forms=["n't"])
    assert written_problem("cues.jsonl", entry) == ""
