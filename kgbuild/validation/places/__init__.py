"""Where a finding is: line and column in the data file, and the sentence of the article behind it."""

from kgbuild.validation.places.turtle_positions import Positions, positions_in

__all__ = ["Positions", "positions_in"]
