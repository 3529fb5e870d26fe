"""Where a sentence tells what a license lets out: "licenses to ship", "would have let X ship"."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.units import FIRM, Sentence

LETTING: Final = frozenset(
    "allowing allow allows allowed letting let lets permitting permit permits permitted enabling enable "
    "enables "
    "enabled authorizing authorize authorizes authorized authorising authorise authorises authorised".split()
)


def first_shipping(s: Sentence, start: int, right: int) -> int:
    """Return the first verb of exporting behind `start`, or a place behind all units."""
    for i in range(start + 1, right):
        forms = {t.form for t in s.units[i].tags if t.cls in {"export", "export.aspect"}}
        following = s.units[i + 1].low if i + 1 < len(s.units) else ""
        if s.units[i].has("word.export") and not s.units[i].kind and following in {"to", "for", "of", "by"}:
            return i  # "licenses for exports to X"
        let = s.units[i - 1].kind == FIRM or s.units[i - 1].low == "them"  # "would have let X ship to Y"
        if "ing" in forms or ("base" in forms and (let or s.units[i - 1].low in {"to", "directly"})):
            return i
    return len(s.units)


def verb_let(s: Sentence, noun: int) -> int | None:
    """Return the verb that a license right before "that allows X to" lets X do: "to operate the plant"."""
    opened = noun + 1 + (s.units[noun + 1].low in {"that", "which"} if noun + 1 < len(s.units) else 0)
    if opened >= len(s.units) or s.units[opened].low not in LETTING:
        return None
    for i in range(opened + 2, min(len(s.units) - 1, opened + 7)):
        if s.units[i].low == "to":
            return i + 1
        if s.units[i].text in {",", ";", "."}:
            return None
    return None


def verb_of_export(s: Sentence, start: int) -> int | None:
    """Return the verb of exporting that a license behind unit `start` allows, or None."""
    for i in range(start + 1, min(len(s.units), start + 24)):
        if s.units[i].text in {";", ":"}:
            return None
        forms = {t.form for t in s.units[i].tags if t.cls in {"export", "import", "export.aspect"}}
        before = s.units[i - 1]
        let = before.kind == FIRM and s.units[i - 2].low in LETTING
        if "base" in forms and (let or before.low in {"to", "could", "can", "may", "might", "would"}):
            return i
    return None
