"""Who buys what a license lets out: beneficiaries, importers, and the countries where the buyers are."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kgbuild.extract.arguments import Arguments, named
from kgbuild.extract.grammar import Grammar
from kgbuild.extract.stance import Speech
from kgbuild.extract.units import FIRM, MATERIALS, PLACES, Sentence
from kgbuild.model import Argument

_BUYING: Final = frozenset("buy buying purchase purchases purchasing order ordering source sourcing".split())
_AGAIN: Final = frozenset({"the", "these", "both"})


def imported(s: Sentence, i: int) -> bool:
    """Return whether unit `i` is a word of importing or buying."""
    return s.units[i].has("word.import") or s.units[i].has("import") or s.units[i].low in _BUYING


def settled(grammar: Grammar, s: Sentence, found: list[Argument]) -> list[Argument]:
    """Return `found` without "the two firms" beside their names, and without holders among the buyers."""
    found = [*found, *_owners_of_suppliers(grammar, s, found)]
    held = {a.name for a in found if a.role == "holder" and a.kind == FIRM}
    if not held:
        return found
    first = min(a.start for a in found if a.role == "holder" and a.kind == FIRM)
    at = {u.start: i for i, u in enumerate(s.units)}
    ends = {u.end: i for i, u in enumerate(s.units)}
    out = []
    for a in found:
        if a.role == "beneficiary" and a.name in held:
            continue
        again = a.role == "holder" and a.kind == "UnnamedFirm" and a.start > first
        if again and s.units[at.get(a.start, 0)].low in _AGAIN and a.end in ends:
            continue
        if a.role == "holder" and a.kind == "UnnamedFirm" and _apposed(s, a, held):
            continue
        out.append(a)
    return out


def _apposed(s: Sentence, described: Argument, held: set[str]) -> bool:
    """Return whether a name right behind a description tells who is meant: "a supplier of X, Y"."""
    at = next((k for k, u in enumerate(s.units) if u.end == described.end), len(s.units))
    comma = next((k for k in range(at + 1, min(at + 4, len(s.units) - 1)) if s.units[k].text == ","), None)
    one = not described.text.lower().endswith("s")
    return one and comma is not None and s.units[comma + 1].name in held


def ships_own(s: Sentence, i: int, role: str, preposition: str) -> bool:
    """Return whether the goods of the firm at unit `i` get a license: "the nod to X's shipment"."""
    if role != "holder" or preposition not in {"to", "for"} or s.units[i].kind != FIRM:
        return False
    return any(u.has("word.export") and not u.kind for u in s.units[i + 2 : i + 4])


def _owners_of_suppliers(grammar: Grammar, s: Sentence, found: list[Argument]) -> list[Argument]:
    """Return the firm whose suppliers hold a license: "X's magnet suppliers", "an X supplier"."""
    out = []
    for a in found:
        if a.role != "holder" or a.kind != "UnnamedFirm":
            continue
        head = next((i for i, u in enumerate(s.units) if u.end == a.end), None)
        if head is None or not s.units[head].has("role.supplier"):
            continue
        buying = head > 1 and s.units[head - 1].low == "from" and imported(s, head - 2)
        if buying:  # "X buys from suppliers whose applications were approved"
            out += [named("beneficiary", u) for u in s.units[: head - 2] if u.kind == FIRM][:1]
        for i in range(head - 1, max(-1, head - 6), -1):
            if s.units[i].kind == FIRM and (i + 1 == head or grammar.possessive(s, i)):
                out.append(named("beneficiary", s.units[i]))
                break
    return out


def buyers(grammar: Grammar, s: Sentence, low: int, high: int, *, goods: bool = False) -> list[Argument]:
    """Return where the buyers described in units [low, high) are: "for American customers".

    With `goods` any firms that goods go to are buyers: "graphite for Korean battery makers".
    """
    out = []
    for i in range(low, high):
        unit = s.units[i]
        if not unit.demonym or unit.kind not in PLACES or grammar.governed(s, i, low) not in {"to", "for"}:
            continue
        head = i + 1
        while head < high and s.units[head].kind in MATERIALS | {"Quantity"}:
            head += 1
        while head < high and not s.units[head].tags and s.units[head].is_word and head - i < 4:
            head += 1
        if head >= high:
            continue
        customer = s.units[head].has("role.customer")
        if customer or (goods and s.units[head].has("role") and not s.units[head].has("role.supplier")):
            label = unit.name
            out.append(
                Argument(
                    "destination", unit.kind, unit.text, unit.start, unit.end, label, inferred=True,
                    derivation=f"where the {s.units[head].text} are",
                )
            )  # fmt: skip
    return out


def owners_of_goods(arguments: Arguments, s: Sentence, low: int, high: int) -> list[Argument]:
    """Return the firm whose goods units [low, high) name: "sales of Nvidia chips", "exports of X's chips"."""
    for i in range(low, high - 1):
        if s.units[i].kind != FIRM or s.units[i - 1].low != "of":
            continue
        k = i + 1
        if arguments.grammar.possessive(s, i):
            k += 1
        while k < high and s.units[k].kind in {"", "Quantity"} and not s.units[k].tags and k - i < 4:
            if not s.units[k].is_word:
                return []
            k += 1
        if k < high and s.units[k].kind in MATERIALS:
            found = arguments.actor("holder", s, i, firm=True)
            step = f"whose {s.units[k].text} they are"
            return [replace(found, inferred=True, derivation=step)] if found is not None else []
    return []


def teller(s: Sentence, speech: Speech | None, verb: int) -> range:
    """Return the units of who says it behind a comma: "..., a foreign ministry spokesman said"."""
    if speech is None or speech.speaker is None or speech.verb < verb:
        return range(0)
    comma = max(speech.speaker, speech.verb)
    while comma > verb and s.units[comma].text != ",":
        comma -= 1
    return range(comma + 1, max(speech.speaker, speech.verb) + 1) if comma > verb else range(0)


def lets(s: Sentence, i: int) -> bool:
    """Return whether the firm at unit `i` is let do something: "a license for X and Y to bring tools"."""
    while i < len(s.units) and (s.units[i].kind in {FIRM, "Ticker"} or s.units[i].low in {",", "and"}):
        i += 1
    behind = s.units[i : i + 2]
    doing = len(behind) == 2 and behind[0].low == "to" and behind[1].is_word and not behind[1].kind
    return doing and behind[1].text[:1].islower() and not behind[1].has("role")


def listed_firms(grammar: Grammar, s: Sentence, i: int) -> bool:
    """Return whether only firms stand between the firm at unit `i` and its preposition."""
    for k in range(i - 1, -1, -1):
        unit = s.units[k]
        if unit.low in grammar.words["prepositions"] and not unit.kind:
            return True
        if unit.has("role.customer") or any(t.form in {"past", "third"} for t in unit.tags):
            return False
    return True
