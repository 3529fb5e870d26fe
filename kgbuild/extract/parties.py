"""Who negotiates with whom: governments, bodies and people around a noun or verb of talks and agreements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.party_words import ELSEWHERE, EXECUTIVE, JOINTS, LEADER, NAMED, OFFICE, PAIR, STATES
from kgbuild.extract.units import FIRM, MATERIALS, PLACES, Sentence, Unit
from kgbuild.model import Argument


class Parties:
    """Finds the participants of talks and agreements in one article."""

    def __init__(self, grammar: Grammar, coreference: Coreference) -> None:
        self._grammar = grammar
        self._coreference = coreference
        self._executives: dict[str, Unit | None] = {}  #: people the article has shown to run firms, and which
        self._leaders: set[str] = set()  #: people the article has called president or prime minister
        self._spoken_of: list[Unit] = []  #: people named in the sentence before
        self._here: tuple[int, list[Unit]] = (-1, [])  #: index of the sentence at hand and its people
        self.pair: tuple[Argument, ...] = ()  #: the two parties of the last talks or agreement told
        self.lead = ""  #: of the pair told last the government that its sentence names first
        self.named: tuple[Argument, ...] = ()  #: the two governments that the text right before names

    def note(self, s: Sentence) -> None:
        """Note from titles who runs a firm and who leads a country."""
        self._spoken_of = self._here[1]
        self._here = (s.index, [u for u in s.units if u.kind == "Person"])
        for i, unit in enumerate(s.units):
            if unit.kind != "Person":
                continue
            near = s.units[max(0, i - 4) : i]
            behind = s.units[i + 1 : i + 9]
            aside = bool(behind) and behind[0].text == "," and any(u.low in EXECUTIVE for u in behind[1:5])
            public = self._coreference.office(unit) is not None  # "the EU's trade chief"
            if not public and (aside or any(u.low in EXECUTIVE for u in near)):
                firms = [u for u in (behind if aside else s.units[max(0, i - 7) : i]) if u.kind == FIRM]
                known = self._executives.get(unit.name)
                self._executives[unit.name] = known or (firms[0 if aside else -1] if firms else None)
            title = self._title(s, i)
            if title:
                self._leaders.add(unit.name)

    def _title(self, s: Sentence, i: int) -> bool:
        words = [u.low for u in s.units[max(0, i - 3) : i] if not u.kind]
        if s.units[i].low.startswith(("crown prince", "king ")):
            return True
        if "vice" in words or "former" in words or "deputy" in words:
            return False
        plural = "presidents" in [u.low for u in s.units[max(0, i - 6) : i]]
        return (bool(words) and (words[-1] in LEADER or words[-2:] == ["prime", "minister"])) or plural

    def led_by_leaders(self, people: Sequence[Argument]) -> bool:
        """Return whether at least two of `people` lead countries and nobody else takes part."""
        names = {p.name for p in people}
        return len(names) >= 2 and all(n in self._leaders or self._coreference.leads(n) for n in names)

    def of_firms(self, people: Sequence[Argument]) -> bool:
        """Return whether one of `people` runs a firm: no negotiation between governments."""
        return any(p.name in self._executives or self._coreference.employer(p.name) for p in people)

    def with_firms(self, who: Sequence[Argument], s: Sentence) -> list[Argument]:
        """Return `who` with the firms and governments that people speak for, where one runs a firm.

        Nothing when no government takes part, or nobody knows which firm it is.
        """
        people = [a for a in who if a.role == "person"]
        if not self.of_firms(people):
            return list(who)
        public = [a for a in who if a.role == "party"] or self.governments(people, s)
        firms = []
        for person in people:
            unit = self._executives.get(person.name)
            name = unit.name if unit is not None else self._coreference.employer(person.name)
            if name:
                note = f"{person.text} runs it"
                firms.append(
                    replace(person, role="party", kind=FIRM, name=name, inferred=True, derivation=note)
                )
        return unique([*people, *public, *firms]) if public and firms else []

    def governments(self, people: Sequence[Argument], s: Sentence) -> list[Argument]:
        """Return the governments that people act for, where the ontology knows their office."""
        out = []
        for person in people:
            named = (u for u in (*s.units, *self._spoken_of) if u.kind == "Person" and u.name == person.name)
            unit = next(named, None)
            held = self._coreference.office(unit) if unit is not None else None
            if held is not None:
                acting = replace(person, role="party", kind=held.kind, name=held.name)
                out.append(replace(acting, inferred=True, derivation=held.via))
        return unique(out)

    def first_of(self, s: Sentence, pair: Sequence[Argument]) -> str:
        """Return which of two governments the sentence names first, itself or by who acts for it."""
        names = {a.name for a in pair}
        for i, unit in enumerate(s.units):
            held = self._coreference.office(unit) if unit.kind == "Person" else None
            found = [held.name] if held is not None else [a.name for a in self.participant(s, i)]
            if set(found) & names:
                return found[0]
        return ""

    def behind(self, body: Unit) -> str:
        """Return the government that a body belongs to, or ""."""
        return self._coreference.government_behind(body.name)

    def two_sides(self, who: Sequence[Argument], s: Sentence) -> bool:
        """Return whether parties and people act for two governments at least: "Wang met German officials"."""
        parties = {a.name for a in who if a.role == "party"}
        return enough(who) or len(parties | {g.name for g in self.governments(_people(who), s)}) >= 2

    # ---- one participant

    def participant(self, s: Sentence, i: int) -> list[Argument]:
        """Return unit `i` as a "party" (a government) or "person"; nothing for other things."""
        unit = s.units[i]
        if unit.kind == "Person":
            return [Argument("person", "Person", unit.text, unit.start, unit.end, unit.name)]
        if not (unit.kind in PLACES or unit.kind == "Government" or unit.reading({"Government"})):
            return []
        following = s.units[i + 1] if i + 1 < len(s.units) else None
        if following is not None and self._name_goes_on(unit, following):
            return []
        if self._compound(s, i):
            return []
        if (
            following is not None
            and following.kind == "Person"
            and not unit.demonym
            and unit.kind != "Government"
        ):
            return []
        found = self._coreference.refer(s, i)
        if found is None or found.kind != "Government":
            return []
        return [
            Argument("party", found.kind, unit.text, unit.start, unit.end, found.name, derivation=found.via)
        ]

    @staticmethod
    def _compound(s: Sentence, i: int) -> bool:
        """Return whether a place opens a compound that describes another: "Canada-based", "US-brokered"."""
        joint, behind = (*s.units[i + 1 : i + 3], None, None)[:2]
        hyphened = joint is not None and joint.text == "-" and joint.start == s.units[i].end
        return bool(hyphened and behind is not None and not behind.kind and behind.text.islower())

    def _name_goes_on(self, unit: Unit, following: Unit) -> bool:
        """Return whether a place only opens a longer name that nobody knows: "U.S. Example Metals"."""
        words = self._grammar.words
        return (
            following.text[:1].isupper()
            and following.is_word
            and (not following.kind or (following.kind in MATERIALS and following.text.istitle()))
            and not following.tags
            and not unit.demonym
            and following.start == unit.end + 1
            and following.low not in OFFICE | words["prepositions"] | words["auxiliaries"] | words["adverbs"]
        )

    def body(self, s: Sentence, i: int) -> list[Argument]:
        """Return unit `i` as a party of an agreement: also a ministry, a department or a firm."""
        unit = s.units[i]
        if unit.kind in {"Regulator", "PublicBody", FIRM}:
            return [
                Argument("party", unit.kind, unit.text, unit.start, unit.end, unit.name, derivation=unit.via)
            ]
        return self.participant(s, i)

    def described(self, s: Sentence, i: int) -> list[Argument]:
        """Return the firm or body that "the company", "the ministry", "it" at unit `i` stands for."""
        unit = s.units[i]
        pronoun = unit.low in {"it", "its"}
        if unit.kind or not (pronoun or unit.has("authority") or unit.has("role")):
            return []
        found = self._coreference.refer(s, i, firm=pronoun)
        if found is None or found.kind not in {"Regulator", "PublicBody", "Government", FIRM}:
            return []
        via = found.via or "described"
        at = (unit.text, unit.start, unit.end)
        return [Argument("party", found.kind, *at, found.name, inferred=True, derivation=via)]

    # ---- stretches of a sentence

    def within(self, s: Sentence, low: int, high: int) -> list[Argument]:
        """Return the participants named in units [low, high): no place of meeting, no owner of a thing."""
        out: list[Argument] = []
        for i in range(max(0, low), min(high, len(s.units))):
            unit = s.units[i]
            if not unit.kind:
                if unit.low in PAIR:
                    out.extend(self._both(s, i))
                elif unit.low in {"he", "she"}:
                    out.extend(self._pronoun(s, i))
                continue
            if unit.kind != "Person" and not self._acts(s, i, low):
                continue
            if unit.kind == "Person" and (
                self._grammar.possessive(s, i) or self._left_behind(s, i, low, high)
            ):
                continue
            out.extend(self.participant(s, i))
        return unique(out)

    def _left_behind(self, s: Sentence, i: int, low: int, high: int) -> bool:
        """Return whether a person belongs to a phrase that a comma closes: "After talks with A, B met C"."""
        closed = any(u.text == "," for u in s.units[i + 1 : high])
        return closed and self._grammar.governed(s, i, low) == "with"

    def _pronoun(self, s: Sentence, i: int) -> list[Argument]:
        """Return who "he" is: the first person of the sentence so far, or the only one of that before."""
        here = [
            u for j, u in enumerate(s.units[:i]) if u.kind == "Person" and not self._grammar.possessive(s, j)
        ]
        people = here[:1] or (self._spoken_of if len({u.name for u in self._spoken_of}) == 1 else [])
        if not people:
            return []
        unit, who = s.units[i], people[0]
        note = f"coreference: {unit.text} = {who.text}"
        at = (unit.text, unit.start, unit.end)
        return [Argument("person", "Person", *at, who.name, inferred=True, derivation=note)]

    def _acts(self, s: Sentence, i: int, low: int) -> bool:
        unit = s.units[i]
        near = self._grammar.governed(s, i, max(low, i - 3))
        whence = near or self._grammar.governed(s, i, max(low, i - 6))  # "negotiators from A and B"
        sent = whence == "from" and any(u.low in OFFICE for u in s.units[max(low, i - 7) : i])
        if unit.reading({"City"}) and near in {"in", "at", "from", "to"} and not sent:
            return False
        preposition = "" if unit.demonym else self._grammar.governed(s, i, low)
        led = sent or (preposition == "of" and self.officials(s.units[low:i]))
        if preposition in ELSEWHERE and not led:
            return False
        if self._grammar.possessive(s, i):
            return self.officials(s.units[i + 2 : i + 5])
        return not unit.demonym or self.officials(s.units[i + 1 : i + 7])

    @staticmethod
    def officials(units: Sequence[Unit]) -> bool:
        """Return whether someone who acts for a government is among `units`: "negotiators", a person."""
        return any(u.low in OFFICE or u.has("authority") or u.kind == "Person" for u in units)

    def _both(self, s: Sentence, i: int) -> list[Argument]:
        """Return the two parties told before for "both sides", "the two countries"."""
        if not {u.low for u in s.units[max(0, i - 3) : i]} & {"both", "two"}:
            return []
        unit = s.units[i]
        around = self.within(s, 0, i)
        here = [a for a in around if a.role == "party"]
        here = here if len(here) > 1 else self._hyphened(s, i) or here
        here = here or self.governments(_people(around), s)
        among = len(here) == 1 and here[0].name in {p.name for p in self.pair}
        pair = (
            here
            if len(here) == 2
            else (self.pair or (() if here else self.named))
            if among or not here
            else ()
        )
        out = []
        for party in pair:
            note = f"coreference: {unit.text} = {party.text}, told before"
            out.append(
                replace(party, text=unit.text, start=unit.start, end=unit.end, inferred=True, derivation=note)
            )
        return out

    def _hyphened(self, s: Sentence, i: int) -> list[Argument]:
        """Return the two of the last "U.S.-Mexico" before unit `i`, which "the two countries" then are."""
        for j in range(i - 3, -1, -1):
            one, joint, other = s.units[j : j + 3]
            if one.kind in PLACES and joint.text in {"-", "–", "/"} and other.kind in PLACES:
                return unique([*self.participant(s, j), *self.participant(s, j + 2)])
        return []

    def listed_behind(
        self, s: Sentence, at: int, words: Iterable[str], right: int, *, firms: bool = False
    ) -> list[Argument]:
        """Return the participants listed behind one of `words` after unit `at`: "between A and B"."""
        wanted = set(words)
        start = next(
            (
                j
                for j in range(at + 1, min(right, at + 9))
                if s.units[j].low in wanted and not s.units[j].kind
            ),
            None,
        )
        if start is None:
            return []
        out: list[Argument] = []
        for j in range(start + 1, min(right, start + 16)):
            unit = s.units[j]
            if unit.kind in NAMED or unit.reading({"Government"}):
                if not self._listable(s, j, start):
                    break
                out.extend(self.body(s, j) if firms else self.participant(s, j))
            elif unit.low in PAIR:
                out.extend(self._both(s, j))
            elif firms and (told := self.described(s, j)):
                out.extend(told)
            elif self._ends_list(s, j) and not (unit.low == "of" and s.units[j - 1].low in STATES):
                break
        return unique(out)

    def _listable(self, s: Sentence, j: int, start: int) -> bool:
        """Return whether a name takes part itself: not as the place, nor as the owner of something."""
        if s.units[j].reading({"City"}) and self._grammar.governed(s, j, start) in {"in", "at"}:
            return False
        if s.units[j].demonym and any(u.has("role") for u in s.units[j + 1 : j + 4]):
            return False  # "signed agreements with three Australian firms"
        return not self._grammar.possessive(s, j) or self.officials(s.units[j + 2 : j + 5])

    def _ends_list(self, s: Sentence, j: int) -> bool:
        unit = s.units[j]
        if unit.low in self._grammar.words["prepositions"] - {"between", "with"}:
            return True
        if unit.kind in {"Time", "Duration"} or unit.text in {";", ":", "—", "–", "("}:
            return True
        if any(t.form in {"past", "third"} for t in unit.tags) or self._grammar.is_auxiliary(unit):
            return True
        # "his counterpart, A", "the minister, A B, and C"
        counterpart = s.units[j - 1].low in {"counterpart", "counterparts", "minister", "secretary", "envoy"}
        return unit.text == "," and not counterpart and not self._list_goes_on(s, j)

    @staticmethod
    def _list_goes_on(s: Sentence, j: int) -> bool:
        """Return whether a comma at `j` joins names: "A, B and C", "its minister, A B, and C"."""
        if j + 2 >= len(s.units):
            return False
        if s.units[j + 1].low == "the" and s.units[j + 2].kind and s.units[j + 3 : j + 4]:
            return s.units[j + 3].low in {",", "and"}  # "A, the B islands and C"
        joined = s.units[j + 1].low == "and" and (
            bool(s.units[j + 2].kind) or s.units[j + 2].text[:1].isupper()
        )
        return joined or (bool(s.units[j + 1].kind) and s.units[j + 2].low in {",", "and"})

    def named_by(self, s: Sentence, at: int, left: int) -> list[Argument]:
        """Return the participants before the noun as its name: "US-China talks", "the Trump-Xi call"."""
        out: list[Argument] = []
        j = at - 1
        while j >= left and at - j <= 9:
            unit = s.units[j]
            if unit.kind == "Person" or unit.kind in PLACES or unit.kind == "Government":
                out = self.participant(s, j) + out
            elif not (unit.text in {"-", "–", "/"} or (unit.low in JOINTS and j > left) or self._inner(s, j)):
                break
            j -= 1
        return unique(out)

    def _inner(self, s: Sentence, j: int) -> bool:
        """Return whether a word can stand inside a noun phrase before its head: "long-awaited", "trade"."""
        unit, words = s.units[j], self._grammar.words
        if unit.kind or not unit.is_word:
            return False
        if unit.low in words["prepositions"] | words["auxiliaries"] | words["clause_openers"]:
            return False
        verbal = any(t.form in {"past", "third", "base"} for t in unit.tags)
        return not verbal or (j > 0 and s.units[j - 1].text == "-")


def _people(arguments: Sequence[Argument]) -> list[Argument]:
    return [a for a in arguments if a.role == "person"]


def unique(arguments: Iterable[Argument]) -> list[Argument]:
    """Return `arguments` without repeated names in one role, the first mention of each."""
    seen: dict[tuple[str, str], Argument] = {}
    for argument in arguments:
        seen.setdefault((argument.role, argument.name), argument)
    return list(seen.values())


def enough(arguments: Sequence[Argument]) -> bool:
    """Return whether at least two parties or two people are named."""
    parties = {a.name for a in arguments if a.role == "party"}
    people = {a.name for a in arguments if a.role == "person"}
    return (
        len(parties) >= 2
        or len(people) >= 2
        or (len(parties) >= 1 and len(people) >= 1 and len(parties | people) > 2)
    )


def due(s: Sentence, group: VerbGroup) -> bool:
    """Return whether the verb is set for a time to come: "are due to meet", "are due in Belgrade to sign"."""
    before = s.units[max(0, group.first - 4) : group.first]
    return group.infinitive and any(u.low in {"due", "set", "scheduled", "slated"} for u in before)
