"""Where the data folders are: beside the package in a checkout, inside it in an installed wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from kgbuild.errors import ResourceError

_PACKAGE = Path(__file__).resolve().parent
Folder = Literal["ontology", "shapes", "queries", "examples"]


def data_dir(kind: Folder) -> Path:
    """Return the folder of this kind. Raises ResourceError when there is none."""
    places = [_PACKAGE / "_data" / kind]
    root = _PACKAGE.parent
    if (root / "pyproject.toml").is_file():  # else site-packages/ontology could be anybody's
        places.append(root / kind)
    for place in places:
        if place.is_dir():
            return place
    looked = " and ".join(map(str, places))
    raise ResourceError(f"no {kind}/ folder in {looked}; reinstall kgbuild")


def lexicon_dir() -> Path:
    """Return the folder of rules and word lists. Raises ResourceError when it is missing."""
    place = _PACKAGE / "lexicon"
    if not place.is_dir():
        raise ResourceError(f"no lexicon/ folder in {_PACKAGE}; reinstall kgbuild")
    return place
