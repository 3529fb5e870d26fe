"""Packs: folders of a user's own words and names, read beside those that come with kgbuild.

DIR/lexicon/*.jsonl and DIR/lexicon/words.json add to the files of the same name in kgbuild/lexicon/,
DIR/ontology/*.ttl adds reference data. docs/extending.md shows how to make one.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kgbuild.errors import PackError

_LEXICON = "lexicon"
_ONTOLOGY = "ontology"


def lexicon_folders(packs: Sequence[Path]) -> tuple[Path, ...]:
    """Return the folders of words of `packs`, in their order. Raises PackError for what is no pack."""
    return tuple(p / _LEXICON for p in _checked(packs) if (p / _LEXICON).is_dir())


def reference_files(packs: Sequence[Path]) -> tuple[Path, ...]:
    """Return the Turtle files of `packs`, in their order, those of one by name.

    Raises PackError for what is no pack, and for a file in its ontology/ that is not *.ttl.
    """
    found: list[Path] = []
    for folder in (p / _ONTOLOGY for p in _checked(packs) if (p / _ONTOLOGY).is_dir()):
        files = sorted(f for f in folder.iterdir() if not f.name.startswith("."))
        strange = [f for f in files if f.suffix != ".ttl"]
        if strange:
            raise PackError(f"{strange[0]}: is not read; the ontology/ of a pack holds Turtle files, *.ttl")
        if not files:
            raise PackError(f"{folder}: is empty; put a Turtle file there, such as firms.ttl, or remove it")
        found += files
    return tuple(found)


def _checked(packs: Sequence[Path]) -> Sequence[Path]:
    seen: set[Path] = set()
    for pack in packs:
        if not pack.is_dir():
            what = "is a file" if pack.exists() else "does not exist"
            raise PackError(f"{pack}: {what}; a pack is a folder with lexicon/, ontology/ or both")
        if not any((pack / name).is_dir() for name in (_LEXICON, _ONTOLOGY)):
            raise PackError(f"{pack}: is no pack: it has neither lexicon/ nor ontology/; make one of them")
        if pack.resolve() in seen:
            raise PackError(f"{pack}: is given twice; give each pack once")
        seen.add(pack.resolve())
    return packs
