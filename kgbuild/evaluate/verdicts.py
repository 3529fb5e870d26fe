"""Disagreements found, against those of an annotated collection (`merged.json` of a gold folder).

A gold disagreement has a verdict and values, each with the facts that tell it. It is found when a
disagreement of ours with the same verdict has places in the evidence of at least two of its facts
(of one, where it concerns a single fact). What is found with another verdict, and a contradiction
that the gold does not know, is false.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kgbuild.disagreements import CONTRADICTION, Disagreement
from kgbuild.errors import ArticleError

FILE: Final = "merged.json"


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How the disagreements of a collection were judged."""

    right: tuple[str, ...]  #: ids of the gold
    other_verdict: tuple[str, ...]
    missed: tuple[str, ...]
    unknown_contradictions: tuple[str, ...]  #: topics of ours that no gold disagreement shares

    @property
    def false(self) -> int:
        """Return how many verdicts are wrong."""
        return len(self.other_verdict) + len(self.unknown_contradictions)

    def to_dict(self) -> dict[str, Any]:
        """Return the counts and what they count."""
        return {
            "right": len(self.right), "false": self.false, "missed": len(self.missed),
            "found": list(self.right), "other_verdict": list(self.other_verdict),
            "not_found": list(self.missed), "unknown_contradictions": list(self.unknown_contradictions),
        }  # fmt: skip


def read_disagreements(folder: Path) -> list[dict[str, Any]]:
    """Return the gold disagreements of `folder`, [] where it has none. Raises ArticleError on a bad file."""
    path = folder / FILE
    if not path.is_file():
        return []
    try:
        return list(json.loads(path.read_text("utf-8"))["disagreements"])
    except (ValueError, KeyError, TypeError) as err:
        raise ArticleError(f"{path}: no object with a list `disagreements`: {err}") from err


def read_topics(folder: Path) -> dict[str, list[str]] | None:
    """Return `topics.json` of `folder`: gold id to topics of ours; None where there is none."""
    path = folder / "topics.json"
    if not path.is_file():
        return None
    try:
        return {str(k): [str(t) for t in v] for k, v in json.loads(path.read_text("utf-8")).items()}
    except (ValueError, AttributeError, TypeError) as err:
        raise ArticleError(f"{path}: no object from ids to lists of topics: {err}") from err


def judge(
    found: Sequence[Disagreement],
    wanted: Sequence[Mapping[str, Any]],
    gold: Mapping[str, Mapping[str, Any]],
    topics: Mapping[str, Sequence[str]] | None = None,
) -> Verdicts:
    """Return the comparison of `found` with `wanted`; `gold` maps article ids to gold files.

    `topics` gives for each gold id the topics of ours that are about the same question; without them a
    disagreement on the destinations of a license counts as one on its issuer.
    """
    facts = {
        fact["id"]: (article, [(e["start"], e["end"]) for e in fact["evidence"]])
        for article, entry in gold.items()
        for fact in entry["facts"]
    }
    right, other, missed = [], [], []
    used: set[int] = set()
    for d in wanted:
        ids = sorted({f for value in d["values"] for f in value["facts"] if f in facts})
        least = min(2, len(ids))
        same = [(i, f) for i, f in enumerate(found) if topics is None or f.topic in topics.get(d["id"], ())]
        hits = [i for i, f in same if sum(_touches(f, *facts[k]) for k in ids) >= least]
        used.update(hits)
        if any(found[i].verdict == d["verdict"] for i in hits):
            right.append(d["id"])
        elif hits:
            other.append(d["id"])
        else:
            missed.append(d["id"])
    unknown = [
        f"{f.topic}: {' / '.join(v.says for v in f.values)}"
        for i, f in enumerate(found)
        if i not in used and f.verdict == CONTRADICTION
    ]
    return Verdicts(tuple(right), tuple(other), tuple(missed), tuple(unknown))


def _touches(found: Disagreement, article: str, spans: Sequence[tuple[int, int]]) -> bool:
    return any(
        p.article == article and p.start < end and start < p.end
        for value in found.values
        for p in value.places
        for start, end in spans
    )
