"""What materials and goods are used in."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import POSSESSIVES, Grammar
from kgbuild.extract.relation_events import Context, RelationReader, by_writer
from kgbuild.extract.relation_words import Hit
from kgbuild.extract.units import MATERIALS
from kgbuild.extract.use_lists import Member, UseLists
from kgbuild.extract.used_things import UsedThings
from kgbuild.model import Argument, Event

#: Behind these only what is known to be a use counts: neither "needed by Friday" nor "found in the desert".
_KNOWN_ONLY: Final = frozenset(
    {
        "used by",
        "needed by",
        "required by",
        "consumed by",
        "relied upon by",
        "sought after by",
        "found in",
        "contained in",
        "placed in",
        "embedded in",
    }
)
_PART_OF: Final = frozenset({"of", "in", "for", "to"})
#: Rules whose words are a verb of their own and no participle.
_VERBS: Final = frozenset({"goes-into", "weak-verb", "keep", "application"})
#: Words of promises on end use: "guarantees that the magnets do not go into weapons".
_ASSURANCE: Final = (
    "assur",
    "guarant",
    "ensur",
    "certif",
    "pledg",
    "promis",
    "undertak",
    "vow",
    "declar",
    "prov",
)
#: Parts that need an adjective: "a critical metal for batteries", but not "a metal for batteries".
_PLAIN: Final = frozenset(
    "material materials metal metals mineral minerals element elements part parts substance".split()
)
_MAKERS: Final = ("maker", "makers", "manufacturers", "producers", "suppliers", "contractors", "customers")


class UsedIn(RelationReader):
    """Finds `used_in`."""

    def __init__(self, text: str, grammar: Grammar, coreference: Coreference) -> None:
        super().__init__(text, grammar, coreference)
        self._lists = UseLists(text, grammar, self.words)
        self._things = UsedThings(text, grammar, self.words)
        self._last: list[Argument] = []  #: what the use told last is of
        self._last_in = -1  #: index of its sentence

    def find(self, c: Context) -> list[Event]:
        """Return what the sentence says of uses, one event a list."""
        self._things.note(c.s)
        if c.s.units[-1].text == "?":
            return []
        events: list[Event] = []
        told: list[tuple[int, int]] = []
        for hit in c.all("use.told", "use.valued", "use.verb", "use.keep", "use.application"):
            event = self._hit(c, hit, told)
            if event is not None:
                events.append(event)
        for hit in c.all("use.part"):
            self._add(events, self._part(c, hit, told))
        for i, unit in enumerate(c.s.units):
            if unit.low == "for" and i and not unit.kind:
                self._add(events, self._for(c, i, told))
        for hit in c.all("use.which"):
            self._add(events, self._which(c, hit, told))
        return events

    @staticmethod
    def _add(events: list[Event], event: Event | None) -> None:
        if event is not None:
            events.append(event)

    # ---- used in

    def _hit(self, c: Context, hit: Hit, told: list[tuple[int, int]]) -> Event | None:
        if hit.cls == "use.application":
            return self._application(c, hit, told)
        if hit.cls == "use.keep":
            return self._keep(c, hit, told)
        if hit.cls == "use.verb" and self._no_verb(c, hit):
            return None
        at = hit.end
        making = c.at(at, "use.making")
        if making is not None and hit.cls != "use.verb":
            at = making.end
        members = self._lists.read(c, at)
        if not members and at > hit.end:
            members = self._lists.read(c, hit.end)
        phrase = " ".join(u.low for u in c.s.units[hit.first : hit.end])
        known = [m.known for m in members]
        firm = hit.cls == "use.told" and phrase not in _KNOWN_ONLY
        if hit.cls == "use.verb" and not all(known):
            members = [m for m in members if m.known] if known and known[0] else []
        if not firm and not any(known):
            return None
        return self._used(c, hit.first, members, hit.id, told)

    def _no_verb(self, c: Context, hit: Hit) -> bool:
        """Return whether a word such as "drive" or "power" has no subject of its own here."""
        before = c.s.units[hit.first - 1] if hit.first else None
        if before is None or c.s.units[hit.first].low.endswith("ing"):
            return True
        goods = before.kind in MATERIALS or before.low in self.words.words("use.thing")
        own = hit.first > 1 and c.s.units[hit.first - 2].low in {"its", "their"} and before.low.endswith("s")
        return not (goods or own or before.low in {"that", "which", "also", "now"})

    def _used(
        self,
        c: Context,
        at: int,
        members: list[Member],
        rule: str,
        told: list[tuple[int, int]],
        window: int | None = None,
    ) -> Event | None:
        """Return the event for uses told at unit `at`, of what stands before it."""
        members = [
            m for m in members if not any(a < m.argument.end and m.argument.start < b for a, b in told)
        ]
        if not members:
            return None
        if at <= 1 and not (at and c.s.units[0].kind in MATERIALS):
            members = self._without_subject(c, members)
        subjects, low = self._things.before(c, at, members[-1].end, verb=rule in _VERBS)
        if not subjects and low and self._goes_on(c, at):
            subjects = self._last if self._last_in == c.s.index else []
        objects = [m.argument for m in members]
        named = {s.name for s in subjects} - {""}
        objects = [o for o in objects if not (o.name and o.name in named)]
        if not subjects or not objects or self.unreal(c.s, at):
            return None
        told.extend((o.start, o.end) for o in objects)
        self._last, self._last_in = subjects, c.s.index
        stance = self.stance(c.s, low, at if window is None else window)
        if stance.polarity == "denied" and (stance.certainty != "actual" or _assured(c, low)):
            return None  # a promise of the buyer, not what the thing is used for
        if any(u.has("duty") for u in c.s.units[low:at]):
            return None
        event = self.event(c.s, "used_in", subjects, objects, at, stance, rule)
        aside = any(u.low in {"that", "which", ","} for u in c.s.units[low:at])
        aside = aside or (low > 1 and c.s.units[low - 2].low == "whose")
        # what a relative clause adds is the writer's, unless "according to" reaches it
        return by_writer(event) if aside and not any(u.has("according") for u in c.s.units) else event

    def _without_subject(self, c: Context, members: list[Member]) -> list[Member]:
        """Return the uses of an opening phrase without the material that the clause behind it is about."""
        for k, member in enumerate(members[1:], 1):
            after = c.s.units[member.end] if member.end < len(c.s.units) else None
            material = c.s.units[member.end - 1].kind in MATERIALS
            if after is not None and material and self.grammar.is_auxiliary(after):
                return members[:k]
        return members

    def _goes_on(self, c: Context, at: int) -> bool:
        """Return whether the verb at `at` shares its subject: "is used in A and can be used in B"."""
        j = at - 1
        while j >= 0 and (
            self.grammar.is_auxiliary(c.s.units[j])
            or c.s.units[j].low in self.grammar.words["adverbs"]
            or c.s.units[j].has("possible")
        ):
            j -= 1
        return 0 <= j < at - 1 and c.s.units[j].low in {"and", "but"}

    def _keep(self, c: Context, hit: Hit, told: list[tuple[int, int]]) -> Event | None:
        """Read "alloys that keep fighter-jet wings level"."""
        before = c.s.units[hit.first - 1] if hit.first else None
        if before is None or not (before.low in {"that", "which"} or before.kind in MATERIALS):
            return None
        members = self._lists.read(c, hit.end, stop="use.kept")
        closed = bool(members) and c.at(members[-1].end, "use.kept") is not None
        known = closed and any(m.known for m in members)
        return self._used(c, hit.first, members, hit.id, told) if known else None

    def _application(self, c: Context, hit: Hit, told: list[tuple[int, int]]) -> Event | None:
        """Read "has applications in lasers" and "its uses include lasers"."""
        s, at = c.s, hit.end
        if at >= len(s.units):
            return None
        if s.units[at].low in {"of", "for"} and at + 2 < len(s.units) and s.units[at + 1].kind in MATERIALS:
            return self._uses_of(c, hit, at + 1, told)
        low = s.units[at].low
        if low in {"include", "includes", "included", "including", "range", "ranging"} or low in {
            "in",
            "for",
        }:
            start = at + 1
            if low in {"range", "ranging"} and start < len(s.units) and s.units[start].low == "from":
                start += 1
            ranged = low in {"range", "ranging"}
            members = self._lists.read(c, at if ranged else start)
        else:
            return None
        if not any(m.known for m in members):
            return None
        first = hit.first
        while first and (
            s.units[first - 1].low in self.grammar.words["determiners"] - {"its", "their"}
            or c.at(first - 1, "use.adjective", "use.joining", "use.vague") is not None
            or s.units[first - 1].low
            in {"wide", "broad", "major", "numerous", "industrial", "-", "tech", "high"}
        ):
            first -= 1
        before = s.units[first - 1] if first else None
        if before is not None and before.low in {"has", "have", "find", "finds", "with", "having"}:
            return self._used(c, first - 1, members, hit.id, told)
        thing = s.units[first - 2] if first > 1 else None
        named = thing is not None and (thing.kind in MATERIALS or thing.low in self.words.words("use.thing"))
        if before is not None and before.text in POSSESSIVES and named:
            return self._used(c, first - 1, members, hit.id, told)
        if before is not None and before.low in {"its", "their"} and low.startswith("includ"):
            return self._used(c, first, members, hit.id, told)
        return None

    def _uses_of(self, c: Context, hit: Hit, i: int, told: list[tuple[int, int]]) -> Event | None:
        """Read "uses of germanium include lenses"."""
        units = c.s.units
        if i + 1 >= len(units) or units[i + 1].low not in {"include", "includes", "are", "range"}:
            return None
        members = self._lists.read(c, i + 1 if units[i + 1].low == "range" else i + 2)
        return self._used(c, i + 1, members, hit.id, told) if any(m.known for m in members) else None

    def _part(self, c: Context, hit: Hit, told: list[tuple[int, int]]) -> Event | None:
        """Read "a key ingredient of batteries", "critical inputs to the motors"."""
        s = c.s
        if hit.end >= len(s.units) or s.units[hit.end].low not in _PART_OF:
            return None
        first = hit.first
        while first and c.at(first - 1, "use.adjective") is not None:
            first -= 1
        word = s.units[hit.first].low
        if first == hit.first and word in _PLAIN:
            return None
        if word in {"part", "parts", "element", "elements"} and s.units[hit.end].low == "of":
            return None
        while first and (
            s.units[first - 1].low in self.grammar.words["determiners"] | {"two", "three", "four"}
            or s.units[first - 1].amount is not None
        ):
            first -= 1
        if first and s.units[first - 1].low == "of":  # "one of the key ingredients in"
            first -= 2
        start = hit.end + 1
        making = c.at(start, "use.making")
        members = self._lists.read(c, making.end if making is not None else start)
        if first <= 0 or not any(m.known for m in members):
            return None
        before = s.units[first - 1]
        if not (self.grammar.is_auxiliary(before) or before.text in {",", "—", "–"} or before.low == "as"):
            return None
        return self._used(c, first, members, hit.id, told)

    def _for(self, c: Context, i: int, told: list[tuple[int, int]]) -> Event | None:
        """Read "magnets for electric motors and guidance systems"."""
        s = c.s
        j = i - 1
        if s.units[j].text == ")":
            while j and s.units[j].text != "(":
                j -= 1
            j -= 1
        if j < 0 or s.units[j].kind not in MATERIALS:
            return None
        members = self._lists.read(c, i + 1)
        if not members or not members[0].known or any(_made_by(m) for m in members):
            return None
        members = [m for m in members if m.known]
        return self._used(c, i, members, "for", told, window=j)

    def _which(self, c: Context, hit: Hit, told: list[tuple[int, int]]) -> Event | None:
        """Read "tungsten, from which drills are made" and "metals on which wind turbines depend"."""
        members = self._lists.read(c, hit.end)
        end = members[-1].end if members else hit.end
        behind = c.s.units[end : end + 4]
        made = any(
            u.low in {"made", "built", "produced", "depend", "rely", "run", "work"} or u.has("negation")
            for u in behind
        )
        return (
            self._used(c, hit.first, members, hit.id, told)
            if made and all(m.known for m in members)
            else None
        )


def _made_by(member: Member) -> bool:
    """Return whether a member is somebody who makes things and no thing."""
    words = (member.argument.name or member.argument.value or member.argument.text).lower()
    return member.argument.text.lower().endswith((*_MAKERS, "automakers", "carmakers")) or words.endswith(
        _MAKERS
    )


def _assured(c: Context, low: int) -> bool:
    """Return whether the units before `low` are about a promise on end use."""
    return any(u.low.startswith(_ASSURANCE) for u in c.s.units[:low] if not u.kind)
