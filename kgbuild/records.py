"""Extractions as JSON lines, the interchange format, and back; schemas/extraction.schema.json is its schema.

A person or another program may write such lines. Reading them checks the schema and that
every text equals the article at its offsets.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kgbuild.errors import ExtractionError
from kgbuild.model import Argument, Article, Event, Extraction, Mention, Rejection, Telling

if TYPE_CHECKING:
    import jsonschema

FORMAT: Final = "kgbuild-extraction/1"
_SHOWN: Final = 200  #: characters of a schema's complaint, which may quote a whole record
_SCHEMA: Final = Path(__file__).parent / "schemas" / "extraction.schema.json"


def schema_text() -> str:
    """Return the JSON Schema of a record, as published."""
    return _SCHEMA.read_text("utf-8")


@cache
def _validator() -> jsonschema.Draft202012Validator:
    import jsonschema  # noqa: PLC0415 - slow to import; who asks a store checks no records

    return jsonschema.Draft202012Validator(json.loads(schema_text()))


def to_record(extraction: Extraction) -> str:
    """Return `extraction` as one line of JSON, without line end; keys in fixed order, no empty fields."""
    article = extraction.article
    record = {
        "format": FORMAT,
        "article": {
            "id": article.id,
            "sha256": article.sha256,
            "length": len(article.text),
            "title": article.title,
            "publisher": article.publisher,
            "published": article.published,
            "url": article.url,
            "language": article.language,
        },
        "extractor": extraction.extractor,
        "mentions": [
            _slim(
                {
                    "start": m.start,
                    "end": m.end,
                    "text": m.text,
                    "kind": m.kind,
                    "name": m.name,
                    "via": m.via,
                },
                {"via"},
            )
            for m in extraction.mentions
        ],
        "events": [_event(e, article.text) for e in extraction.events],
        "rejections": [
            {"start": r.start, "end": r.end, "text": r.text, "rule": r.rule, "reason": r.reason}
            for r in extraction.rejections
        ],
    }
    return json.dumps(record, ensure_ascii=False, separators=(", ", ": "))


def _slim(fields: dict[str, Any], optional: set[str]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value or key not in optional}


def _argument(a: Argument) -> dict[str, Any]:
    fields = {
        "role": a.role, "kind": a.kind, "text": a.text, "start": a.start, "end": a.end, "name": a.name,
        "value": a.value, "unit": a.unit, "qualifier": a.qualifier, "inferred": a.inferred,
        "derivation": a.derivation,
    }  # fmt: skip
    return _slim(fields, {"name", "value", "unit", "qualifier", "inferred", "derivation"})


def _event(e: Event, text: str) -> dict[str, Any]:
    return {
        "type": e.type,
        "action": e.action,
        "start": e.start,
        "end": e.end,
        "quote": text[e.start : e.end],
        "arguments": [_argument(a) for a in e.arguments],
        "polarity": e.polarity,
        "certainty": e.certainty,
        "speaker": _argument(e.speaker) if e.speaker else None,
        "rule": e.rule,
        "repeats": [
            {
                "start": t.start,
                "end": t.end,
                "quote": text[t.start : t.end],
                "speaker": _argument(t.speaker) if t.speaker else None,
                "rule": t.rule,
            }
            for t in e.repeats
        ],
    }


def read_records(lines: Iterator[str], articles: Mapping[str, Article], source: str) -> Iterator[Extraction]:
    """Yield the extractions in `lines`, checked against the schema and against the texts of `articles`.

    Raises ExtractionError with `source` and line number where a line is not JSON, breaks the
    schema, names an unknown article, another version of it or one that an earlier line has, or quotes what
    the article does not say.
    """
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{source}:{number}"
        record = _checked(line, where)
        known = record["article"]
        article = articles.get(known["id"])
        if article is None:
            raise ExtractionError(f"{where}: no article {known['id']!r} among those read")
        if (article.sha256, len(article.text)) != (known["sha256"], known["length"]):
            raise ExtractionError(
                f"{where}: article {article.id!r} has changed since it was extracted; extract it again"
            )
        if article.id in seen:
            raise ExtractionError(
                f"{where}: article {article.id!r} stands in line {seen[article.id]} already; keep one of them"
            )
        seen[article.id] = number
        yield _extraction(record, article, where)


def read_record(line: str, article: Article, where: str) -> Extraction:
    """Return the extraction in a line that `to_record` wrote, without a look at the schema.

    Raises ExtractionError where a text differs from the article's; ValueError, KeyError or TypeError
    where the line is not such a record.
    """
    return _extraction(json.loads(line), article, where)


def _checked(line: str, where: str) -> dict[str, Any]:
    """Return the record in `line`, which fits the schema."""
    try:
        record = json.loads(line, parse_float=_number)
        json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError as err:
        raise ExtractionError(f"{where}: holds half a surrogate pair, which is no text") from err
    except (ValueError, RecursionError) as err:
        raise ExtractionError(f"{where}: not JSON: {err}") from err
    problems = sorted(_validator().iter_errors(record), key=lambda e: list(map(str, e.absolute_path)))
    if problems:
        place = "/".join(map(str, problems[0].absolute_path)) or "record"
        message = problems[0].message
        shown = message if len(message) <= _SHOWN else f"{message[: _SHOWN // 2]} … {message[-_SHOWN // 2 :]}"
        raise ExtractionError(f"{where}: {place}: {shown}")
    checked: dict[str, Any] = record
    return checked


def _number(text: str) -> float | int:
    """Return 3 for 3.0: JSON Schema counts it as an integer, Python does not slice with it."""
    value = float(text)
    return int(value) if value.is_integer() else value


def _extraction(record: dict[str, Any], article: Article, where: str) -> Extraction:
    events = []
    for given in record["events"]:
        raw = dict(given)
        _check(article, raw["start"], raw["end"], raw.pop("quote", None), where)
        arguments = tuple(_to_argument(article, a, where) for a in raw.pop("arguments"))
        speaker = raw.pop("speaker", None)
        repeats = tuple(_to_telling(article, t, where) for t in raw.pop("repeats", ()))
        speaker = _to_argument(article, speaker, where) if speaker else None
        events.append(Event(arguments=arguments, speaker=speaker, repeats=repeats, **raw))
    for item in (*record["mentions"], *record["rejections"]):
        _check(article, item["start"], item["end"], item["text"], where)
    return Extraction(
        article,
        record["extractor"],
        tuple(Mention(**m) for m in record["mentions"]),
        tuple(events),
        tuple(Rejection(**r) for r in record["rejections"]),
    )


def _to_telling(article: Article, raw: dict[str, Any], where: str) -> Telling:
    _check(article, raw["start"], raw["end"], raw.get("quote"), where)
    speaker = raw.get("speaker")
    return Telling(
        raw["start"], raw["end"], _to_argument(article, speaker, where) if speaker else None, raw["rule"]
    )


def _to_argument(article: Article, raw: dict[str, Any], where: str) -> Argument:
    _check(article, raw["start"], raw["end"], raw["text"], where)
    return Argument(**raw)


def _check(article: Article, start: int, end: int, text: str | None, where: str) -> None:
    """Check that the article has the place [start, end) and reads so there, where there is a quote."""
    if not 0 <= start < end <= len(article.text):
        raise ExtractionError(
            f"{where}: article {article.id!r} has no [{start}, {end}), only {len(article.text)} characters"
        )
    if text is not None and article.text[start:end] != text:
        raise ExtractionError(
            f"{where}: article {article.id!r} does not read {text[:60]!r} at [{start}, {end})"
        )
