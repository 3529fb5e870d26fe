"""Triples as RDF/XML and JSON-LD: sorted, without time or tool in the file, literals as written.

Sources: RDF 1.1 XML Syntax, sections 5.1 and 7; JSON-LD 1.1, sections 4.1 (contexts) and 4.9 (named graphs).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from kgbuild.errors import GraphError
from kgbuild.export.reading import Quads
from kgbuild.export.xml_text import XmlText
from kgbuild.model import Term, Triple
from kgbuild.terms import PREFIXES, RDF, RDF_TYPE, XSD, compact

#: Readers differ in which letters beyond ASCII the name of an element may have.
_NAME_AT_END: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")
#: Names in the RDF namespace with a meaning of their own in RDF/XML; none is a property or a class.
_SYNTAX_NAMES: Final = frozenset(
    RDF + name
    for name in """RDF ID about aboutEach aboutEachPrefix bagID datatype Description li nodeID parseType
    resource""".split()
)
Descriptions = list[tuple[str, dict[str, list[Term]]]]


def describe(triples: Iterable[Triple]) -> Descriptions:
    """Return subjects with their predicates and values, each sorted: rdf:type first, IRIs before literals."""
    found: dict[str, dict[str, set[Term]]] = {}
    for subject, predicate, value in triples:
        found.setdefault(subject, {}).setdefault(predicate, set()).add(value)
    return [
        (
            subject,
            {p: sorted(about[p], key=_value_key) for p in sorted(about, key=lambda p: (p != RDF_TYPE, p))},
        )
        for subject, about in sorted(found.items(), key=lambda item: item[0])
    ]


def _value_key(value: Term) -> tuple[bool, str, str, str]:
    if isinstance(value, str):
        return (False, value, "", "")
    return (True, value.value, value.datatype, value.language)


# ---- RDF/XML -------------------------------------------------------------------------------------


def rdf_xml(quads: Quads, xml: XmlText) -> Iterator[str]:
    """Yield the lines of an RDF/XML document of all triples.

    Raises GraphError for a predicate that cannot be the name of an XML element.
    """
    descriptions = describe(quads.flat())
    prefixes = _namespaces(descriptions)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF'
    for base, prefix in sorted(prefixes.items(), key=lambda item: item[1]):
        yield f"\n    xmlns:{prefix}={xml.attribute(base)}"
    yield ">\n"
    for subject, about in descriptions:
        name, first_type = "rdf:Description", None
        types = about.get(RDF_TYPE, [])
        if types and isinstance(types[0], str) and (split := _qname(types[0])):
            first_type = types[0]
            name = f"{prefixes[split[0]]}:{split[1]}"
        yield f"  <{name} {_reference('about', subject, xml)}>\n"
        for predicate, values in about.items():
            base, local = _property_name(predicate)
            tag = f"{prefixes[base]}:{local}"
            for value in values:
                if predicate != RDF_TYPE or value != first_type:
                    yield f"    {_property(tag, value, xml)}\n"
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


def _namespaces(descriptions: Descriptions) -> dict[str, str]:
    """Return namespace -> prefix, of all names of elements; unknown namespaces are numbered in order."""
    bases = {RDF}
    for _, about in descriptions:
        bases.update(_property_name(predicate)[0] for predicate in about)
        for value in about.get(RDF_TYPE, [])[:1]:
            if isinstance(value, str) and (split := _qname(value)):
                bases.add(split[0])
    known = {base: prefix for prefix, base in PREFIXES.items()}
    unknown = sorted(bases - known.keys())
    return {
        **{base: known[base] for base in bases & known.keys()},
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


def _qname(iri: str) -> tuple[str, str] | None:
    """Return namespace and local name, or None where `iri` cannot be the name of an element."""
    match = _NAME_AT_END.search(iri)
    if match is None or match.start() == 0 or iri in _SYNTAX_NAMES or iri.startswith("_:"):
        return None
    return iri[: match.start()], match[0]


# ---- JSON-LD -------------------------------------------------------------------------------------


def json_ld(quads: Quads) -> Iterator[str]:
    """Yield the lines of a JSON-LD 1.1 document, one line a thing; named graphs come last, by IRI."""
    names = _JsonNames(quads)
    default = [_json_node(*described, names) for described in describe(quads.default)]
    named = {
        names.short(name): [_json_node(*described, names) for described in describe(quads.graphs[name])]
        for name in sorted(quads.graphs)
    }
    context = {prefix: PREFIXES[prefix] for prefix in sorted(names.used)}
    yield f'{{\n"@context": {_json(context)},\n"@graph": ['
    between = "\n"
    for node in default:
        yield between + node
        between = ",\n"
    for name, nodes in named.items():
        inside = ",\n  ".join(nodes)
        yield f'{between}{{"@id": {_json(name)}, "@graph": [\n  {inside}\n]}}'
        between = ",\n"
    yield "\n]\n}\n"


class _JsonNames:
    """Compact IRIs, without prefixes that some IRI has as its scheme: a reader would expand it."""

    def __init__(self, quads: Quads) -> None:
        self.used: set[str] = set()
        self._short: dict[str, str] = {}
        iris: set[str] = set(quads.graphs)
        for subject, predicate, value in quads.flat():
            iris |= {subject, predicate, value if isinstance(value, str) else value.datatype}
        self._taken = {iri.partition(":")[0] for iri in iris}

    def short(self, iri: str) -> str:
        known = self._short.get(iri)
        if known is None:
            known = iri if iri.startswith("_:") else compact(iri)
            prefix = known.partition(":")[0]
            if prefix not in PREFIXES or prefix in self._taken:
                known = iri
            else:
                self.used.add(prefix)
            self._short[iri] = known
        return known


def _json_node(subject: str, about: Mapping[str, list[Term]], names: _JsonNames) -> str:
    node: dict[str, object] = {"@id": names.short(subject)}
    for predicate, values in about.items():
        if predicate == RDF_TYPE and all(isinstance(value, str) for value in values):
            node["@type"] = [names.short(value) for value in values if isinstance(value, str)]
        else:
            shown = [_json_value(value, names) for value in values]
            node[names.short(predicate)] = shown[0] if len(shown) == 1 else shown
    return _json(node)


def _json_value(value: Term, names: _JsonNames) -> object:
    if isinstance(value, str):
        return {"@id": names.short(value)}
    if value.language:
        return {"@value": value.value, "@language": value.language}
    if value.datatype == XSD + "string":
        return value.value
    if value.datatype == XSD + "boolean" and value.value in {"true", "false"}:
        return value.value == "true"
    return {"@value": value.value, "@type": names.short(value.datatype)}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
