"""Finding time expressions in a text; what they mean is the matter of kgbuild.extract.dates."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from kgbuild.errors import LexiconError
from kgbuild.resources import lexicon_dir

_LINE: Final = 45  #: a line that was broken for its length has at least this many characters
_JOIN: Final = re.compile(r"\s?(?:[-‐‑‒–—]|to|through|until|till)\s?")
_POSTPONED: Final = re.compile(
    r"\b(?:moved|postponed|delayed|pushed|extended|brought|rescheduled)\b[^.;]{0,40}$"
)
_COMPARED: Final = re.compile(
    r"\b(?:up|down|higher|lower|letter|notice|ruling|statement|report|data|figures|decision|\w*changed|documents?"
    r"|photos?|[\d.]+%|percent|per cent|rose|fell|dropped|increased|decreased|increase|decline|drop|rise) $"
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A time expression as written."""

    start: int
    end: int
    rule: str
    kind: str  #: which reading it needs
    parts: Mapping[str, str]  #: named groups of the rule's pattern
    relation: str = ""  #: "since", "until", "by" or "after" what it names
    to: Phrase | None = None  #: the other end of a range


@dataclass(frozen=True)
class DateGrammar:
    """The word lists and patterns of lexicon/dates.json, compiled."""

    rules: tuple[tuple[str, str, re.Pattern[str]], ...]  #: (id, kind, pattern)
    lead: re.Pattern[str]  #: where any rule can begin
    contexts: Mapping[str, re.Pattern[str]]
    tense: Mapping[str, re.Pattern[str]]
    relation: re.Pattern[str]
    words: Mapping[str, Mapping[str, Any]]  #: list name -> lower-case word -> value


def _one_of(words: list[str]) -> str:
    return "(?:" + "|".join(sorted(map(re.escape, words), key=lambda w: (-len(w), w))) + ")"


def _macros(data: Mapping[str, Any]) -> dict[str, str]:
    months = [w for name in data["months"]["words"] for w in (name, name.upper())]
    short = [m for m in months if len(m) < 5 and m.lower() not in {"may", "june", "july"}]
    full = sorted(set(months) - set(short))
    days = list(data["weekdays"]["words"])
    spaced = [word.replace(" ", "~_~") for word in data["numbers"]["words"]]
    tens = "(?:twen|thir|for|fif|six|seven|eigh|nine)ty-(?:one|two|three|four|five|six|seven|eight|nine)"
    return {
        **data["macros"],
        "mon": f"(?:{_one_of(full)}(?!\\w)|{_one_of(short)}(?!\\w)\\.?)",
        "wd": "(?i:" + _one_of(days) + r")(?!\w)\.?",
        "wday": "(?i:" + _one_of([d for d in days if d.endswith("day")]) + ")",
        "num": rf"(?:{tens}|" + "|".join(sorted(spaced, key=len, reverse=True)) + r"|\d{1,3})",
        "part": "(?:" + "|".join(p.replace(" ", "~_~") for p in data["parts"]["days"]) + ")",
    }


def _starters(data: Mapping[str, Any]) -> str:
    """Return what each time expression begins with; it spares most words the test of every rule."""
    lists = ("starters", "months", "weekdays", "numbers", "seasons", "ordinals")
    words = {word.split()[0].lower() for name in lists for word in data[name]["words"]}
    return r"\d|(?i:" + _one_of(sorted(words)) + "(?![a-z]))"


def _expand(pattern: str, macros: Mapping[str, str]) -> str:
    """Return the pattern with every ~macro~ replaced. Raises KeyError with the name of an unknown one."""
    while match := re.search(r"~(\w*)~?", pattern):
        pattern = pattern[: match.start()] + macros[match[1]] + pattern[match.end() :]
    return pattern


@cache
def date_grammar() -> DateGrammar:
    """Return the grammar of lexicon/dates.json. Raises LexiconError on a malformed rule."""
    path = lexicon_dir() / "dates.json"
    data = json.loads(path.read_text("utf-8"))
    macros = _macros(data)
    rules, leads = [], []
    for number, rule in enumerate(data["rules"]):
        try:
            pattern = _expand(rule["pattern"], macros)
            rules.append((rule["id"], rule["kind"], re.compile(pattern)))
        except (KeyError, re.error) as err:
            raise LexiconError(
                f"{path}: rule {rule.get('id', number)!r}: {err}; give id, kind, pattern"
            ) from err
        leads.append(re.sub(r"\(\?P([<=])", rf"(?P\1r{number}_", pattern))
    return DateGrammar(
        rules=tuple(rules),
        lead=re.compile(
            rf"(?<![^\W_])(?={_starters(data)})(?:" + "|".join(f"(?:{lead})" for lead in leads) + ")"
        ),
        contexts={key: re.compile(value) for key, value in data["contexts"].items()},
        tense={key: re.compile(value) for key, value in data["tense"].items()},
        relation=re.compile(rf"\b(?i:({_one_of(list(data['relations']['words']))}))[^\S\n]$"),
        words={
            key: {
                word.lower(): number
                for word, number in value[next(k for k in value if k != "example")].items()
            }
            for key, value in data.items()
            if isinstance(value, dict) and ("words" in value or "days" in value)
        },
    )


def find_phrases(text: str) -> list[Phrase]:
    """Return the time expressions of `text` in order, the longest at each place, ranges joined."""
    grammar = date_grammar()
    found: list[Phrase] = []
    at = 0
    while lead := grammar.lead.search(text, at):
        best = _longest(text, lead.start())
        if best is None:
            at = lead.start() + 1
        else:
            found.append(best)
            at = best.end
    return [_related(text, _with_opener(text, phrase)) for phrase in _joined(text, found)]


def _longest(text: str, at: int) -> Phrase | None:
    best: Phrase | None = None
    for rule, kind, pattern in date_grammar().rules:
        match = pattern.match(text, at)
        if match is None or match.end() == at or (best is not None and match.end() <= best.end):
            continue
        phrase = Phrase(at, match.end(), rule, kind, {k: v for k, v in match.groupdict().items() if v})
        if _fits(text, phrase):
            best = phrase
    return best


def _fits(text: str, phrase: Phrase) -> bool:
    """Return whether the surroundings let the words be a time."""
    if not _wrapped(text, phrase) or any(
        c.isdigit() and not c.isascii() for c in text[phrase.start : phrase.end]
    ):
        return False
    contexts = date_grammar().contexts
    before, after = text[max(0, phrase.start - 24) : phrase.start], text[phrase.end : phrase.end + 24]
    parts = phrase.parts
    if phrase.kind == "month" and parts.keys() <= {"month"}:
        return _fits_month(parts["month"], before, after)
    if phrase.kind == "year":
        return _fits_year(phrase, before, after)
    if phrase.kind == "day" and "d2" not in parts and "y" not in parts and phrase.rule == "month-day":
        # "In April 12 firms ..." has a month and a number
        return not re.search(r"\b[Ii]n (?:early |mid-|late )?$", before)
    if phrase.kind == "weekday":
        every = re.search(r"\b(?:[Ee]very|[Ee]ach) $", before) or parts.get("rel", "").lower() in {
            "every",
            "each",
        }
        return not every and not contexts["not_weekday"].search(before)
    if phrase.kind == "past" and "n" not in parts:
        once = not parts.get("plural") and parts["unit"] != "day" and parts["rel"].lower() != "previous"
        return once and not after.startswith(" of ")
    if phrase.kind == "duration":
        return _fits_duration(phrase, text, before, after)
    return True


def _wrapped(text: str, phrase: Phrase) -> bool:
    """Return whether each line end inside the phrase breaks a long line."""
    breaks = [m.start() for m in re.finditer(r"\n", text[phrase.start : phrase.end])]
    ends = [phrase.start + offset for offset in breaks]
    return all(end - (text.rfind("\n", 0, end) + 1) >= _LINE for end in ends)


def _fits_year(phrase: Phrase, before: str, after: str) -> bool:
    """Return whether a number is a year: "in 2019", "his 2019 visit", not "2024 yuan"."""
    contexts = date_grammar().contexts
    if contexts["not_year"].search(after):
        return False
    qualified = phrase.end - phrase.start > 4
    if qualified or contexts["before_year"].search(before) or re.match(r"['’]s\b", after):
        return True
    begins = re.match(r"[ :][^\S\n]?\w|:?\n|:$", after)
    return bool(begins and contexts["before_the_year"].search(before))


def _fits_month(month: str, before: str, after: str) -> bool:
    """Return whether a month without day and year is one: "in May", "the March rules", not "Theresa May"."""
    contexts = date_grammar().contexts
    abbreviated = not month.isupper() and month.rstrip(".").lower() not in {
        w for w in date_grammar().words["months"] if len(w) > 4 or w in {"may", "june", "july"}
    }
    if abbreviated and not month.endswith(".") and re.match(r" [a-z]", after):  # "Mar del Plata"
        return False
    name_follows = bool(re.match(r" [A-Z][a-z]", after))
    if re.match(r"[-‐–]?\w", after) and not re.match(r"[-–](?:[A-Z]|end\b)", after):
        return False
    if contexts["before_month"].search(before):
        return not (name_follows and re.search(r"\b(?:by|with|for|and|or|from|to|of|than|on|over) $", before))
    if abbreviated:
        return False
    if contexts["before_measure"].search(before) and contexts["after_month"].search(after):
        return True
    if month.rstrip(".").lower() in {"may", "march", "august"} or name_follows:
        return False
    return not re.search(r"\b[A-Z][a-z]+ $", before) or bool(
        re.search(r"(?:^|[.!?\n] ?)[A-Z][a-z]+ $", before)
    )


def _fits_duration(phrase: Phrase, text: str, before: str, after: str) -> bool:
    written = text[phrase.start : phrase.end]
    number = phrase.parts["n"].lower()
    if after.startswith((" Plan", "-plan", "-on-", "-over-", " on year", "-earlier")):
        return False
    if re.fullmatch(r"(?:19|20)\d\d", number):
        return False
    if number in {"a", "an", "one"} and "-" not in written and "half" not in phrase.parts:
        return bool(date_grammar().contexts["one_length"].search(before))
    return True


def _joined(text: str, found: list[Phrase]) -> list[Phrase]:
    """Join "X to Y", "X-Y" and "between X and Y" to one phrase."""
    out: list[Phrase] = []
    for phrase in found:
        last = out[-1] if out else None
        if last is not None and last.to is None and _spans(text, last, phrase):
            out[-1] = replace(last, end=phrase.end, rule=f"{last.rule}-range", to=phrase)
        else:
            out.append(phrase)
    return out


def _with_opener(text: str, phrase: Phrase) -> Phrase:
    """Take "from" or "between" into a range."""
    word = re.search(r"\b(?:from|between) $", text[max(0, phrase.start - 8) : phrase.start], re.IGNORECASE)
    is_range = phrase.to is not None or phrase.parts.keys() & {"d2", "y2"}
    return replace(phrase, start=phrase.start - len(word[0])) if word and is_range else phrase


def _spans(text: str, a: Phrase, b: Phrase) -> bool:
    gap = text[a.end : b.start]
    before = text[max(0, a.start - 60) : a.start].lower()
    if (
        "d2" in a.parts
        or "d2" in b.parts
        or len(gap) > 9
        or {a.kind, b.kind} & {"duration", "vague", "past", "ago"}
    ):
        return False
    if before.endswith("between ") and gap.strip() == "and":
        return True
    if not _JOIN.fullmatch(gap) or "\n" in gap or _POSTPONED.search(before):
        return False
    same = a.kind == b.kind and a.kind in {"day", "month", "quarter", "year", "weekday", "part"}
    return same or (before.endswith("from ") and not re.search(r"[-‐‑‒–—]", gap))


def _related(text: str, phrase: Phrase) -> Phrase:
    """Take the word before into the phrase where it says on which side of it the time lies."""
    grammar = date_grammar()
    if phrase.to is not None or phrase.kind in {"duration", "vague", "past"} or phrase.kind == "fiscal":
        return phrase
    if re.match(r"['’]s?\b", text[phrase.end : phrase.end + 2]):
        return phrase
    before = text[max(0, phrase.start - 22) : phrase.start]
    onward = re.match(r" (?:onwards?|forward)\b", text[phrase.end : phrase.end + 9])
    match = grammar.relation.search(before)
    if match is None:
        return replace(phrase, end=phrase.end + len(onward[0]), relation="since") if onward else phrase
    relation = str(grammar.words["relations"][match[1].lower()])
    if relation == "from" and not onward:
        by_day = phrase.kind in {"day", "numeric", "ordinal"} and "d2" not in phrase.parts
        compared = _COMPARED.search(before[: match.start()]) or _POSTPONED.search(
            text[max(0, phrase.start - 60) : phrase.start]
        )
        if match[1].lower() == "from" and (not by_day or compared):
            return phrase
    end = phrase.end + (len(onward[0]) if onward and relation == "from" else 0)
    start = phrase.start - (len(before) - match.start())
    return replace(phrase, start=start, end=end, relation="since" if relation == "from" else relation)
