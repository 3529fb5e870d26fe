"""Licenses told across clauses and sentences.

What "one" or "the license" is, lists, gaps, applications that wait.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kgbuild.extract.arguments import named, quantity
from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.lexicon import Tag
from kgbuild.extract.license_nouns import Noun
from kgbuild.extract.license_roles import LicenseRoles
from kgbuild.extract.license_scenes import unique
from kgbuild.extract.license_words import asks_for_told, of_another
from kgbuild.extract.units import FIRM, Sentence, Unit
from kgbuild.model import Argument, Event

#: Sentences to look back for the license that "one" or "the permit" means.
_BACK: Final = 3
_LISTING: Final = frozenset({"are", "were", "is", "was", "include", "includes", "included", "namely"})
_REFERRING: Final = frozenset(
    "they these those affected concerned among included hit targeted".split()
)  # fmt: skip
_BEHIND_GAP: Final = frozenset(
    {"for", "in", "to", "one", "the", "also", "likewise", "too", "some", "about", "just"}
)


class LicenseContext:
    """Remembers the licenses told so far in one article and reads what refers to them."""

    def __init__(self, grammar: Grammar, coreference: Coreference, roles: LicenseRoles) -> None:
        self._grammar = grammar
        self._coreference = coreference
        self._roles = roles
        self.here: list[Event] = []  #: events found so far in the sentence that is being read
        self.plural = False  #: whether the license noun told last is a plural
        self._last: Event | None = None
        self._last_at = -_BACK - 1  #: index of the sentence of `_last`
        self._owners: list[Argument] = []  #: whose license a sentence without a license event names
        self._owners_at = -_BACK - 1
        self._sole: Event | None = None
        self._names: set[str] = set()  #: holders told so far
        self._noun: Noun | None = None
        self._noun_at = -_BACK - 1

    def remember(self, s: Sentence, nouns: list[Noun], events: list[Event]) -> None:
        """Keep what `s` told for the sentences behind it."""
        if nouns:
            self._noun, self._noun_at = nouns[-1], s.index
            self.plural = s.units[nouns[-1].at].low.endswith("s")
        plain = [e for e in events if e.polarity == "affirmed" and e.certainty == "actual"]
        owned = [n for n in nouns if n.possessor is not None] if not events else []
        for noun in owned[-1:]:  # "fined for breaching its permit": the permit that is spoken of now
            firms = [h for h in self._roles.fill("holder", s, noun.possessor or 0) if h.kind == FIRM]
            self._owners, self._owners_at = firms, s.index
        if plain:
            self._last, self._last_at = plain[-1], s.index
        if plain and s.units[0].low == "holder":  # "Holder of the license is X": no longer its owner
            self._names = set()
        for event in plain:
            self._names |= {h.name or h.text for h in event.of("holder")}
            if [h for h in event.of("holder") if h.kind == FIRM]:
                self._sole = event

    def last(self, s: Sentence, reach: int = _BACK) -> Event | None:
        """Return the license event told in the `reach` sentences before `s`."""
        return self._last if s.index - self._last_at <= reach else None

    @property
    def sole(self) -> Event | None:
        """Return the license event told last where all that were told have the same firm as holder."""
        return self._sole if len(self._names) == 1 else None

    @property
    def told_of(self) -> set[str]:
        """Return the names of the holders told so far."""
        return self._names

    @property
    def told(self) -> Event | None:
        """Return the license event told last, however far back."""
        return self._last

    def near(self, s: Sentence, nouns: list[Noun]) -> str:
        """Return the kind of the license or application spoken of in `s` or right before it, or ""."""
        if nouns:
            return nouns[-1].kind
        return self._noun.kind if self._noun is not None and s.index - self._noun_at <= 1 else ""

    # ---- what a word stands for

    def spoken(self, s: Sentence) -> Noun | None:
        """Return the license noun told last in the sentence right before `s`."""
        return self._noun if s.index - self._noun_at <= 1 else None

    def holders(self, s: Sentence, noun: Noun, *, also_salient: bool) -> list[Argument]:
        """Return the holders of "the license" or "none" from what was told before.

        Nobody where it is not clear.
        """
        unit = s.units[noun.at]
        if unit.low in {"theirs", "own"}:
            return []  # whose it is only its own verb tells
        more = self._of_company(s, noun)
        if (
            also_salient
            and self._for_more(s, noun)
            and self.last(s, 6) is not None
            and self._last is not None
        ):
            firms = [h for h in self._last.of("holder") if h.kind == FIRM]
            if len(firms) == 1:
                more = [_moved(firms[0], unit.start, unit.end, unit.text, f"coreference: {unit.text}")]
        return more or self._referred(s, noun, also_salient=also_salient)

    def _of_company(self, s: Sentence, noun: Noun) -> list[Argument]:
        """Return the firm of "the company's permit" that only its license made known."""
        owner = s.units[noun.possessor] if noun.possessor is not None else None
        last = self.last(s)
        if owner is None or owner.low not in {"company", "firm", "miner"} or last is None:
            return []
        firms = [h for h in last.of("holder") if h.kind == FIRM]
        if len(firms) != 1:
            return []
        return [_moved(firms[0], owner.start, owner.end, owner.text, f"coreference: {owner.text}")]

    def _referred(self, s: Sentence, noun: Noun, *, also_salient: bool) -> list[Argument]:
        """Return the holders that the words for a license lead to."""
        unit = s.units[noun.at]
        step = f"coreference: {unit.text}"
        for event in reversed(self.here):  # told in this very sentence: "was granted in June and will expire"
            again = self._definite(s, noun) and not unit.low.endswith("s")
            told = any(k.start == unit.start or (again and k.start < unit.start) for k in event.of("kind"))
            same = noun.anaphor or (also_salient and told)
            firms = [h for h in event.of("holder") if h.kind == FIRM or h.value]
            if same and firms:
                return [_moved(h, unit.start, unit.end, unit.text, step) for h in firms]
        if not noun.anaphor and not self._definite(s, noun):
            lined = s.kind == "item" or (len(s.units) > 1 and s.units[1].text == ":")
            dated = (bool(s.heading) or s.units[0].kind == "Time") and lined and noun.possessor is None
            dated = dated and (bool(s.heading) or noun.first < 4)  # "May 2015: certificate obtained"
            asked = asks_for_told(s, noun.first, noun.at, self._grammar.words["projects"])
            return self.of_sole(unit) if dated or asked else []
        if of_another(s, noun.at):
            return []
        if self._owners and self._owners_at > self._last_at and s.index - self._owners_at <= 1:
            return [_moved(h, unit.start, unit.end, unit.text, step) for h in self._owners]
        single = not unit.low.endswith("s") or (also_salient and self._sole_is_plural(noun))
        last = self.last(s) or (self.sole if single else None)
        if last is not None and any(h.kind == FIRM for h in last.of("holder")):
            return [
                _moved(h, unit.start, unit.end, unit.text, step) for h in last.of("holder") if h.kind == FIRM
            ]
        plural = unit.low.endswith("s") and not noun.anaphor
        if plural or not also_salient:
            return []
        found = self._coreference.salient(s, noun.first)
        return [_moved(named("holder", found), unit.start, unit.end, unit.text, step)] if found else []

    def _sole_is_plural(self, noun: Noun) -> bool:
        """Return whether the only holder of the article was told to have several licenses of this kind."""
        kinds = self.sole.of("kind") if self.sole is not None else ()
        return any(k.text.lower().endswith("s") and (noun.inferred or k.value == noun.kind) for k in kinds)

    def of_sole(self, unit: Unit) -> list[Argument]:
        """Return the only holder of the article for a line of a list: "5 May 2012 - License issued"."""
        step = f"coreference: {unit.text}, the license of the article"
        firms = [h for h in self.sole.of("holder") if h.kind == FIRM] if self.sole is not None else []
        return [_moved(h, unit.start, unit.end, unit.text, step) for h in firms]

    @staticmethod
    def _for_more(s: Sentence, noun: Noun) -> bool:
        """Return whether applications are for more of what was told: "Applications for further customers"."""
        behind = s.units[noun.at + 1 : noun.at + 4]
        more = {"further", "other", "additional", "more", "remaining"}
        opened = len(behind) == 3 and behind[0].low == "for" and behind[1].low in more
        return opened and noun.first == noun.at and behind[2].has("role.customer")

    def _definite(self, s: Sentence, noun: Noun) -> bool:
        phrase = s.units[noun.first : noun.at]
        opener = phrase[0].low if phrase else ""
        opens = noun.first == 1 or (noun.first > 1 and s.units[noun.first - 2].has("license"))
        plain = opener not in self._grammar.words["determiners"] and not s.units[noun.at].low.endswith("s")
        if opens and plain and s.units[noun.first - 1].low in {"that", "this"}:
            opener = s.units[noun.first - 1].low  # "had issued that permit in 2009"
        new = any(
            u.low in {"first", "new", "necessary", "required", "latest", "only", "same", "other"}
            for u in phrase
        )
        return opener in self._grammar.words["definite"] - {"all", "both", "its", "their"} and not new

    # ---- further members

    def listed_behind(self, s: Sentence, right: int, group: list[Argument]) -> list[Argument]:
        """Return the firms of a list behind a colon that names an unnamed group.

        "four firms are cleared: A, B, C, D".
        """
        if not group or any(a.kind == FIRM for a in group) or right >= len(s.units):
            return []
        colon = next((i for i in range(right - 1, len(s.units) - 1) if s.units[i].text == ":"), None)
        said = colon is not None and (
            colon <= right or any(u.has("speech") or u.has("according") for u in s.units[right - 1 : colon])
        )
        found = self._firm_list(s, colon + 1) if said and colon is not None else []
        counted = {h.value for h in group}
        if colon is not None and said and counted != {str(len(found))}:
            full = self._roles.listed_names(s, colon + 1)
            found = full if {str(len(full))} == counted else found
        return found

    def among_whom(self, s: Sentence, verb: int) -> list[Argument]:
        """Return the firms of "Among the firms that lost their licenses are A and B"."""
        if s.units[0].low != "among":
            return []
        k = next((k for k in range(verb + 1, len(s.units)) if s.units[k].low in _LISTING), None)
        return self._firm_list(s, k + 1) if k is not None else []

    def _firm_list(self, s: Sentence, low: int) -> list[Argument]:
        """Return the firms of a list that begins at unit `low`.

        Nobody where anything else stands among them.
        """
        out: list[Argument] = []
        i = low
        while i < len(s.units):
            unit = s.units[i]
            if unit.kind == FIRM and not self._grammar.possessive(s, i):
                out.append(named("holder", unit))
            elif unit.text in {".", ";"} or (unit.text == "," and out and not self._goes_on(s, i)):
                break
            elif not (
                unit.text in {",", "(", ")", "&"}
                or unit.low in {"and", "the"}
                or unit.kind in {"Ticker", "City"}
            ):
                return [] if len(out) < 2 else out
            i += 1
        return out

    def _goes_on(self, s: Sentence, comma: int) -> bool:
        ahead = s.units[comma + 1 : comma + 4]
        return any(u.kind == FIRM for u in ahead[:1]) or (
            bool(ahead) and ahead[0].low in {"and", "the"} and any(u.kind == FIRM for u in ahead[1:])
        )

    def gapped(self, s: Sentence, after: int, event: Event) -> list[Event]:
        """Return what a gap tells again.

        "A was granted licenses for all customers, B and C for some of theirs".
        """
        out: list[Event] = []
        i = after + 1
        while i < len(s.units) - 1:
            opens = s.units[i].text in {",", ";"} or s.units[i].low == "and"
            before = s.units[i - 1]
            if not opens or before.kind == FIRM or s.units[i + 1].kind != FIRM:
                i += 1
                continue
            firms, j = [], i + 1
            while j < len(s.units) and (
                s.units[j].kind in {FIRM, "Ticker"} or s.units[j].low in {",", "and"}
            ):
                if s.units[j].kind == FIRM:
                    firms.append(j)
                j += 1
            behind = s.units[j] if j < len(s.units) else None
            served = self._grammar.served(s)
            if (
                behind is None or any(f in served for f in firms)
                or not (behind.low in _BEHIND_GAP or behind.kind == "Quantity")
                or any(u.has("enumeration") for u in s.units[after:i])
                or self._has_verb(s, j, self._end(s, j))
            ):  # fmt: skip
                return out
            holders = [named("holder", s.units[f]) for f in firms]
            stay = {"issuer", "kind", "material", "announced", "validity"}
            kept = [
                replace(a, inferred=True, derivation="shared by the verb before")
                for a in event.arguments
                if a.role in stay
            ]
            tons = [
                quantity("quantity", u)
                for u in s.units[j : self._end(s, j)]
                if u.amount and u.amount.kind == "mass"
            ]
            arguments = tuple(sorted({*kept, *holders, *tons[:1]}))
            out.append(replace(event, arguments=arguments, rule="license-gap"))
            ends = self._end(s, j)
            joins = (k for k in range(j, ends) if s.units[k].low == "and" and s.units[k + 1].kind == FIRM)
            i = next(joins, ends)
        return out

    @staticmethod
    def _end(s: Sentence, i: int) -> int:
        while i < len(s.units) and s.units[i].text not in {",", ";", ".", "—", "–"}:
            i += 1
        return i

    def _has_verb(self, s: Sentence, low: int, high: int) -> bool:
        return any(
            (u.low in self._grammar.words["auxiliaries"] or any(t.form in {"third", "past"} for t in u.tags))
            and not u.kind
            for u in s.units[low:high]
        )

    def members_named(self, s: Sentence) -> Event | None:
        """Return a license told without names whose holders `s` names.

        "Affected are A, B and C", "The four are A ...".
        """
        last = self.last(s, 2)
        if last is None or any(h.name for h in last.of("holder")) or not last.of("holder"):
            return None
        opener = next((i for i, u in enumerate(s.units[:10]) if u.low in _LISTING or u.text == ":"), None)
        if not opener or any(u.kind == FIRM for u in s.units[:opener]):
            return None
        refers = s.units[0].low in _REFERRING or (
            s.units[0].low in {"the", "their"}
            and any(
                u.has("role") or u.kind == "Quantity" or u.low in {"names", "two", "three", "four"}
                for u in s.units[1:opener]
            )
        )
        firms = self._roles.counted_names(s, opener + 1, last) if refers else []
        firms = firms or (self._firm_list(s, opener + 1) if refers else [])
        if not firms:
            return None
        kept = [
            replace(a, inferred=True, derivation="told in the sentence before")
            for a in last.arguments
            if a.role != "holder"
        ]
        return replace(
            last,
            start=s.start,
            end=s.end,
            arguments=tuple(sorted({*kept, *firms})),
            rule="license-members",
            repeats=(),
        )

    # ---- who is among those served

    def among(self, s: Sentence, told: bool) -> list[tuple[str, list[Argument], int]]:
        """Return (action, holders, unit) of "A is among the applicants", "the recipients include A and B"."""
        out = []
        for i, unit in enumerate(s.units):
            named = unit.low.startswith(("license ", "licence ", "permit "))
            if not (unit.has("role.asked") or unit.has("role.licensed")) or not (told or named):
                continue
            asked = unit.has("role.asked")
            if not asked and not any(
                u.has("license") or u.low.startswith(("licens", "licenc", "permit")) for u in s.units
            ):
                continue
            firms = self._counted_among(s, i) or self._called(s, i)
            if firms:
                out.append(("pending" if asked else "granted", firms, i))
        return out

    def _counted_among(self, s: Sentence, i: int) -> list[Argument]:
        """Return the firms before "are among the applicants", "is one of the recipients"."""
        described = self._grammar.describe(s, i)
        j = described.first - 1
        if j >= 1 and s.units[j].low == "of" and s.units[j - 1].low == "one":
            j -= 1
        elif j < 0 or s.units[j].low != "among":
            return []
        verb = j - 1
        while verb >= 0 and s.units[verb].low in self._grammar.words["adverbs"]:
            verb -= 1
        if verb >= 0 and s.units[verb].low in _LISTING:
            heads = self._grammar.subject(s, VerbGroup(verb, verb, Tag("be", "be", "", "past"), False, False))
            known = [a for h in heads for a in self._roles.fill("holder", s, h) if a.kind == FIRM]
            return unique([*known, *self._roles.unknown_members(s, heads)])
        opening = j == 0 or s.units[j - 1].text in {",", ";"}
        k = next((k for k in range(i + 1, min(len(s.units), i + 9)) if s.units[k].low in _LISTING), None)
        return self._firm_list(s, k + 1) if opening and k is not None else []

    def _called(self, s: Sentence, i: int) -> list[Argument]:
        """Return the firms behind "the recipients are", "recipients of the licenses include"."""
        for k in range(i + 1, min(len(s.units), i + 9)):
            if s.units[k].low in _LISTING:
                return self._firm_list(s, k + 1)
            if any(t.form in {"third", "past"} for t in s.units[k].tags) and not s.units[k].has("license"):
                return []
        return []


def _moved(argument: Argument, start: int, end: int, text: str, step: str) -> Argument:
    """Return `argument` at the place that led to it."""
    return replace(argument, start=start, end=end, text=text, inferred=True, derivation=step)
