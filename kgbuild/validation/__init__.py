"""Validation of a graph against shapes, and of its quotes against the kept texts."""

from kgbuild.validation.engine import validate
from kgbuild.validation.report import ValidationReport, ValidationResult

__all__ = ["ValidationReport", "ValidationResult", "validate"]
