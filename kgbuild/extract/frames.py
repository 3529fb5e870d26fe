"""License frames: which verb, in which voice, puts its roles where (lexicon/frames.jsonl)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kgbuild.extract.lexicon import Lexicon
from kgbuild.extract.lexicon_files import SLOTS


@dataclass(frozen=True)
class Frame:
    """One construction."""

    id: str
    type: str
    verbs: str  #: class of the verb
    voice: str
    noun: str  #: where the license noun stands: one of NOUN_PLACES ("infinitive": none)
    subject: str  #: role of the subject, or ""
    object: str  #: role of a name between verb and license noun, or ""
    slots: Mapping[str, str]  #: preposition -> role
    example: str
    expect: Mapping[str, Any]
    certainty: str = ""  #: that of an affirmed verb; "actual" whatever stands around it


def load_frames(lexicon: Lexicon) -> tuple[Frame, ...]:
    """Return the frames in the order of the files; the first that fits wins."""
    return lexicon.made(_frames)


def _frames(lexicon: Lexicon) -> tuple[Frame, ...]:
    return tuple(
        Frame(
            e["id"], e["type"], e["verbs"], e["voice"], e["noun"], e.get("subject"), e.get("object"),
            {slot: e[slot] for slot in SLOTS if slot in e}, e["example"], e["expect"], e.get("certainty"),
        )
        for e in lexicon.entries("frames.jsonl")
    )  # fmt: skip
