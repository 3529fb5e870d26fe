"""From text to sentences of units: names, word classes of the lexicon, dates and amounts as one unit each.

spaCy's blank English pipeline tokenizes and matches phrases; everything later works on
units, so a firm, a date or "in principle" is one step wide and page furniture is not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import spacy
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from kgbuild.extract.amounts import Amount, find_amounts
from kgbuild.extract.dates import DateMention, find_dates
from kgbuild.extract.layout import Block, Layout, lay_out
from kgbuild.extract.lexicon import Lexicon, Tag
from kgbuild.extract.names import FoundName, find_unknown_names, short_forms, without_places
from kgbuild.extract.uses import Uses
from kgbuild.model import Article, Entity, Span

FIRM: Final = "Firm"
PLACES: Final = frozenset({"Country", "WorldRegion", "Subdivision", "City"})
BODIES: Final = frozenset({"Government", "Regulator", "PublicBody"})
MATERIALS: Final = frozenset(
    "RareEarthElement Mineral ElementGroup Good PermanentMagnet RareEarthCompound Alloy Component".split()
)
#: Where two readings have the same length the earlier kind wins.
_PRIORITY: Final = (
    "Firm TradeAssociation NewsOrganization Organization Regulator PublicBody Government StockExchange "
    "Person Country WorldRegion Subdivision City ElementGroup RareEarthElement Mineral PermanentMagnet "
    "RareEarthCompound Alloy Component Good"
).split()
_INSTRUMENT = re.compile(
    r"\b(?:(?:Joint )?(?:Announcement|Notice|Order|Decree|Circular|Regulation|Bulletin|Directive) )?"
    r"Nos?\. ?\d+(?: of (?:19|20)\d\d)?\b"
)
_RUN = re.compile(r"\S{300,}")
_PIECE = re.compile(r"[\s\S]{1,100}")
_WORD_BREAK = re.compile(r"[^\W_]")
#: No sentence has more units; a longer run is a table or no language, and reading it would take long.
_LONGEST: Final = 300
_CLOSERS: Final = frozenset("\"'”’)]")


_NO_CLASSES: Final[frozenset[str]] = frozenset()


@cache
def _classes(tags: tuple[Tag, ...]) -> frozenset[str]:
    """Return the classes of `tags` and all classes above them: "license" for "license.soft"."""
    return frozenset(
        ".".join(parts[:n]) for parts in (t.cls.split(".") for t in tags) for n in range(1, len(parts) + 1)
    )


@dataclass(slots=True)
class Unit:
    """One step of a sentence."""

    start: int
    end: int
    text: str
    low: str
    kind: str = ""  #: ontology class, "Time", "Quantity", "Duration", "Ticker" or "" for words
    name: str = ""  #: preferred label of a known name, else the text
    readings: tuple[
        tuple[str, str], ...
    ] = ()  #: further (kind, label) of the same words, e.g. a city for a government
    demonym: bool = False  #: an adjective of the place ("Chinese")
    tags: tuple[Tag, ...] = ()
    date: DateMention | None = None
    amount: Amount | None = None
    via: str = ""
    _classes: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._classes = _classes(self.tags) if self.tags else _NO_CLASSES

    def has(self, cls: str) -> bool:
        """Return whether a reading is of this class or below it: "license" covers "license.soft"."""
        return cls in self._classes

    def tag(self, cls: str) -> Tag | None:
        """Return the first reading of this class or below it."""
        return next((t for t in self.tags if t.cls == cls or t.cls.startswith(cls + ".")), None)

    def reading(self, kinds: Iterable[str]) -> tuple[str, str] | None:
        """Return (kind, label) where the unit can be read as one of `kinds`."""
        wanted = set(kinds)
        for kind, label in ((self.kind, self.name), *self.readings):
            if kind in wanted:
                return kind, label
        return None

    @property
    def span(self) -> Span:
        """Return where it stands."""
        return Span(self.start, self.end)

    @property
    def is_word(self) -> bool:
        """Return whether it is a word and no punctuation."""
        return bool(_WORD_BREAK.search(self.text))


@dataclass(slots=True)
class Sentence:
    """Units between two sentence borders."""

    index: int
    units: list[Unit]
    kind: str  #: "headline", "text" or "item"
    heading: list[DateMention] = field(default_factory=list)  #: dates of the line above a list item
    uses: tuple[Unit, ...] = ()  #: industries and end uses named here; each lies over one or more of `units`

    @property
    def start(self) -> int:
        """Return where the first unit starts."""
        return self.units[0].start

    @property
    def end(self) -> int:
        """Return where the last unit ends."""
        return self.units[-1].end


class Reader:
    """Turns articles into sentences. Built once: it holds the matchers for all names and phrases."""

    def __init__(self, entities: Sequence[Entity], lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._nlp = spacy.blank("en")
        self._matcher = PhraseMatcher(self._nlp.vocab, attr="LOWER")
        self._names: dict[
            str, list[tuple[str, str, str, bool]]
        ] = {}  # lower text -> (kind, label, as written, demonym)
        self._uses = Uses(self._nlp, entities)
        for entity in entities:
            if entity.kind in _PRIORITY:
                for name in entity.names:
                    self._add(name, entity.kind, entity.label, demonym=False)
                for name in entity.demonyms:
                    self._add(name, entity.kind, entity.label, demonym=True)
                for name in entity.metonyms:
                    self._add(name, entity.kind, entity.label, demonym=False)
        # patterns are tokenized as written: "U.S." is one token, "u.s." would be two
        written: dict[str, set[str]] = {phrase: {phrase} for phrase in lexicon.phrases}
        for phrase, entries in self._names.items():
            written.setdefault(phrase, set()).update(name for _, _, name, _ in entries)
            written[phrase].add(phrase)
        for phrase in sorted(written):
            self._matcher.add(phrase, [self._nlp.make_doc(w) for w in sorted(written[phrase])])

    def _add(self, name: str, kind: str, label: str, *, demonym: bool) -> None:
        entry = (kind, label, name, demonym)
        for variant in {name, name.replace("’", "'"), name.replace("'", "’")}:
            self._names.setdefault(variant.lower(), []).append(entry)

    def element(self, word: str) -> tuple[str, str] | None:
        """Return kind and label of the element or mineral that a lower-case word names, or None."""
        wanted = ("RareEarthElement", "Mineral")
        return next(((k, n) for k, n, _, _ in self._names.get(word, ()) if k in wanted), None)

    def read(self, article: Article) -> tuple[Layout, list[Sentence]]:
        """Return the layout and the sentences of `article`."""
        text = article.text
        layout = lay_out(text, self._lexicon)
        doc = self._tokens(text)
        dates = find_dates(text, article.published)
        unknown = without_places(text, find_unknown_names(text, self._lexicon), self._names)
        known = self._known(doc, unknown)
        candidates = [*known, *self._special(text, dates, unknown)]
        units = self._units(doc, candidates, layout)
        sentences = _sentences(units, layout, dates, self._lexicon)
        uses = [
            Unit(span.start_char, span.end_char, span.text, span.text.lower(), kind, label)
            for span, kind, label in self._uses.find(doc)
        ]
        for sentence in sentences if uses else ():
            sentence.uses = tuple(u for u in uses if sentence.start <= u.start < sentence.end)
        return layout, sentences

    def _tokens(self, text: str) -> Doc:
        """Return the tokens of `text`; a run of hundreds of characters without a space is read in pieces.

        spaCy's tokenizer needs time that grows with the square of such a run.
        """
        if not _RUN.search(text):
            return self._nlp.make_doc(text)
        pieces: list[str] = []
        position = 0
        for run in _RUN.finditer(text):
            pieces += [text[position : run.start()], *_PIECE.findall(run.group())]
            position = run.end()
        pieces.append(text[position:])
        words: list[str] = []
        spaces: list[bool] = []
        for piece in pieces:
            for token in self._nlp.make_doc(piece):
                words.append(token.text)
                spaces.append(bool(token.whitespace_))
        return Doc(self._nlp.vocab, words=words, spaces=spaces)

    def _known(self, doc: Doc, unknown: Sequence[FoundName]) -> list[tuple[int, Unit]]:
        """Return (rank, unit) for every phrase of the ontology and the lexicon found in `doc`."""
        found = []
        for match, first, last in self._matcher(doc):
            phrase = self._nlp.vocab.strings[match]
            span = doc[first:last]
            if self._clipped(doc, first):
                continue
            written = span.text
            readings = self._readings(phrase, written)
            tags = self._lexicon.phrases.get(phrase, ())
            if not readings and not tags:
                continue
            unit = Unit(span.start_char, span.end_char, written, phrase, tags=tags)
            if readings:
                kind, label, _, demonym = readings[0]
                # one name, two things of a kind ("Ministry of Commerce"): the linker decides, not the reader
                shared = sum(r[0] == kind for r in readings) > 1
                unit.kind, unit.name, unit.demonym = kind, written if shared else label, demonym
                unit.readings = tuple((k, n) for k, n, _, _ in readings[1:])
            found.append((0 if readings else 2, unit))
        for name in short_forms(doc.text, unknown, known=frozenset(self._names)):
            found.append((1, _name_unit(name)))
        return found

    @staticmethod
    def _clipped(doc: Doc, first: int) -> bool:
        """Return whether the match is part of an address, a handle or a path: "@Ford"."""
        before = doc[first - 1] if first else None
        return before is not None and not before.whitespace_ and before.text in {"@", "/", "#", "."}

    def _readings(self, phrase: str, written: str) -> list[tuple[str, str, str, bool]]:
        out, seen = [], set()
        for entry in sorted(self._names.get(phrase, ()), key=lambda e: (_PRIORITY.index(e[0]), e[3], e[1])):
            kind, label, name, _ = entry
            if kind not in MATERIALS and not _case_fits(name, written):
                continue
            if kind in {"RareEarthElement", "Mineral"} and len(written) <= 2 and written != name:
                continue
            if (kind, label) not in seen:
                seen.add((kind, label))
                out.append(entry)
        return out

    @staticmethod
    def _special(
        text: str, dates: Sequence[DateMention], unknown: Sequence[FoundName]
    ) -> list[tuple[int, Unit]]:
        found = []
        for date in dates:
            kind = "Duration" if date.precision == "duration" else "Time"
            found.append(
                (0, Unit(date.start, date.end, date.text, date.text.lower(), kind, date.text, date=date))
            )
        for number in _INSTRUMENT.finditer(text):
            # "No. 18" is no end of a sentence and no denial
            tags = (Tag("instrument.number", "number"),)
            written = number.group()
            found.append((0, Unit(number.start(), number.end(), written, written.lower(), tags=tags)))
        for amount in find_amounts(text):
            unit = Unit(amount.start, amount.end, amount.text, amount.text.lower(), "Quantity", amount.text)
            unit.amount = amount
            found.append((3, unit))
        found.extend((1, _name_unit(name)) for name in unknown)
        return found

    def _units(self, doc: Doc, candidates: list[tuple[int, Unit]], layout: Layout) -> list[Unit]:
        """Return non-overlapping units in order: the longest candidate wins, then the lower rank."""
        candidates.sort(key=lambda c: (c[1].start - c[1].end, c[0], c[1].start))
        taken: list[Unit] = []
        covered = bytearray(len(doc.text) + 1)
        noise = bytearray(len(doc.text) + 1)
        for span, _ in layout.noise:
            noise[span.start : span.end] = b"\1" * (span.end - span.start)
        for _, unit in candidates:
            if 1 in covered[unit.start : unit.end] or 1 in noise[unit.start : unit.end]:
                continue
            covered[unit.start : unit.end] = b"\1" * (unit.end - unit.start)
            taken.append(unit)
        for token in doc:
            start, end = token.idx, token.idx + len(token.text)
            if token.is_space or 1 in covered[start:end] or 1 in noise[start:end]:
                continue
            low = token.lower_
            taken.append(Unit(start, end, token.text, low, tags=self._lexicon.phrases.get(low, ())))
        taken.sort(key=lambda u: u.start)
        return taken


def _name_unit(name: FoundName) -> Unit:
    return Unit(name.start, name.end, name.text, name.text.lower(), name.kind, name.name, via=name.via)


def _case_fits(name: str, written: str) -> bool:
    """Return whether `written` is the name and not the ordinary word.

    "US" is not "us", "Apple" is not "apple".
    """
    if name == written:
        return True
    if len(name) <= 5 or " " not in name:
        return written[:1].isupper() and (name[1:] == written[1:] or written.isupper() or len(name) > 5)
    return any(word[:1].isupper() for word in written.split())


def _sentences(
    units: list[Unit], layout: Layout, dates: Sequence[DateMention], lexicon: Lexicon
) -> list[Sentence]:
    """Cut the units at sentence ends inside each block."""
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
    if not units or not units[0].text.isupper() or len(units[0].text) < 3:
        return units
    for i, unit in enumerate(units[:10]):
        if i and unit.text in {"-", "–", "—"} and unit.start > units[i - 1].end:
            return units[i + 1 :]
        if not (unit.text.isupper() or unit.kind or unit.text in {",", "(", ")", "/", "."}):
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
