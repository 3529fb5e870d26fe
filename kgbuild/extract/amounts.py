"""Amounts of news text: percentages, money, mass, ratios and counts, with how exact the words are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from kgbuild.errors import LexiconError
from kgbuild.resources import lexicon_dir

_DIGITS: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SPACE: Final = r"[^\S\n]"
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ONES: Final = "one two three four five six seven eight nine".split()
_YEAR: Final = re.compile(r"(?:19[5-9]|20[0-4])\d")
_MONTH_BEFORE: Final = re.compile(
    r"(?<!\b[Ii]n )\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? (?:\d\d?(?:st|nd|rd|th)?(?: and | to |[-–]))?$"
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


@dataclass(frozen=True)
class _Grammar:
    """The word lists of lexicon/amounts.json, compiled."""

    lists: Mapping[str, Mapping[str, str]]
    number: re.Pattern[str]
    sign: re.Pattern[str]
    unit: re.Pattern[str]
    upper: re.Pattern[str]  #: the other end of a range, after the first number
    counted: re.Pattern[str]
    one_counted: re.Pattern[str]
    vague: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    label: re.Pattern[str]
    share: re.Pattern[str]


def _one_of(words: Iterable[str]) -> str:
    escaped = (re.escape(w).replace(r"\ ", f"{_SPACE}+") for w in words)
    return "(?:" + "|".join(sorted(escaped, key=lambda w: (-len(w), w))) + ")"


def _quotable(words: Iterable[str]) -> str:
    """Return the pattern of the words, "number" or what stands before it in quotes or not."""
    return _one_of(words).replace(r"number", rf"number[\"”]?").replace(f"a{_SPACE}+", f"a{_SPACE}+[\"“]?")


@cache
def _grammar() -> _Grammar:
    path = lexicon_dir() / "amounts.json"
    data = json.loads(path.read_text("utf-8"))
    try:
        entries = {name: entry["words"] for name, entry in data.items()}
    except (KeyError, TypeError) as err:
        raise LexiconError(f"{path}: a list lacks {err}; give example and words") from err
    lists = {name: {w: str(words[w]) if isinstance(words, dict) else w for w in words} for name, words in entries.items()}
    lists["numbers"] |= {f"{t}-{o}": str(20 + 10 * i + j) for i, t in enumerate(_TENS) for j, o in enumerate(_ONES, 1)}
    scale = rf"(?:(?:{_SPACE}|-)?{_one_of(lists['scales'])}(?![\w$]))"
    number = rf"(?:{_DIGITS}|(?i:{_one_of(lists['numbers'])})(?!\w)){scale}?{scale}?"
    word = rf"(?!{_one_of(lists['gap_stops'])}{_SPACE})[A-Za-z][\w.'’&-]*"
    gap = rf"(?:(?:{word}(?<!s){_SPACE}and{_SPACE})?{word},?{_SPACE}+){{0,5}}?"
    lead = rf"{_SPACE}+(?:of{_SPACE}+(?:the|its|their|these|those|our|his|her)?{_SPACE}*)?"
    nouns, singular = _one_of(lists["nouns"]), _one_of(lists["nouns"].values())
    signs = _one_of(lists["currency_signs"])
    units = [rf"{_SPACE}?(?P<percents>%|(?i:{_one_of(lists['percents'])})(?!\w))"]
    units += [rf"(?:{_SPACE}|-)?(?P<{k}>{_one_of(lists[k])})(?![\w’'-]*\w)" for k in ("masses", "currency_words")]
    return _Grammar(
        lists=lists,
        number=re.compile(rf"(?:(?<![\w.,])(?:{number})|(?<=[A-Za-z])(?:{_DIGITS}){scale}?)(?!(?!(?:t|kt|kg|g|lb|oz)\b)\w|[.:,]\d)"),
        sign=re.compile(rf"(?<![\w$])({signs}){_SPACE}?$"),
        unit=re.compile("|".join(units)),
        upper=re.compile(rf"(?:{_SPACE}?[-–—]{_SPACE}?|{_SPACE}(?:to|and|or){_SPACE})(?:{signs}{_SPACE}?)?(?P<number>{number})"),
        counted=re.compile(rf"(?:{lead}{gap}|-)(?P<noun>(?i:{nouns}))(?![\w-])"),
        one_counted=re.compile(rf"{_SPACE}+{gap}(?P<noun>{singular})(?![\w-])(?!{_SPACE}+(?:{singular}|{nouns})\b)"),
        vague=re.compile(rf"(?<![\w-])(?i:(?P<words>{_quotable(lists['vague'])}))(?!\w)"),
        before=re.compile(rf"(?:^|(?<=[^\w-]))(?i:({_one_of(lists['before'])})){_SPACE}*(?:the{_SPACE}+)?$"),
        after=re.compile(rf"(?:{_SPACE}|(?=[-+ ]))({_one_of(lists['after'])})(?!\w)"),
        label=re.compile(rf"(?<!\w){_one_of(lists['labels'])}{_SPACE}?$"),
        share=re.compile(
            rf"(?<![\w-])(?:(?i:(?P<ratio>{_one_of(lists['ratios'])}))(?!\w)"
            rf"|(?P<times>(?:{number})){_SPACE}times(?={_SPACE}(?:as|the|more|higher|larger|its|that|what)\b)"
            rf"|(?i:(?P<fraction>{_one_of(lists['fractions'])}))(?={_SPACE}(?:of|the|its|their|all|as|that)\b(?!{_SPACE}(?:year|202|201|this|last))))"
        ),
    )


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
    grammar = _grammar()
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
    lists = _grammar().lists
    words = re.sub(r"\s+", " ", number.lower())
    if match := re.match(_DIGITS, words):
        value = Decimal(match[0].replace(",", ""))
    else:
        match = re.match(_one_of(lists["numbers"]), words)
        assert match is not None
        value = Decimal(lists["numbers"][match[0]])
    for scale in re.findall(r"[a-z]+", words[match.end() :]):
        value *= Decimal(lists["scales"][scale])
    return value


def _plain(value: Decimal) -> str:
    written = f"{value:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def _measured(text: str, match: re.Match[str], currency: str) -> tuple[str, Decimal, str, int] | None:
    """Return kind, value, unit and end of the amount that the number begins, None for a bare number."""
    grammar = _grammar()
    value = _value(match[0])
    if currency:
        if currency == "JPY" and "¥" in text[match.start() - 2 : match.start()] and re.search(r"\b(?:yuan|RMB)\b", text):
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
    grammar = _grammar()
    if not one and re.match(rf"{_SPACE}of{_SPACE}(?:them|these|those)\b(?!{_SPACE}\w+s\b)", text[at : at + 14]):
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
    grammar = _grammar()
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
    if low * high < low * low:  # "$20-30 million"
        return None
    shared = high / _value(re.match(_DIGITS, number[0])[0]) if re.match(_DIGITS, number[0]) else Decimal(1)  # type: ignore[index]
    if re.fullmatch(_DIGITS, match[0]) and shared > 1:
        low *= shared
    if low >= high:
        return None
    ends = (start, match.end()), (upper.start("number"), end)
    return tuple(  # type: ignore[return-value]
        Amount(a, b, text[a:b], kind, _plain(value), unit, qualifier)
        for (a, b), value, qualifier in zip(ends, (low, high), ("at-least", "at-most"), strict=True)
    )


def _amount(text: str, start: int, end: int, kind: str, value: Decimal | str, unit: str, words: str = "") -> Amount:
    """Return the amount with the qualifier before or behind it."""
    grammar = _grammar()
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
    lists = _grammar().lists
    for match in _grammar().share.finditer(text):
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
            rounded = "." in value and amount.qualifier == "exact"
            yield Amount(*(getattr(amount, f) for f in ("start", "end", "text", "kind", "value", "unit")), "about") if rounded else amount


def _inexact(text: str) -> Iterator[Amount]:
    """Yield counts and masses that words give without a number: "several firms", "thousands of tons"."""
    grammar = _grammar()
    for match in grammar.vague.finditer(text):
        if re.search(r"\b(?:as|so|too|how|very|the|not) $", text[max(0, match.start() - 5) : match.start()], re.IGNORECASE):
            continue
        words = re.sub(r"\s+", " ", re.sub(r"[\"“”]", "", match["words"].lower()))
        unit = grammar.unit.match(text, match.end())
        if unit is not None and unit.lastgroup == "masses":
            yield _amount(text, *match.span(), "mass", "", grammar.lists["masses"][unit["masses"]], words)
            continue
        noun = _noun(text, match.end())
        if noun is None and (which := re.search(r"([A-Za-z]+)\W{1,3}of which $", text[max(0, match.start() - 40) : match.start()])):
            noun = grammar.lists["nouns"].get(which[1].lower())
        if noun is not None:
            yield _amount(text, *match.span(), "count", "", noun, words)
