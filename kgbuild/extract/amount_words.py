"""The word lists of lexicon/amounts.json as patterns: numbers, units, counted nouns, qualifiers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from kgbuild.errors import LexiconError
from kgbuild.resources import lexicon_dir

DIGITS: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
SPACE: Final = r"[^\S\n]"
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ONES: Final = "one two three four five six seven eight nine".split()


@dataclass(frozen=True)
class AmountGrammar:
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


def one_of(words: Iterable[str]) -> str:
    """Return the pattern of any of the words, the longest first."""
    escaped = (re.escape(w).replace(r"\ ", f"{SPACE}+") for w in words)
    return "(?:" + "|".join(sorted(escaped, key=lambda w: (-len(w), w))) + ")"


def _quotable(words: Iterable[str]) -> str:
    """Return the pattern of the words, "number" or what stands before it in quotes or not."""
    return one_of(words).replace(r"number", r"number[\"”]?").replace(f"a{SPACE}+", f'a{SPACE}+["“]?')


@cache
def amount_grammar() -> AmountGrammar:
    """Return the grammar of lexicon/amounts.json. Raises LexiconError on a malformed list."""
    path = lexicon_dir() / "amounts.json"
    data = json.loads(path.read_text("utf-8"))
    try:
        entries = {name: entry["words"] for name, entry in data.items()}
    except (KeyError, TypeError) as err:
        raise LexiconError(f"{path}: a list lacks {err}; give example and words") from err
    lists = {
        name: {w: str(words[w]) if isinstance(words, dict) else w for w in words}
        for name, words in entries.items()
    }
    lists["numbers"] |= {
        f"{t}-{o}": str(20 + 10 * i + j) for i, t in enumerate(_TENS) for j, o in enumerate(_ONES, 1)
    }
    scale = rf"(?:(?:{SPACE}|-)?{one_of(lists['scales'])}(?![\w$]))"
    number = rf"(?:{DIGITS}|(?i:{one_of(lists['numbers'])})(?!\w)){scale}?{scale}?"
    word = rf"(?!{one_of(lists['gap_stops'])}{SPACE})[A-Za-z][\w.'’&-]{{0,30}}"
    gap = rf"(?:(?:{word}(?<!s){SPACE}and{SPACE})?{word},?{SPACE}+){{0,5}}?"
    lead = rf"{SPACE}+(?:of{SPACE}+(?:the|its|their|these|those|our|his|her)?{SPACE}*)?"
    not_part = "".join(rf"(?<!{word} )" for word in ("first", "second", "latter", "last", "other"))
    nouns, singular = one_of(lists["nouns"]), one_of(lists["nouns"].values())
    signs = one_of(lists["currency_signs"])
    units = [rf"(?:{SPACE}|-)?(?P<percents>%|(?i:{one_of(lists['percents'])})(?!\w))"]
    units += [rf"(?:{SPACE}|-)?(?P<{k}>{one_of(lists[k])})(?![’'-]?\w)" for k in ("masses", "currency_words")]
    return AmountGrammar(
        lists=lists,
        number=re.compile(
            rf"(?:(?<![\w.,])(?:{number})|(?<=[A-Za-z])(?:{DIGITS}){scale}?)(?!(?!(?:t|kt|kg|g|lb|oz|pc|pct)\b)\w|[.:,]\d)"
        ),
        sign=re.compile(rf"(?<![\w$])({signs}){SPACE}?$"),
        unit=re.compile("|".join(units)),
        upper=re.compile(
            rf"(?:{SPACE}?[-–—]{SPACE}?|{SPACE}(?:to|and|or){SPACE})(?P<signed>(?:{signs}{SPACE}?)?(?P<number>{number}))"
        ),
        counted=re.compile(rf"(?:{lead}{gap}|-)(?P<noun>(?i:{nouns}))(?![\w-])"),
        one_counted=re.compile(
            rf"{SPACE}+{gap}(?P<noun>{singular})(?![\w-])(?!{SPACE}+(?:{singular}|{nouns})\b)"
        ),
        vague=re.compile(rf"(?<![\w-])(?i:(?P<words>{_quotable(lists['vague'])}))(?!\w)"),
        before=re.compile(rf"(?:^|(?<=[^\w-]))(?i:({one_of(lists['before'])})){SPACE}*(?:the{SPACE}+)?$"),
        after=re.compile(rf"(?:{SPACE}|(?=[-+ ]))({one_of(lists['after'])})(?!\w)"),
        label=re.compile(rf"(?<!\w){one_of(lists['labels'])}{SPACE}?$"),
        share=re.compile(
            rf"(?<![\w-])(?:(?i:(?P<ratio>{one_of(lists['ratios'])}))(?!\w)"
            rf"|(?P<times>(?:{number})){SPACE}times(?={SPACE}(?:as|the|more|higher|larger|its|that|what)\b)"
            rf"|{not_part}(?i:(?P<fraction>{one_of(lists['fractions'])}))"
            rf"(?={SPACE}(?:of|the|its|their|all|as|that)\b(?!{SPACE}(?:year|202|201|this|last))))"
        ),
    )
