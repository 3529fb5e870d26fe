"""When two relations, trade statistics, disruptions or statements are the same fact.

*Strict*

- relation: one gold relation may be told in several extracted ones and the reverse, so they are
  compared by pairs of a subject and an object under one predicate (`peer_of` either way round). A gold
  relation is found when all its pairs are extracted; an extracted one is right when all its pairs are
  in the gold. The object of `holds_office`, `also_called` and `reported_on` is free text: a shared word
  of meaning is enough there.
- trade_stat: a family of the measure (`parts.MEASURES`), a value with its unit, the first or the same
  figure in another unit (or no value on either side), and the reporter are the same; a reporter that
  the gold infers from elsewhere may be missing, or be the firm that the gold has as subject. Subjects
  must meet where both have one; a list of destinations must be the same list.
- disruption: the same firms (none on either side, too), a kind of one family (`parts.TROUBLES`),
  evidence that overlaps.
- statement: the same speaker and evidence that overlaps. Speakers without a name are the same when they
  share a word of meaning. A statement of what the gold has as a fact of another type only is false.

*Relaxed*: evidence that overlaps and a shared participant, or none on one side; relations with the same
predicate. Relations are counted as above, all others one to one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from kgbuild.evaluate.parts import UNNAMED, Parts, Party
from kgbuild.evaluate.scores import Item

WORDED: Final = frozenset({"trade_stat", "disruption", "statement"})
_SYMMETRIC: Final = frozenset({"peer_of"})
_FREE: Final = frozenset({"holds_office", "also_called", "reported_on"})
_NONE: Final = Parts()


def _parts(item: Item) -> Parts:
    return item.parts or _NONE


def _meet(left: Iterable[Party], right: Iterable[Party]) -> bool:
    others = list(right)
    return any(a & b for a in left for b in others)


def _equal(left: frozenset[Party], right: frozenset[Party]) -> bool:
    return all(_meet([a], right) for a in left) and all(_meet([b], left) for b in right)


def _overlap(w: Item, f: Item) -> bool:
    return any(a.overlaps(b) for a in w.spans for b in f.spans)


# ---- one to one


def strict(w: Item, f: Item) -> bool:
    """Return whether gold `w` and found `f`, no relations, are the same fact."""
    gold, found = _parts(w), _parts(f)
    if w.type == "trade_stat":
        return _same_figure(gold, found) and _same_owner(gold, found)
    if not _overlap(w, f):
        return False
    if w.type == "disruption":
        return bool(gold.families & found.families) and _equal(gold.subjects, found.subjects)
    if _meet(gold.subjects, [frozenset({UNNAMED})]):
        return bool(gold.words & found.words)
    return _equal(gold.subjects, found.subjects)


def _same_figure(gold: Parts, found: Parts) -> bool:
    values = bool(gold.values & found.values) or (not gold.values and not found.values)
    lists = "destinations" not in gold.families & found.families or _equal(gold.objects, found.objects)
    return values and lists and bool(gold.families & found.families)


def _same_owner(gold: Parts, found: Parts) -> bool:
    if gold.subjects and found.subjects and not _meet(gold.subjects, found.subjects):
        return False
    if _equal(gold.reporters, found.reporters):
        return True
    return not gold.reporter_said and (not found.reporters or _meet(gold.subjects, found.reporters))


def relaxed(w: Item, f: Item) -> bool:
    """Return whether the evidence overlaps, and a participant is shared or one side has none."""
    left, right = _actors(w), _actors(f)
    return _overlap(w, f) and (not left or not right or _meet(left, right))


def _actors(item: Item) -> frozenset[Party]:
    parts = _parts(item)
    return parts.subjects | parts.objects | parts.reporters


# ---- relations


def relations(
    wanted: Sequence[Item], found: Sequence[Item], *, loose: bool
) -> tuple[list[tuple[Item, Item | None]], list[Item]]:
    """Return the gold relations that are found, each with the one that tells most of it, and what is no gold.

    `loose`: by the relaxed rule.
    """
    covers: Callable[[Item, Sequence[Item]], bool] = _touched if loose else _covered
    met = [(w, _nearest(w, found)) for w in wanted if covers(w, found)]
    return met, [f for f in found if not covers(f, wanted)]


def _covered(item: Item, others: Sequence[Item]) -> bool:
    pairs = _pairs(item)
    return bool(pairs) and all(any(_has(o, pair, item) for o in others) for pair in pairs)


def _touched(item: Item, others: Sequence[Item]) -> bool:
    return any(item.action == o.action and relaxed(item, o) for o in others)


def _pairs(item: Item) -> list[tuple[Party, Party]]:
    parts = _parts(item)
    if item.action in _FREE:
        return [(s, frozenset()) for s in parts.subjects]
    return [(s, o) for s in parts.subjects for o in parts.objects]


def _has(item: Item, pair: tuple[Party, Party], of: Item) -> bool:
    if item.action != of.action:
        return False
    if item.action in _FREE and not _parts(item).words & _parts(of).words:
        return False
    ways = [pair, pair[::-1]] if item.action in _SYMMETRIC else [pair]
    return any(s & a and (item.action in _FREE or bool(o & b)) for a, b in ways for s, o in _pairs(item))


def _nearest(w: Item, found: Sequence[Item]) -> Item | None:
    """Return the extracted relation that tells most pairs of `w`; where two do, the one in the same place."""
    ranked = [
        (sum(_has(f, pair, w) for pair in _pairs(w)), _overlap(w, f), -i)
        for i, f in enumerate(found)
        if f.action == w.action
    ]
    best = max(ranked, default=(0, False, 0))
    return found[-best[2]] if best[0] or best[1] else None
