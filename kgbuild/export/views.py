"""Views of a graph: the facts alone, the facts with the claims behind them, or all with the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kgbuild.export.quads import Quads
from kgbuild.terms import KG, RDF_TYPE

#: View by name, with what it has.
VIEWS: Final[Mapping[str, str]] = {
    "facts": "facts and descriptions, without articles, claims and what only claims speak of",
    "evidence": "facts, claims, quotes and articles",
    "all": "the same with the vocabulary, as tools for OWL need it",
}
#: Classes of things that only claims speak of: a picture of facts has no place for them.
CLAIM_LAYER: Final = frozenset(
    {
        KG.Claim,
        KG.TextSegment,
        KG.ExtractionRun,
        KG.Article,
        KG.UnconfirmedThing,
        KG.UnnamedSource,
        KG.ClaimPolarity,
        KG.ClaimCertainty,
    }
)
#: Classes of values; one that no fact has is there for a claim.
_VALUES: Final = (KG.TimeExtent, KG.Quantity)


def facts_of(quads: Quads) -> Quads:
    """Return the default graph without claims, their evidence, and values that no fact has."""
    kept = quads.default().without(quads.of_class(CLAIM_LAYER))
    kind = kept.number(RDF_TYPE)
    values = kept.of_class(_VALUES)
    idle = values - {o for s, p, o in kept.codes() if p != kind and o in values}
    return kept.without(idle) if idle else kept
