"""Texts of articles, what was read from them and what was refused, as a build keeps them beside its graph."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from kgbuild.errors import KgbuildError
from kgbuild.model import Article, Extraction, Mention, Rejection
from kgbuild.records import read_record
from kgbuild.serve.pages.links import article_name, article_of_id
from kgbuild.store.extractions import read_kept
from kgbuild.store.snapshots import SNAPSHOTS, Snapshot

_TEXTS: Final = "articles"
_RECORDS: Final = "extractions.jsonl"
#: Id of an article, and where the record of it is: the key in a store, or offset and length in a file.
_Place: TypeAlias = tuple[str, str | tuple[int, int]]


@dataclass(frozen=True, slots=True)
class KeptText:
    """The text of an article with what was found in it; no text where none is kept that the graph quotes."""

    text: str | None
    mentions: tuple[Mention, ...] = ()
    rejections: tuple[Rejection, ...] = ()


class KeptTexts:
    """The texts of one state of a graph.

    `source` is the output folder or graph file, `files` the folder of the files of the state.
    """

    def __init__(self, source: Path, files: Path) -> None:
        self._source = source
        self._records = files / _RECORDS
        self._folder = (source if source.is_dir() else source.parent) / _TEXTS
        snapshot = files.parent
        self._places: dict[str, _Place] = {}  #: by IRI of the article
        if source.is_dir() and snapshot.parent == source / SNAPSHOTS:
            state = Snapshot(int(snapshot.name.partition("-")[0]), snapshot).state()
            self._places = {article_of_id(id_): (id_, key) for id_, key in state.articles.items()}
        else:
            self._places = {article_of_id(id_): (id_, place) for id_, place in _index(self._records)}

    def of(self, article: str, digest: str) -> KeptText:
        """Return the text of an article whose SHA-256 is `digest`, from its IRI."""
        text = self._text(article, digest)
        try:
            read = self._extraction(article, text, digest)
        except (KgbuildError, OSError, ValueError, KeyError, TypeError):
            read = None  # damaged, or pruned by a build a moment ago: the text alone is still right
        if read is not None and read.article.sha256 == digest:
            return KeptText(read.article.text, read.mentions, read.rejections)
        return KeptText(text)

    def iri(self, id_: str) -> str:
        """Return the IRI of the article with this id, "" where there is none."""
        iri = article_of_id(id_)
        return iri if iri in self._places else ""

    def _extraction(self, article: str, text: str | None, digest: str) -> Extraction | None:
        id_, place = self._places.get(article, ("", ""))
        if isinstance(place, str):
            return read_kept(self._source, place) if place else None
        if text is None:
            return None
        with self._records.open("rb") as file:
            file.seek(place[0])
            line = file.read(place[1]).decode("utf-8")
        return read_record(line, Article(id_, text, digest), str(self._records))

    def _text(self, article: str, digest: str) -> str | None:
        name = article_name(article)
        if not name or "/" in name or name.startswith("."):
            return None
        try:
            raw = (self._folder / f"{name}.txt").read_bytes()
            text = raw.decode("utf-8")
        except (OSError, ValueError):
            return None
        return text if hashlib.sha256(raw).hexdigest() == digest else None


def _index(path: Path) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the id of each article of a file of records, with offset and length of its line."""
    try:
        with path.open("rb") as file:
            offset = 0
            for line in file:
                with suppress(ValueError, KeyError, TypeError):  # no record of ours is left out
                    yield str(json.loads(line)["article"]["id"]), (offset, len(line))
                offset += len(line)
    except OSError:
        return


def read_lines(path: Path) -> list[dict[str, object]]:
    """Return the objects of a file with one JSON object a line; nothing where there is no such file."""
    try:
        lines = path.read_text("utf-8").split("\n")
        found = [json.loads(line) for line in lines if line]
    except (OSError, ValueError):
        return []
    return [record for record in found if isinstance(record, dict)]
