"""How the texts differ: contradictions, differences of precision, and things that only look alike.

Compared are the tellings of one happening, role by role, and happenings that share their
participants but are not one. The verdicts (after the annotation guide of the gold standard):

- "contradiction": the values cannot all be true of the same thing;
- "precision": one value is coarser, finer, hedged or attributed otherwise;
- "compatible": different things that look alike, and must not be merged.

Every value keeps its places in the texts. Nothing is decided here: sources that disagree stay
side by side.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from kgbuild.disagreements.look_alikes import LookAlikes, name_forms
from kgbuild.disagreements.tellings import Tellings
from kgbuild.disagreements.values import (
    COMPATIBLE,
    CONTRADICTION,
    PRECISION,
    Disagreement,
    Place,
    Value,
)
from kgbuild.happenings import Happening
from kgbuild.link import LinkedEvent
from kgbuild.ontology import Ontology

__all__ = [
    "COMPATIBLE",
    "CONTRADICTION",
    "PRECISION",
    "Disagreement",
    "Place",
    "Value",
    "compare",
    "to_record",
]


def compare(
    ontology: Ontology, happenings: Sequence[Happening], events: Sequence[LinkedEvent]
) -> tuple[Disagreement, ...]:
    """Return all disagreements, sorted; `events` are all linked events, those about firms included."""
    tellings, apart = Tellings(ontology), LookAlikes(ontology)
    found: list[Disagreement] = []
    for happening in happenings:
        if happening.confirmed or len({e.article for e in happening.tellings}) > 1:
            found += tellings.compare(happening)
    found += tellings.seats(events)
    found += apart.compare(happenings)
    found += apart.states(happenings)
    found += name_forms(events)
    return tuple(sorted(set(found)))


def to_record(disagreement: Disagreement, texts: Mapping[str, str]) -> str:
    """Return a disagreement as one line of JSON, without line end; `texts` are the articles by id."""
    record = {
        "verdict": disagreement.verdict,
        "topic": disagreement.topic,
        "about": disagreement.about,
        "reason": disagreement.reason,
        "values": [
            {
                "says": value.says,
                "places": [
                    {
                        "article": p.article,
                        "start": p.start,
                        "end": p.end,
                        "quote": texts[p.article][p.start : p.end],
                    }
                    for p in value.places
                ],
            }
            for value in disagreement.values
        ],
    }
    return json.dumps(record, ensure_ascii=False, separators=(", ", ": "))
