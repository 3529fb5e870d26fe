"""Polarity, certainty and speaker of a verb: kgbuild.extract.stance."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgbuild.extract.arguments import Arguments
from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.lexicon import load_lexicon
from kgbuild.extract.reader import Reader
from kgbuild.extract.stance import Stance, doubted, find_speech, stance_of
from kgbuild.extract.units import Sentence
from kgbuild.model import Article
from kgbuild.ontology import load_ontology

CASES = Path(__file__).with_name("cases")


def rows(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(list(load_ontology().entities.values()), load_lexicon())


@pytest.fixture(scope="module")
def grammar() -> Grammar:
    return Grammar(load_lexicon())


def read(reader: Reader, text: str) -> Sentence:
    _, [sentence] = reader.read(Article("case", text, hashlib.sha256(text.encode()).hexdigest()))
    return sentence


def group_at(grammar: Grammar, s: Sentence, verb: str) -> VerbGroup:
    """Return the group of the last `verb` that has a reading as a verb of licensing."""
    for i in range(len(s.units) - 1, -1, -1):
        if s.units[i].low == verb:
            for tag in grammar.tags_at(s, i, "license"):
                return grammar.verb_group(s, i, tag)
    raise AssertionError(f"{verb!r} is no verb of licensing in {s.units}")


def test_there_are_rows_enough() -> None:
    assert len(rows("stance.csv")) >= 155
    assert len(rows("speakers.csv")) >= 105
    assert sum(r["polarity"] == "denied" for r in rows("stance.csv")) >= 45
    assert sum(r["certainty"] != "actual" for r in rows("stance.csv")) >= 75
    assert sum(not r["speaker"] for r in rows("speakers.csv")) >= 15


@pytest.mark.parametrize("row", rows("stance.csv"), ids=lambda r: r["sentence"])
def test_stance(reader: Reader, grammar: Grammar, row: dict[str, str]) -> None:
    s = read(reader, row["sentence"])
    group = group_at(grammar, s, row["verb"])
    stance = stance_of(grammar, s, group, grammar.subject(s, group) or grammar.shared_subject(s, group))
    if row["polarity"] == "refused":
        assert row["certainty"] in stance.refused
        return
    assert (stance.polarity, stance.certainty, stance.refused) == (row["polarity"], row["certainty"], "")


@pytest.mark.parametrize("row", rows("speakers.csv"), ids=lambda r: r["sentence"])
def test_speaker(reader: Reader, grammar: Grammar, row: dict[str, str]) -> None:
    s = read(reader, row["sentence"])
    speech = find_speech(grammar, s, group_at(grammar, s, row["verb"]).verb)
    speaker = speech.speaker if speech is not None else None
    assert (s.units[speaker].text if speaker is not None else "") == row["speaker"]


def test_a_denial_is_marked(reader: Reader, grammar: Grammar) -> None:
    s = read(reader, "JL MAG denied that it had obtained export licenses.")
    speech = find_speech(grammar, s, group_at(grammar, s, "obtained").verb)
    assert speech is not None
    assert speech.denies


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("There is no sign that JL MAG has obtained export licenses.", Stance(certainty="possible")),
        ("It is not true that JL MAG has obtained export licenses.", Stance("denied")),
        ("There is no sign of peace, but JL MAG has obtained export licenses, it said.", Stance()),
        ("JL MAG has obtained export licenses.", Stance()),
    ],
)
def test_doubt(reader: Reader, grammar: Grammar, text: str, expected: Stance) -> None:
    s = read(reader, text)
    assert doubted(s, group_at(grammar, s, "obtained"), Stance()) == expected


ELSEWHERE = [
    "The weather in Tokyo was fine.",
    "No bridge has been built there.",
    "A vote may follow in May.",
    "The minister denied it.",
    "Prices will rise, traders said.",
    "If it rains, the match is off.",
]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(rows("stance.csv")), st.lists(st.sampled_from(ELSEWHERE), min_size=1, max_size=3))
def test_other_sentences_do_not_change_a_stance(row: dict[str, str], others: list[str]) -> None:
    reader, grammar = MACHINERY()
    _, alone = reader.read(article(row["sentence"]))
    _, together = reader.read(article("\n\n".join([row["sentence"], *others])))
    stances = []
    for s in (alone[0], together[0]):
        group = group_at(grammar, s, row["verb"])
        subject = grammar.subject(s, group) or grammar.shared_subject(s, group)
        stances.append(stance_of(grammar, s, group, subject))
    assert stances[0] == stances[1]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(rows("speakers.csv")), st.lists(st.sampled_from(ELSEWHERE), max_size=2))
def test_a_speaker_is_the_text_there(row: dict[str, str], before: list[str]) -> None:
    reader, grammar = MACHINERY()
    text = "\n\n".join([*before, row["sentence"]])
    _, sentences = reader.read(article(text))
    arguments = Arguments(grammar, Coreference(grammar, sentences, {}), text)
    for s in sentences[-1:]:
        speech = find_speech(grammar, s, group_at(grammar, s, row["verb"]).verb)
        speaker = arguments.speaker(s, speech)
        assert (speech is not None and speech.speaker is not None) == bool(row["speaker"])
        if speaker is not None:
            assert text[speaker.start : speaker.end] == speaker.text
            assert row["speaker"] in speaker.text


def article(text: str) -> Article:
    return Article("case", text, hashlib.sha256(text.encode()).hexdigest())


_ONE: list[tuple[Reader, Grammar]] = []


def MACHINERY() -> tuple[Reader, Grammar]:  # noqa: N802 - one for all examples, built at first use
    if not _ONE:
        _ONE.append(
            (Reader(list(load_ontology().entities.values()), load_lexicon()), Grammar(load_lexicon()))
        )
    return _ONE[0]
