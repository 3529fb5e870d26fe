"""Quotes and digests compared with the kept texts, byte for byte; SHACL sees the graph, not the files."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Final

from kgbuild.errors import GraphError
from kgbuild.model import Literal
from kgbuild.terms import KG, RDF_TYPE, XSD
from kgbuild.validation.report import SH, SHAPES, ValidationResult
from kgbuild.validation.sets.coded_graph import CodedGraph

MANIFEST: Final = "manifest.json"
QUOTE: Final = SHAPES + "TextSegment-quote-equals-text"
DIGEST: Final = SHAPES + "Article-digest-equals-text"
LENGTH: Final = SHAPES + "Article-length-equals-text"
EVIDENCE_SHAPES: Final = frozenset({QUOTE, DIGEST, LENGTH})
_COMPONENT: Final = SH + "EqualsConstraintComponent"


def check_evidence(
    data: CodedGraph, folder: Path | None, *, known: frozenset[str] = frozenset()
) -> tuple[list[ValidationResult], dict[str, int]]:
    """Return what differs between `data` and the texts in `folder`/manifest.json, and how much was compared.

    The manifest's key "articles" maps the IRI of an article to its file, relative to `folder`.
    Without a folder nothing is compared, and the counts are 0. Articles in `known` are only counted, with
    their segments. Raises GraphError when the manifest is missing, malformed, or names a file
    outside `folder`.
    """
    counts = {QUOTE: 0, DIGEST: 0, LENGTH: 0}
    if folder is None:
        return [], counts
    files = article_files(folder)
    results: list[ValidationResult] = []
    texts: dict[str, str] = {}
    for article in sorted(map(str, data.subjects(RDF_TYPE, KG.Article))):
        counts[DIGEST] += 1
        counts[LENGTH] += 1
        if article not in known:
            results.extend(_check_article(data, article, files.get(article), texts))
    for segment in sorted(map(str, data.subjects(RDF_TYPE, KG.TextSegment))):
        counts[QUOTE] += 1
        if known.isdisjoint(data.objects(segment, KG.segmentOf)):
            results.extend(_check_segment(data, segment, texts))
    return results, counts


def article_files(folder: Path) -> dict[str, Path]:
    """Return the kept text of each article by IRI. Raises GraphError on a missing or malformed manifest."""
    manifest = folder / MANIFEST
    try:
        content = json.loads(manifest.read_text(encoding="utf-8"))
    except FileNotFoundError as err:
        raise GraphError(f"{manifest}: no such file; the kept texts are listed there") from err
    except OSError as err:
        raise GraphError(f"{manifest}: cannot be read: {err.strerror}") from err
    except json.JSONDecodeError as err:
        raise GraphError(f"{manifest}, line {err.lineno}: not JSON: {err.msg}") from err
    except (UnicodeDecodeError, RecursionError) as err:
        raise GraphError(f"{manifest}: not JSON in UTF-8") from err
    listed = content.get("articles") if isinstance(content, dict) else None
    if not isinstance(listed, dict) or not all(isinstance(name, str) for name in listed.values()):
        raise GraphError(f'{manifest}: needs "articles": {{"<IRI of the article>": "articles/<file>"}}')
    files = {}
    for article, name in listed.items():
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise GraphError(f"{manifest}: {name!r} lies outside {folder}; kept texts lie beside the graph")
        files[article] = path
    return files


def _check_article(
    data: CodedGraph, article: str, path: Path | None, texts: dict[str, str]
) -> list[ValidationResult]:
    """Compare digest and length of one article; put its text into `texts` when it can be read."""
    digest = _value(data, article, KG.textDigest)
    if path is None:
        return [
            _result(
                article, KG.textDigest, digest, DIGEST, f"List the kept text of this article in {MANIFEST}."
            )
        ]
    try:
        raw = path.read_bytes()
    except OSError as err:
        advice = f"Restore the kept text {path.name} ({err.strerror}), or build the graph again."
        return [_result(article, KG.textDigest, digest, DIGEST, advice)]
    results = []
    found = hashlib.sha256(raw).hexdigest()
    if str(digest) != found:
        advice = f"Restore {path.name} as it was read, or build again: its SHA-256 is {found}."
        results.append(_result(article, KG.textDigest, digest, DIGEST, advice))
    text = raw.decode("utf-8", errors="replace")
    length = _value(data, article, KG.textLength)
    if str(length) != str(len(text)):
        advice = f"Restore {path.name} as it was read, or build again: it has {len(text)} code points."
        results.append(_result(article, KG.textLength, length, LENGTH, advice))
    texts[article] = text
    return results


def _check_segment(data: CodedGraph, segment: str, texts: dict[str, str]) -> list[ValidationResult]:
    quote = _value(data, segment, KG.exactText)
    article = _value(data, segment, KG.segmentOf)
    if article is None or article not in texts:
        advice = "Keep the text of the article that the segment is cut from; it is needed to check the quote."
        return [_result(segment, KG.exactText, quote, QUOTE, advice)]
    start, end = (_offset(data, segment, KG.startOffset), _offset(data, segment, KG.endOffset))
    text = texts[article]
    if start is None or end is None or not 0 <= start < end <= len(text):
        advice = (
            f"Correct the offsets: the text has {len(text)} code points, a segment begins before it ends."
        )
        return [_result(segment, KG.exactText, quote, QUOTE, advice)]
    if str(quote) != text[start:end]:
        advice = f"Correct the quote or its offsets: the text has {text[start:end]!r} there."
        return [_result(segment, KG.exactText, quote, QUOTE, advice)]
    return []


def _offset(data: CodedGraph, segment: str, predicate: str) -> int | None:
    value = str(_value(data, segment, predicate))
    return int(value) if value.isascii() and value.isdigit() else None


def _value(data: CodedGraph, node: str, predicate: str) -> str | None:
    """Return the value; where there are several, which is for a shape to find, always the same one."""
    found = data.objects(node, predicate)
    return min((v[0] if isinstance(v, tuple) else v for v in found), default=None)


def _result(node: str, path: str, value: str | None, shape: str, message: str) -> ValidationResult:
    literal = None if value is None else Literal(value, XSD + "string")
    return ValidationResult(node, path, literal, shape, _COMPONENT, "Violation", message)
