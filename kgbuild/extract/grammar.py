"""Shallow grammar over units: verb groups, clauses, subjects, noun phrases, lists.

No parser is used: word classes of the lexicon, word order and punctuation decide. What the
rules cannot see they do not guess; a missing subject is an empty list.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from kgbuild.extract.lexicon import Tag
from kgbuild.extract.noun_phrases import POSSESSIVES, PRONOUNS, Description, NounPhrases, told_by
from kgbuild.extract.units import BODIES, FIRM, MATERIALS, PLACES, Sentence, Unit

__all__ = ["POSSESSIVES", "PRONOUNS", "Description", "Grammar", "NounPhrases", "VerbGroup", "positions"]

_DASHES: Final = frozenset({"—", "–", "--"})
_NO_ADVERBS: Final = frozenset(
    "family assembly monopoly anomaly butterfly friendly elderly likely daily monthly".split()
)
#: Prepositions that lead on from the noun of an aside: "X and Y, partners in a venture, have".
_INSIDE: Final = frozenset({"in", "of", "at", "on", "behind"})
_BARE: Final = frozenset({"to", "will", "would", "could", "may", "might", "should", "must", "shall"})
_FINITE: Final = frozenset({"third", "past"})
_EITHER: Final = frozenset({"since", "following", "despite", "amid", "until", "so"})
_ASIDES: Final = frozenset({"after", "as", "because", "before", "when", "while"})


@dataclass(frozen=True, slots=True)
class VerbGroup:
    """A verb with its auxiliaries and adverbs: units [first, verb]."""

    first: int
    verb: int
    tag: Tag
    passive: bool
    infinitive: bool


class Grammar(NounPhrases):
    """Reads sentences with the word lists of a lexicon."""

    # ---- verbs

    def verb_group(self, s: Sentence, i: int, tag: Tag) -> VerbGroup:
        """Return the group whose main verb is unit `i`."""
        first, be, to = i, False, False
        j = i - 1
        while j >= 0:
            unit = s.units[j]
            if unit.low in self.words["auxiliaries"] and not unit.kind:
                be = be or (unit.low in self.words["be"] and first - j <= 4)
            elif unit.low == "to" and j == first - 1 and tag.form == "base":
                to = True
            elif (timed := self._timed(s, j)) is not None or (timed := self._inserted(s, j)) is not None:
                j = timed  # "will from September 7 require", "have, in principle, reached"
            elif not (unit.low in self.words["adverbs"] or _is_cue(unit) or _manner(unit)):
                break
            first = j
            j -= 1
        while first < i and (s.units[first].low in self.words["adverbs"] or _manner(s.units[first])):
            first += 1
        return VerbGroup(first, i, tag, be and tag.form in {"past", "participle"}, to)

    def _timed(self, s: Sentence, i: int) -> int | None:
        """Return where a time between an auxiliary and its verb opens: "has since May banned"."""
        if s.units[i].kind != "Time":
            return None
        j = i - 1 if i and s.units[i - 1].low in self.words["prepositions"] else i
        return j if j and self.is_auxiliary(s.units[j - 1]) else None

    def _inserted(self, s: Sentence, i: int) -> int | None:
        """Return where an aside of one unit between an auxiliary and its verb opens: its first comma."""
        if i < 3 or s.units[i].text != "," or s.units[i - 2].text != ",":
            return None
        inside = s.units[i - 1]
        told = _is_cue(inside) or inside.low in self.words["adverbs"]
        before = s.units[i - 3]
        return i - 2 if told and (self.is_auxiliary(before) or _is_cue(before)) else None

    def tags_at(self, s: Sentence, i: int, cls: str) -> list[Tag]:
        """Return the readings of unit `i` below `cls`, one a class, in the form that fits there."""
        unit = s.units[i]
        if unit.kind and unit.kind != "Good":
            return []
        by_class: dict[str, list[Tag]] = {}
        for tag in unit.tags:
            if tag.form and (tag.cls == cls or tag.cls.startswith(cls + ".")):
                if (
                    tag.form in {"base", "third"}
                    and unit.low not in {"up", "down", "higher"}
                    and self.is_noun(s, i)
                ):
                    continue
                by_class.setdefault(tag.cls, []).append(tag)
        return [self._best_form(s, i, tags) for _, tags in sorted(by_class.items())]

    def is_auxiliary(self, unit: Unit) -> bool:
        """Return whether the unit is an auxiliary verb and no possessive ending."""
        return unit.low in self.words["auxiliaries"] and unit.text not in {"'s", "’s"} and not unit.kind

    def is_noun(self, s: Sentence, i: int) -> bool:
        """Return whether a word that can be a verb is a noun here: "a 90-day pause", "its clear ban"."""
        before = s.units[i - 1] if i else None
        ruled = i > 1 and s.units[i - 2].has("rule-word")  # "a law that bans exports"
        if before is None or (before.low == "that" and (ruled or all(t.form for t in s.units[i].tags))):
            return False  # "a decree that renews its permit"
        if before.low.endswith("s") and not before.kind and s.units[i].has("agree"):
            return False  # "saw both countries agree to a pause"
        if before.low in {"both", "all", "each"} and i > 1 and self.is_auxiliary(s.units[i - 2]):
            return False  # "X and Y will each receive"
        opens = i == 1 or s.units[i - 2].kind == "Time" or not s.units[i - 2].is_word
        if before.low in {"both", "all"} and opens and not s.units[i].low.endswith("s"):
            return any(not t.form for t in s.units[i].tags)  # "On Friday both lose their licenses"
        if (
            before.low in self.words["determiners"]
            or before.kind in {"Duration", "Quantity"}
            or before.text in {"'s", "’s"}
        ):
            return True
        return (
            i > 1
            and before.is_word
            and not before.kind
            and not before.tags
            and before.low not in PRONOUNS  # "said that it holds"
            and s.units[i - 2].low in self.words["determiners"]
        )

    def _best_form(self, s: Sentence, i: int, tags: list[Tag]) -> Tag:
        forms = {t.form: t for t in tags}
        before = s.units[i - 1].low if i else ""
        if "base" in forms and before in _BARE:
            return forms["base"]  # "to put off", "will cut": all forms look alike
        if {"past", "participle"} <= forms.keys():
            return forms["participle"] if before in self.words["auxiliaries"] else forms["past"]
        if "base" in forms and len(forms) > 1 and before in {"to", "not"}:
            return forms["base"]
        return tags[0]

    # ---- clauses

    def clause(self, s: Sentence, i: int) -> tuple[int, int]:
        """Return the units [left, right) of the clause around unit `i`."""
        left = i
        while left > 0 and not self._opens(s, left):
            left -= 1
        right = i + 1
        while right < len(s.units) and not self._opens(s, right):
            right += 1
        return left, right

    def _opens(self, s: Sentence, i: int, *, relative: bool = True) -> bool:
        unit = s.units[i]
        if unit.text in {";", ":"}:
            return True
        if unit.low in self.words["clause_openers"] and not unit.kind:
            if (
                unit.low == "as"
                and i + 1 < len(s.units)
                and s.units[i + 1].low in {"a", "an", "retaliation", "of"}
            ):
                return False
            if unit.low == "as" and i and s.units[i - 1].low in {"known", "listed", "described", "seen"}:
                return False
            inside = unit.low in {"since", "so", "once"} and i > 0 and self.is_auxiliary(s.units[i - 1])
            if inside or (unit.low == "so" and i + 1 < len(s.units) and s.units[i + 1].low == "far"):
                return False  # "has since granted", "has so far granted"
            # a preposition before a name or a date ("following talks", "since April") opens no clause
            return unit.low not in _EITHER or self._verb_ahead(s, i)
        after_comma = i > 0 and s.units[i - 1].text == ","
        return relative and after_comma and unit.low in {"which", "who", "whose", "where", "adding"}

    def _verb_ahead(self, s: Sentence, i: int) -> bool:
        for unit in s.units[i + 1 : i + 9]:
            if unit.text in {",", ";", "."}:
                return False
            if unit.low in self.words["auxiliaries"] or any(t.form in _FINITE for t in unit.tags):
                return True
        return False

    def opener(self, s: Sentence, i: int) -> Unit | None:
        """Return the word that opens the clause of unit `i` ("if", "after"), if one does."""
        left, _ = self.clause(s, i)
        return s.units[left] if self._opens(s, left) else None

    def subject(self, s: Sentence, group: VerbGroup) -> list[int]:
        """Return the units that head the subject of a verb group; several when they are joined as a list."""
        left = group.verb
        while left > 0 and not self._opens(s, left, relative=False):
            left -= 1
        i = group.first - 1
        if i > 1 and s.units[i].low == "and" and s.units[i - 1].text == ",":
            return []  # "A put B on a list, among them C, and restricted": its subject is further on
        while i > left and s.units[i].low in self.words["adverbs"] and s.units[i - 1].text == ",":
            i -= 1  # "X, owned by Y, now holds"
        members: list[int] = []
        while i >= left and s.units[i].text in {",", ")", '"', "”"} | _DASHES:
            opened = self._aside(s, left, i)
            if opened is None:
                break
            if s.units[opened + 1].has("enumeration"):
                members = self.listed(s, opened + 2, i)
            elif s.units[opened + 1].kind == FIRM and self.is_role(s.units[opened - 1]):
                members = self.listed(s, opened + 1, i)  # "three firms, A, B and C, have"
            i = opened - 1
        if i > left and s.units[i].low in {"that", "who", "which"} and self.is_actor(s.units[i - 1]):
            i -= 1  # a relative clause: "companies that have received"
        elif i > left and s.units[i].low in {"which", "who"}:
            return [i]
        low, joined = i, False
        while low >= left and not self._stops_phrase(s, low):
            named = next((u for u in reversed(s.units[left:low]) if u.kind != "Ticker"), None)
            behind = s.units[low + 1] if low < i else None
            joined = joined or (
                s.kind == "headline" and named is not None and behind is not None
                and named.kind == behind.kind == FIRM
            )  # fmt: skip
            if s.units[low].text == "," and self.named_behind(s, low):
                low -= 2  # "A and the second largest producer, B"
                continue
            if s.units[low].text == "," and not (joined and named is not None and self.is_actor(named)):
                break  # a comma goes on only inside "A, B and C"
            joined = joined or s.units[low].low in {"and", "or"}
            low -= 1
        heads = self._heads(s, low + 1, i, through={"with"} if group.tag.form == "ing" else frozenset())
        return sorted(set(heads) | set(members))

    def shared_subject(self, s: Sentence, group: VerbGroup) -> list[int]:
        """Return the subject that a verb behind "and" or "but" shares with the verb before.

        "X asked and was refused".
        """
        i = group.first - 1
        while i > 1 and (
            s.units[i].kind == "Time"
            or (s.units[i + 1].kind == "Time" and s.units[i].low in self.words["prepositions"])
        ):
            i -= 1  # "stopped exports and on 16 October replaced the stop"
        if i < 1 or s.units[i].low not in {"and", "but", "or", "then", "nor"}:
            return []
        opened, _ = self.clause(s, i)
        if s.units[i - 1].text == "," and opened > 1 and s.units[opened - 1].text == ",":
            i = opened if s.units[opened].low in _ASIDES else i  # "X put A, after Y raised B, and widened C"
        for j in range(i - 1, -1, -1):
            unit = s.units[j]
            if unit.text in {";", ":"}:
                break
            finite = [t for t in unit.tags if t.form in _FINITE] if not unit.kind else []
            auxiliary = (
                unit.low in self.words["auxiliaries"] and not unit.kind and unit.text not in POSSESSIVES
            )
            if not finite and not auxiliary:
                continue
            tag = finite[0] if finite else Tag("auxiliary", unit.low, "", "past")
            heads = self.subject(s, self.verb_group(s, j, tag))
            if heads:
                return heads
        return []

    def _aside(self, s: Sentence, left: int, close: int) -> int | None:
        """Return where the aside that ends before `close` opens: its comma, bracket or dash."""
        closing = s.units[close].text
        wanted = {")": {"("}, '"': {'"'}, "”": {"“"}}.get(
            closing, {closing} | (_DASHES if closing in _DASHES else set())
        )
        j = close - 1
        while j >= left and s.units[j].text not in wanted:
            j -= 1
        if j < left:
            return None
        if closing != ",":
            return j
        j = self._list_opens(s, left, j)
        head = s.units[j + 1]
        aside = (
            head.low in self.words["relative"] | self.words["determiners"]
            or head.has("enumeration")
            or head.demonym
            or head.has("role")
            or (head.kind == "Quantity" and any(self.is_role(u) for u in s.units[j + 1 : close]))
            or any(t.form in {"ing", "participle"} for t in head.tags)
            or head.low in self.words["aside_openers"]
            or (j + 2 < close and head.text.islower() and s.units[j + 2].low in _INSIDE)
            or (self.possessive(s, j + 1) and any(self.is_role(u) for u in s.units[j + 2 : close]))
            or (
                head.kind in {FIRM, "Person"}
                and j > 0
                and self.is_actor(s.units[j - 1])
                and not s.units[j - 1].kind
            )
        )
        return j if aside else None

    @staticmethod
    def is_role(unit: Unit) -> bool:
        """Return whether a unit describes firms and names none."""
        return unit.has("role") and not unit.kind

    def _in_list(self, unit: Unit) -> bool:
        plain = self.name_word(unit) and unit.text != "-" and unit.kind not in PLACES
        return unit.kind in {FIRM, "Ticker"} or unit.text in {"(", ")", "&"} or unit.low == "and" or plain

    def _list_opens(self, s: Sentence, left: int, comma: int) -> int:
        """Return the comma that opens the list in which `comma` stands: "firms, A, B and C, have"."""
        j = comma
        while j > left + 1:
            k = j - 1
            while k > left and self._in_list(s.units[k]):
                k -= 1
            if k == j - 1 or s.units[k].text not in {",", "-"} | _DASHES:
                return comma
            if self.is_role(s.units[k - 1]) or s.units[k - 1].kind == "Quantity":
                return k
            j = k
        return comma

    def _stops_phrase(self, s: Sentence, i: int) -> bool:
        unit = s.units[i]
        if unit.kind:
            return False
        if unit.low in {"that", "and", "but", "or"}:
            # "and" joins names of one subject; before a verb phrase it ends it
            before = s.units[i - 1] if i else None
            named = before is not None and (
                self.is_actor(before)
                or bool(before.kind)
                or before.text == ","
                or (i > 1 and before.text[:1].isupper())
            )
            return unit.low != "and" or not named
        if unit.text in {";", ":", "“"} or told_by(s, i):
            return True
        if i and s.units[i - 1].low in self.words["determiners"] - {"that"}:
            return False  # "a limited number": no verb stands right behind an article
        finite = any(t.form in _FINITE or t.form == "participle" for t in unit.tags if t.form)
        nominal = any(not t.form for t in unit.tags)
        return (finite and not nominal) or self.is_auxiliary(unit) or self._opens(s, i)

    def _heads(self, s: Sentence, low: int, high: int, through: AbstractSet[str] = frozenset()) -> list[int]:
        heads: list[int] = []
        for i in range(low, high + 1):
            unit = s.units[i]
            if not self.is_actor(unit) or self.possessive(s, i):
                continue
            if self.governed(s, i, low) not in {"", *through} and not self.part_of(s, i, low):
                continue
            following = s.units[i + 1] if i < high else None
            if unit.has("role") and following is not None and following.kind == FIRM:
                continue  # "magnet maker Example": the name is the head
            if (
                unit.has("role")
                and following is not None
                and following.text == ","
                and self.named_behind(s, i + 1)
            ):
                continue
            if unit.kind == FIRM and following is not None and self.belongs(following):
                continue  # "Example supplier", "Example subsidiary": the name tells whose
            if unit.demonym or (unit.kind in PLACES and following is not None and self._continues(following)):
                continue  # "China rare earth firms", "US officials"
            if unit.has("authority") and heads and s.units[heads[-1]].kind in BODIES and heads[-1] == i - 1:
                continue
            heads.append(i)
        return heads

    @staticmethod
    def _continues(unit: Unit) -> bool:
        return (
            unit.has("role")
            or unit.has("authority")
            or unit.kind in MATERIALS
            or unit.kind in BODIES | {"Person"}
        )


def _manner(unit: Unit) -> bool:
    """Return whether a word tells how something is done: "significantly"."""
    plain = not unit.kind and not unit.tags and unit.low not in _NO_ADVERBS
    return unit.low.endswith("ly") and len(unit.low) > 5 and plain


def _is_cue(unit: Unit) -> bool:
    return (
        any(
            t.cls in {"negation", "possible", "planned", "in-principle", "duty", "general"} for t in unit.tags
        )
        and not unit.kind
    )


def positions(s: Sentence, cls: str) -> Iterator[int]:
    """Yield the units of `s` that have a reading below `cls`."""
    for i, unit in enumerate(s.units):
        if unit.has(cls):
            yield i
