"""Industries and end uses that a text names. They lie beside the units and never join words to one.

"Carmakers" has to stay a word of its class for the rules that read who holds a license.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span

from kgbuild.model import Entity

USES: Final = frozenset({"Industry", "EndUse"})


class Uses:
    """Finds the names of industries and end uses. Built once."""

    def __init__(self, nlp: Language, entities: Iterable[Entity]) -> None:
        self._matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        self._names: dict[str, tuple[str, str, str]] = {}  # lower text -> (kind, label, as written)
        for entity in entities:
            for name in entity.names if entity.kind in USES else ():
                self._names[name.lower()] = (entity.kind, entity.label, name)
                self._matcher.add(name.lower(), [nlp.make_doc(name)])

    def find(self, doc: Doc) -> Iterator[tuple[Span, str, str]]:
        """Yield (span, kind, label) for each use that `doc` names, the longest name in each place."""
        for span in spacy.util.filter_spans(self._matcher(doc, as_spans=True)):
            kind, label, name = self._names[span.text.lower()]
            if name.split()[0].islower() or name == span.text:  # "LED" is not "led"
                yield span, kind, label
