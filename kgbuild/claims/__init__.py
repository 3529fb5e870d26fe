"""Happenings to claims: one claim for one statement in one place of one text, with evidence."""

from kgbuild.claims.making import Claims
from kgbuild.claims.told import Told, label_triple

__all__ = ["Claims", "Told", "label_triple"]
