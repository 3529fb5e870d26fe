"""What a store folder holds, and whether it is sound."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kgbuild.store.database import ontology_digest
from kgbuild.store.locks import holder
from kgbuild.store.opening import settle_if_idle
from kgbuild.store.publishing import file_digest
from kgbuild.store.snapshots import current_snapshot, list_snapshots


@dataclass(frozen=True, slots=True)
class Condition:
    """The condition of a store at one moment."""

    articles: int
    claims: int
    facts: int
    contradictions: int
    violations: int
    warnings: int
    digest: str  #: SHA-256 of graph.ttl as built
    software: str
    rules: str  #: digest of the rules that extracted
    packs: tuple[str, ...]
    voter: str
    files: tuple[str, ...]  #: those that are not as built
    ontology: bool  #: whether the database has the ontology that ships with this kgbuild
    size: int  #: bytes on disk, a file of several snapshots once
    current: str
    snapshots: tuple[str, ...]
    writer: str  #: who writes now, or ""
    article_ids: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as values for JSON."""
        return asdict(self)


def condition_of(folder: Path) -> Condition:
    """Return the condition of the store in `folder`, after finishing what a killed process began.

    Raises StoreError where there is no store.
    """
    settle_if_idle(folder)
    current = current_snapshot(folder)
    state = current.state()
    counts = state.counts
    return Condition(
        articles=len(state.articles),
        claims=counts["claims"],
        facts=counts["facts"],
        contradictions=counts["contradictions"],
        violations=state.violations,
        warnings=state.warnings,
        digest=state.digest,
        software=state.software,
        rules=state.rules,
        packs=state.settings.packs,
        voter=state.settings.voter,
        files=tuple(n for n, digest in sorted(state.files.items()) if file_digest(folder / n) != digest),
        ontology=state.ontology == ontology_digest(),
        size=_size(folder),
        current=current.name,
        snapshots=tuple(s.name for s in list_snapshots(folder)),
        writer=holder(folder),
        article_ids=tuple(sorted(state.articles)),
    )


def _size(folder: Path) -> int:
    """Return the bytes of all files below `folder`, linked ones once."""
    known = {(s.st_dev, s.st_ino): s.st_size for p in folder.rglob("*") if p.is_file() for s in (p.stat(),)}
    return sum(known.values())
