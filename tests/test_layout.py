"""Blocks and page furniture: kgbuild.extract.layout."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgbuild.extract.layout import Layout, lay_out
from kgbuild.extract.lexicon import load_lexicon


def laid_out(text: str) -> Layout:
    return lay_out(text, load_lexicon())


def blocks(text: str) -> list[tuple[str, str]]:
    return [(b.kind, text[b.start : b.end]) for b in laid_out(text).blocks]


def test_paragraphs() -> None:
    text = "Magnets leap\n\nShares rose on Monday.\nMore followed.\n\n  A last line.  \n"
    assert blocks(text) == [
        ("headline", "Magnets leap"),
        ("text", "Shares rose on Monday."),
        ("text", "More followed."),
        ("text", "A last line."),
    ]


def test_a_long_opening_sentence_is_no_headline() -> None:
    text = (
        "The ministry said on Monday that "
        + "it had granted export licenses, and that " * 4
        + "it would go on."
    )
    assert [kind for kind, _ in blocks(text)] == ["text"]


@pytest.mark.parametrize("bullet", ["- ", "* ", "• ", "– ", "1. ", "12) "])
def test_bullets(bullet: str) -> None:
    text = f"Three steps\n\n{bullet}Talks in Geneva.\n{bullet}A call in June.\n"
    assert blocks(text)[1:] == [("item", "Talks in Geneva."), ("item", "A call in June.")]


def test_a_markdown_title_is_a_headline() -> None:
    assert blocks("# Magnets leap\n\nShares rose.")[0] == ("headline", "Magnets leap")


def test_a_heading_with_a_date_belongs_to_the_item_below() -> None:
    text = "Timeline\n\nJune 5, 2025:\nTrump and Xi spoke by telephone.\n\nLater that week talks followed."
    told = [b for b in laid_out(text).blocks if b.heading is not None]
    assert len(told) == 1
    assert told[0].heading is not None
    assert text[told[0].heading.start : told[0].heading.end] == "June 5, 2025:"
    assert text[told[0].start : told[0].end] == "Trump and Xi spoke by telephone."


def test_hard_wrapped_lines_are_joined() -> None:
    lines = [
        "The ministry said on Monday that it had granted export licenses to",
        "three producers of magnets, among them the largest of the country,",
        "which makes motor rotors and sends most of what it makes to buyers",
        "in Europe and Southeast Asia under contracts that run for one year",
        "or longer, according to a notice that it published at the weekend.",
    ]
    assert [text for _, text in blocks("\n".join(lines))] == ["\n".join(lines)]


def test_lines_of_a_page_are_not_joined() -> None:
    text = "Magnets leap on news\n\nShares rose.\nMagnets fell.\n"
    assert len(blocks(text)) == 3


def test_a_sentence_goes_on_in_lower_case() -> None:
    text = "Headline here\n\nThe ministry granted a license to the\nlargest producer of magnets.\n"
    assert blocks(text)[1] == ("text", "The ministry granted a license to the\nlargest producer of magnets.")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends_do_not_move_offsets(newline: str) -> None:
    text = f"Magnets leap{newline}{newline}Shares rose.{newline}"
    assert blocks(text) == [("headline", "Magnets leap"), ("text", "Shares rose.")]


def test_every_pattern_marks_its_example() -> None:
    for entry in load_lexicon().entries("boilerplate.jsonl"):
        text = f"{entry['example']}\n\nShares rose on Monday.\n"
        assert entry["id"] in {rule for _, rule in laid_out(text).noise}, entry["id"]


def test_page_furniture_is_marked_and_not_a_block() -> None:
    text = "Magnets leap\n\nShares rose on Monday. [para. 3]\n\nLeave a Reply\n\nAll rights reserved.\n"
    layout = laid_out(text)
    assert [text[s.start : s.end] for s, _ in layout.noise] == [
        "[para. 3]",
        "Leave a Reply",
        "All rights reserved.",
    ]
    assert [t for _, t in blocks(text)] == ["Magnets leap", "Shares rose on Monday. [para. 3]"]


@pytest.mark.parametrize("text", ["", " ", "\n", "\n\n\n", "\t \n", "\u00a0", "#", "- ", "1.", ":", "\x00"])
def test_next_to_nothing(text: str) -> None:
    assert all(0 <= b.start <= b.end <= len(text) for b in laid_out(text).blocks)


_PIECES = st.sampled_from(
    [
        "\n",
        "\n\n",
        "\r\n",
        "- ",
        "1. ",
        "# ",
        "June 5, 2025:",
        "Shares rose.",
        "read more",
        "[para. 1]",
        " ",
        "a" * 60,
        "©",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(_PIECES, max_size=30).map("".join)))
def test_blocks_lie_in_the_text_in_order_and_apart(text: str) -> None:
    layout = laid_out(text)
    for block in layout.blocks:
        assert 0 <= block.start <= block.end <= len(text)
        assert block.kind in {"headline", "text", "item"}
        if block.heading is not None:
            assert block.heading.end <= block.start
    for one, two in pairwise(layout.blocks):
        assert one.end <= two.start
    for span, _ in layout.noise:
        assert 0 <= span.start < span.end <= len(text)
    assert list(layout.noise) == sorted(layout.noise)


@settings(max_examples=100, deadline=None)
@given(st.lists(_PIECES, max_size=30).map("".join))
def test_no_word_is_lost(text: str) -> None:
    """Every word stands in a block, in page furniture or in the heading of a list item."""
    layout = laid_out(text)
    covered = [(b.start, b.end) for b in layout.blocks] + [(s.start, s.end) for s, _ in layout.noise]
    covered += [(b.heading.start, b.heading.end) for b in layout.blocks if b.heading is not None]
    for word in re.finditer(r"rose", text):
        assert any(low <= word.start() and word.end() <= high for low, high in covered)
