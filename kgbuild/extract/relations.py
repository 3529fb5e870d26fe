"""Relations of firms, materials, uses and places: who supplies whom, what is used in what, what is where."""

from __future__ import annotations

from kgbuild.extract.coreference import Coreference
from kgbuild.extract.customers import Customers
from kgbuild.extract.dependence import Dependence
from kgbuild.extract.grammar import Grammar
from kgbuild.extract.office_holders import OfficeHolders
from kgbuild.extract.ownership import Ownership
from kgbuild.extract.peers import Peers
from kgbuild.extract.regulating import Regulating
from kgbuild.extract.relation_events import Context
from kgbuild.extract.relation_words import load_relation_words
from kgbuild.extract.sites import Sites
from kgbuild.extract.supplements import Supplements
from kgbuild.extract.supply import Supply
from kgbuild.extract.units import Sentence
from kgbuild.extract.used_in import UsedIn
from kgbuild.model import Event, Rejection


class Relations:
    """Finds relations in the sentences of one article."""

    def __init__(self, text: str, grammar: Grammar, coreference: Coreference) -> None:
        self.rejections: list[Rejection] = []
        self._words = load_relation_words(grammar.lexicon)
        self._readers = (
            UsedIn(text, grammar, coreference),
            Dependence(text, grammar, coreference),
            Peers(text, grammar, coreference),
            Ownership(text, grammar, coreference),
            Supply(text, grammar, coreference),
            Customers(text, grammar, coreference),
            Sites(text, grammar, coreference),
            Supplements(text, grammar, coreference),
            OfficeHolders(text, grammar, coreference),
            Regulating(text, grammar, coreference),
        )

    def find(self, s: Sentence) -> list[Event]:
        """Return the relations that `s` tells."""
        context = Context(s, self._words.hits(s))
        return [event for reader in self._readers for event in reader.find(context)]
