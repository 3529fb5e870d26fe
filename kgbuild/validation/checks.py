"""Graph checks: questions over several nodes that must have no answer, in queries/checks/*.rq.

SHACL Core looks at one node at a time; what spans several is asked in SPARQL. A check selects ?this (the
node at fault), and may select ?path and ?value. Its header, in lines that begin with `#+`, is YAML with
summary, severity and message.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from kgbuild.errors import ShapeError
from kgbuild.model import Literal
from kgbuild.rdf_files import Store
from kgbuild.resources import data_dir
from kgbuild.store import rows
from kgbuild.validation.query_reads import properties_read
from kgbuild.validation.report import CHECKS, SEVERITIES, ValidationResult, to_ntriples

COMPONENT: Final = CHECKS + "GraphCheckComponent"
_KEYS: Final = ("summary", "severity", "message")
_VARIABLES: Final = frozenset({"this", "path", "value"})


@dataclass(frozen=True, slots=True)
class Check:
    """One question that must have no answer."""

    name: str
    summary: str
    severity: str
    message: str
    text: str  #: SPARQL

    @property
    def iri(self) -> str:
        """Return what stands for the shape in results."""
        return CHECKS + self.name

    def depends_on(self, properties: Collection[str]) -> bool:
        """Return whether a change of these properties may change the answer."""
        read = properties_read(self.text)
        return bool(properties) if read is None else not read.isdisjoint(properties)


def load_checks(folder: Path | None = None) -> tuple[Check, ...]:
    """Return the checks of `folder`, else kgbuild's own, by name. Raises ShapeError on a malformed header."""
    folder = data_dir("queries") / "checks" if folder is None else folder
    return tuple(_read(path) for path in sorted(folder.glob("*.rq")))


def _read(path: Path) -> Check:
    text = path.read_text("utf-8")
    header = "\n".join(line[2:].strip() for line in text.splitlines() if line.startswith("#+"))
    try:
        keys = yaml.safe_load(header)
    except yaml.YAMLError as err:
        raise ShapeError(f"{path}: the header (#+) is no YAML: {' '.join(str(err).split())}") from err
    if not isinstance(keys, dict) or any(not isinstance(keys.get(k), str) for k in _KEYS):
        raise ShapeError(f"{path}: the header (#+) needs {', '.join(_KEYS)}")
    if keys["severity"] not in SEVERITIES:
        raise ShapeError(f"{path}: severity is one of {', '.join(SEVERITIES)}, not {keys['severity']}")
    return Check(path.stem, keys["summary"], keys["severity"], keys["message"], text)


def run_checks(store: Store, checks: Sequence[Check]) -> tuple[list[ValidationResult], dict[str, int]]:
    """Return what the checks find in the default graph of `store`, and the checks that were run, by IRI.

    Raises ShapeError for a check that is no SELECT of ?this, ?path and ?value.
    """
    results: list[ValidationResult] = []
    for check in checks:
        try:
            variables, found = rows(store, check.text)
        except (SyntaxError, ValueError) as err:
            raise ShapeError(f"check {check.name}: {err}") from err
        if "this" not in variables or not variables <= _VARIABLES:
            raise ShapeError(f"check {check.name}: a check selects ?this, and may select ?path and ?value")
        for row in found:
            this, path = row["this"], row.get("path")
            results.append(
                ValidationResult(
                    focus_node=to_ntriples(this) if isinstance(this, Literal) else this,
                    path=path if isinstance(path, str) else None,
                    value=row.get("value"),
                    source_shape=check.iri,
                    component=COMPONENT,
                    severity=check.severity,
                    message=check.message,
                )
            )
    return results, {check.iri: 1 for check in checks}
