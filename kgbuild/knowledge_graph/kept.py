"""What the folder of a build holds beside the graph: the texts of the articles, counts, disagreements."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kgbuild.errors import GraphError
from kgbuild.model import Evidence

MANIFEST: Final = "manifest.json"
DISAGREEMENTS: Final = "disagreements.jsonl"


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """An article of a graph; "" where something is not known."""

    iri: str
    title: str
    publisher: str
    published: str  #: EDTF
    url: str
    language: str  #: BCP 47 tag
    sha256: str  #: of the text in UTF-8
    file: Path | None  #: where the text is kept; None where the graph is not in the folder of a build

    @property
    def text(self) -> str:
        """Return the text, whose characters all offsets count. Raises GraphError where it is not kept."""
        if self.file is None:
            raise GraphError(f"the text of {self.iri} is not kept beside this graph; a build keeps the texts")
        try:
            return self.file.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as err:
            raise GraphError(f"{self.file}: cannot be read: {err}") from err


@dataclass(frozen=True, slots=True)
class ToldValue:
    """One of the values in a disagreement, with all its places."""

    says: str
    places: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class ToldDifferently:
    """Something that the articles tell in more than one way."""

    verdict: str  #: "contradiction", "precision" or "compatible" (it only looks alike)
    topic: str
    about: str  #: IRI
    reason: str
    values: tuple[ToldValue, ...]


def read_manifest(folder: Path) -> Mapping[str, Any]:
    """Return what `manifest.json` says. Raises GraphError."""
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as err:
        raise GraphError(
            f"{path} is not there; make it with kgbuild.build(articles, out={str(folder)!r})"
        ) from err
    except (OSError, ValueError) as err:
        raise GraphError(f"{path}: cannot be read: {err}") from err
    if not isinstance(manifest, dict):
        raise GraphError(f"{path}: is no manifest of a build")
    return manifest


def read_disagreements(folder: Path) -> tuple[ToldDifferently, ...]:
    """Return the disagreements of a build, in the order of its file. Raises GraphError."""
    path = folder / DISAGREEMENTS
    try:
        lines = path.read_text("utf-8").splitlines()
        return tuple(_disagreement(json.loads(line)) for line in lines)
    except FileNotFoundError as err:
        raise GraphError(
            f"{path} is not there; make it with kgbuild.build(articles, out={str(folder)!r})"
        ) from err
    except (OSError, ValueError, KeyError, TypeError) as err:
        raise GraphError(f"{path}: cannot be read: {err}") from err


def _disagreement(record: Mapping[str, Any]) -> ToldDifferently:
    values = tuple(
        ToldValue(
            v["says"], tuple(Evidence(p["article"], p["start"], p["end"], p["quote"]) for p in v["places"])
        )
        for v in record["values"]
    )
    return ToldDifferently(record["verdict"], record["topic"], record["about"], record["reason"], values)
