"""A verb of licensing with what stands around it."""

from __future__ import annotations

from dataclasses import dataclass

from kgbuild.extract.frames import Frame
from kgbuild.extract.grammar import VerbGroup
from kgbuild.extract.license_nouns import Noun
from kgbuild.extract.units import Sentence
from kgbuild.model import Argument


@dataclass(frozen=True, slots=True)
class Scene:
    """A verb that fits a frame, with what stands around it."""

    s: Sentence
    frame: Frame
    group: VerbGroup
    noun: Noun | None
    subject: list[int]
    right: int  #: where the clause ends


def unique(arguments: list[Argument]) -> list[Argument]:
    """Return `arguments` without repetition, in order."""
    seen: dict[tuple[str, int, int, str], Argument] = {}
    for argument in arguments:
        seen.setdefault((argument.role, argument.start, argument.end, argument.name), argument)
    return list(seen.values())
