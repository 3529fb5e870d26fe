"""Validation of a graph against shapes, and of its quotes against the kept texts."""

from kgbuild.validation.earlier import rules_digest
from kgbuild.validation.engine import ENGINES, find, validate
from kgbuild.validation.findings import (
    Finding,
    Location,
    Source,
    at_least,
    fingerprint,
    read_baseline,
    relative,
)
from kgbuild.validation.formats import WRITERS
from kgbuild.validation.report import ValidationReport, ValidationResult

__all__ = [
    "ENGINES", "WRITERS", "Finding", "Location", "Source", "ValidationReport", "ValidationResult", "at_least",
    "find", "fingerprint", "read_baseline", "relative", "rules_digest", "validate",
]  # fmt: skip
