"""Sentences of units: kgbuild.extract.units."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgbuild.extract.lexicon import load_lexicon
from kgbuild.extract.reader import Reader
from kgbuild.extract.units import Sentence, Unit
from kgbuild.model import Article
from kgbuild.ontology import load_ontology


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(list(load_ontology().entities.values()), load_lexicon())


def article(text: str, published: str | None = "2025-06-11") -> Article:
    return Article("case", text, hashlib.sha256(text.encode()).hexdigest(), published=published)


def sentences(reader: Reader, text: str) -> list[Sentence]:
    return reader.read(article(text))[1]


def split(reader: Reader, text: str) -> list[str]:
    return [text[s.start : s.end] for s in sentences(reader, text)]


def unit(reader: Reader, text: str, words: str) -> Unit:
    return next(u for s in sentences(reader, text) for u in s.units if u.text == words)


@pytest.mark.parametrize(
    "parts",
    [
        ["Shares rose.", "Magnets fell."],
        ["Did shares rose?", "They did!", "Magnets fell."],
        ["Example Magnets Co. Ltd. sells to the U.S. market.", "It makes rotors."],
        ["Example Magnets Co., Ltd. said on Monday that it had a license.", "It gave no date."],
        ["It sells to the U.S.", "The ministry agreed."],
        ["Exports to the U.S. fell.", "Exports to the E.U. rose."],
        ["Mr. Wang met Dr. Smith at 9 a.m. on Jan. 5.", "They talked."],
        ["The price was 24.07 yuan, up 7.9 percent.", "Shares rose."],
        ["He said: “The deal is done.”", "The ministry agreed."],
        ['He said "the deal is done."', "The ministry agreed."],
        ["(The ministry agreed.)", "Shares rose."],
        ["Announcement No. 18 covers seven elements.", "It applies at once."],
        ["Lynas Rare Earths Ltd. fell.", "Shares of MP Materials Corp. rose."],
    ],
    ids=" | ".join,
)
def test_sentences_end_where_they_end(reader: Reader, parts: list[str]) -> None:
    assert split(reader, "Opening line here\n\n" + " ".join(parts))[1:] == parts


def test_no_sentence_crosses_a_line_of_its_own(reader: Reader) -> None:
    text = "Magnets leap on news\n\nShares rose on Monday.\n\n- Talks in Geneva\n- A call in June"
    assert split(reader, text) == [
        "Magnets leap on news", "Shares rose on Monday.", "Talks in Geneva", "A call in June",
    ]  # fmt: skip
    assert [s.kind for s in sentences(reader, text)] == ["headline", "text", "item", "item"]


@pytest.mark.parametrize(
    "dateline",
    [
        "LONDON - ",
        "LONDON, June 10 (Reuters) - ",
        "BEIJING/DETROIT - ",
        "KUALA LUMPUR — ",
        "HAMAMATSU, Japan - ",
    ],
)
def test_the_place_of_the_writer_is_left_out(reader: Reader, dateline: str) -> None:
    text = f"Magnets leap\n\n{dateline}Shares rose on Monday."
    assert split(reader, text)[1] == "Shares rose on Monday."


def test_a_hyphen_inside_is_no_dateline(reader: Reader) -> None:
    assert split(reader, "Magnets leap\n\nJL MAG said a 90-day pause is fine.")[1].startswith("JL MAG")


def test_names_are_one_unit(reader: Reader) -> None:
    text = "Magnets leap\n\nJL MAG Rare-Earth Co. (300748.SZ) met the U.S. Commerce Department in Geneva."
    kinds = {u.text: u.kind for s in sentences(reader, text) for u in s.units if u.kind}
    assert kinds == {
        "Magnets": "PermanentMagnet",
        "JL MAG Rare-Earth Co.": "Firm",
        "(300748.SZ)": "Ticker",
        "U.S. Commerce Department": "Regulator",
        "Geneva": "City",
    }


def test_case_tells_a_name_from_a_word(reader: Reader) -> None:
    assert unit(reader, "It told us that the US agreed.", "US").kind == "Country"
    assert unit(reader, "It told us that the US agreed.", "us").kind == ""
    assert unit(reader, "Apple sells phones.", "Apple").kind == "Firm"
    assert unit(reader, "He ate an apple there.", "apple").kind == ""


def test_a_demonym_is_marked(reader: Reader) -> None:
    chinese = unit(reader, "Chinese producers agreed.", "Chinese")
    assert (chinese.kind, chinese.name, chinese.demonym) == ("Country", "China", True)


def test_readings_below_a_class(reader: Reader) -> None:
    approval = unit(reader, "The approval came.", "approval")
    assert approval.has("license")
    assert approval.has("license.soft")
    assert not approval.has("licens")
    tag = approval.tag("license")
    assert tag is not None
    assert tag.cls == "license.soft"
    assert approval.tag("control") is None
    assert approval.reading({"Firm"}) is None


def test_dates_and_amounts_are_units(reader: Reader) -> None:
    text = "Shares rose 7.9 percent on June 5, 2025 after a 90-day pause."
    told = {
        u.text: (u.date is not None, u.amount is not None) for s in sentences(reader, text) for u in s.units
    }
    assert told["7.9 percent"] == (False, True)
    assert (True, False) in told.values()


def test_page_furniture_is_no_unit(reader: Reader) -> None:
    text = "Magnets leap\n\nShares rose on Monday. [para. 3]\n\nAll rights reserved."
    assert not any("para" in u.text or "rights" in u.text for s in sentences(reader, text) for u in s.units)


_WORDS = st.sampled_from(
    ["JL MAG", "Co., Ltd.", "U.S.", "“", "”", "said", ".", "!", "?", ",", "\n", "\n\n", "- ", "licenses",
     "June 5", "7.9 percent", "(300748.SZ)", "No. 18", "China's", "don't", " ", "—", "PT", "Example", "MAG"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(_WORDS, max_size=40).map(" ".join)))
def test_units_are_pieces_of_the_text_in_order_and_apart(reader: Reader, text: str) -> None:
    found = sentences(reader, text)
    units = [u for s in found for u in s.units]
    for one in units:
        assert one.text == text[one.start : one.end]
        assert one.start < one.end
        assert one.low == one.low.lower()
    for left, right in pairwise(units):
        assert left.end <= right.start
    assert [s.index for s in found] == list(range(len(found)))
    assert all(s.units for s in found)
