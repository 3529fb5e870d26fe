"""Text files (.txt, .md) as articles, with metadata from front matter or a sidecar file.

The kept text is the file decoded as UTF-8 without any change of newlines or white space;
where there is front matter it is the text after the front matter's closing line.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import yaml

from kgbuild.errors import ArticleError
from kgbuild.model import Article

SUFFIXES: Final = (".md", ".txt")
#: Names that describe a folder and are no articles.
_NOT_ARTICLES: Final = frozenset({"readme", "license", "changelog", "contributing"})
MAX_BYTES: Final = 20_000_000
FIELDS: Final = ("title", "publisher", "published", "url", "language")
_FRONT = re.compile(
    r"---[ \t]*(?:\r\n|\n|\r)(?P<yaml>.*?)(?:\r\n|\n|\r)---[ \t]*(?:\r\n|\n|\r|\Z)(?:[ \t]*(?:\r\n|\n|\r))*",
    re.DOTALL,
)
_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")


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
            inside = sorted(
                p for p in path.iterdir()
                if p.suffix.lower() in SUFFIXES and p.is_file() and p.stem.lower() not in _NOT_ARTICLES and not p.name.startswith(".")
            )  # fmt: skip
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


def read_article(path: Path) -> Article:
    """Return the article in the file at `path`; its id is the file name without suffix.

    Raises ArticleError, naming the file and what would have been right, when the file is empty, too
    large, binary, no UTF-8, of another kind, or when its metadata is malformed.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise ArticleError(f"{path}: not an article file; expected a name ending in {' or '.join(SUFFIXES)}")
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as err:
        raise ArticleError(f"{path}: cannot be read: {err.strerror}") from err
    if size > MAX_BYTES:
        raise ArticleError(f"{path}: {size:,} bytes; an article has at most {MAX_BYTES:,}")
    whole = _decode(path, raw)
    metadata, text = _front_matter(path, whole)
    sidecar = _sidecar(path)
    if sidecar is not None:
        if metadata is not None:
            raise ArticleError(f"{path}: has both front matter and {sidecar[0].name}; keep one of them")
        metadata = sidecar[1]
    if not text.strip():
        raise ArticleError(
            f"{path}: no text" + (" after the front matter" if metadata else "; the file is empty")
        )
    fields = _fields(sidecar[0] if sidecar else path, metadata)
    return Article(id=path.stem, text=text, sha256=hashlib.sha256(text.encode()).hexdigest(), **fields)


def _decode(path: Path, raw: bytes) -> str:
    if b"\0" in raw[:65536]:
        raise ArticleError(f"{path}: binary, not text (a NUL byte at offset {raw.index(0)})")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        line = raw.count(b"\n", 0, err.start) + 1
        raise ArticleError(
            f"{path}:{line}: not UTF-8 (byte 0x{raw[err.start]:02x} at offset {err.start}); convert the file to UTF-8"
        ) from err


def _front_matter(path: Path, text: str) -> tuple[dict[str, Any] | None, str]:
    first = re.match(r"---[ \t]*(?:\r\n|\n|\r)", text)
    if not first:
        return None, text
    match = _FRONT.match(text)
    if match is None:
        if re.match(r"[A-Za-z_]+:", text[first.end() : first.end() + 60]):
            raise ArticleError(f"{path}:1: front matter is not closed; end it with a line ---")
        return None, text
    return _mapping(path, match["yaml"]), text[match.end() :]


def _mapping(path: Path, source: str) -> dict[str, Any]:
    try:
        # every scalar as written: YAML would turn 2025-06-11 into a date and 2025 into a number
        loaded = yaml.load(source, Loader=yaml.BaseLoader)
    except yaml.YAMLError as err:
        mark = getattr(err, "problem_mark", None)
        line = f":{mark.line + 2}" if mark else ""
        raise ArticleError(f"{path}{line}: metadata is not YAML: {getattr(err, 'problem', err)}") from err
    if not isinstance(loaded, dict):
        raise ArticleError(f"{path}: metadata must be lines of `field: value` with {', '.join(FIELDS)}")
    return loaded


def _sidecar(path: Path) -> tuple[Path, dict[str, Any]] | None:
    for suffix in (".json", ".yaml", ".yml"):
        candidate = path.with_suffix(suffix)
        if candidate.is_file():
            source = _decode(candidate, candidate.read_bytes())
            if suffix != ".json":
                return candidate, _mapping(candidate, source)
            try:
                loaded = json.loads(source)
            except ValueError as err:
                raise ArticleError(f"{candidate}: not JSON: {err}") from err
            if not isinstance(loaded, dict):
                raise ArticleError(f"{candidate}: metadata must be one JSON object with {', '.join(FIELDS)}")
            return candidate, loaded
    return None


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
        fields[name] = value.strip() or None if value else None
    if not fields["title"]:
        raise ArticleError(
            f"{path}: metadata lacks a title; add a line `title: ...`, or remove the metadata altogether"
        )
    published = fields["published"]
    if published and not _DATE.fullmatch(published):
        raise ArticleError(f"{path}: published is {published!r}; write YYYY-MM-DD, YYYY-MM or YYYY")
    return fields
