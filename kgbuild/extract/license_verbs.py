"""Whether a word that can be a verb of licensing is one here, and governs a license."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.lexicon import Tag
from kgbuild.extract.license_nouns import Noun
from kgbuild.extract.units import Sentence, Unit

#: What can stand between a license and a clause about it: "a license is needed, which X will seek".
_OPENS_RELATIVE: Final = frozenset(
    {",", "that", "which", "is", "are", "was", "were", "needed", "required", "still", "also"}
)


def is_license_verb(s: Sentence, i: int, tag: Tag) -> bool:
    """Return whether a word that is a license noun or an adjective as well is a verb here."""
    before = s.units[i - 1] if i else None
    after = s.units[i + 1] if i + 1 < len(s.units) else None
    noun = any(not t.form and t.cls == "license" for t in s.units[i].tags)
    auxiliary = before is not None and before.low in {
        "to",
        "will",
        "would",
        "not",
        "may",
        "can",
        "could",
        "might",
    }
    if noun and tag.form in {"base", "third"}:
        receiver = after is not None and (
            after.kind not in {"", "Time", "Duration", "Ticker", "Quantity"} or after.low in {"it", "them"}
        )
        return auxiliary or (receiver and any(u.low == "to" for u in s.units[i + 2 : i + 9]))
    if tag.id in {"license-allow", "licence-allow"}:
        if tag.form == "ing":
            return before is not None and before.low in {
                "is",
                "are",
                "was",
                "were",
                "began",
                "started",
                "be",
            }
        adjective = after is not None and after.has("role")
        return not adjective
    return True


def does_another(s: Sentence, group: VerbGroup) -> bool:
    """Return whether a verb of refusing governs something else than a license.

    "declined to discuss its license".
    """
    if group.verb + 2 >= len(s.units):
        return False
    behind = s.units[group.verb + 1]
    if any(u.low == "to" and s.units[k + 1].has("license.apply") for k, u in _ahead(s, group.verb)):
        return True  # "was given six months to apply for a license"
    if group.tag.cls.startswith("license.deny") and (
        behind.low in {"that", "having"} or behind.has("report-noun")
    ):
        return True  # "denied that it had granted licenses"
    if behind.low != "to":
        return False
    following = s.units[group.verb + 2]
    licenses = following.has("license.give") or following.has("license.get") or following.has("license.allow")
    return bool(any(t.form == "base" for t in following.tags) or not following.kind) and not licenses


def _ahead(s: Sentence, verb: int) -> list[tuple[int, Unit]]:
    """Return the units right behind a verb, up to the end of what it can govern, with their places."""
    return [(k, s.units[k]) for k in range(verb + 1, min(len(s.units) - 1, verb + 8))]


def own_clause(grammar: Grammar, s: Sentence, noun: Noun, subject: list[int]) -> bool:
    """Return whether a subject opens a clause right behind a license noun.

    "the permit (that) X received".
    """
    start = grammar.describe(s, subject[0]).first if subject else -1
    near = noun.at + 1
    while near < start and (
        s.units[near].low in _OPENS_RELATIVE or s.units[near].has("duty") or s.units[near + 1].low == "which"
    ):
        near += 1
    return start == near
