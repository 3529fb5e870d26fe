"""RDF/XML, the one syntax that the OWL API in HermiT's jar reads without surprises."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, TypeAlias
from xml.sax.saxutils import escape, quoteattr

from rdflib import BNode
from rdflib import Literal as RdfLiteral
from rdflib.term import Node

from kgbuild.errors import ReasoningError

Triple: TypeAlias = tuple[Node, Node, Node]

_LOCAL: Final = re.compile(r"[^\W\d][\w.-]*$")
#: What XML 1.0 (section 2.2) has no character for.
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def to_rdf_xml(triples: Iterable[Triple]) -> str:
    """Return `triples` as RDF/XML, sorted, literals as they are written.

    Characters that XML cannot hold become U+FFFD. Raises ReasoningError for a property without a local name.
    """
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    ]
    subject: Node | None = None
    for triple in sorted(set(triples), key=_order):
        if triple[0] != subject:
            if subject is not None:
                lines.append("</rdf:Description>")
            subject = triple[0]
            lines.append(f"<rdf:Description {_reference(subject, 'rdf:about')}>")
        lines.append(_element(triple[1], triple[2]))
    if subject is not None:
        lines.append("</rdf:Description>")
    lines.append("</rdf:RDF>")
    return _NO_XML.sub("�", "\n".join(lines)) + "\n"


def _order(triple: Triple) -> tuple[str, ...]:
    subject, predicate, value = triple
    return ("_" if isinstance(subject, BNode) else "", str(subject), str(predicate), value.n3())


def _element(predicate: Node, value: Node) -> str:
    match = _LOCAL.search(str(predicate))
    if match is None:
        raise ReasoningError(f"{predicate}: a property has no name that RDF/XML can write; end it in a name")
    name = f"p:{match[0]} xmlns:p={quoteattr(str(predicate)[: match.start()])}"
    if not isinstance(value, RdfLiteral):
        return f"<{name} {_reference(value, 'rdf:resource')}/>"
    if value.language:
        name += f" xml:lang={quoteattr(value.language)}"
    elif value.datatype is not None:
        name += f" rdf:datatype={quoteattr(str(value.datatype))}"
    return f"<{name}>{escape(str(value), {chr(13): '&#13;'})}</p:{match[0]}>"


def _reference(node: Node, attribute: str) -> str:
    if isinstance(node, BNode):
        return f'rdf:nodeID="b{re.sub(r"[^A-Za-z0-9]", "-", str(node))}"'
    return f"{attribute}={quoteattr(str(node))}"
