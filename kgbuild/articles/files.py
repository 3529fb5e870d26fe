"""Text files (.txt, .md) as articles, with metadata from front matter or a sidecar file.

The kept text is the file decoded as UTF-8 without any change of newlines or white space, only a
byte order mark is no part of it; where there is front matter it is all that follows its closing line.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import yaml

from kgbuild.edtf import bounds
from kgbuild.errors import ArticleError
from kgbuild.model import Article

SUFFIXES: Final = (".md", ".txt")
#: Names that describe a folder and are no articles.
_NOT_ARTICLES: Final = frozenset({"readme", "license", "changelog", "contributing"})
MAX_BYTES: Final = 20_000_000
FIELDS: Final = ("title", "publisher", "published", "url", "language")
_NEWLINE: Final = r"(?:\r\n|\n|\r)"
_OPENING: Final = re.compile(rf"---[ \t]*{_NEWLINE}")
_FRONT: Final = re.compile(
    rf"---[ \t]*{_NEWLINE}(?P<yaml>(?:.*?{_NEWLINE})??)---[ \t]*(?:{_NEWLINE}|\Z)", re.DOTALL
)
_DATE: Final = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
#: Half a surrogate pair, which no UTF-8 file can hold, and characters that are no text.
_NO_TEXT: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def read_articles(paths: Iterable[Path]) -> tuple[Article, ...]:
    """Return the articles of all files and folders (not below them), sorted by id.

    Raises ArticleError when a path does not exist, a folder holds no article, a file is no
    article, or two files have one name.
    """
    articles: dict[str, tuple[Article, Path]] = {}
    for path in _files(paths):
        article = read_article(path)
        if article.id in articles:
            other = articles[article.id][1]
            if other.resolve() == path.resolve():
                continue
            raise ArticleError(
                f"{path}: {other} has the same name; the name is the id of an article, rename one of them"
            )
        articles[article.id] = (article, path)
    return tuple(articles[key][0] for key in sorted(articles))


def _files(paths: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = _articles_in(path)
            if not inside:
                raise ArticleError(
                    f"{path}: no article in this folder; articles are files ending in {' or '.join(SUFFIXES)}"
                )
            found.extend(inside)
        elif path.is_file():
            found.append(path)
        else:
            raise ArticleError(f"{path}: no such file or folder")
    return found


def _articles_in(folder: Path) -> list[Path]:
    try:
        inside = sorted(folder.iterdir())
    except OSError as err:
        raise ArticleError(f"{folder}: cannot be read: {err.strerror}") from err
    return [
        path
        for path in inside
        if path.suffix.lower() in SUFFIXES
        and path.stem.lower() not in _NOT_ARTICLES
        and not path.name.startswith(".")
        and path.is_file()
    ]


def read_article(path: Path) -> Article:
    """Return the article in the file at `path`; its id is the file name without suffix.

    Raises ArticleError, naming the file and what would have been right, when the file is empty, too
    large, binary, no UTF-8, of another kind, or when its metadata is malformed.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise ArticleError(f"{path}: not an article file; expected a name ending in {' or '.join(SUFFIXES)}")
    if _NO_TEXT.search(path.stem):
        raise ArticleError(f"{str(path)!r}: the name holds what is no text in UTF-8; rename the file")
    metadata, text = _front_matter(path, _decode(path, _bytes(path)))
    source = path
    empty = "no text" if metadata is None else "no text after the front matter"
    sidecar = _sidecar(path)
    if sidecar is not None:
        if metadata is not None:
            raise ArticleError(f"{path}: has both front matter and {sidecar[0].name}; keep one of them")
        source, metadata = sidecar
    if not text.strip():
        raise ArticleError(f"{path}: {empty}, {'only white space' if text else 'the file ends there'}")
    fields = _fields(source, metadata)
    return Article(id=path.stem, text=text, sha256=hashlib.sha256(text.encode()).hexdigest(), **fields)


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size <= MAX_BYTES:
            return path.read_bytes()
    except OSError as err:
        raise ArticleError(f"{path}: cannot be read: {err.strerror}") from err
    raise ArticleError(f"{path}: {size:,} bytes; an article has at most {MAX_BYTES:,}")


def _decode(path: Path, raw: bytes) -> str:
    if raw.startswith(_UTF16):
        raise ArticleError(f"{path}: UTF-16, not UTF-8; convert the file to UTF-8")
    if b"\0" in raw:
        raise ArticleError(f"{path}: binary, not text (a NUL byte at offset {raw.index(0)})")
    try:
        return raw.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as err:
        line = len(re.findall(_NEWLINE.encode(), raw[: err.start])) + 1
        raise ArticleError(
            f"{path}:{line}: not UTF-8 (byte 0x{raw[err.start]:02x} at offset {err.start}); "
            "convert the file to UTF-8"
        ) from err


def _front_matter(path: Path, text: str) -> tuple[dict[str, Any] | None, str]:
    first = _OPENING.match(text)
    if not first:
        return None, text
    match = _FRONT.match(text)
    if match is None:
        if re.match(r"[A-Za-z_]+:", text[first.end() : first.end() + 60]):
            raise ArticleError(f"{path}:1: front matter is not closed; end it with a line ---")
        return None, text  # a ruled line
    return _mapping(path, match["yaml"], 2), text[match.end() :]


def _mapping(path: Path, source: str, first_line: int) -> dict[str, Any]:
    try:
        # every scalar as written: YAML would turn 2025-06-11 into a date and 2025 into a number
        loaded = yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506 - makes only texts, lists and mappings
    except yaml.MarkedYAMLError as err:
        line = f":{err.problem_mark.line + first_line}" if err.problem_mark else ""
        raise ArticleError(f"{path}{line}: metadata is not YAML: {err.problem}") from err
    except (yaml.YAMLError, RecursionError) as err:
        raise ArticleError(f"{path}: metadata is not YAML: {' '.join(str(err).split())}") from err
    if not isinstance(loaded, dict):
        raise ArticleError(f"{path}: metadata must be lines of `field: value` with {', '.join(FIELDS)}")
    return loaded


def _sidecar(path: Path) -> tuple[Path, dict[str, Any]] | None:
    beside = [c for c in (path.with_suffix(s) for s in (".json", ".yaml", ".yml")) if c.is_file()]
    if not beside:
        return None
    if len(beside) > 1:
        raise ArticleError(f"{path}: has both {beside[0].name} and {beside[1].name}; keep one of them")
    source = _decode(beside[0], _bytes(beside[0]))
    if beside[0].suffix != ".json":
        return beside[0], _mapping(beside[0], source, 1)
    try:
        loaded = json.loads(source)
    except (ValueError, RecursionError) as err:
        raise ArticleError(f"{beside[0]}: not JSON: {err}") from err
    if not isinstance(loaded, dict):
        raise ArticleError(f"{beside[0]}: metadata must be one JSON object with {', '.join(FIELDS)}")
    return beside[0], loaded


def _fields(path: Path, metadata: dict[str, Any] | None) -> dict[str, str | None]:
    if metadata is None:
        return dict.fromkeys(FIELDS)
    unknown = sorted(set(metadata) - set(FIELDS))
    if unknown:
        raise ArticleError(f"{path}: unknown metadata field {unknown[0]!r}; known: {', '.join(FIELDS)}")
    fields: dict[str, str | None] = {}
    for name in FIELDS:
        value = metadata.get(name)
        if value is not None and not isinstance(value, str):
            raise ArticleError(f"{path}: {name} must be one line of text, not {type(value).__name__}")
        if value and _NO_TEXT.search(value):
            raise ArticleError(f"{path}: {name} holds a character that is no text: {value!r}")
        fields[name] = value.strip() or None if value else None
    if not fields["title"]:
        raise ArticleError(
            f"{path}: metadata lacks a title; add a line `title: ...`, or remove the metadata altogether"
        )
    published = fields["published"]
    if published and not _is_date(published):
        raise ArticleError(f"{path}: published is {published!r}; write YYYY-MM-DD, YYYY-MM or YYYY")
    return fields


def _is_date(text: str) -> bool:
    """Return whether `text` is a day, month or year that the calendar has."""
    if not _DATE.fullmatch(text) or text[5:7] > "12":  # beyond 12 EDTF has seasons and quarters
        return False
    try:
        bounds(text)
    except ValueError:
        return False
    return True
