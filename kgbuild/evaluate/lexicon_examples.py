"""The examples of the lexicon: each holds its words, and what tells something yields it when it is read.

lexicon/examples.json says below which line an example stands, on which day, and which classes tell what.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from kgbuild.extract import Extractor
from kgbuild.extract.lexicon_files import FILES, Entry, Finding
from kgbuild.model import Article, Event
from kgbuild.resources import lexicon_dir

_CLOSING: Final = "\"'”’)"


@cache
def reading() -> Mapping[str, Any]:
    """Return how examples are read (lexicon/examples.json)."""
    settings: dict[str, Any] = json.loads((lexicon_dir() / "examples.json").read_text("utf-8"))
    return settings


# ---- as written


def written_problem(name: str, entry: Entry) -> str:
    """Return why the example of an entry of file `name` cannot stand for its words, or ""."""
    example = entry["example"]
    if name == "boilerplate.jsonl":
        return _furniture_problem(entry)
    if not (example[0].isupper() or not example[0].isalpha()):
        return "example: begin the sentence with a capital"
    if example.rstrip(_CLOSING)[-1:] not in {".", "!", "?"}:
        return "example: end the sentence with a full stop"
    forms = [*entry.get("forms", ()), *entry.get("verb", ())]
    if forms and not _holds(example, forms):
        shown = ", ".join(forms[:5]) + (" ..." if len(forms) > 5 else "")
        return f"example: has none of the forms {shown}"
    return ""


def _holds(example: str, forms: Sequence[str]) -> bool:
    words = "|".join(re.escape(f).replace(r"\ \-\ ", "-") for f in sorted(forms, key=len, reverse=True))
    # "n't" and "-free" stand inside words
    inside = "|".join(re.escape(f) for f in forms if not f[0].isalnum() or f.startswith("n't")) or "(?!)"
    return bool(re.search(rf"(?<!\w)(?:{words})(?!\w)|(?:{inside})(?!\w)", example, re.IGNORECASE))


def _furniture_problem(entry: Entry) -> str:
    pattern = re.compile(entry["pattern"], re.IGNORECASE)
    whole = entry["scope"] == "line"
    if (pattern.fullmatch if whole else pattern.search)(entry["example"]) is None:
        return f"pattern: does not match the example{' as a whole' if whole else ''}"
    if pattern.search(reading()["news"]):
        return f"pattern: matches news as well, such as {reading()['news']!r}; make it narrower"
    return ""


# ---- read


class Examples:
    """Reads the examples of entries with an extractor."""

    def __init__(self, extractor: Extractor) -> None:
        self._extractor = extractor
        self._readers: Mapping[str, Callable[[Entry], str]] = {
            "verbs.jsonl": self._verb,
            "frames.jsonl": self._frame,
            "relations.jsonl": self._relation,
            "statistics.jsonl": self._statistic,
            "disruptions.jsonl": self._disruption,
            "speech_verbs.jsonl": self._saying,
        }

    def problem(self, name: str, entry: Entry) -> str:
        """Return what the example of an entry of file `name` fails to tell, or ""."""
        reader = self._readers.get(name)
        return reader(entry) if reader is not None else ""

    @staticmethod
    def tells(name: str, entry: Entry) -> bool:
        """Return whether the example of an entry is to be read, or only holds its words."""
        if name == "verbs.jsonl":
            head, dot, _ = entry["class"].partition(".")
            return bool(dot) and head in reading()["verbs"]
        if name == "relations.jsonl":
            return entry["class"] in reading()["relations"]
        return name in {"frames.jsonl", "statistics.jsonl", "disruptions.jsonl", "speech_verbs.jsonl"}

    def _told(self, name: str, example: str, type_: str) -> list[Event]:
        """Return the events of a type in an example, without those of the line above it."""
        topic = reading()["topics"].get(name, "")
        text = f"{topic}\n\n{example}" if topic else example
        article = Article(
            "example", text, hashlib.sha256(text.encode()).hexdigest(), published=reading()["published"]
        )
        start = len(text) - len(example)
        return [e for e in self._extractor.extract(article).events if e.type == type_ and e.start >= start]

    def _verb(self, entry: Entry) -> str:
        if not self.tells("verbs.jsonl", entry):
            return ""
        type_ = reading()["verbs"][entry["class"].partition(".")[0]]
        found = self._told("verbs.jsonl", with_known_firms(entry["example"]), type_)
        told = entry["action"] in {e.action for e in found}
        if entry.get("silent"):
            return "example: tells its action after all; remove `silent`" if told else ""
        return "" if told else _lacks(type_, entry["action"], found)

    def _frame(self, entry: Entry) -> str:
        found = self._told("frames.jsonl", entry["example"], entry["type"])
        if any(_fits(e, entry["expect"]) for e in found):
            return ""
        return _lacks(entry["type"], _written(entry["expect"]), found)

    def _relation(self, entry: Entry) -> str:
        wanted = reading()["relations"].get(entry["class"], "")
        return self._action("relations.jsonl", "relation", wanted, entry["example"]) if wanted else ""

    def _saying(self, entry: Entry) -> str:
        example = with_known_firms(entry["example"])
        return self._action("speech_verbs.jsonl", "statement", entry["action"], example)

    def _statistic(self, entry: Entry) -> str:
        if entry.get("action"):
            return self._action("statistics.jsonl", "trade_stat", entry["action"], entry["example"])
        found = self._told("statistics.jsonl", entry["example"], "trade_stat")
        bare = [e for e in found if e.certainty == "actual" and not e.of("value")]
        return f"example: tells a figure without a number: {_shown(bare[0])}" if bare else ""

    def _disruption(self, entry: Entry) -> str:
        if entry.get("action"):
            return self._action("disruptions.jsonl", "disruption", entry["action"], entry["example"])
        found = self._told("disruptions.jsonl", entry["example"], "disruption")
        return f"example: tells {_shown(found[0])}, yet has no action" if found else ""

    def _action(self, name: str, type_: str, action: str, example: str) -> str:
        found = self._told(name, example, type_)
        return "" if action in {e.action for e in found} else _lacks(type_, action, found)


def with_known_firms(example: str) -> str:
    """Return an example with known firms in the places of the made-up ones."""
    for made_up, known in reading()["stand_ins"].items():
        example = example.replace(made_up, known)
    return example


def _fits(event: Event, expect: Mapping[str, Any]) -> bool:
    return all(
        sorted(value) == _names(event, key) if isinstance(value, list) else getattr(event, key) == value
        for key, value in expect.items()
    )


def _names(event: Event, role: str) -> list[str]:
    """Return who or what fills a role; firms without a name as "unnamed 3"."""
    if role == "holder":
        return sorted({a.name or f"unnamed {a.value}".strip() for a in event.of(role)})
    return sorted({a.name or a.value or a.text for a in event.of(role)})


def _lacks(type_: str, wanted: str, found: Sequence[Event]) -> str:
    told = "; ".join(_shown(e) for e in found) or "nothing"
    return f"example: does not tell {type_} {wanted}; it tells {told}"


def _shown(event: Event) -> str:
    roles = sorted({a.role for a in event.arguments})
    return " ".join([event.action, *(f"{role}={'/'.join(_names(event, role))}" for role in roles)])


def _written(expect: Mapping[str, Any]) -> str:
    return " ".join(
        f"{key}={'/'.join(value)}" if isinstance(value, list) else str(value) for key, value in expect.items()
    )


def written_findings(entries: Mapping[str, Sequence[Entry]]) -> Iterator[Finding]:
    """Yield what is wrong with the examples as they are written."""
    for name in FILES:
        for entry in entries[name]:
            problem = written_problem(name, entry)
            if problem:
                yield Finding(entry.path, entry.line, str(entry["id"]), problem)
