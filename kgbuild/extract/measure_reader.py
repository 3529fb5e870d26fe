"""What the readers of measures share: the grammar, and the readers of their parts."""

from __future__ import annotations

from kgbuild.extract.grammar import Grammar
from kgbuild.extract.measure_imposers import MeasureImposers
from kgbuild.extract.measure_nouns import MeasureNouns
from kgbuild.extract.measure_orders import MeasureOrders
from kgbuild.extract.measure_roles import MeasureRoles


class MeasureReader:
    """Base of the readers of one kind of wording; `about_exports` tells whether the article is on exports."""

    def __init__(
        self,
        grammar: Grammar,
        nouns: MeasureNouns,
        roles: MeasureRoles,
        imposers: MeasureImposers,
        orders: MeasureOrders,
        *,
        about_exports: bool = False,
    ) -> None:
        self._grammar = grammar
        self._nouns = nouns
        self._roles = roles
        self._imposers = imposers
        self._orders = orders
        self._about_exports = about_exports
