"""Which tellings are one happening: events of several articles matched into things with one IRI each."""

from kgbuild.happenings.happening import Happening, class_of, times_of
from kgbuild.happenings.matching import Matcher

__all__ = ["Happening", "Matcher", "class_of", "times_of"]
