"""Where a finding is: line and column in the data file, and the sentence of the article behind it."""

from kgbuild.validation.places.turtle_positions import Positions, Wanted, positions_in
from kgbuild.validation.places.wanted import wanted_place

__all__ = ["Positions", "Wanted", "positions_in", "wanted_place"]
