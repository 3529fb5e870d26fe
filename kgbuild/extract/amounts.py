"""Amounts of news text: percentages, money, mass, ratios and counts, with how exact the words are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from kgbuild.extract.amount_words import DIGITS, SPACE, amount_grammar, one_of

_YEAR: Final = re.compile(r"(?:19[5-9]|20[0-4])\d")
_MONTH_BEFORE: Final = re.compile(
    r"(?<!\b[Ii]n )\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? "
    r"(?:\d\d?(?:st|nd|rd|th)?(?: and | to |[-–]))?$"
)
_LOOK_BACK: Final = 28  #: no shorter than the longest qualifier and a label
_KILO: Final = {"kt": ("t", Decimal(1000))}


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity as written and what it says. The counted noun is no part of a count's text."""

    start: int
    end: int
    text: str  #: equals the article's text at [start, end)
    kind: str  #: "percent", "money", "mass", "count" or "ratio"
    value: str  #: decimal number with its scale worked in ("312000000"); "" where only `words` tell it
    unit: str  #: "%", "CNY", "USD", "t", "kg", ...; counts: the noun, singular as spelled; ratios: ""
    qualifier: str  #: exact, about, nearly, more-than, less-than, at-least or at-most
    words: str = ""  #: inexact counts: "a small number of", "several", "thousands of"


def find_amounts(text: str) -> tuple[Amount, ...]:
    """Return the amounts of `text` in order, none overlapping another.

    A range gives two amounts, "at-least" its lower and "at-most" its upper end. Years, dates,
    times of day, tickers and numbers of documents are no amounts.
    """
    found = [*_numbers(text), *_shares(text), *_inexact(text)]
    found.sort(key=lambda a: (a.start - a.end, a.start))
    taken: list[Amount] = []
    covered = bytearray(len(text))
    for amount in found:
        if not any(covered[amount.start : amount.end]):
            covered[amount.start : amount.end] = b"\1" * (amount.end - amount.start)
            taken.append(amount)
    return tuple(sorted(taken, key=lambda a: a.start))


def _numbers(text: str) -> Iterator[Amount]:
    """Yield what stands behind each number in digits or words."""
    grammar = amount_grammar()
    at = 0
    while match := grammar.number.search(text, at):
        at = match.end()
        before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
        sign = grammar.sign.search(before)
        if grammar.label.search(before) or not (sign or _free(match[0], before)):
            continue
        start = match.start() - (len(sign[0]) if sign else 0)
        currency = grammar.lists["currency_signs"][sign[1]] if sign else ""
        if pair := _pair(text, match, start, currency):
            at = pair[1].end
            yield from pair
            continue
        measured = _measured(text, match, currency)
        if measured is not None:
            kind, value, unit, end = measured
            if kind == "percent" and re.search(r"(?:^|[\s(])[-−]$", before):
                start, value = start - 1, -value
            yield _amount(text, start, end, kind, value, unit)


def _free(number: str, before: str) -> bool:
    """Return whether the number is neither part of a date nor of a name ("H20", "Magnificent Seven")."""
    if number[0].isupper():
        return bool(re.search(r"(?:^|[.!?:\n“\"]\s?|[-•*] )$", before))
    if before[-1:].isalpha() or re.search(r"[A-Z]\d?-$", before):
        return False
    return not (number.isdigit() and len(number) <= 2 and _MONTH_BEFORE.search(before))


def _value(number: str) -> Decimal:
    """Return the number that digits or words with their scales name."""
    lists = amount_grammar().lists
    words = re.sub(r"\s+", " ", number.lower())
    if match := re.match(DIGITS, words):
        value, rest = Decimal(match[0].replace(",", "")), words[match.end() :]
    else:
        word = re.findall(one_of(lists["numbers"]), words)[0]
        value, rest = Decimal(lists["numbers"][word]), words[len(word) :]
    for scale in re.findall(r"[a-z]+", rest):
        value *= Decimal(lists["scales"][scale])
    return value


def _plain(value: Decimal) -> str:
    written = f"{value:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def _measured(text: str, match: re.Match[str], currency: str) -> tuple[str, Decimal, str, int] | None:
    """Return kind, value, unit and end of the amount that the number begins, None for a bare number."""
    grammar = amount_grammar()
    value = _value(match[0])
    if currency:
        if (
            currency == "JPY"
            and "¥" in text[match.start() - 2 : match.start()]
            and re.search(r"\b(?:yuan|RMB)\b", text)
        ):
            currency = "CNY"
        return "money", value, currency, match.end()
    unit = grammar.unit.match(text, match.end())
    if unit is not None:
        group = str(unit.lastgroup)
        written = re.sub(r"\s+", " ", unit[group])
        name = grammar.lists[group][written if written in grammar.lists[group] else written.lower()]
        name, factor = _KILO.get(name, (name, Decimal(1)))
        end = unit.end() - (len(" of") if written == "pounds of" else 0)
        return {"percents": "percent", "masses": "mass"}.get(group, "money"), value * factor, name, end
    noun = _noun(text, match.end(), one=value == 1)
    if noun is None or _YEAR.fullmatch(match[0]) or "." in match[0]:
        return None
    return "count", value, noun, match.end()


def _noun(text: str, at: int, *, one: bool = False) -> str | None:
    """Return the counted noun after position `at`, singular; "" for "of them", None for none."""
    grammar = amount_grammar()
    if not one and re.match(rf"{SPACE}of{SPACE}(?:them|these|those)\b(?!{SPACE}\w+s\b)", text[at : at + 14]):
        return ""
    if after := grammar.after.match(text, at):
        at = after.end()
    match = (grammar.one_counted if one else grammar.counted).match(text, at)
    if match is None:
        return None
    noun = re.sub(r"\s+", " ", match["noun"])
    return noun if one else grammar.lists["nouns"][noun.lower()]


def _pair(text: str, match: re.Match[str], start: int, currency: str) -> tuple[Amount, Amount] | None:
    """Return the two ends of "5 to 7 percent", "$20-30 million", "between two and four licenses"."""
    grammar = amount_grammar()
    if grammar.unit.match(text, match.end()) and not currency:
        return None
    upper = grammar.upper.match(text, match.end())
    if upper is None:
        return None
    between = re.search(r"\bbetween $", text[max(0, start - 8) : start], re.IGNORECASE) is not None
    joiner = text[match.end() : upper.start("number")]
    if (" and" in joiner and not between) or (currency and " to" in joiner and not between):
        return None
    number = grammar.number.match(text, upper.start("number"))
    measured = _measured(text, number, currency) if number else None
    if measured is None or number is None:
        return None
    kind, high, unit, end = measured
    low = _value(match[0])
    digits = re.match(DIGITS, number[0])
    if digits and re.fullmatch(DIGITS, match[0]):  # "$20-30 million"
        low *= max(high / _value(digits[0]), Decimal(1))
    if low >= high:
        return None
    first, second = text[start : match.end()], text[upper.start("signed") : end]
    return (
        Amount(start, match.end(), first, kind, _plain(low), unit, "at-least"),
        Amount(upper.start("signed"), end, second, kind, _plain(high), unit, "at-most"),
    )


def _amount(
    text: str, start: int, end: int, kind: str, value: Decimal | str, unit: str, words: str = ""
) -> Amount:
    """Return the amount with the qualifier before or behind it."""
    grammar = amount_grammar()
    qualifier = "about" if words else "exact"
    if after := grammar.after.match(text, end):
        qualifier, end = grammar.lists["after"][after[1]], after.end()
    window = text[max(0, start - _LOOK_BACK) : start]
    if before := grammar.before.search(window):
        name = re.sub(r"\s+", " ", before[1].lower())
        qualifier, start = grammar.lists["before"][name], start - (len(window) - before.start())
    elif re.search(r"\bbetween $", window):
        qualifier = "at-least"
    number = _plain(value) if isinstance(value, Decimal) else value
    return Amount(start, end, text[start:end], kind, number, unit, qualifier, words)


def _shares(text: str) -> Iterator[Amount]:
    """Yield "doubled", "three times as many" and "nearly half of"."""
    lists = amount_grammar().lists
    for match in amount_grammar().share.finditer(text):
        start, end = match.span()
        if match["times"]:
            yield _amount(text, start, end, "ratio", _value(match["times"]), "")
        elif match["ratio"]:
            word = match["ratio"]
            cut = end - (len(word) - len(re.sub(r"\s(?:the|as)$", "", word)))
            yield _amount(text, start, cut, "ratio", lists["ratios"][re.sub(r"\s+", " ", word.lower())], "")
        else:
            value = lists["fractions"][re.sub(r"\s+", " ", match["fraction"].lower())]
            amount = _amount(text, start, end, "percent", value, "%")
            yield (
                replace(amount, qualifier="about") if "." in value and amount.qualifier == "exact" else amount
            )


def _inexact(text: str) -> Iterator[Amount]:
    """Yield counts and masses that words give without a number: "several firms", "thousands of tons"."""
    grammar = amount_grammar()
    for match in grammar.vague.finditer(text):
        if re.search(
            r"\b(?:as|so|too|how|very|the|not) $",
            text[max(0, match.start() - 5) : match.start()],
            re.IGNORECASE,
        ):
            continue
        words = re.sub(r"\s+", " ", re.sub(r"[\"“”]", "", match["words"].lower()))
        unit = grammar.unit.match(text, match.end())
        if unit is not None and unit.lastgroup == "masses":
            yield _amount(text, *match.span(), "mass", "", grammar.lists["masses"][unit["masses"]], words)
            continue
        noun = _noun(text, match.end())
        if noun is None and (
            which := re.search(
                r"([A-Za-z]+)\W{1,3}of which $", text[max(0, match.start() - 40) : match.start()]
            )
        ):
            noun = grammar.lists["nouns"].get(which[1].lower())
        if noun is not None:
            yield _amount(text, *match.span(), "count", "", noun, words)
