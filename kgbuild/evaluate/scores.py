"""Counts, figures and the comparison of facts."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from kgbuild.edtf import contains
from kgbuild.evaluate.parts import Parts
from kgbuild.evaluate.verdicts import Verdicts
from kgbuild.link import firm_key
from kgbuild.model import Span

TYPES: Final = (
    "license", "control_measure", "negotiation", "market_move", "firm", "regulator", "element", "relation",
    "trade_stat", "disruption", "statement",
)  # fmt: skip
_DRAWS: Final = 1000


@dataclass(frozen=True)
class Item:
    """A fact of the gold or of the extraction, in comparable form."""

    type: str
    action: str
    actors: frozenset[str]  #: who it is about; strict asks for the same
    required: frozenset[str]  #: further values that strict asks for: destinations, items, place, percent
    spans: tuple[Span, ...]
    modality: str
    times: frozenset[str]  #: EDTF
    optional: bool
    text: str
    loose: frozenset[str] = frozenset()  #: of `required`, what need only overlap
    outside: frozenset[str] = frozenset()  #: gold times, those included that the text alone does not give
    parts: Parts | None = None  #: of relations, statistics, disruptions and statements


@dataclass
class Score:
    """Counts of one type."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def figures(self) -> dict[str, float | int]:
        """Return precision, recall and F1 (0 where undefined) with the counts."""
        precision = self.tp / (self.tp + self.fp) if self.tp + self.fp else 0.0
        recall = self.tp / (self.tp + self.fn) if self.tp + self.fn else 0.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return {
            "precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4),
            "tp": self.tp, "fp": self.fp, "fn": self.fn,
        }  # fmt: skip


@dataclass
class Evaluation:
    """All that one run found, by article and type."""

    scores: dict[tuple[str, str, str], Score] = field(default_factory=lambda: defaultdict(Score))
    modality: Counter[tuple[str, str, str]] = field(default_factory=Counter)  #: (type, gold, found)
    dates_right: int = 0
    dates_wrong: int = 0
    days_invented: int = 0
    offsets_checked: int = 0
    offsets_wrong: int = 0
    misses: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    verdicts: Verdicts | None = None  #: on disagreements, where the gold has some

    def total(self, type_: str, how: str) -> Score:
        """Return the counts of a type over all articles; `how` is "strict" or "relaxed"."""
        parts = [s for (_, t, h), s in self.scores.items() if t == type_ and h == how]
        return Score(sum(s.tp for s in parts), sum(s.fp for s in parts), sum(s.fn for s in parts))

    def interval(self, type_: str, how: str) -> tuple[float, float]:
        """Return the 95 % interval of F1 over articles drawn with replacement (bootstrap, fixed seed)."""
        parts = [self.scores[key] for key in sorted(self.scores) if key[1] == type_ and key[2] == how]
        chance = random.Random(f"{type_} {how}")  # noqa: S311 - a fixed sequence is what is wanted
        draws = []
        for _ in range(_DRAWS):
            drawn = [parts[chance.randrange(len(parts))] for _ in parts] if parts else []
            total = Score(sum(s.tp for s in drawn), sum(s.fp for s in drawn), sum(s.fn for s in drawn))
            draws.append(float(total.figures()["f1"]))
        draws.sort()
        return draws[int(0.025 * _DRAWS)], draws[int(0.975 * _DRAWS) - 1]

    def modality_f1(self, type_: str = "") -> float:
        """Return the mean F1 over the modalities that the gold has, among matched facts (of one type)."""
        counts: Counter[tuple[str, str]] = Counter()
        for (of, gold_label, found_label), n in self.modality.items():
            if type_ in {"", of}:
                counts[gold_label, found_label] += n
        labels = sorted({g for g, _ in counts})
        values = []
        for label in labels:
            tp = counts[label, label]
            found = sum(n for (_, p), n in counts.items() if p == label)
            gold = sum(n for (g, _), n in counts.items() if g == label)
            values.append(2 * tp / (found + gold) if found + gold else 0.0)
        return sum(values) / len(values) if values else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain data, in fixed order."""
        types: dict[str, Any] = {}
        for type_ in TYPES:
            if not any(key[1] == type_ for key in self.scores):
                continue
            types[type_] = {}
            for how in ("strict", "relaxed"):
                low, high = self.interval(type_, how)
                types[type_][how] = {
                    **self.total(type_, how).figures(),
                    "f1_95": [round(low, 4), round(high, 4)],
                }
        told = self.dates_right + self.dates_wrong
        return {
            "types": types,
            "modality_macro_f1": round(self.modality_f1(), 4),
            "modality_by_type": {
                t: round(self.modality_f1(t), 4) for t in TYPES if any(of == t for of, _, _ in self.modality)
            },
            "dates": {
                "right": self.dates_right, "wrong": self.dates_wrong, "invented_days": self.days_invented,
                "accuracy": round(self.dates_right / told, 4) if told else None,
            },
            "offsets": {"checked": self.offsets_checked, "wrong": self.offsets_wrong},
            **({"disagreements": self.verdicts.to_dict()} if self.verdicts is not None else {}),
            "misses": self.misses,
            "false": self.false,
        }  # fmt: skip


def strict(w: Item, f: Item) -> bool:
    """Return whether two facts agree in action, participants and all required roles."""
    items = not w.loose or not f.loose or bool(w.loose & f.loose)
    return w.action == f.action and _same_actors(w, f) and w.required == f.required and items


def _same_actors(w: Item, f: Item) -> bool:
    def keys(item: Item) -> set[str]:
        return {firm_key(a.rsplit("/", 1)[-1]) if "://" not in a else a for a in item.actors}

    return keys(w) == keys(f) or {_tail(a) for a in w.actors} == {_tail(a) for a in f.actors}


def _tail(actor: str) -> str:
    """Return a form in which a minted IRI and the key it was minted from are equal."""
    local = actor.rsplit("/", 1)[-1]
    stem, _, digest = local.rpartition("-")
    minted = "://" in actor and len(digest) == 10 and all(c in "0123456789abcdef" for c in digest)
    return (stem if minted else local).replace(" ", "-")


def relaxed(w: Item, f: Item) -> bool:
    """Return whether two facts agree in action, share a participant, and overlap in evidence."""
    shared = bool({_tail(a) for a in w.actors} & {_tail(a) for a in f.actors})
    if w.type in {"firm", "regulator", "element"}:
        return shared
    overlap = any(a.overlaps(b) for a in w.spans for b in f.spans)
    return w.action == f.action and (shared or not w.actors or not f.actors) and overlap


def match(
    wanted: list[Item],
    found: list[Item],
    same: Callable[[Item, Item], bool],
    *,
    prefer: Callable[[Item, Item], bool],
) -> list[tuple[Item, Item]]:
    """Return one-to-one pairs; the preferred ones first, those with overlapping evidence before others."""
    ranked = [
        (not prefer(w, f), not any(a.overlaps(b) for a in w.spans for b in f.spans), w.optional, i, j)
        for i, w in enumerate(wanted)
        for j, f in enumerate(found)
        if same(w, f)
    ]
    used_w: set[int] = set()
    used_f: set[int] = set()
    out = []
    for _, _, _, i, j in sorted(ranked):
        if i not in used_w and j not in used_f:
            used_w.add(i)
            used_f.add(j)
            out.append((wanted[i], found[j]))
    return out


def compare(w: Item, f: Item, out: Evaluation) -> None:
    """Count modality and dates of a matched pair: gold `w`, found `f`."""
    if w.type not in {"firm", "regulator", "element"}:
        out.modality[w.type, w.modality, f.modality] += 1
    if w.times and f.times:
        right = any(_dated(gold, found) for gold in w.times for found in f.times)
        out.dates_right += right
        out.dates_wrong += not right
    elif not w.times:
        days = [t for t in f.times if re.fullmatch(r"\d{4}-\d\d-\d\d", t)]
        out.days_invented += sum(not any(_dated(gold, day) for gold in w.outside) for day in days)


def _dated(gold: str, found: str) -> bool:
    """Return whether a found time is the gold one, or lies in the stretch in which the gold puts it."""
    start, slash, end = gold.partition("/")
    within = f"[{start}..{end}]" if slash and ".." not in gold else gold
    return found in {gold, within} or contains(within, found)
