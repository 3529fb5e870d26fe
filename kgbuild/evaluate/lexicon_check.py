"""All that `kgbuild lexicon check` looks at: entries, their examples, and the reference data of packs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kgbuild.evaluate.lexicon_examples import Examples, written_findings
from kgbuild.evaluate.pack_reference import check_reference, individuals, read_reference
from kgbuild.extract.lexicon import read_source
from kgbuild.extract.lexicon_files import FILES, Entry, Finding
from kgbuild.ontology import load_ontology
from kgbuild.packs import reference_files
from kgbuild.parallel import make_extractor


@dataclass(frozen=True, slots=True)
class LexiconReport:
    """What was looked at and what is wrong."""

    findings: tuple[Finding, ...]  #: in order of file and line
    entries: int
    added: int  #: of them, those of packs
    examples: int  #: how many were read; 0 where the entries could not be loaded
    things: int  #: described in the ontology/ of packs

    @property
    def was_read(self) -> bool:
        """Return whether the examples could be read."""
        return self.examples > 0


def check_lexicon(packs: Sequence[Path] = ()) -> LexiconReport:
    """Return what is wrong with the lexicon of kgbuild and `packs`, and with the reference data of `packs`.

    The examples are read only where every entry has what it must have. Raises PackError for what is no pack.
    """
    source = read_source(packs)
    files, broken = read_reference(reference_files(packs))
    entries = [(name, e) for name in FILES for e in source.entries[name]]
    findings = [*source.findings, *broken, *written_findings(source.entries)]
    examples = 0
    if not broken:
        own, all_ = load_ontology(), load_ontology(None, packs)
        findings += check_reference(files, own, all_)
        if not source.findings:
            told = Examples(make_extractor(all_, packs=packs))
            wrong = [(e, told.problem(name, e)) for name, e in entries]
            findings += [Finding(e.path, e.line, str(e["id"]), what) for e, what in wrong if what]
            examples = sum(Examples.tells(name, e) for name, e in entries)
    return LexiconReport(
        tuple(sorted(set(findings))),
        len(entries),
        sum(_is_added(e, source.folders[0]) for _, e in entries),
        examples,
        sum(individuals(files).values()),
    )


def _is_added(entry: Entry, own: Path) -> bool:
    return entry.path.parent != own
