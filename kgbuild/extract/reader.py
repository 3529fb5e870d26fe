"""From text to sentences of units: names, word classes of the lexicon, dates and amounts as one unit each.

spaCy's blank English pipeline tokenizes and matches phrases; page furniture is not there any more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.util import compile_infix_regex

from kgbuild.extract.amounts import find_amounts
from kgbuild.extract.dates import DateMention, find_dates
from kgbuild.extract.layout import Layout, lay_out
from kgbuild.extract.lexicon import Lexicon, Tag
from kgbuild.extract.names import FoundName, find_unknown_names, short_forms, without_places
from kgbuild.extract.sentences import cut_sentences
from kgbuild.extract.units import MATERIALS, Sentence, Unit
from kgbuild.extract.uses import Uses
from kgbuild.model import Article, Entity

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
_BEHIND_DOT = r"(?<=[A-Z]\.)[-–](?=[A-Za-z])"  #: the hyphen of "U.S.-China" parts two names
_RUN = re.compile(r"\S{300,}")
_PIECE = re.compile(r"[\s\S]{1,100}")


class Reader:
    """Turns articles into sentences. Built once: it holds the matchers for all names and phrases."""

    def __init__(self, entities: Sequence[Entity], lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._nlp = spacy.blank("en")
        _part_behind_dots(self._nlp)
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
        sentences = cut_sentences(units, layout, dates, self._lexicon)
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
            if kind == "Firm" and _lowered(name, written):
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


def _part_behind_dots(nlp: Language) -> None:
    """Let the tokenizer of `nlp` part "U.S.-China", which it else leaves as one word."""
    tokenizer: Any = nlp.tokenizer
    infixes = (*(nlp.Defaults.infixes or ()), _BEHIND_DOT)
    tokenizer.infix_finditer = compile_infix_regex(infixes).finditer


def _lowered(name: str, written: str) -> bool:
    """Return whether the last word of a name is an ordinary word here: "European lithium" is no firm."""
    last, here = name.rpartition(" ")[2], written.rpartition(" ")[2]
    return " " in name and last[:1].isupper() and here[:1].islower()


def _case_fits(name: str, written: str) -> bool:
    """Return whether `written` is the name and not the ordinary word.

    "US" is not "us", "Apple" is not "apple".
    """
    if name == written:
        return True
    if len(name) <= 5 or " " not in name:
        return written[:1].isupper() and (name[1:] == written[1:] or written.isupper() or len(name) > 5)
    return any(word[:1].isupper() for word in written.split())
