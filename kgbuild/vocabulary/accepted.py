"""Findings about kgbuild's own ontology that stay as they are; the reasons are in ontology/accepted.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from kgbuild.errors import GraphError
from kgbuild.resources import data_dir
from kgbuild.vocabulary.rows import Row

FILE: Final = "accepted.yaml"
#: A finding about two siblings has the other one as its value.
_OF_TWO: Final = frozenset({"siblings-not-disjoint"})


@dataclass(frozen=True, slots=True)
class Accepted:
    """Findings of one check that are no faults, and why."""

    check: str
    reason: str
    entities: frozenset[str]  #: empty for all
    value: str | None

    def takes(self, row: Row) -> bool:
        """Return whether `row` is one of these findings."""
        if row.check != self.check or self.value not in {None, row.value}:
            return False
        if row.check in _OF_TWO:
            return {row.entity, row.value} <= self.entities
        return not self.entities or row.entity in self.entities

    @property
    def unused(self) -> Row:
        """Return what is wrong when nothing is found that this takes."""
        about = ", ".join(sorted(self.entities)) or self.value or ""
        return Row(about, "(accepted)", f"no finding of {self.check}", "warning", "accepted-without-finding")


def read_accepted(path: Path | None = None) -> tuple[Accepted, ...]:
    """Return the entries of `path`, else of kgbuild's own list. Raises GraphError on a malformed one."""
    path = data_dir("ontology") / FILE if path is None else path
    try:
        entries = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as err:
        raise GraphError(f"{path}: cannot be read: {' '.join(str(err).split())}") from err
    return tuple(_entry(path, entry) for entry in entries or ())


def _entry(path: Path, entry: object) -> Accepted:
    if not isinstance(entry, dict) or not all(entry.get(key) for key in ("check", "reason")):
        raise GraphError(f"{path}: {entry!r}: an entry has check, reason, and entities or value")
    if not entry.get("entities") and not entry.get("value"):
        raise GraphError(f"{path}: {entry['check']}: say for which entities or for which value")
    return Accepted(entry["check"], entry["reason"], frozenset(entry.get("entities", ())), entry.get("value"))


def without_accepted(rows: Iterable[Row], accepted: Sequence[Accepted]) -> list[Row]:
    """Return the rows that no entry takes, and a row for each entry that takes none."""
    left, used = [], set()
    for row in rows:
        takers = [a for a in accepted if a.takes(row)]
        used.update(takers)
        if not takers:
            left.append(row)
    return left + [a.unused for a in accepted if a not in used]
