"""Words that stand for a license told before: "each was given one", "kept theirs", "the extension"."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.grammar import Grammar
from kgbuild.extract.license_context import LicenseContext
from kgbuild.extract.license_nouns import Noun
from kgbuild.extract.units import FIRM, Sentence

_ANAPHORS: Final = frozenset(
    {"one", "ones", "some", "them", "several", "none", "any", "one or more", "others"}
)
_NONE: Final = frozenset({"none", "not one", "one"})
_OWN: Final = frozenset({"theirs"})
_AGAIN: Final = frozenset(
    {"a", "new", "second", "fresh", "third", "revised", "further", "more", "additional"}
)
_ORDINALS: Final = frozenset({"second", "third", "fourth", "fifth"})
_SORTS: Final = frozenset({"kind", "sort", "type"})
#: Classes of verbs whose object "it" can be a license told before.
_TAKING: Final = frozenset({"license.revoke", "license.lose"})
_HOLD: Final = frozenset({"hold", "keep-license", "retain-license"})


class LicenseAnaphors:
    """Finds the words of a sentence that stand for a license."""

    def __init__(self, grammar: Grammar, context: LicenseContext) -> None:
        self._grammar = grammar
        self._context = context

    def find(self, s: Sentence, nouns: list[Noun]) -> list[Noun]:
        """Return "one", "theirs", "none" or "the extension" of `s` that stand for a license just told."""
        out = []
        for i, unit in enumerate(s.units):
            before = [n for n in nouns if n.at < i]
            known = before[-1] if before else self._context.spoken(s) or self._told(s)
            if known is None:
                continue
            if self._own(s, i) or self._renewal(s, i, nouns) or self._it(s, i, nouns):
                out.append(Noun(i, i, known.kind, None, inferred=True, anaphor=True))
                continue
            if self._further(s, i) or self._object(s, i, nouns):
                out.append(Noun(i, i, known.kind, None, inferred=True, anaphor=True))
                continue
            if not self._stands_alone(s, i):
                continue
            subject = unit.low in _NONE and (i + 1 < len(s.units) and self._auxiliary(s, i + 1))
            stands = unit.low in _ANAPHORS or _counts_license(s, i)
            if subject or (stands and i and self._verb_before(s, i)):
                out.append(Noun(i, i, known.kind, None, inferred=True, anaphor=True))
        return out

    def _told(self, s: Sentence) -> Noun | None:
        """Return a noun for the license told up to two sentences before, where none is spoken of since."""
        last = self._context.last(s, 2)
        kind = next((k.value for k in last.of("kind")), "") if last is not None else ""
        return Noun(0, 0, kind, None, inferred=True) if kind else None

    def _further(self, s: Sentence, i: int) -> bool:
        """Return whether unit `i` opens a clause for one more license: "Another of that kind went to X"."""
        unit, before = s.units[i], s.units[i - 1] if i else None
        ordinal = unit.low in _ORDINALS and before is not None and before.low == "a"
        start = i - ordinal
        opens = (
            start == 0 or s.units[start - 1].text in {";", ","} or s.units[start - 1].low in {"and", "but"}
        )
        if not opens or not (ordinal or unit.low == "another") or i + 1 >= len(s.units):
            return False
        k = i + 1
        if s.units[k].low == "of":
            k = next((j + 1 for j in range(k + 1, min(len(s.units), k + 5)) if s.units[j].low in _SORTS), k)
        if k < len(s.units) and s.units[k].text == ",":
            return any(self._auxiliary(s, j) for j in range(k + 1, len(s.units)))
        acts = ("license.go", "license.give", "license.come", "license.deny", "license.revoke")
        return k < len(s.units) and (self._auxiliary(s, k) or any(s.units[k].has(c) for c in acts))

    def _object(self, s: Sentence, i: int, nouns: list[Noun]) -> bool:
        """Return whether "it" is the license told right before: "a decree cancels it"."""
        if s.units[i].low != "it" or i < 2 or s.units[i].kind:
            return False
        if self._context.last(s, 1) is None or self._context.plural:
            return False
        verb = s.units[i - 1]
        takes = any(
            t.form and (t.cls in _TAKING or t.action == "renewed" or t.id in _HOLD) for t in verb.tags
        )
        return takes and self._ends(s, i) and not any(n.at < i for n in nouns)

    def _own(self, s: Sentence, i: int) -> bool:
        """Return whether unit `i` is "theirs" behind a verb of licensing: "four other firms lost theirs"."""
        own = s.units[i].low == "own" and i > 1 and s.units[i - 1].low in {"its", "their"}
        if not (s.units[i].low in _OWN or own) or not i or not self._ends(s, i):
            return False
        before = s.units[i - 2 if own else i - 1]
        return before.has("license") or before.low in {"has", "have", "had"}

    def _ends(self, s: Sentence, i: int) -> bool:
        """Return whether no noun follows: "kept its own", not "kept its own mine"."""
        following = s.units[i + 1] if i + 1 < len(s.units) else None
        words = self._grammar.words
        closed = words["prepositions"] | words["clause_openers"] | words["adverbs"] | {"and", "or"}
        return following is None or not following.is_word or following.low in closed or bool(following.kind)

    def _renewal(self, s: Sentence, i: int, nouns: list[Noun]) -> bool:
        """Return whether unit `i` is an extension or renewal told without its license: "it was extended"."""
        unit = s.units[i]
        if unit.low not in self._grammar.words["act_renewed"] or unit.kind or not i:
            return False
        opener = s.units[i - 1].low in {"the", "an", "a", "this", "that", "another"} or (
            s.units[i - 1].text == ";" and i + 1 < len(s.units) and self._auxiliary(s, i + 1)
        )
        following = s.units[i + 1].low if i + 1 < len(s.units) else ""
        return opener and following not in {"of", "to"} and not any(abs(n.at - i) <= 4 for n in nouns)

    def _it(self, s: Sentence, i: int, nouns: list[Noun]) -> bool:
        """Return whether "It" opens a sentence on the license told right before: "It was renewed in May"."""
        wanted = "they" if self._context.plural else "it"
        known = self._context.spoken(s)
        if known is None and not self._context.plural:
            known = self._told(s)
        fronted = i > 0 and s.units[i].low == wanted and all(self._fronted(s, j) for j in range(i))
        if (i and not fronted) or nouns or s.units[i].low != wanted or len(s.units) < 3 or known is None:
            return False
        k = i + 1
        while k < len(s.units) - 1 and (
            self._auxiliary(s, k) or s.units[k].low in self._grammar.words["adverbs"]
        ):
            k += 1
        acts = ("license.give", "license.deny", "license.revoke", "license.lapse")
        done = any(t.form in {"past", "participle"} and t.cls in acts for t in s.units[k].tags)
        passive = any(u.low in self._grammar.words["be"] for u in s.units[i + 1 : k])
        return done and (passive or s.units[k].has("license.lapse"))

    def _fronted(self, s: Sentence, j: int) -> bool:
        """Return whether unit `j` can stand in a time before the subject: "Last December it was"."""
        unit = s.units[j]
        return unit.kind == "Time" or unit.text == "," or unit.low in {"in", "on", "then", "later", "that"}

    def _stands_alone(self, s: Sentence, i: int) -> bool:
        unit = s.units[i]
        if unit.kind and unit.kind != "Quantity":
            return False
        following = s.units[i + 1] if i + 1 < len(s.units) else None
        if following is None or not following.is_word:
            return True
        words = self._grammar.words
        return (
            following.low in {"or", "too", "yet", "and", "for", "from", "in", "as", "so"} | words["adverbs"]
            or self._auxiliary(s, i + 1)
            or following.kind == "Time"
            or (
                following.low == "of"
                and i + 2 < len(s.units)
                and s.units[i + 2].low in {"their", "its", "the"}
            )
        )

    def _auxiliary(self, s: Sentence, i: int) -> bool:
        return s.units[i].low in self._grammar.words["auxiliaries"] and not s.units[i].kind

    def _verb_before(self, s: Sentence, i: int) -> bool:
        before = s.units[i - 1]
        if before.kind == FIRM and i > 1:  # "awarded Example Mining one"
            before = s.units[i - 2]
        k = i - 1
        while k > 0 and s.units[k].low in _AGAIN:
            k -= 1
        if k < i - 1 and s.units[k].low in {"it", "them"}:
            k -= 1  # "issued it further ones"
        if k < i - 1 and s.units[i].low in {"one", "ones"}:  # "has submitted a new one"
            asks = ("license.give", "license.get", "license.apply")
            return any(s.units[k].has(c) for c in asks) or s.units[k].has("license.await")
        gives = any(t.form and t.cls in {"license.give", "license.get", "license.deny"} for t in before.tags)
        return gives or before.low in {"has", "have", "had"}


def _counts_license(s: Sentence, i: int) -> bool:
    amount = s.units[i].amount
    return amount is not None and amount.kind == "count" and amount.unit in {"", "license"}
