"""What claiming yields: claims, and the labels and descriptions of the nodes that they need."""

from __future__ import annotations

import urllib.parse
from dataclasses import dataclass, field

from kgbuild.edtf import bounds
from kgbuild.model import Argument, Claim, Triple
from kgbuild.terms import ID, KG, RDF_TYPE, RDFS_LABEL, local_iri, mint, text_literal, typed_literal


@dataclass(slots=True)
class Told:
    """Claims with the labels and value nodes they need."""

    claims: set[Claim] = field(default_factory=set)
    labels: dict[str, str] = field(default_factory=dict)
    values: set[Triple] = field(default_factory=set)  #: descriptions of times, quantities and listings
    unlinked: list[tuple[str, Argument, str]] = field(default_factory=list)  #: article, argument, reason

    def time_node(self, edtf: str) -> str:
        """Return the IRI of the time extent written so, and describe it."""
        iri = f"{ID}time/{urllib.parse.quote(edtf, safe='.-')}"
        known = bounds(edtf)
        self.labels[iri] = edtf
        self.values.update({(iri, RDF_TYPE, KG.TimeExtent), (iri, KG.edtf, text_literal(edtf))})
        for predicate, value in (
            (KG.earliestStart, known.earliest_start), (KG.latestStart, known.latest_start),
            (KG.earliestEnd, known.earliest_end), (KG.latestEnd, known.latest_end),
        ):  # fmt: skip
            if value is not None:
                self.values.add((iri, predicate, typed_literal(value, "dateTime")))
        return iri

    def quantity_node(self, argument: Argument, kind: str) -> str:
        """Return the IRI of the quantity in an argument, and describe it; `kind` is what it measures."""
        iri = mint(
            "quantity",
            kind,
            argument.value,
            argument.unit,
            argument.qualifier,
            argument.text,
            name=argument.text,
        )
        self.labels[iri] = argument.text
        self.values.update(
            {
                (iri, RDF_TYPE, KG.Quantity),
                (iri, KG.quantityKind, text_literal(kind)),
                (iri, KG.quantityText, text_literal(argument.text)),
            }
        )
        if argument.value:
            number = argument.value if "." in argument.value else f"{argument.value}.0"
            self.values.add((iri, KG.numericValue, typed_literal(number, "decimal")))
        if argument.unit:
            self.values.add((iri, KG.unit, text_literal(argument.unit)))
        if argument.qualifier:
            self.values.add((iri, KG.valueQualifier, local_iri("qualifier", argument.qualifier)))
        return iri


def label_triple(iri: str, label: str) -> Triple:
    """Return the triple that gives a thing its English label."""
    return (iri, RDFS_LABEL, text_literal(label, "en"))
