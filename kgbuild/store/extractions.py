"""Extractions and texts that a store folder keeps, one file an article, named by all that can change them.

A file has three lines: the SHA-256 of what follows, the article with its text, and the record (see
kgbuild.records). It is written once, whole, and never changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

from kgbuild.errors import ExtractionError, StoreError
from kgbuild.model import Article, Extraction
from kgbuild.records import read_record, to_record

EXTRACTIONS: Final = "extractions"  #: the folder inside a store folder
_PACKAGE: Final = Path(__file__).resolve().parent.parent
#: Modules outside extract/ that an extraction depends on.
_ALSO: Final = ("edtf.py", "model.py", "ontology.py", "parallel.py", "quantities.py", "records.py")
_SUFFIX: Final = ".jsonl"
_REMEDY: Final = "build the store again with: kgbuild build ARTICLES"
_FIELDS: Final = ("title", "publisher", "published", "url", "language")


class KeptExtractions:
    """The files of one store folder, for one state of the rules (`rules_digest` of the extractor)."""

    def __init__(self, folder: Path, rules_digest: str) -> None:
        self._folder = folder / EXTRACTIONS
        self._rules = f"{rules_digest}\0{_software_digest()}"

    def key(self, article: Article) -> str:
        """Return the name of the file: a digest of text, metadata, rules and the code that reads them."""
        made_of = [article.id, article.sha256, *(getattr(article, f) for f in _FIELDS), self._rules]
        return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()

    def get(self, article: Article) -> Extraction | None:
        """Return what was extracted from this very article by these very rules, or None."""
        try:
            return read_kept(self._folder.parent, self.key(article))
        except StoreError:
            return None  # not there, or damaged: it is extracted again

    def put(self, extraction: Extraction) -> None:
        """Keep an extraction. Raises OSError."""
        target = self._folder / (self.key(extraction.article) + _SUFFIX)
        article = json.dumps(asdict(extraction.article), ensure_ascii=False)
        rest = f"{article}\n{to_record(extraction)}\n".encode()
        self._folder.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.part")
        part.write_bytes(hashlib.sha256(rest).hexdigest().encode() + b"\n" + rest)
        part.replace(target)


def read_kept(folder: Path, key: str) -> Extraction:
    """Return the extraction that the store in `folder` keeps under `key`.

    Raises StoreError when it is missing or damaged.
    """
    path = folder / EXTRACTIONS / (key + _SUFFIX)
    article, record = _lines(path)
    try:
        return read_record(record, _article(article), str(path))
    except (ValueError, KeyError, TypeError, ExtractionError) as err:
        raise StoreError(f"{path}: is not an extraction of this version; {_REMEDY}") from err


def kept_article(folder: Path, key: str) -> Article:
    """Return the article that the extraction under `key` is of. Raises StoreError as `read_kept`."""
    path = folder / EXTRACTIONS / (key + _SUFFIX)
    try:
        return _article(_lines(path)[0])
    except (ValueError, TypeError) as err:
        raise StoreError(f"{path}: is not an article of this version; {_REMEDY}") from err


def _article(line: str) -> Article:
    return Article(**json.loads(line))


def _lines(path: Path) -> tuple[str, str]:
    try:
        raw = path.read_bytes()
    except OSError as err:
        raise StoreError(f"{path}: cannot be read: {err.strerror}; {_REMEDY}") from err
    digest, _, rest = raw.partition(b"\n")
    if hashlib.sha256(rest).hexdigest().encode() != digest:
        raise StoreError(f"{path}: is damaged; {_REMEDY}")
    article, record, _ = rest.decode().split("\n")
    return article, record


def prune_extractions(folder: Path, keys: Iterable[str]) -> None:
    """Remove all files but those of `keys`, and what was left half written."""
    wanted = {key + _SUFFIX for key in keys}
    with suppress(FileNotFoundError), os.scandir(folder / EXTRACTIONS) as entries:
        for entry in entries:
            if entry.name not in wanted and entry.name.endswith((_SUFFIX, ".part")):
                Path(entry.path).unlink()


@cache
def _software_digest() -> str:
    """Return a digest of the code that an extraction depends on beside the rules."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} spacy {metadata.version('spacy')}".encode())
    modules = [*(_PACKAGE / "extract").rglob("*.py"), *(_PACKAGE / name for name in _ALSO)]
    for path in sorted(modules):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
