"""From an article to what it says: the only code that knows spaCy."""

from kgbuild.extract.extractor import Extractor

__all__ = ["Extractor"]
