"""Where sentences end: units cut at full stops, with abbreviations, datelines and list items in mind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from kgbuild.extract.dates import DateMention
from kgbuild.extract.layout import Block, Layout
from kgbuild.extract.lexicon import Lexicon
from kgbuild.extract.units import Sentence, Unit
from kgbuild.model import Span

#: No sentence has more units; a longer run is a table or no language, and reading it would take long.
_LONGEST: Final = 300
_CLOSERS: Final = frozenset("\"'”’)]")
_DASHES: Final = frozenset({"-", "--", "–", "—"})


def cut_sentences(
    units: list[Unit], layout: Layout, dates: Sequence[DateMention], lexicon: Lexicon
) -> list[Sentence]:
    """Return the sentences of `units`, cut at sentence ends inside each block of `layout`."""
    sentences: list[Sentence] = []
    position = 0
    dated: list[DateMention] = []  #: a date alone on its line dates the list items below it
    for block in layout.blocks:
        while position < len(units) and units[position].start < block.start:
            position += 1
        last = position
        while last < len(units) and units[last].start < block.end:
            last += 1
        heading = [d for d in dates if block.heading and block.heading.contains(Span(d.start, d.end))]
        alone = units[position] if last == position + 1 else None
        if alone is not None and alone.date is not None and block.kind == "headline":
            dated = [alone.date]
        elif block.kind == "item":
            heading = heading or dated
        elif last > position:
            dated = []
        for piece in _cut(_without_dateline(units[position:last]), lexicon):
            sentences.append(Sentence(len(sentences), piece, _kind(block, piece), heading))
        position = last
    return sentences


def _without_dateline(units: list[Unit]) -> list[Unit]:
    """Return the units behind "LONDON, June 10 (Wire) - ".

    The place of the writer is not that of the news.
    """
    opened = bool(units) and (
        units[0].text == "(" or units[0].kind == "Time"
    )  # "(Wire) -- ", "June 10 (Wire)"
    if not units or not (opened or (units[0].text.isupper() and len(units[0].text) >= 3)):
        return units
    inside = False
    if (
        units[0].reading({"City"})
        and len(units) > 3
        and units[1].kind == "Time"
        and units[2].text[:1].isupper()
    ):
        return units[2:]  # "GENEVA Aug 7 China lost an appeal"
    for i, unit in enumerate(units[:12]):
        if i and unit.text in _DASHES and unit.start > units[i - 1].end:
            return units[i + 1 :] if not opened or units[i - 1].text == ")" else units
        inside = unit.text == "(" or (inside and unit.text != ")")
        if not (inside or unit.text.isupper() or unit.kind or unit.text in {",", ")", "/", "."}):
            break
    return units


def _kind(block: Block, piece: list[Unit]) -> str:
    return block.kind if block.kind != "headline" or piece[0].start == block.start else "text"


def _cut(units: list[Unit], lexicon: Lexicon) -> Iterable[list[Unit]]:
    current: list[Unit] = []
    for i, unit in enumerate(units):
        current.append(unit)
        if len(current) >= _LONGEST:
            yield current
            current = []
            continue
        if not _ends(units, i, lexicon):
            continue
        # closing quotes and brackets belong to the sentence they close
        if i + 1 < len(units) and units[i + 1].text in _CLOSERS and units[i + 1].start == unit.end:
            continue
        yield current
        current = []
    if any(u.is_word for u in current):
        yield current


def _ends(units: list[Unit], i: int, lexicon: Lexicon) -> bool:
    unit = units[i]
    if (
        unit.text in _CLOSERS
        and i
        and units[i - 1].text in {".", "!", "?"}
        and units[i - 1].end == unit.start
    ):
        return i + 1 == len(units) or units[i + 1].text[:1].isupper() or not units[i + 1].is_word
    if unit.text in {"!", "?"}:
        return True
    if unit.text == ".":
        return True
    if not unit.text.endswith(".") or len(unit.text) < 2 or i + 1 == len(units):
        return False
    following = units[i + 1]
    opener = following.text[:1].isupper() and (
        following.low in lexicon.words["determiners"]
        or following.low in {"it", "he", "she", "they", "we", "in", "on"}
    )
    if unit.kind or unit.low in lexicon.words["abbreviations"]:
        return opener and following.start > unit.end
    return following.text[:1].isupper()
