"""One claim at a time: its evidence, its speaker, its certainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kgbuild.claims.told import Told
from kgbuild.link import LinkedEvent, Linker
from kgbuild.model import Argument, Article, Claim, Evidence, Span, Term
from kgbuild.ontology import Ontology
from kgbuild.terms import KG, RDF_TYPE


class Maker:
    """Makes single claims of linked events and keeps them in `told`."""

    def __init__(self, ontology: Ontology, linker: Linker, articles: Sequence[Article]) -> None:
        self._ontology = ontology
        self._linker = linker
        self._texts = {a.id: a.text for a in articles}
        self.told = Told()

    def kind(self, iri: str) -> str:
        """Return the local name of the class of a linked thing; an unnamed firm is a firm."""
        minted, _ = self._linker.minted_as(iri)
        return self._ontology.kind(iri) or ("Firm" if minted == "UnnamedFirm" else minted)

    def claim(
        self, event: LinkedEvent, argument: Argument, subject: str, predicate: str, value: Term
    ) -> None:
        """Claim what an argument tells; its telling is the evidence."""
        self.told.claims.add(
            self.made(event, self.place(event, argument), subject, predicate, value, argument)
        )

    def add(self, event: LinkedEvent, span: Span, subject: str, predicate: str, value: Term) -> None:
        """Claim what the text tells at `span`."""
        self.told.claims.add(self.made(event, span, subject, predicate, value))

    def known_as(self, event: LinkedEvent, argument: Argument, iri: str) -> None:
        """Claim the class of a firm that only this text tells of."""
        _, name = self._linker.minted_as(iri)
        if name:
            span = Span(argument.start, argument.end)
            claim = self.made(event, span, iri, RDF_TYPE, KG.Firm, argument)
            # that the firm exists is said even where its license is denied
            self.told.claims.add(replace(claim, polarity="affirmed", certainty="actual", speaker=None))
            self.told.labels[iri] = name

    def time(self, event: LinkedEvent, argument: Argument, thing: str, predicate: str) -> None:
        """Claim the time that an argument gives, where it gives one."""
        if argument.value:
            self.claim(event, argument, thing, predicate, self.told.time_node(argument.value))

    @staticmethod
    def place(event: LinkedEvent, argument: Argument) -> Span:
        """Return the telling that holds the argument, or the argument's own place."""
        own = Span(argument.start, argument.end)
        return next((t.span for t in event.event.tellings if t.span.contains(own)), own)

    def made(
        self,
        event: LinkedEvent,
        span: Span,
        subject: str,
        predicate: str,
        value: Term,
        argument: Argument | None = None,
    ) -> Claim:
        """Return the claim that the text tells at `span`, without keeping it."""
        told = event.event
        quote = self._texts[event.article][span.start : span.end]
        index = next((i for i, t in enumerate(told.tellings) if t.span.contains(span)), 0)
        polarity, certainty = told.polarity, told.certainty
        if told.type == "agreement" and certainty == "in-principle":
            certainty = "actual"  # that there is an agreement in principle is so; its status says what it is
        elif told.type == "statement":
            polarity, certainty = "affirmed", "actual"  # that it was said is so, whatever was said
        return Claim(
            subject,
            predicate,
            value,
            Evidence(event.article, span.start, span.end, quote),
            polarity,
            certainty,
            event.speakers[index],
            told.tellings[index].rule,
            bool(argument and argument.inferred),
            argument.derivation if argument else "",
        )
