"""Triples as RDF/XML: sorted, literals as written. Source: RDF 1.1 XML Syntax, sections 5.1 and 7."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kgbuild.errors import GraphError
from kgbuild.export.quads import About, Quads
from kgbuild.export.xml_text import XmlText
from kgbuild.model import Term
from kgbuild.terms import PREFIXES, RDF, RDF_TYPE, XSD

#: Readers differ in which letters beyond ASCII the name of an element may have.
_NAME_AT_END: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")
#: Names in the RDF namespace with a meaning of their own in RDF/XML; none is a property or a class.
_SYNTAX_NAMES: Final = frozenset(
    RDF + name
    for name in """RDF ID about aboutEach aboutEachPrefix bagID datatype Description li nodeID parseType
    resource""".split()
)


def rdf_xml(quads: Quads, xml: XmlText) -> Iterator[str]:
    """Yield the lines of an RDF/XML document of all triples.

    Raises GraphError for a predicate that cannot be the name of an XML element.
    """
    names = _Names(quads)
    kind = quads.number(RDF_TYPE)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF'
    for base, prefix in sorted(names.prefixes.items(), key=lambda item: item[1]):
        yield f"\n    xmlns:{prefix}={xml.attribute(base)}"
    yield ">\n"
    for subject, about in quads.subjects():
        first_type, name = names.element(about)
        yield f"  <{name} {_reference('about', quads.iri(subject), xml)}>\n"
        for p in sorted(about, key=lambda p: (p != kind, p)):
            for o in about[p]:
                if p != kind or o != first_type:
                    yield f"    {_property(names.tag(p), quads.terms[o], xml)}\n"
        yield f"  </{name}>\n"
    yield "</rdf:RDF>\n"


def _property(tag: str, value: Term, xml: XmlText) -> str:
    if isinstance(value, str):
        return f"<{tag} {_reference('resource', value, xml)}/>"
    attribute = ""
    if value.language:
        attribute = f" xml:lang={xml.attribute(value.language)}"
    elif value.datatype != XSD + "string":
        attribute = f" rdf:datatype={xml.attribute(value.datatype)}"
    return f"<{tag}{attribute}>{xml.content(value.value)}</{tag}>"


def _reference(attribute: str, node: str, xml: XmlText) -> str:
    if node.startswith("_:"):
        return f"rdf:nodeID={xml.attribute(node[2:])}"
    return f"rdf:{attribute}={xml.attribute(node)}"


class _Names:
    """Names of elements: of properties, and of the class that stands for `rdf:Description`."""

    def __init__(self, quads: Quads) -> None:
        self._quads = quads
        self._kind = quads.number(RDF_TYPE)
        predicates, types = set(), set()
        for _, p, o in quads.codes():
            predicates.add(p)
            if p == self._kind:
                types.add(o)
        splits = {p: _property_name(quads.iri(p)) for p in sorted(predicates)}
        classes = {o: split for o in sorted(types) if (split := _qname(quads.terms[o]))}
        self.prefixes = _prefixes({RDF, *(base for base, _ in (*splits.values(), *classes.values()))})
        self._tags = {p: f"{self.prefixes[base]}:{local}" for p, (base, local) in splits.items()}
        self._classes = {o: f"{self.prefixes[base]}:{local}" for o, (base, local) in classes.items()}

    def tag(self, predicate: int) -> str:
        return self._tags[predicate]

    def element(self, about: About) -> tuple[int, str]:
        """Return the class that names the element of a thing, and the name; -1 where there is none."""
        for o in about.get(self._kind, ()):
            if o in self._classes:
                return o, self._classes[o]
        return -1, "rdf:Description"


def _prefixes(bases: set[str]) -> dict[str, str]:
    """Return namespace -> prefix; unknown namespaces are numbered in order."""
    known = {base: prefix for prefix, base in PREFIXES.items()}
    unknown = sorted(bases - known.keys())
    return {
        **{base: known[base] for base in sorted(bases & known.keys())},
        **{base: f"ns{n}" for n, base in enumerate(unknown, 1)},
    }


def _property_name(predicate: str) -> tuple[str, str]:
    split = _qname(predicate)
    if split is None:
        raise GraphError(
            f"RDF/XML has no way to write the property <{predicate}>, "
            "which does not end in a name of Latin letters; take another format, for example turtle"
        )
    return split


def _qname(iri: Term) -> tuple[str, str] | None:
    """Return namespace and local name, or None where `iri` cannot be the name of an element."""
    if not isinstance(iri, str):
        return None
    match = _NAME_AT_END.search(iri)
    if match is None or match.start() == 0 or iri in _SYNTAX_NAMES or iri.startswith("_:"):
        return None
    return iri[: match.start()], match[0]
