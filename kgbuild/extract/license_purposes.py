"""What a permission is for that is no license of ours: a takeover, a drug, the use of a patent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kgbuild.extract.grammar import POSSESSIVES, Grammar
from kgbuild.extract.license_words import asks_else
from kgbuild.extract.units import FIRM, MATERIALS, Sentence, Unit

_SOFT: Final = frozenset({"license.soft", "license.exempt", "license.request", "license.application"})
_HEADS: Final = ("license.application", "license.request", "license.papers")
_TRADING: Final = frozenset("buy buying sell selling acquire acquiring purchase purchasing".split())
_GIVING: Final = frozenset({"from", "by", "of"})
#: Units behind a noun that can say what it is for.
_REACH: Final = 11


def other_purpose(grammar: Grammar, s: Sentence, at: int, cls: str) -> bool:
    """Return whether the words behind a license noun tell that it is none to export, dig or produce.

    "a license to X's designs", "approval for the purchase of a rival", "the nod from investors".
    """
    behind = _phrases_behind(grammar, s, at)
    if not behind:
        return False
    if behind[0].low in {"to", "for", "of", "on"} and _has(behind[:7], grammar.words["licensed_rights"]):
        return not any(u.has("word.export") for u in behind)
    if cls in _HEADS and asks_else(grammar, behind):
        return True  # "an application for an injunction"
    return cls in _SOFT and (_deal(grammar, behind) or _trades_firm(behind) or _from_others(grammar, behind))


def licenses_out(grammar: Grammar, s: Sentence, i: int) -> bool:
    """Return whether "licenses" at unit `i` is the verb of a firm: "X licenses its designs to Y"."""
    if i == 0 or i + 1 >= len(s.units) or not any(t.form in {"third", "base"} for t in s.units[i].tags):
        return False
    before, after = s.units[i - 1], s.units[i + 1]
    acts = before.kind == FIRM or before.low in {"it", "they", "which"}
    return acts and not after.kind and after.low in grammar.words["determiners"] - {"that"}


def shared_owner(s: Sentence, first: int) -> int | None:
    """Return the owner of what is joined to a license by "and": "X's land plan and licenses"."""
    k = first - 2
    if k < 1 or s.units[first - 1].low != "and" or s.units[k].kind:
        return None
    while k > max(0, first - 7):
        unit = s.units[k]
        if unit.text in POSSESSIVES:
            return k - 1
        if unit.kind or not unit.is_word or any(t.form in {"past", "third"} for t in unit.tags):
            return None
        k -= 1
    return None


def no_head(grammar: Grammar, s: Sentence, i: int) -> bool:
    """Return whether a license noun only modifies what follows, is a verb, or lets do another thing.

    "license application", "license fees", "X licenses its designs", "a license to use the patents".
    """
    if i + 1 >= len(s.units):
        return False
    after = s.units[i + 1]
    purpose = s.units[i + 2].low if i + 2 < len(s.units) else ""
    other = after.low == "to" and purpose in grammar.words["not_license_purpose"]
    asked = not after.kind and any(after.has(c) for c in _HEADS)
    return other or asked or after.low in grammar.words["not_license_after"] or licenses_out(grammar, s, i)


def _phrases_behind(grammar: Grammar, s: Sentence, at: int) -> Sequence[Unit]:
    """Return the units behind unit `at` up to the next finite verb or clause."""
    _, right = grammar.clause(s, at)
    end = at + 1
    while end < min(right, at + 1 + _REACH):
        unit = s.units[end]
        finite = not unit.kind and any(t.form in {"past", "third"} for t in unit.tags)
        if unit.text == "," or (grammar.is_auxiliary(unit) and unit.low not in {"be", "being"}):
            break
        if finite and all(t.form for t in unit.tags) and end > at + 1:
            break
        end += 1
    return s.units[at + 1 : end]


def _has(units: Sequence[Unit], words: frozenset[str]) -> bool:
    return any(not u.kind and u.low in words for u in units)


def _goods(units: Sequence[Unit]) -> bool:
    return any(u.kind in MATERIALS or u.has("word.export") for u in units)


def _deal(grammar: Grammar, behind: Sequence[Unit]) -> bool:
    """Return whether a permission is for a deal between firms or for money."""
    for k, unit in enumerate(behind):
        if not unit.kind and unit.low in grammar.words["deal_words"]:
            return k > 0 and not _goods(behind[k + 1 :])
    return False


def _trades_firm(behind: Sequence[Unit]) -> bool:
    """Return whether a firm may be bought or sold: "approval to buy X", "consent to sell the unit to X"."""
    for k in range(len(behind) - 2):
        if behind[k].low in {"to", "for"} and behind[k + 1].low in _TRADING:
            bought = behind[k + 2]
            unknown = not bought.kind and not bought.tags and bought.text[:1].isupper()
            return (bought.kind == FIRM or unknown) and not _goods(behind[k + 2 : k + 6])
    return False


def _from_others(grammar: Grammar, behind: Sequence[Unit]) -> bool:
    """Return whether those who give a permission license no trade and no mine."""
    for k, unit in enumerate(behind):
        if unit.kind or unit.low not in grammar.words["other_givers"]:
            continue
        opened = any(u.low in _GIVING for u in behind[max(0, k - 4) : k])
        if opened:
            return True
    return False
