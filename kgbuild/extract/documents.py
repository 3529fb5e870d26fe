"""One article, one telling.

The same event told in headline, digest and body becomes one event with several places.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kgbuild.edtf import bounds, compatible
from kgbuild.extract.agreement_effects import HEADLINE
from kgbuild.extract.measure_tellings import merge_measures
from kgbuild.model import Argument, Event, Mention, Span, Telling
from kgbuild.ontology import name_key, phrase_key

#: Types of what happens at a time: "granted" on a day to come is planned.
_HAPPEN = frozenset(
    {"license", "control_measure", "negotiation", "agreement", "market_move", "visit", "disruption"}
)
#: How a mention is marked that is no mention of the firm itself.
PART_OF_NAME = "part of a name"
#: Actions that tell the same act.
_SAME_ACT = {
    "granted": "granted",
    "renewed": "renewed",
    "applied": "applied",
    "pending": "applied",
    "closure": "halt",
}
_KEYS = {
    "license": ("holder",),
    "control_measure": ("imposer",),
    "negotiation": ("party", "person"),
    "agreement": ("party",),
    "market_move": ("firm",),
    "visit": ("firm", "person"),
    "firm": ("firm",),
    "relation": ("subject", "object"),
    "trade_stat": ("reporter", "subject", "partner", "share"),
    "disruption": ("firm", "site", "industry", "material"),
    "statement": ("speaker",),
}
#: Types whose participants are words as often as names, and the roles that a telling may leave out.
_WORDED = {
    "relation": frozenset[str](),
    "trade_stat": frozenset({"reporter", "subject", "partner"}),
    "disruption": frozenset({"site", "industry", "material"}),
    "statement": frozenset[str](),
}
#: Statements of one speaker are one when this share of the words of the shorter stands in the other.
_SAID_AGAIN = 0.6
#: Words for firms that say no more than that they are some.
_GENERAL = frozenset("companies firms makers exporters producers manufacturers groups".split())
_CLOSE = 500  #: characters within which the holders of an act told without them are named
_SHORTEST = 4  #: words of a content that can be told again
_ONE = frozenset({"percent", "price", "ticker", "place", "window", "quantity", "validity", "period"})


def not_yet(events: Iterable[Event], published: str | None) -> list[Event]:
    """Return `events`; what is told as done on a day after the article came out is planned."""
    latest = bounds(published).latest_end if published else None
    if latest is None:
        return list(events)

    def ahead(event: Event) -> bool:
        starts = [bounds(a.value).earliest_start for a in event.of("date") if a.value]
        return bool(starts) and all(start is not None and start > latest for start in starts)

    return [
        replace(e, certainty="planned")
        if e.certainty == "actual" and e.polarity == "affirmed" and e.type in _HAPPEN and ahead(e)
        else e
        for e in events
    ]


def name_parts(mentions: Iterable[Mention], events: Iterable[Event]) -> tuple[Mention, ...]:
    """Return `mentions`; a firm's name inside the name of a thing ("Tesla motors") says so in `via`."""
    things = [
        (Span(a.start, a.end), a.text)
        for e in events
        for a in e.arguments
        if e.type == "relation" and a.kind in {"Text", "EndUse"}
    ]

    def inside(m: Mention) -> str:
        return next((text for span, text in things if span.contains(m.span) and span != m.span), "")

    return tuple(
        replace(m, via=f"{PART_OF_NAME}: {inside(m)}") if m.kind == "Firm" and inside(m) else m
        for m in mentions
    )


def merge_events(events: list[Event]) -> tuple[Event, ...]:
    """Return the events of one article, repeated tellings merged, in order of place."""
    merged = merge_measures((e for e in events if e.type == "control_measure"), _join)
    others = (e for e in events if e.type != "control_measure")
    _merge(merged, sorted(others, key=lambda e: (e.start, e.end, e.type, e.rule, e.arguments)))
    licenses = [e for e in merged if e.type == "license"]
    merged = [e for e in merged if e.type != "license"]
    _merge(merged, _without_mere_owners(licenses))  # once more: by now the general tellings have names
    merged = _with_headlines(_hedged(merged))
    return tuple(sorted(merged, key=lambda e: (e.type, e.action, e.start, e.end, e.rule, e.arguments)))


def _with_headlines(events: list[Event]) -> list[Event]:
    """Return `events`; what a headline overstates ("Deal Takes Effect") becomes a telling of it."""
    out = [e for e in events if e.rule != HEADLINE]
    for headline in (e for e in events if e.rule == HEADLINE):
        for i, event in enumerate(out):
            if event.type == "agreement" and _same_deal(event, headline):
                out[i] = _join(event, headline)
                break
        else:
            out.append(headline)
    return out


def _hedged(events: list[Event]) -> list[Event]:
    """Return `events`; what is told plainly and elsewhere only "in principle" is agreed in principle."""
    out = [e for e in events if e.type != "agreement" or e.certainty != "in-principle"]
    for hedge in (e for e in events if e.type == "agreement" and e.certainty == "in-principle"):
        for i, event in enumerate(out):
            if event.type != "agreement" or event.action != hedge.action or event.certainty != "actual":
                continue
            plain = replace(event, certainty="in-principle")
            if _shared(event, hedge, "instrument") == 1 and _same_deal(plain, hedge) and _same(plain, hedge):
                out[i] = _join(plain, hedge) if event.start <= hedge.start else _join(hedge, plain)
                break
        else:
            out.append(hedge)
    return out


def _same_deal(a: Event, b: Event) -> bool:
    sides = [{p.name for p in e.of("party")} for e in (a, b)]
    return sides[0] == sides[1] and (a.certainty, a.polarity) == (b.certainty, b.polarity)


def _without_mere_owners(licenses: list[Event]) -> list[Event]:
    """Return `licenses` without those that only a possessive tells where the article tells more of them."""
    told = {
        h.name for e in licenses for h in e.of("holder")
        if e.rule != "license-possessive" and e.polarity == "affirmed" and e.certainty == "actual" and h.name
    }  # fmt: skip
    return [
        e for e in licenses if e.rule != "license-possessive" or not {h.name for h in e.of("holder")} & told
    ]


def _merge(merged: list[Event], events: list[Event]) -> None:
    """Add `events` to `merged`, each to the first that it tells again."""
    for event in events:
        for i, earlier in enumerate(merged):
            if _same(earlier, event):
                merged[i] = _join(earlier, event)
                break
        else:
            merged.append(event)


def _same(a: Event, b: Event) -> bool:
    if a.type != b.type or a.polarity != b.polarity or a.certainty != b.certainty:
        return False
    if a.type != "statement" and _SAME_ACT.get(a.action, a.action) != _SAME_ACT.get(b.action, b.action):
        return False
    if not _named_alike(a, b):
        return False
    for role in _ONE:
        left, right = {x.value or x.name for x in a.of(role)}, {x.value or x.name for x in b.of(role)}
        if left and right and not left & right:
            return False
    return _times_fit(a, b) and _items_fit(a, b) and _kinds_fit(a, b) and not _two_deals(a, b)


def _two_deals(a: Event, b: Event) -> bool:
    """Return whether a framework told undated and a deal of a day before are two agreements."""
    if a.type != "agreement" or bool(a.of("date")) == bool(b.of("date")):
        return False
    framed = [any("framework" in i.value.lower() for i in e.of("instrument")) for e in (a, b)]
    return framed[0] != framed[1] and bool((a if framed[1] else b).of("date"))


def _kinds_fit(a: Event, b: Event) -> bool:
    """Return whether two licenses can be one: not a mining license and an environmental certificate."""
    if a.type != "license":
        return True
    told = [{k.value.removeprefix("General") for k in e.of("kind") if not k.inferred} for e in (a, b)]
    return not told[0] or not told[1] or bool(told[0] & told[1])


def _named_alike(a: Event, b: Event) -> bool:
    if a.type in _WORDED:
        return _worded_alike(a, b)
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


def _worded_alike(a: Event, b: Event) -> bool:
    """Return whether two relations, statistics, disruptions or statements have the same parts."""
    filled = False
    # one stoppage of a firm may be told with what it makes here, with its industry there
    hit = a.type == "disruption" and bool(_keys(a, "firm"))
    for role in ("firm", "site") if hit else _KEYS[a.type]:
        left, right = _keys(a, role), _keys(b, role)
        if left != right and not (role in _WORDED[a.type] and (not left or not right)):
            return False
        filled |= bool(left & right)
    if a.type == "statement":
        return filled and _said_again(a, b)
    return filled and (a.type != "trade_stat" or _keys(a, "value") == _keys(b, "value") != set())


def _keys(event: Event, role: str) -> set[str]:
    """Return what fills a role, as far as two tellings of it can be compared."""
    if role == "value":
        return {f"{x.value} {x.unit}" for x in event.of(role) if x.value}
    return {phrase_key(x.name or x.value or x.text) for x in event.of(role)}


def _said_again(a: Event, b: Event) -> bool:
    """Return whether what is said in `b` is what is said in `a`, perhaps shortened."""
    left, right = ({w for x in e.of("content") for w in name_key(x.text).split()} for e in (a, b))
    shorter = min(len(left), len(right))
    return shorter >= _SHORTEST and len(left & right) >= _SAID_AGAIN * shorter


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
    if _headline_of(a, b) or _some_of(b, a):
        return True
    if not a.of("holder") or not b.of("holder"):
        return _acts_alike(a, b)
    total_a, total_b = _count(a), _count(b)
    if total_a is not None and total_a == total_b and total_a > 1:
        return True  # "three large firms" and "three firms, including A and B"
    texts_a, texts_b = ({h.text.lower() for h in e.of("holder")} for e in (a, b))
    return not left and not right and bool(texts_a & texts_b)


def _some_of(vague: Event, named: Event) -> bool:
    """Return whether "some companies" are firms that a sentence before or after it names or counts."""
    holders = vague.of("holder")
    general = len(holders) == 1 and {*holders[0].text.lower().split()} >= {"some"} and not holders[0].value
    plain = general and holders[0].text.lower().split()[-1] in {"companies", "firms"}
    several = sum(bool(h.name) for h in named.of("holder")) > 1
    return plain and several and all(_shared(vague, named, r) >= 0 for r in ("issuer", "destination"))


def _acts_alike(a: Event, b: Event) -> bool:
    """Return whether `a` and `b`, of which one names no holder, can be one act of one issuer.

    "Beijing clears graphite for Korean firms", then to whom; what is counted apart is told apart.
    """
    vague = [e for e in (a, b) if not e.of("holder")]
    kinds = [{k.value for k in e.of("kind")} for e in (a, b)]
    if any(e.of("count") for e in vague) or not kinds[0] & kinds[1]:
        return _shared(a, b, "beneficiary") == 1
    if len(vague) == 1 and vague[0] is b and _shared(a, b, "destination") != 1:
        return _shared(a, b, "beneficiary") == 1
    if len(vague) == 2 and a.start == 0 and b.start - a.end < _CLOSE and _shared(a, b, "material") == 1:
        # a headline and its lead: "China clears gallium", "the ministry said it had approved"
        lead = all(_shared(a, b, role) >= 0 for role in ("beneficiary", "destination", "date"))
        return lead and any(x.kind == "Government" for x in a.of("issuer"))
    fits = all(_shared(a, b, role) >= 0 for role in ("beneficiary", "destination"))
    close = len(vague) == 1 and vague[0] is a and b.start - a.end < _CLOSE
    return fits and _shared(a, b, "issuer") >= 1 - close


def _shared(a: Event, b: Event, role: str) -> int:
    """Return 1 where both tell `role` alike, 0 where one tells nothing, -1 where they differ."""
    left, right = ({x.name or x.value for x in e.of(role)} for e in (a, b))
    if not left or not right:
        return 0
    return 1 if left & right else -1


def _headline_of(a: Event, b: Event) -> bool:
    """Return whether `a` tells in general what `b` tells with names.

    "licenses to magnet makers", then who.
    """
    holders = a.of("holder")
    firms = {h.name for h in b.of("holder") if h.name}
    vague = [h for h in holders if h.kind == "UnnamedFirm" and not h.value and h.text.lower().endswith("s")]
    shared = {i.name for i in a.of("issuer")} & {i.name for i in b.of("issuer")}
    kinds = [{k.value for k in e.of("kind")} for e in (a, b)]
    first = a.start < b.start and len(holders) == len(vague) == 1
    several = len(firms) > 1 or any(h.value not in {"", "1"} for h in b.of("holder"))
    plain = {h.text.lower().split()[-1] for h in vague} <= _GENERAL
    fits = shared or (plain and not (a.of("issuer") and b.of("issuer")))
    return first and several and bool(fits) and bool(kinds[0] & kinds[1])


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
    richer = a if any(h.name for h in a.of("holder")) else b
    named = any(h.name for e in (a, b) for h in e.of("holder"))
    kept = [
        x for x in (*a.arguments, *b.arguments)
        if not (x.kind == "UnnamedFirm" and named and x not in richer.arguments)
    ]  # fmt: skip
    told = {_content(x) for x in a.arguments}
    # every telling keeps its own place: the same value said again is further evidence
    kept = [x for x in kept if x in a.arguments or x.start >= b.start or _content(x) not in told]
    held = {x.name for x in kept if x.role == "holder" and x.name}
    arguments = {x for x in kept if x.role != "beneficiary" or x.name not in held}
    repeats = tuple(sorted({*a.repeats, *b.tellings} - {a.tellings[0]}, key=_telling_key))
    return replace(a, arguments=tuple(sorted(arguments)), repeats=repeats)


def _content(argument: Argument) -> tuple[str, str, str]:
    """Return what fills a role: a name, a value, else the words, so that causes told apart all stay."""
    return (argument.role, argument.name, argument.value or ("" if argument.name else argument.text))


def _telling_key(telling: Telling) -> tuple[int, int, str, int]:
    return (telling.start, telling.end, telling.rule, telling.speaker.start if telling.speaker else -1)
