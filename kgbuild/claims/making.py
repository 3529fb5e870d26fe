"""Happenings to claims: one claim for one statement in one place of one text, with evidence.

Every value that a claim points to and that is no thing of its own (a time, a quantity, a
listing) gets a node named by its content, so that equal values are one node everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from kgbuild.claims.labels import Labels
from kgbuild.claims.maker import Maker
from kgbuild.claims.properties import (
    OF_FIRMS,
    QUANTITIES,
    RANGES,
    THINGS,
    VALUES,
    WORDS,
    kinds_of,
    quantity_kind,
)
from kgbuild.claims.relations import Relations
from kgbuild.claims.told import Told
from kgbuild.edtf import bounds
from kgbuild.happenings import Happening, class_of
from kgbuild.link import Linked, LinkedEvent, Linker
from kgbuild.model import Argument, Article, Span
from kgbuild.ontology import Ontology, name_key, phrase_key
from kgbuild.terms import KG, RDF_TYPE, local_iri, mint, text_literal, typed_literal

_ASKED: Final = frozenset({"applied", "pending", "denied"})


class Claims:
    """Makes claims of happenings and of what articles say about firms."""

    def __init__(self, ontology: Ontology, linker: Linker, articles: Sequence[Article]) -> None:
        self._ontology = ontology
        self._linker = linker
        self._labels = Labels(ontology, linker)
        self._maker = Maker(ontology, linker, articles)
        self._related = Relations(ontology, self._maker)
        self.told = self._maker.told

    def to_claims(self, happenings: Sequence[Happening], events: Iterable[LinkedEvent]) -> Told:
        """Return the claims of all happenings and of all firm descriptions in `events`."""
        for happening in happenings:
            for event in happening.tellings:
                self._telling(happening, event)
            self.told.labels[happening.iri] = self._labels.of(happening)
        self._outcomes(happenings)
        self._responses(happenings)
        for event in events:
            if event.event.type == "firm":
                self._firm(event)
            elif event.event.type == "relation":
                self._related.claim(event)
        return self.told

    # ---- one telling

    def _telling(self, happening: Happening, event: LinkedEvent) -> None:
        thing, type_ = happening.iri, happening.type
        properties = THINGS[type_]
        for telling in event.event.tellings:
            self._maker.add(event, telling.span, thing, RDF_TYPE, KG.__getattr__(class_of(event)))
        for linked in event.linked:
            argument = linked.argument
            if argument.role in properties:
                self._relation(happening, event, linked, properties[argument.role])
            elif (argument.role in VALUES and argument.value) or argument.role in WORDS:
                self._value(thing, event, argument)
            elif argument.role in QUANTITIES:
                quantity = self.told.quantity_node(argument, quantity_kind(event.event, argument))
                self._maker.claim(event, argument, thing, KG.hasQuantity, quantity)
        if type_ == "negotiation":
            self._offices(happening, event)
        for predicate, value in kinds_of(event.event):
            for telling in event.event.tellings:
                self._maker.add(event, telling.span, thing, predicate, value)
        if type_ in {"license", "control_measure", "agreement"}:
            self._status(happening, event)
        else:
            for argument in (*event.event.of("date"), *event.event.of("period")):
                self._maker.time(event, argument, thing, KG.hasTime)

    def _relation(self, happening: Happening, event: LinkedEvent, linked: Linked, name: str) -> None:
        argument, iri, thing = linked.argument, linked.iri, happening.iri
        if iri is None:
            self.told.unlinked.append((event.article, argument, "no such name in the ontology, or several"))
            return
        kind = self._maker.kind(iri)
        wanted = RANGES.get(name)
        if wanted and not self._ontology.is_a(kind, wanted):
            self.told.unlinked.append((event.article, argument, f"a {kind} cannot fill kg:{name}"))
            return
        if kind == "ElementGroup" and name in {"coversMaterial", "restrictsMaterial"}:
            name = {"coversMaterial": "coversGroup", "restrictsMaterial": "restrictsGroup"}[name]
        if name == "validForDestination" and not happening.kind.endswith("ExportLicense"):
            return
        if name == "holds":
            predicate = KG.appliesFor if event.event.action in _ASKED else KG.holds
            self._maker.claim(event, argument, iri, predicate, thing)
            self._maker.known_as(event, argument, iri)
            return
        self._maker.claim(event, argument, thing, KG.__getattr__(name), iri)
        if name == "restrictsMaterial" and self._says_more(argument, iri, kind):
            self._maker.claim(event, argument, thing, KG.itemText, text_literal(argument.text))
        if (
            name == "restrictsMaterial"
            and kind == "RareEarthElement"
            and happening.kind == "ExportControlMeasure"
        ):
            self._maker.claim(event, argument, thing, KG.controlsElement, iri)
        if name in OF_FIRMS and kind == "Firm":
            self._maker.known_as(event, argument, iri)

    def _says_more(self, argument: Argument, iri: str, kind: str) -> bool:
        """Return whether the text words a good more exactly than its label: "advanced chip-making gear"."""
        if kind in {"RareEarthElement", "ElementGroup", "Mineral"} or argument.inferred:
            return False
        words, label = (
            {phrase_key(w) for w in name_key(text).split()}
            for text in (argument.text, self._ontology.label(iri))
        )
        return len(words) > 1 and not words <= label

    def _value(self, thing: str, event: LinkedEvent, argument: Argument) -> None:
        if argument.role in WORDS:
            words = text_literal(argument.text)
            self._maker.claim(event, argument, thing, KG.__getattr__(WORDS[argument.role]), words)
            return
        predicate = KG.__getattr__(VALUES[argument.role])
        literal = text_literal(argument.value)
        if argument.role == "undisclosed":
            literal = typed_literal("true", "boolean")
        elif argument.role == "open_list":
            literal = typed_literal("false", "boolean")
        self._maker.claim(event, argument, thing, predicate, literal)

    # ---- status and time

    def _status(self, happening: Happening, event: LinkedEvent) -> None:
        status = event.event.action
        if event.event.type == "agreement" and event.event.certainty == "in-principle":
            status = "agreed-in-principle"
        value = local_iri("status", status)
        span = Span(event.event.start, event.event.end)
        if not happening.confirmed:
            # no record node for what nobody asserts: the stage and time are said of the thing itself
            self._maker.add(event, span, happening.iri, KG.statusValue, value)
            for argument in event.event.of("date"):
                self._maker.time(event, argument, happening.iri, KG.hasTime)
            return
        record = mint("record", happening.iri, status, name=status)
        self.told.labels[record] = f"{status.replace('-', ' ')}: {self._labels.of(happening)}"
        for telling in event.event.tellings:
            place = telling.span
            self._maker.add(event, place, happening.iri, KG.hasStatusRecord, record)
            self._maker.add(event, place, record, RDF_TYPE, KG.StatusRecord)
            self._maker.add(event, place, record, KG.statusValue, value)
        told = any(
            a.value for e in happening.tellings if e.event.action == status for a in e.event.of("date")
        )
        for argument in event.event.of("date"):
            self._maker.time(event, argument, record, KG.hasTime)
        dated = told or any(a.value for e in happening.tellings for a in e.event.of("announced"))
        if not dated and event.event.polarity == "affirmed" and status not in _ASKED:
            self._published(event, record)
        for argument in event.event.of("until"):
            self._maker.time(event, argument, record, KG.lastsUntil)
        for argument in event.event.of("since"):
            self._not_before(event, argument, record)
        for argument in event.event.of("announced"):
            if argument.value:
                self._maker.time(event, argument, record, KG.announcedAt)
                if not told and status in {"granted", "renewed", "denied", "revoked", "suspended"}:
                    self._bounded(event, argument, record)

    def _published(self, event: LinkedEvent, record: str) -> None:
        """Claim that what an article tells as done had happened when it came out."""
        latest = bounds(event.published).latest_end if event.published else None
        if latest is None:
            return
        until = self.told.time_node(f"[..{latest[:10]}]")
        claim = self._maker.made(event, Span(event.event.start, event.event.end), record, KG.hasTime, until)
        reason = f"told as done in an article of {event.published}"
        self.told.claims.add(replace(claim, inferred=True, derivation=reason))

    def _not_before(self, event: LinkedEvent, argument: Argument, record: str) -> None:
        """Claim that what is the first since a time came about then or later."""
        if bounds(argument.value).earliest_start is None:
            return
        since = self.told.time_node(f"[{argument.value}..]")
        place = self._maker.place(event, argument)
        claim = self._maker.made(event, place, record, KG.hasTime, since, argument)
        self.told.claims.add(replace(claim, inferred=True, derivation=argument.derivation))

    def _bounded(self, event: LinkedEvent, argument: Argument, record: str) -> None:
        """Claim that what was announced on a day had happened by then."""
        latest = bounds(argument.value).latest_end
        if latest is None:
            return
        until = self.told.time_node(f"[..{latest[:10]}]")
        claim = self._maker.made(
            event, self._maker.place(event, argument), record, KG.hasTime, until, argument
        )
        reason = f"announced {argument.value}, so done by then"
        self.told.claims.add(replace(claim, inferred=True, derivation=reason))

    # ---- firms

    def _firm(self, event: LinkedEvent) -> None:
        firm = next((x for x in event.linked if x.argument.role == "firm" and x.iri), None)
        if firm is None or firm.iri is None:
            return
        self._maker.known_as(event, firm.argument, firm.iri)
        for linked in event.linked:
            argument = linked.argument
            if argument.role == "ticker":
                listing, exchange = self._linker.listing(argument.value, argument.unit)
                self._maker.claim(event, argument, firm.iri, KG.hasListing, listing)
                if exchange is not None and not self._ontology.kind(listing):
                    self.told.labels[listing] = argument.text.strip("()")
                    self.told.values.update(
                        {
                            (listing, RDF_TYPE, KG.Listing),
                            (listing, KG.ticker, text_literal(argument.value)),
                            (listing, KG.onExchange, exchange),
                        }
                    )
                elif exchange is None:
                    self.told.labels[listing] = argument.text.strip("()")
                    self.told.values.update(
                        {(listing, RDF_TYPE, KG.Listing), (listing, KG.ticker, text_literal(argument.value))}
                    )
            elif argument.role == "place" and linked.iri:
                predicate = KG.headquarteredIn if event.event.action == "headquartered" else KG.basedIn
                self._maker.claim(event, argument, firm.iri, predicate, linked.iri)

    def _offices(self, happening: Happening, event: LinkedEvent) -> None:
        """Claim that governments whose office-holders met are parties: inferred, the text names people."""
        named = set(event.iris("party"))
        for linked in event.linked:
            if linked.argument.role != "person" or linked.iri is None:
                continue
            for body in self._ontology.objects(linked.iri, KG.holdsOffice):
                if self._ontology.kind(body) == "Government" and body not in named:
                    reason = f"{self._ontology.label(linked.iri)} holds office there"
                    claim = self._maker.made(
                        event, self._maker.place(event, linked.argument), happening.iri, KG.hasParty, body
                    )
                    self.told.claims.add(replace(claim, inferred=True, derivation=reason))

    # ---- between happenings

    def _outcomes(self, happenings: Sequence[Happening]) -> None:
        """Claim that a negotiation led to an agreement where one sentence tells both."""
        agreements = [(h, e) for h in happenings if h.type == "agreement" and h.confirmed for e in h.tellings]
        for negotiation in happenings:
            if negotiation.type != "negotiation" or not negotiation.confirmed:
                continue
            for event in negotiation.tellings:
                for agreement, other in agreements:
                    if other.article == event.article and (other.event.start, other.event.end) == (
                        event.event.start,
                        event.event.end,
                    ):
                        claim = self._maker.made(
                            event,
                            Span(event.event.start, event.event.end),
                            negotiation.iri,
                            KG.resultsIn,
                            agreement.iri,
                        )
                        self.told.claims.add(replace(claim, inferred=True, derivation="told in one sentence"))

    def _responses(self, happenings: Sequence[Happening]) -> None:
        """Claim what a measure answers, where exactly one measure of the article fits the words."""
        measures = [h for h in happenings if h.type == "control_measure" and h.confirmed]
        for measure in measures:
            for event in measure.tellings:
                for linked in event.linked:
                    if linked.argument.role != "response_to" or linked.iri is None:
                        continue
                    causes = [
                        m
                        for m in measures
                        if m is not measure
                        and m.kind == linked.argument.kind
                        and any(
                            linked.iri in e.iris("imposer") and e.article == event.article for e in m.tellings
                        )
                    ]
                    if len(causes) == 1:
                        self._maker.claim(event, linked.argument, measure.iri, KG.inResponseTo, causes[0].iri)
