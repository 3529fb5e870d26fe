"""The nouns of kgbuild: frozen values that do no I/O.

All offsets count Unicode code points of `Article.text`, from 0; ranges are half-open,
[start, end). Times are EDTF strings (ISO 8601-2:2019), level 0 to 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Article:
    """One text as published, character for character, with what is known of it."""

    id: str  #: file name without suffix; unique in a build
    text: str
    sha256: str  #: hexadecimal digest of `text` in UTF-8
    title: str | None = None
    publisher: str | None = None
    published: str | None = None  #: EDTF, as precise as the metadata says
    url: str | None = None
    language: str | None = None  #: BCP 47 tag


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters [start, end) of an article's text."""

    start: int
    end: int

    def contains(self, other: Span) -> bool:
        """Return whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Return whether the two share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """A span that names or refers to something."""

    start: int
    end: int
    text: str  #: equals the article's text at [start, end)
    kind: str  #: local name of an ontology class ("Firm", "Country", ...), "Time" or "Quantity"
    name: str  #: the fullest name this article gives for it; equals `text` where nothing fuller is known
    via: str = ""  #: how `name` was reached when it is not `text` ("coreference: the company", "short name")

    @property
    def span(self) -> Span:
        """Return where it stands."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True, order=True)
class Argument:
    """What fills one role of an event.

    `start` and `end` tell where the article says so; the value itself may be inferred
    from elsewhere (`inferred`), then they tell the place that led to it.
    """

    role: str  #: "holder", "issuer", "destination", "date", ... (lexicon/roles.json)
    kind: str  #: as in `Mention.kind`; "Text" for words kept as they are
    text: str  #: equals the article's text at [start, end)
    start: int
    end: int
    name: str = ""  #: for things: the fullest name in this article
    value: str = ""  #: for times: EDTF; for quantities: decimal number; for text: a normal form
    unit: str = ""  #: for quantities: "%", "t", "CNY", "license", ...
    qualifier: str = ""  #: for quantities: local name of a kg:ValueQualifier
    inferred: bool = False
    derivation: str = ""  #: the step that led to the value, where the span alone does not show it


@dataclass(frozen=True, slots=True, order=True)
class Telling:
    """One place of an article that tells an event: a sentence, and who says it there."""

    start: int
    end: int
    speaker: Argument | None  #: who says so, other than the writer
    rule: str  #: id of the frame that matched

    @property
    def span(self) -> Span:
        """Return where it stands."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """Something an article says happened, did not happen, or may happen."""

    type: str  #: "license", "control_measure", "negotiation", "agreement", "market_move", "visit", "firm",
    #: "relation", "trade_stat", "disruption" or "statement"
    action: str  #: status or kind inside the type: "granted", "talks", "up", "supplies", "halt", ...
    start: int  #: the clause that tells it; the evidence quote
    end: int
    arguments: tuple[Argument, ...]
    polarity: str  #: "affirmed" or "denied"
    certainty: str  #: "actual", "in-principle", "planned" or "possible"
    speaker: Argument | None  #: who says so, other than the writer
    rule: str  #: id of the frame that matched
    repeats: tuple[Telling, ...] = ()  #: further places of the same article that tell the same event

    @property
    def tellings(self) -> tuple[Telling, ...]:
        """Return all places that tell it, the first one first."""
        return (Telling(self.start, self.end, self.speaker, self.rule), *self.repeats)

    def of(self, role: str) -> tuple[Argument, ...]:
        """Return the arguments that fill `role`."""
        return tuple(a for a in self.arguments if a.role == role)


@dataclass(frozen=True, slots=True, order=True)
class Rejection:
    """A candidate that was looked at and not taken."""

    start: int
    end: int
    text: str
    rule: str  #: id of the rule that refused it
    reason: str  #: one sentence


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one article says, before names are resolved to IRIs."""

    article: Article
    extractor: str  #: name and version of what made it
    mentions: tuple[Mention, ...]
    events: tuple[Event, ...]
    rejections: tuple[Rejection, ...]


@dataclass(frozen=True, slots=True)
class Entity:
    """A known thing: an individual of ontology/reference/ with all its names."""

    iri: str
    kind: str  #: local name of its ontology class
    label: str
    names: tuple[str, ...]  #: labels by which a text may name it, sorted, without demonyms and metonyms
    demonyms: tuple[str, ...] = ()
    metonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Literal:
    """An RDF literal: lexical form, datatype IRI, language tag ("" if none)."""

    value: str
    datatype: str
    language: str = ""


#: An IRI is a plain string; a value is a Literal. There are no blank nodes.
Term: TypeAlias = str | Literal
Triple: TypeAlias = tuple[str, str, Term]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The place in a text that shows something."""

    article: str  #: article id
    start: int
    end: int
    quote: str  #: equals the article's text at [start, end)


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement that one text makes in one place."""

    subject: str
    predicate: str
    object: Term
    evidence: Evidence
    polarity: str
    certainty: str
    speaker: str | None  #: IRI of who says so, other than the writer
    rule: str
    inferred: bool = False
    derivation: str = ""
    time: str = ""  #: IRI of when the statement holds or came about, where the text ties one to it

    @property
    def triple(self) -> Triple:
        """Return what is claimed."""
        return (self.subject, self.predicate, self.object)

    @property
    def plain(self) -> bool:
        """Return whether the text puts it forward as something that is so."""
        return self.polarity == "affirmed" and self.certainty == "actual"
