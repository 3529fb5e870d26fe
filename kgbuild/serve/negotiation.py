"""Which format an answer is written in: `format=` before the Accept header (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kgbuild.serve.refusals import Refusal

_RESULTS: Final = ox.QueryResultsFormat
_RDF: Final = ox.RdfFormat


@dataclass(frozen=True, slots=True)
class Offer:
    """A format that an answer can be written in."""

    name: str  #: as `format=` takes it
    media_type: str
    also: tuple[str, ...] = ()  #: further names and media types that ask for it

    @property
    def content_type(self) -> str:
        """Return the value of the Content-Type header."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type

    def is_called(self, name: str) -> bool:
        """Return whether `name` is one of its names or media types."""
        return name in {self.name, self.media_type, *self.also}


JSON: Final = Offer(
    "json", "application/sparql-results+json", ("application/json", "text/json", "srj", "sparql-results+json")
)
XML: Final = Offer(
    "xml", "application/sparql-results+xml", ("application/xml", "text/xml", "srx", "sparql-results+xml")
)
CSV: Final = Offer("csv", "text/csv")
TSV: Final = Offer("tsv", "text/tab-separated-values")
TURTLE: Final = Offer("turtle", "text/turtle", ("ttl", "application/x-turtle", "application/turtle"))
NTRIPLES: Final = Offer("ntriples", "application/n-triples", ("nt", "n-triples", "text/plain"))
RDF_XML: Final = Offer(
    "rdfxml", "application/rdf+xml", ("rdf", "xml", "rdf+xml", "application/xml", "text/xml")
)
JSON_LD: Final = Offer("jsonld", "application/ld+json", ("json-ld", "json", "application/json", "text/json"))
N3: Final = Offer("n3", "text/n3", ("text/rdf+n3",))
TRIG: Final = Offer("trig", "application/trig", ("application/x-trig",))
NQUADS: Final = Offer("nquads", "application/n-quads", ("nq", "n-quads"))

#: Formats of SELECT; the first is for those who do not mind.
ROWS: Final = {JSON: _RESULTS.JSON, XML: _RESULTS.XML, CSV: _RESULTS.CSV, TSV: _RESULTS.TSV}
#: Formats of ASK: in CSV a verdict would be taken for a row.
VERDICTS: Final = (JSON, XML)
#: Formats of triples.
GRAPHS: Final = {
    TURTLE: _RDF.TURTLE,
    NTRIPLES: _RDF.N_TRIPLES,
    RDF_XML: _RDF.RDF_XML,
    JSON_LD: _RDF.JSON_LD,
    N3: _RDF.N3,
    TRIG: _RDF.TRIG,
    NQUADS: _RDF.N_QUADS,
}
_QUALITY: Final = re.compile(r"q\s*=\s*([01](?:\.[0-9]{0,3})?)", re.IGNORECASE)
_RANGE: Final = re.compile(r"(\*|[\w!#$&^.+-]+)/(\*|[\w!#$&^.+-]+)")
_MOST: Final = 100  #: ranges of one header that are read


def choose(offers: Sequence[Offer], accept: str, forms: Sequence[str] = ()) -> Offer:
    """Return the offer that is wanted: the first that is called one of `forms`, else the best for `accept`.

    Clients that fix the format before they know the query ask for rows where there are none: they get the
    first offer. Raises Refusal, 400 for an unknown name and 406 where no offer will do.
    """
    names = [form.strip().lower() for form in forms if form.strip()]
    for name in names:
        for offer in offers:
            if offer.is_called(name):
                return offer
    ranges = dict.fromkeys(names, 1.0) if names else read_accept(accept)
    if not ranges:
        return offers[0]
    rated = [(_quality(offer, ranges), -place, offer) for place, offer in enumerate(offers)]
    quality, _, best = max(rated, key=lambda r: r[:2])
    if quality > 0:
        return best
    if any(offer.is_called(name) for offer in ROWS for name, wanted in ranges.items() if wanted):
        return offers[0]
    known = not names or any(offer.is_called(name) for offer in (*ROWS, *GRAPHS) for name in names)
    listed = ", ".join(f"{offer.name} ({offer.media_type})" for offer in offers)
    raise Refusal(406 if known else 400, f"no such format for this answer; there are: {listed}")


def read_accept(accept: str) -> dict[str, float]:
    """Return the media ranges of an Accept header with their quality; what is no media range is left out."""
    found: dict[str, float] = {}
    for part in accept.split(",")[:_MOST]:
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if _RANGE.fullmatch(name):
            qualities = [float(m[1]) for p in parameters if (m := _QUALITY.fullmatch(p))]
            found.setdefault(name.lower(), min(qualities[0], 1.0) if qualities else 1.0)
    return found


def _quality(offer: Offer, ranges: dict[str, float]) -> float:
    """Return how much an offer is wanted; the more exact range counts."""
    if offer.media_type in ranges:
        return ranges[offer.media_type]
    others = [ranges[name] for name in offer.also if name in ranges]
    if others:
        return max(others)
    return ranges.get(f"{offer.media_type.partition('/')[0]}/*", ranges.get("*/*", 0.0))
