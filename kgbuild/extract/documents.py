"""One article, one telling.

The same event told in headline, digest and body becomes one event with several places.
"""

from __future__ import annotations

from dataclasses import replace

from kgbuild.edtf import compatible
from kgbuild.model import Argument, Event, Telling

#: License statuses that tell the same act.
_SAME_ACT = {"granted": "granted", "renewed": "renewed", "applied": "applied", "pending": "applied"}
_KEYS = {
    "license": ("holder",),
    "control_measure": ("imposer",),
    "negotiation": ("party", "person"),
    "agreement": ("party",),
    "market_move": ("firm",),
    "visit": ("firm", "person"),
    "firm": ("firm",),
}
_ONE = frozenset({"percent", "price", "ticker", "place", "window", "quantity", "validity"})


def merge_events(events: list[Event]) -> tuple[Event, ...]:
    """Return the events of one article, repeated tellings merged, in order of place."""
    merged: list[Event] = []
    for event in sorted(events, key=lambda e: (e.start, e.end, e.type, e.rule, e.arguments)):
        for i, earlier in enumerate(merged):
            if _same(earlier, event):
                merged[i] = _join(earlier, event)
                break
        else:
            merged.append(event)
    return tuple(sorted(merged, key=lambda e: (e.type, e.action, e.start, e.end, e.rule, e.arguments)))


def _same(a: Event, b: Event) -> bool:
    if a.type != b.type or a.polarity != b.polarity or a.certainty != b.certainty:
        return False
    if _SAME_ACT.get(a.action, a.action) != _SAME_ACT.get(b.action, b.action):
        return False
    if not _named_alike(a, b):
        return False
    for role in _ONE:
        left, right = {x.value or x.name for x in a.of(role)}, {x.value or x.name for x in b.of(role)}
        if left and right and not left & right:
            return False
    return _times_fit(a, b) and _items_fit(a, b)


def _named_alike(a: Event, b: Event) -> bool:
    for role in _KEYS[a.type]:
        left, right = (
            {x.name or x.derivation for x in a.of(role)},
            {x.name or x.derivation for x in b.of(role)},
        )
        if role == "holder":
            return _holders_alike(a, b)
        if left and right and not left & right:
            return False
        if a.type == "negotiation" and not (left <= right or right <= left):
            return False  # A met B, and A met C
        if a.type in {"agreement", "visit", "market_move", "firm"} and left != right:
            return False
    return any({x.name for x in a.of(role)} & {x.name for x in b.of(role)} - {""} for role in _KEYS[a.type])


def _count(event: Event) -> int | None:
    """Return how many holders the text counts, named and unnamed."""
    named = sum(1 for x in {h.name for h in event.of("holder")} if x)
    unnamed = [h.value for h in event.of("holder") if h.kind == "UnnamedFirm"]
    if not unnamed:
        return named
    return named + int(unnamed[0]) if unnamed[0].isdigit() else None


def _holders_alike(a: Event, b: Event) -> bool:
    left = {h.name for h in a.of("holder") if h.name}
    right = {h.name for h in b.of("holder") if h.name}
    if left and right:
        return bool(left & right) and (left <= right or right <= left)
    if _headline_of(a, b):
        return True
    if not a.of("holder") or not b.of("holder"):
        return False
    total_a, total_b = _count(a), _count(b)
    if total_a is not None and total_a == total_b and total_a > 1:
        return True  # "three large firms" and "three firms, including A and B"
    texts_a, texts_b = ({h.text.lower() for h in e.of("holder")} for e in (a, b))
    return not left and not right and bool(texts_a & texts_b)


def _headline_of(a: Event, b: Event) -> bool:
    """Return whether `a` tells in general what `b` tells with names.

    "licenses to magnet makers", then who.
    """
    holders = a.of("holder")
    vague = [h for h in holders if h.kind == "UnnamedFirm" and not h.value and h.text.lower().endswith("s")]
    firms = {h.name for h in b.of("holder") if h.name}
    shared = {i.name for i in a.of("issuer")} & {i.name for i in b.of("issuer")}
    kinds = [{k.value for k in e.of("kind")} for e in (a, b)]
    first = a.start < b.start and len(holders) == len(vague) == 1
    several = len(firms) > 1 or any(h.value not in {"", "1"} for h in b.of("holder"))
    return first and several and bool(shared) and bool(kinds[0] & kinds[1])


def _times_fit(a: Event, b: Event) -> bool:
    for role in ("date", "announced"):
        left, right = [x.value for x in a.of(role) if x.value], [x.value for x in b.of(role) if x.value]
        if left and right and not any(compatible(x, y) for x in left for y in right):
            return False
    return True


def _items_fit(a: Event, b: Event) -> bool:
    """Return whether two measures can be one: they share an item, or one names none."""
    if a.type != "control_measure":
        return True
    kinds = {x.value for x in a.of("kind")}, {x.value for x in b.of("kind")}
    if kinds[0] != kinds[1]:
        return False
    left, right = {x.name for x in a.of("item")}, {x.name for x in b.of("item")}
    return not left or not right or bool(left & right) or _one_is_group(a, b)


def _one_is_group(a: Event, b: Event) -> bool:
    groups = [any(x.kind == "ElementGroup" for x in e.of("item")) for e in (a, b)]
    return all(groups)


def _join(a: Event, b: Event) -> Event:
    """Return `a` with what `b` adds; the first telling gives the evidence, the second is a further place."""
    arguments: dict[tuple[str, str, str], Argument] = {}
    for argument in (*a.arguments, *b.arguments):
        if argument.kind == "UnnamedFirm" and {h.name for e in (a, b) for h in e.of("holder") if h.name}:
            richer = a if any(h.name for h in a.of("holder")) else b
            if argument not in richer.arguments:
                continue
        arguments.setdefault((argument.role, argument.name, argument.value), argument)
        # every telling keeps its own place: the same value said again is further evidence
        if argument.start >= b.start and argument in b.arguments:
            arguments.setdefault(
                (argument.role, argument.name, f"{argument.value}@{argument.start}"), argument
            )
    repeats = tuple(sorted({*a.repeats, *b.tellings} - {a.tellings[0]}, key=_telling_key))
    return replace(a, arguments=tuple(sorted(set(arguments.values()))), repeats=repeats)


def _telling_key(telling: Telling) -> tuple[int, int, str, int]:
    return (telling.start, telling.end, telling.rule, telling.speaker.start if telling.speaker else -1)
