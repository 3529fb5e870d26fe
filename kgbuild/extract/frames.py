"""License frames: which verb, in which voice, puts its roles where (lexicon/frames.jsonl)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kgbuild.errors import LexiconError
from kgbuild.extract.lexicon import read_entries
from kgbuild.resources import lexicon_dir

_VOICES = ("active", "passive")
_NOUNS = ("object", "subject", "infinitive", "shipment", "shipment-subject", "context")
_SLOTS = ("to", "for", "from", "by", "of", "held by")


@dataclass(frozen=True)
class Frame:
    """One construction."""

    id: str
    type: str
    verbs: str  #: class of the verb
    voice: str
    noun: str  #: where the license noun stands: one of _NOUNS; "infinitive" for none, "shipment" for exports
    subject: str  #: role of the subject, or ""
    object: str  #: role of a name between verb and license noun, or ""
    slots: Mapping[str, str]  #: preposition -> role
    example: str
    expect: Mapping[str, Any]
    certainty: str = ""  #: that of an affirmed verb; "actual" whatever stands around it


@cache
def load_frames(folder: Path | None = None) -> tuple[Frame, ...]:
    """Return the frames in file order. Raises LexiconError on a malformed one."""
    path = (lexicon_dir() if folder is None else folder) / "frames.jsonl"
    frames = []
    for entry in read_entries(path, ("id", "type", "verbs", "voice", "noun", "example", "expect")):
        if entry["voice"] not in _VOICES or entry["noun"] not in _NOUNS:
            raise LexiconError(
                f"{path}: frame {entry['id']!r}: voice is one of {', '.join(_VOICES)}; "
                f"noun one of {', '.join(_NOUNS)}"
            )
        frames.append(
            Frame(
                entry["id"], entry["type"], entry["verbs"], entry["voice"], entry["noun"],
                entry.get("subject", ""), entry.get("object", ""),
                {slot: entry[slot] for slot in _SLOTS if slot in entry}, entry["example"], entry["expect"],
                entry.get("certainty", ""),
            )
        )  # fmt: skip
    return tuple(frames)
