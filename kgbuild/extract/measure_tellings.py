"""Control measures of one article: which tellings are one measure, and who imposes those that name nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from kgbuild.edtf import bounds, compatible
from kgbuild.extract.measure_stand_ins import GENERIC
from kgbuild.model import Argument, Event

#: Part of the derivation of an imposer that is a body of a government.
ACTS_FOR: Final = "acts for"
#: Rule of a measure that is only taken for granted; it counts where the article tells whose it is.
PRESUPPOSED: Final = "measure-presupposed"
#: Rule of those who are said to be on a list.
LISTED: Final = "measure-listed"
ELIGIBILITY: Final = "measure-eligibility"
#: Part of the derivation of an imposer that is known from the name of a list alone.
KEEPER: Final = "is a list of"
#: Actions that tell one act.
_ACTS: Final = {"announced": "imposed", "extended": "tightened"}
#: Rule of measures known by their month, and what the text can tell of these in other words.
OF_MONTH: Final = "measure-of-month"
_MADE: Final = frozenset({"announced", "extended", "imposed", "tightened"})
_RARE_KINDS: Final = frozenset({"RareEarthElement", "PermanentMagnet", "RareEarthCompound", "Alloy"})
_CLOSE: Final = 400  #: characters to look back for the measure that general words mean
_NEAR: Final = 3  #: characters between one sentence and the next
_BODIES: Final = frozenset({"Regulator", "PublicBody"})
#: Words that tell one kind of export measure from another; "curbs" and "controls" can mean any.
_FAMILIES: Final = {
    "quota": "quota", "cap": "quota", "ban": "ban", "embargo": "ban", "prohibition": "ban",
    "moratorium": "ban", "barred": "ban", "forbidden": "ban", "prohibited": "ban",
    "dut": "duty", "tax": "duty", "levies": "duty", "licens": "license",
    "licenc": "license", "permit": "license", "entity": "list", "blacklist": "list", "visa": "visa",
    "import": "import", "unreliable": "firms", "buy": "import", "purchas": "import", "using": "import",
    "importing": "import", "letting": "import", "let": "import", "admit": "import", "investigat": "probe",
    "inquir": "probe", "probe": "probe", "presumption": "refusal", "denial": "refusal", "refus": "refusal",
    "turned": "refusal", "denied": "refusal", "rejected": "refusal", "seiz": "seizure", "leave": "ban",
    "sold": "ban", "halt": "ban", "stop": "ban", "nationali": "seizure", "expropriat": "seizure",
    "took": "seizure", "application": "license", "status": "friends", "white": "friends",
    "partner": "friends",
}  # fmt: skip

Join = Callable[[Event, Event], Event]


def merge_measures(events: Iterable[Event], join: Join) -> list[Event]:
    """Return the measures of one article, tellings of one measure joined with `join`.

    A telling that names no imposer is joined to the one measure it fits. Where it fits none, the
    imposer is that of the article's measures on the same things, if there is only one.
    """
    ordered = sorted(events, key=lambda e: (e.start, e.end, e.rule, e.arguments))
    merged: list[Event] = []
    for event in ordered:
        if event.of("imposer"):
            _place(event, merged, join)
    unowned: list[Event] = []
    for event in ordered:
        if event.of("imposer"):
            continue
        fitting = [i for i, other in enumerate(merged) if same_measure(other, event)]
        fitting = fitting or [i for i, other in enumerate(merged) if _in_general(other, event)]
        if len({_names(merged[i], "imposer") for i in fitting}) == 1:
            merged[fitting[0]] = _joined(merged[fitting[0]], event, join)
        else:
            unowned.append(event)
    owned = tuple(merged)
    rest: list[Event] = []
    for event in unowned:
        vague = event.rule == PRESUPPOSED and not event.of("date")
        filled = event if vague else _owned(event, owned)
        if filled.of("imposer") and _values(filled, "date") and not filled.of("item"):
            merged.append(filled)  # "the export controls of October 2022" is no undated measure
        elif filled.of("imposer"):
            _place(filled, merged, join)
        elif event.rule != PRESUPPOSED and (event.of("item") or event.of("target")):
            _place(event, rest, join)
    return [e for e in [*merged, *rest] if not _only_dated(e, merged)]


def _only_dated(event: Event, told: list[Event]) -> bool:
    """Return whether "the October measures" are only called so that are told to be of that month."""
    return (
        event.rule == OF_MONTH
        and not event.repeats
        and any(
            e is not event
            and e.action in _MADE
            and _owners_fit(e, event) is not False
            and _items_fit(e, event) is not False
            and any(_same_time(x, y) for x in _values(e, "date") for y in _values(event, "date"))
            for e in told
        )
    )


def same_measure(a: Event, b: Event) -> bool:
    """Return whether two tellings of an article can be one measure and share what makes them one."""
    if a.polarity != b.polarity or a.certainty != b.certainty:
        return False
    if _ACTS.get(a.action, a.action) != _ACTS.get(b.action, b.action) or not _values_fit(a, b, "kind"):
        return False
    if a.action == b.action == "imposed" and (a.rule == ELIGIBILITY) != (b.rule == ELIGIBILITY):
        return False  # who may apply is a measure of its own
    if _stands_apart(a, b) or _stands_apart(b, a):
        return False
    owners = _owners_fit(a, b)
    items = _items_fit(a, b)
    if _other_tariff(a, b) or _other_tariff(b, a):
        return False
    if owners is False or items is False or not _families_fit(a, b):
        return False
    eased = (a.action, a.certainty) == ("eased", "possible")  # signs of easing need not say on what
    if not (owners or items or eased) or not _values_fit(a, b, "validity") or not _names_fit(a, b, "target"):
        return False
    return _times_fit(a, b)


def _other_tariff(a: Event, b: Event) -> bool:
    """Return whether `a` is a tariff on goods from anywhere, `b` one on all that comes from a place."""
    taxed = "TariffMeasure" in _values(a, "kind") & _values(b, "kind")
    return taxed and bool(a.of("item") and b.of("target")) and not (a.of("target") or b.of("item"))


def _in_general(told: Event, event: Event) -> bool:
    """Return whether `event` tells of a measure just told in general words: "the ban on dual-use items"."""
    near = any(0 <= event.start - t.end <= _CLOSE for t in told.tellings)
    if not near or not _names(event, "item") or not _names(event, "item") <= GENERIC | {"dual-use items"}:
        return False
    same = bool(_family(told) & _family(event)) or (not _family(told) and _family(event) == {"ban"})
    if not same or event.of("target"):
        return False
    kept = tuple(a for a in event.arguments if a.role != "item")
    return same_measure(told, replace(event, arguments=tuple(sorted({*kept, *told.of("imposer")}))))


def _stands_apart(a: Event, b: Event) -> bool:
    """Return whether `a` tells since when somebody is on a list, and `b` undated of others put there."""
    return a.rule == LISTED != b.rule and bool(a.of("date")) and not b.of("date")


def _place(event: Event, merged: list[Event], join: Join) -> None:
    for i, other in enumerate(merged):
        if same_measure(other, event):
            merged[i] = _joined(other, event, join)
            return
    merged.append(event)


def _joined(a: Event, b: Event, join: Join) -> Event:
    """Return two tellings as one, the earlier one first; one in force tells more than one announced."""
    first, second = (a, b) if (a.start, a.end) <= (b.start, b.end) else (b, a)
    if first.action != second.action and "announced" in {first.action, second.action}:
        first, second = _imposed(first), _imposed(second)
    first, second = _told_owner(first, second), _told_owner(second, first)
    first, second = _told_items(first, second), _told_items(second, first)
    if first.rule == PRESUPPOSED:
        first, second = second, first  # what tells it is the better evidence
    return join(first, second)


def _told_owner(event: Event, other: Event) -> Event:
    """Return a measure without the imposer that only its list tells, where the other names one."""
    known = [a for a in other.of("imposer") if KEEPER not in a.derivation]
    if not known:
        return event
    kept = tuple(a for a in event.arguments if a.role != "imposer" or KEEPER not in a.derivation)
    return replace(event, arguments=kept)


def _told_items(event: Event, other: Event) -> Event:
    """Return a measure without "critical minerals" where the other telling names which these are."""
    mine, named = _names(event, "item"), _names(other, "item") - GENERIC
    if not named or not mine or not mine <= GENERIC:
        return event
    return replace(event, arguments=tuple(a for a in event.arguments if a.role != "item"))


def _imposed(event: Event) -> Event:
    if event.action != "announced":
        return event
    moved = (replace(a, role="announced") if a.role == "date" else a for a in event.arguments)
    return replace(event, action="imposed", arguments=tuple(sorted(set(moved))))


def _owned(event: Event, others: tuple[Event, ...]) -> Event:
    """Return a measure with the imposer that the article leaves no choice about, else as it is."""
    if event.rule.endswith("-active"):
        return event  # somebody does it who could not be made out: nobody else
    kind, hit = _values(event, "kind"), _names(event, "target")
    answered = _names(event, "response_to")  # "a response to US curbs" is no measure of the US
    others = tuple(e for e in others if not answered & _names(e, "imposer"))
    beside = _sole(event, [e for e in others if e.start == event.start])
    if beside is not None:
        note = "who imposes what the same sentence tells"
        return replace(
            event,
            arguments=tuple(sorted({*event.arguments, replace(beside, inferred=True, derivation=note)})),
        )
    alike = [e for e in others if _values(e, "kind") == kind]
    on_items = [e for e in alike if _items_fit(e, event)]
    acting = [[e for e in some if e.action == event.action] for some in (on_items, alike)]
    for candidates in (acting[0], on_items, acting[1], alike):
        owners = {a.name: a for e in reversed(candidates) for a in reversed(e.of("imposer"))}
        owners = {n: a for n, a in owners.items() if not any(n.endswith(f" {place}") for place in hit)}
        governments = {n: a for n, a in owners.items() if a.kind == "Government"}
        sure = candidates in (acting[0], on_items) or bool(hit)
        if sure and len(owners) > 1 and len(governments) == 1:
            # a ministry and its government are no two imposers
            owners = _told_last(event, others, owners) or governments
        if len(owners) == 1:
            (owner,) = owners.values()
            behind = owner.derivation.partition(f"{ACTS_FOR} ")[2]
            if owner.kind in _BODIES and candidates not in (acting[0], on_items):
                if not behind:
                    return event  # whose ministry it is nobody knows
                owner = replace(owner, kind="Government", name=behind)
            note = "the only one the article names for such measures"
            taken = replace(owner, inferred=True, derivation=note)
            return replace(event, arguments=tuple(sorted({*event.arguments, taken})))
        if owners:
            return event
    return event


def _told_last(event: Event, others: tuple[Event, ...], owners: dict[str, Argument]) -> dict[str, Argument]:
    """Return the one of `owners` that the sentence before `event` names, none where it names no one."""
    near = [(e, t) for e in others for t in e.tellings if 0 <= event.start - t.end <= _NEAR]
    told = {a.name: a for e, t in near for a in e.of("imposer") if t.start <= a.start < t.end}
    return {n: a for n, a in told.items() if n in owners} if len(told) == 1 else {}


def _sole(event: Event, near: list[Event]) -> Argument | None:
    """Return the one body that imposes all measures `near`, where it is not the one that `event` hits."""
    owners = {a.name: a for e in near for a in e.of("imposer")}
    if len(owners) != 1:
        return None
    (owner,) = owners.values()
    hit = _names(event, "target")
    return None if any(owner.name.endswith(f" {place}") for place in hit) else owner


# ---- what fits


def _names(event: Event, role: str) -> frozenset[str]:
    return frozenset(a.name for a in event.of(role) if a.name)


def _values(event: Event, role: str) -> frozenset[str]:
    return frozenset(a.value for a in event.of(role) if a.value)


def _values_fit(a: Event, b: Event, role: str) -> bool:
    left, right = _values(a, role), _values(b, role)
    return not left or not right or bool(left & right)


def _names_fit(a: Event, b: Event, role: str) -> bool:
    left, right = _names(a, role), _names(b, role)
    return not left or not right or bool(left & right)


def _owners_fit(a: Event, b: Event) -> bool | None:
    """Return whether two measures share an imposer; None where one names none."""
    left, right = a.of("imposer"), b.of("imposer")
    if not left or not right:
        return None
    if {x.name for x in left} & {x.name for x in right}:
        return True
    behind = [{a.derivation.partition(f"{ACTS_FOR} ")[2] for a in e.of("imposer")} for e in (a, b)]
    if {x.name for x in left} & behind[1] or {x.name for x in right} & behind[0]:
        return True  # a ministry and its government
    kinds = {x.kind for x in left}, {x.kind for x in right}
    if any(b - {""} and {x.name for x in other} - b for b, other in ((behind[0], right), (behind[1], left))):
        return False  # a ministry of one government, and another government
    spoken = any(one == {"Government"} and other <= _BODIES for one, other in (kinds, kinds[::-1]))
    listed = "list" in _family(a) | _family(b) and _families_fit(a, b)
    # a ministry acts for its government where both are told to restrict the same things
    return spoken and (listed or bool(_names(a, "item") & _names(b, "item")))


def _items_fit(a: Event, b: Event) -> bool | None:
    """Return whether two measures can be on the same things; None where one names none."""
    left, right = a.of("item"), b.of("item")
    if not left or not right:
        return None
    if {x.name for x in left} & {x.name for x in right}:
        return True
    return any(_related(x, y) for x in left for y in right)


def _related(x: Argument, y: Argument) -> bool:
    if x.name in GENERIC or y.name in GENERIC:
        return True
    if {x.name, y.name} == {"semiconductors", "AI chips"}:
        return True
    short, long = sorted((x.name, y.name), key=len)
    if long.startswith(f"{short} ") and not _rare(x):
        return True  # "cobalt", "cobalt hydroxide"
    numbered = all(" of Announcement " in i.name for i in (x, y))
    group = any(i.kind in {"ElementGroup", "PermanentMagnet"} for i in (x, y))
    return _rare(x) and _rare(y) and group and not numbered


def _rare(item: Argument) -> bool:
    name = item.name.replace("-", " ")
    if item.kind in _RARE_KINDS:
        return True
    return "rare earth" in name and not any(word in name for word in ("technology", "equipment"))


def _families_fit(a: Event, b: Event) -> bool:
    left, right = _family(a), _family(b)
    if ("import" in left) != ("import" in right) and "TariffMeasure" not in _values(a, "kind"):
        return False
    licensed = {"license", "list"}
    if bool(left) != bool(right) and {"list", "friends"} & (left | right):
        return False  # firms put on a list are no general controls
    return not left or not right or bool(left & right) or bool(left & licensed and right & licensed)


def _family(event: Event) -> set[str]:
    words = {w for i in event.of("instrument") for w in i.value.lower().split()}
    return {name for stem, name in _FAMILIES.items() if any(w.startswith(stem) for w in words)}


def _times_fit(a: Event, b: Event) -> bool:
    for role in ("date", "announced"):
        left, right = _values(a, role), _values(b, role)
        if left and right and not any(_same_time(x, y) for x in left for y in right):
            return False
    return not any(_too_far(x, y) or _too_far(y, x) for x, y in ((a, b),))


def _same_time(x: str, y: str) -> bool:
    """Return whether two times can be one; a month of an unknown year is no year that is told."""
    return compatible(x, y) and x.startswith("XXXX") == y.startswith("XXXX")


def _too_far(a: Event, b: Event) -> bool:
    """Return whether `a` is told to be announced after `b` is in force, or a year or more before."""
    said = _values(a, "announced") or (_values(a, "date") if a.action == "announced" else frozenset())
    done = _values(b, "date") if b.action != "announced" else frozenset()
    for x in said:
        for y in done:
            first, last = bounds(x).earliest_start, bounds(x).latest_end
            start, end = bounds(y).earliest_start, bounds(y).latest_end
            if first and end and first > end:
                return True
            if last and start and int(start[:4]) - int(last[:4]) > 1:
                return True
    return False
