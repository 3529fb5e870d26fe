"""Arguments that events share: places reached, materials, times, durations, amounts, holders."""

from __future__ import annotations

from kgbuild.extract.coreference import Coreference
from kgbuild.extract.firm_lists import FirmLists, named
from kgbuild.extract.grammar import POSSESSIVES, Grammar
from kgbuild.extract.speech_words import load_speech
from kgbuild.extract.stance import Speech
from kgbuild.extract.units import FIRM, MATERIALS, PLACES, Sentence, Unit
from kgbuild.model import Argument

__all__ = ["Arguments", "named", "quantity"]

#: Classes of verbs that a time behind them dates.
_DATED_VERBS = frozenset({"control", "license", "speech", "agree", "settle", "visit"})
_TOWARD = frozenset({"to", "for", "into", "in", "across"})
_SPEAKING = ("role.unit", "authority", "source")


class Arguments:
    """Finds arguments in a stretch of a sentence."""

    def __init__(self, grammar: Grammar, coreference: Coreference, text: str) -> None:
        self.grammar = grammar
        self.coreference = coreference
        self._text = text
        self._lists = FirmLists(text, grammar)

    def written(self, start: int, end: int) -> str:
        """Return the text between two offsets."""
        return self._text[start:end]

    # ---- who says it

    def speaker(self, s: Sentence, speech: Speech | None) -> Argument | None:
        """Return who says it, named or described.

        None when only the writer does, or nobody can be made out.
        """
        if speech is None or speech.speaker is None:
            return None
        unit = s.units[speech.speaker]
        found = self.coreference.refer(s, speech.speaker)
        if found is not None:
            return Argument(
                "speaker", found.kind, unit.text, unit.start, unit.end, found.name, derivation=found.via
            )
        spoken = not unit.kind and load_speech(self.grammar.lexicon).is_noun(
            unit.low, "voice", "human", "body", "media"
        )
        if (
            spoken
            or unit.amount is not None
            or unit.has("source")
            or unit.has("authority")
            or unit.has("role")
        ):
            start = s.units[self.grammar.describe(s, speech.speaker).first].start
            words = self._text[start : unit.end]
            return Argument(
                "speaker", "UnnamedSource", words, start, unit.end, derivation="described, not named"
            )
        return None

    # ---- things

    def actor(self, role: str, s: Sentence, i: int, *, firm: bool = False) -> Argument | None:
        """Return unit `i` as the one who acts in `role`; None when it refers to nothing that can be named."""
        found = self.coreference.refer(s, i, firm=firm)
        if found is None:
            return None
        unit = s.units[i]
        inferred = found.via.startswith(("coreference", "apposition"))
        return Argument(
            role,
            found.kind,
            unit.text,
            unit.start,
            unit.end,
            found.name,
            inferred=inferred,
            derivation=found.via,
        )

    def holders(self, role: str, s: Sentence, i: int, text: str) -> list[Argument]:
        """Return the firms that unit `i` stands for.

        One firm, or named members and an unnamed rest of a group.
        """
        unit = s.units[i]
        one = self.actor(role, s, i, firm=True)
        if one is not None and one.kind == FIRM:
            return [one]
        if not unit.has("role"):
            return []
        described = self.grammar.describe(s, i)
        if described.definite and not described.plural:
            return []  # "the company" that no rule could find: nobody rather than a guess
        owner = described.first - (described.first > 0 and s.units[described.first].text in POSSESSIVES)
        start = s.units[owner].start
        group = [] if unit.has("role.supplier") else self.members(role, s, i)
        if described.count and not any(m.name or m.value for m in group):
            group = []  # "four makers including suppliers of X": who they are is told, not how many
        rest = (described.count or 0) - len(group)
        if group and described.count is not None and rest <= 0:
            return group
        if not group or described.count is not None or described.plural:
            note = f"{rest} of {described.count} unnamed" if described.count else "unnamed"
            value = str(rest) if described.count else ""
            if group and described.count is None:
                return group
            group.append(
                Argument(
                    role, "UnnamedFirm", text[start : unit.end], start, unit.end, "", value, derivation=note
                )
            )
        return group

    def members(self, role: str, s: Sentence, head: int) -> list[Argument]:
        """Return the firms listed behind a group noun: "three firms, including A and B"."""
        return self._lists.members(role, s, head)

    def destinations(self, s: Sentence, low: int, high: int) -> list[Argument]:
        """Return the places in units [low, high) that goods may go to, with the word that opens the list."""
        out = []
        for i in range(low, high):
            unit = s.units[i]
            if unit.demonym or not unit.reading(PLACES) or self.grammar.possessive(s, i):
                continue
            if i + 1 < len(s.units) and s.units[i + 1].text == "-" and s.units[i + 1].start == unit.end:
                continue
            if i + 1 < len(s.units) and any(s.units[i + 1].has(c) for c in _SPEAKING):
                continue  # "issued to its Beijing unit", "to China, a U.S. official said"
            if self._reached(s, i, low):
                kind, label = unit.reading(PLACES) or (unit.kind, unit.name)
                out.append(Argument("destination", kind, unit.text, unit.start, unit.end, label))
        return out

    def _reached(self, s: Sentence, i: int, low: int) -> bool:
        """Return whether the place at `i` stands behind "to", "for", "covering" ..., also in a list."""
        j = i - 1
        while j >= low - 1 and j >= 0:
            unit = s.units[j]
            if unit.has("cover") or (unit.has("enumeration") and j and self._place_noun(s.units[j - 1])):
                return True
            if unit.low in self.grammar.words["prepositions"] and not unit.kind:
                if unit.low == "in":
                    return j > 0 and (self._place_noun(s.units[j - 1]) or s.units[j - 1].has("role.customer"))
                barred = (
                    s.units[j - 1].low in {"not", "except"} or s.units[j - 1].has("exclude") if j else False
                )
                return unit.low in _TOWARD and not barred
            if (
                unit.reading(PLACES)
                or unit.text in {",", "and", "or", "as", "well", "—"}
                or unit.has("destination-noun")
            ):
                j -= 1
                continue
            if (
                unit.low in self.grammar.words["determiners"]
                or unit.low in {"key", "other", "several", "major", "both"} | self.grammar.words["adverbs"]
            ):
                j -= 1
                continue
            return False
        return False

    @staticmethod
    def _place_noun(unit: Unit) -> bool:
        return (
            unit.has("destination-noun")
            or unit.has("word.export")
            or unit.low in {"countries", "regions", "places"}
        )

    def materials(self, role: str, s: Sentence, low: int, high: int) -> list[Argument]:
        """Return the materials named in units [low, high), leaving out those that only describe a firm."""
        out, excluded = [], False
        for i in range(low, high):
            unit = s.units[i]
            if unit.has("exclude") or unit.low == "not":
                excluded = True
            if unit.kind not in MATERIALS or self._describes_firm(s, i):
                continue
            use = "excluded_material" if excluded and role == "material" else role
            out.append(Argument(use, unit.kind, unit.text, unit.start, unit.end, unit.name))
        return out

    def _describes_firm(self, s: Sentence, i: int) -> bool:
        """Return whether a material belongs to a role word.

        "magnet maker", "a maker of rare-earth magnets".
        """
        for unit in s.units[i + 1 : i + 4]:
            if unit.has("role") or unit.kind == FIRM:
                return True
            if not (unit.text == "-" or unit.kind in MATERIALS or unit.has("role")):
                break
        before = s.units[max(0, i - 3) : i]
        return any(u.has("role") for u in before) and any(u.low == "of" for u in before)

    # ---- times and numbers

    def times(
        self, s: Sentence, low: int, high: int, speech: Speech | None, at: int | None = None
    ) -> list[Argument]:
        """Return the time of what units [low, high) tell as "date", and the time it was said as "announced".

        Of several times the one nearest to unit `at` (the verb) is taken. A time that only
        describes something else ("last month's deal", "the ban of December", "since April") is none.
        """
        said = _time_of_speech(s, speech)
        out = [_time("announced", s.units[i]) for i in sorted(said)]
        near = [
            i
            for i in range(low, high)
            if i not in said and self._dates_verb(s, i) and not _belongs_elsewhere(self.grammar, s, at, i)
        ]
        if near:
            middle = low if at is None else at
            best = min(near, key=lambda i: (abs(i - middle), i < middle, i))
            out.append(_time("date", s.units[best]))
        out += [
            _time("until", u)
            for u in s.units[low:high]
            if u.date is not None and u.date.edtf.startswith("../")
        ]
        if not out:
            told = speech is not None or any(u.has("speech.say") for u in s.units)
            for date in s.heading:
                how = _how(date.rule, date.anchor)
                role = "announced" if told else "date"
                out.append(
                    Argument(role, "Time", date.text, date.start, date.end, value=date.edtf, derivation=how)
                )
        return out

    def _dates_verb(self, s: Sentence, i: int) -> bool:
        """Return whether a time can say when something was done: no open end, and no mere description."""
        date = s.units[i].date
        if (
            s.units[i].kind != "Time"
            or date is None
            or date.edtf.startswith("../")
            or date.edtf.endswith("/..")
        ):
            return False
        before = s.units[i - 1].low if i else ""
        return not self.grammar.possessive(s, i) and before not in {
            "of", "than", "since", "throughout", "through", "for",
        }  # fmt: skip

    @staticmethod
    def durations(s: Sentence, low: int, high: int) -> list[Unit]:
        """Return the units of [low, high) that are lengths of time."""
        return [
            u for u in s.units[low:high] if u.kind == "Duration" and u.date is not None and u.date.duration
        ]


def _belongs_elsewhere(grammar: Grammar, s: Sentence, at: int | None, i: int) -> bool:
    """Return whether another finite verb stands before a time: "agreed to lift what China set in May"."""
    if at is None or i <= at:
        return False
    if any(u.low == "since" and not u.kind for u in s.units[at + 1 : i]):
        return True  # "has received licenses since the start of the rules on December 1"
    verbs = sum(
        not unit.kind and any(t.form == "past" and t.cls.partition(".")[0] in _DATED_VERBS for t in unit.tags)
        for unit in s.units[at + 1 : i]
    )
    noun = grammar.is_noun(s, at) or any(not t.form for t in s.units[at].tags)
    own = int(noun)  # a noun has its verb behind it: "talks ended in July"
    return verbs > own


def _time_of_speech(s: Sentence, speech: Speech | None) -> set[int]:
    """Return the times that say when something was said: beside the verb, or opening its sentence."""
    if speech is None:
        return set()
    near = set()
    beside = (
        *range(speech.verb + 1, min(speech.verb + 4, len(s.units))),
        *range(speech.verb - 1, max(-1, speech.verb - 3), -1),
    )
    for i in beside:
        date = s.units[i].date
        if s.units[i].kind == "Time" and (date is None or not _of_a_state(date.edtf)):
            near.add(i)
    if not near:
        for i in range(min(4, speech.verb)):
            if s.units[i].kind == "Time" and not any(u.has("license") for u in s.units[: speech.verb]):
                near.add(i)
    return near


def _of_a_state(edtf: str) -> bool:
    """Return whether nobody speaks at a time: "have held theirs since 2013, according to"."""
    return edtf.endswith("/..") or (len(edtf) == 4 and edtf.isdigit())


def _time(role: str, unit: Unit) -> Argument:
    date = unit.date
    value, how = (date.edtf, _how(date.rule, date.anchor)) if date is not None else ("", "")
    return Argument(role, "Time", unit.text, unit.start, unit.end, value=value, derivation=how)


def _how(rule: str, anchor: str) -> str:
    return f"{rule}, from {anchor}" if anchor else rule


def quantity(role: str, unit: Unit) -> Argument:
    """Return an amount unit as an argument."""
    amount = unit.amount
    value, measure, qualifier = (
        (amount.value, amount.unit, amount.qualifier) if amount is not None else ("", "", "")
    )
    return Argument(
        role, "Quantity", unit.text, unit.start, unit.end, value=value, unit=measure, qualifier=qualifier
    )  # fmt: skip
