"""The question behind `KnowledgeGraph.claims`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from kgbuild.query.saved import SavedQuery, parse_query

_TEXT: Final = """\
#+ summary: What is claimed, where, by whom, and how surely?
#+ description: Claims of all articles, whatever their polarity and certainty.
#+ params:
#+   subject: {type: iri, description: "thing that is spoken of"}
#+   predicate: {type: iri, description: "property that is claimed"}
#+   value: {type: iri, description: "thing that is claimed of it"}
#+   polarity: {type: iri, class: "kg:ClaimPolarity", description: "affirmed or denied"}
#+   certainty: {type: iri, class: "kg:ClaimCertainty", description: "how surely"}
#+   speaker: {type: iri, description: "who says so, other than the writer"}
#+   article: {type: iri, class: "kg:Article", description: "article that says so"}
#+ columns:
#+   subject: thing that is spoken of
#+   predicate: property
#+   value: thing or literal
#+   polarity: affirmed or denied
#+   certainty: how surely
#+   speaker: who says so, other than the writer
#+   article: where
#+   start: first character of the quote
#+   end: character after its last one
#+   quote: the words
#+ evidence:
#+   - "?claim"
#+ competency-question: none
PREFIX kg: <https://w3id.org/kgbuild/ontology#>

SELECT DISTINCT ?subject ?predicate ?value ?polarity ?certainty ?speaker ?article ?start ?end ?quote ?claim
WHERE {
  BIND(?__subject_iri AS ?subject)
  BIND(?__predicate_iri AS ?predicate)
  BIND(?__value_iri AS ?value)
  BIND(?__polarity_iri AS ?polarity)
  BIND(?__certainty_iri AS ?certainty)
  BIND(?__speaker_iri AS ?asked)
  BIND(?__article_iri AS ?article)
  ?claim kg:claimSubject ?subject ; kg:claimPredicate ?predicate ;
    kg:claimPolarity ?polarity ; kg:claimCertainty ?certainty ; kg:evidencedBy ?segment .
  ?claim kg:claimObject|kg:claimValue|kg:claimedClass ?value .
  ?segment kg:segmentOf ?article ; kg:startOffset ?start ; kg:endOffset ?end ; kg:exactText ?quote .
  OPTIONAL { ?claim kg:attributedTo ?speaker }
  FILTER(!BOUND(?asked) || ?speaker = ?asked)
}
ORDER BY ?article ?start ?end ?subject ?predicate ?claim
"""


@cache
def claims_query() -> SavedQuery:
    """Return the question, whose parameters are the arguments of `KnowledgeGraph.claims`."""
    return parse_query(_TEXT, Path("claims.rq"))
