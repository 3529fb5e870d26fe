"""A graph as one OWL 2 ontology: header, vocabulary, all properties declared, no datatype that OWL has not.

Sources: OWL 2 Mapping to RDF Graphs, section 3.2.1 (header) and tables 9 and 16 (properties without a
declaration are taken for annotations); OWL 2 Structural Specification, section 4 (datatype map).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Final

from kgbuild.export.quads import Quads, collect
from kgbuild.model import Literal, Term, Triple
from kgbuild.terms import ID, NS, OWL, RDF, RDF_TYPE, RDFS, XSD, text_literal
from kgbuild.turtle import term_text

VOCABULARY: Final = NS.rstrip("#")  #: IRI of the ontology header of core.ttl
DATASET: Final = ID + "dataset"  #: IRI of the ontology that holds a graph
_DECLARATIONS: Final = frozenset(
    OWL + kind for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
)
_CLASSES: Final = frozenset({OWL + "Class", RDFS + "Class", RDFS + "Datatype"})
#: What OWL knows by itself.
_BUILT_IN: Final = (RDF, RDFS, OWL, XSD)
_DATATYPES: Final = frozenset(
    [
        RDF + "langString",
        RDF + "PlainLiteral",
        RDF + "XMLLiteral",
        RDFS + "Literal",
        OWL + "real",
        OWL + "rational",
    ]
    + [
        XSD + name
        for name in """string normalizedString token language Name NCName NMTOKEN boolean decimal integer
        nonNegativeInteger nonPositiveInteger positiveInteger negativeInteger long int short byte unsignedLong
        unsignedInt unsignedShort unsignedByte double float hexBinary base64Binary anyURI dateTime
        dateTimeStamp""".split()
    ]
)
_DAYS: Final = frozenset(XSD + name for name in ("date", "gYearMonth", "gYear"))
_DAY: Final = re.compile(
    r"([0-9]{4})(?:-(0[1-9]|1[0-2]))?(?:-(0[1-9]|[12][0-9]|3[01]))?(Z|[+-][0-9]{2}:[0-9]{2})?"
)


def owl_profile(quads: Quads) -> Quads:
    """Return the graph with its vocabulary as one ontology.

    `quads` has the vocabulary in it. xsd:date, xsd:gYearMonth and xsd:gYear become the xsd:dateTime at which
    they begin (UTC where they have no offset); other datatypes that OWL has not become xsd:string. Named
    graphs are dropped.
    """
    triples = [(s, p, _owl_value(o)) for s, p, o in quads.triples() if s != VOCABULARY]
    declared = {s for s, p, o in triples if p == RDF_TYPE and o in _DECLARATIONS}
    classes = {s for s, p, o in triples if p == RDF_TYPE and o in _CLASSES}
    triples += _declarations(triples, declared, classes)
    digest = hashlib.sha256()
    for line in sorted(" ".join(map(term_text, triple)) for triple in triples):
        digest.update(line.encode() + b"\n")
    return collect([*triples, *_header(digest.hexdigest())])


def _header(digest: str) -> Iterator[Triple]:
    yield DATASET, RDF_TYPE, OWL + "Ontology"
    yield DATASET, OWL + "versionIRI", f"{DATASET}/{digest[:16]}"
    label = "Graph of kgbuild with its vocabulary"
    yield DATASET, RDFS + "label", text_literal(label, "en")
    yield DATASET, RDFS + "isDefinedBy", VOCABULARY


def _declarations(triples: list[Triple], declared: set[str], classes: set[str]) -> Iterator[Triple]:
    """Yield declarations of the properties and classes that have none."""
    found: dict[str, set[bool]] = {}  # property -> whether it has literals, whether things
    for _, p, o in triples:
        if p == RDF_TYPE:
            if isinstance(o, str) and not o.startswith(("_:", *_BUILT_IN)) and o not in classes:
                yield o, RDF_TYPE, OWL + "Class"
        elif p not in declared and not p.startswith(_BUILT_IN):
            found.setdefault(p, set()).add(isinstance(o, Literal))
    for p in sorted(found):
        both = len(found[p]) == 2
        literal = True in found[p]
        kind = "AnnotationProperty" if both else "DatatypeProperty" if literal else "ObjectProperty"
        yield p, RDF_TYPE, OWL + kind


def _owl_value(value: Term) -> Term:
    if isinstance(value, str) or value.language or value.datatype in _DATATYPES:
        return value
    if value.datatype in _DAYS and (match := _DAY.fullmatch(value.value)):
        year, month, day, offset = match.groups()
        return Literal(f"{year}-{month or '01'}-{day or '01'}T00:00:00{offset or 'Z'}", XSD + "dateTime")
    return Literal(value.value, XSD + "string")
