"""What the parameters of a shape may be (SHACL, appendix A): an engine guesses where they are something else.

`sh:closed "yes"` closes nothing, `sh:severity "Warning"` is a violation, and of two sh:maxCount one counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from rdflib import RDF, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection as RdfList
from rdflib.term import Node

from kgbuild.terms import ID, NS
from kgbuild.validation.report import CHECKS, SH, SHAPES

_OWN: Final = "https://w3id.org/kgbuild/"
_NAMESPACES: Final = (NS, ID, SHAPES, CHECKS)


def _iri(value: Node) -> bool:
    return isinstance(value, URIRef)


def _shape(value: Node) -> bool:
    return isinstance(value, (URIRef, BNode)) and value != RDF.nil


def _text(value: Node) -> bool:
    return isinstance(value, Literal) and (bool(value.language) or value.datatype in (None, XSD.string))


def _plain(value: Node) -> bool:
    return _text(value) and not getattr(value, "language", None)


def _truth(value: Node) -> bool:
    return isinstance(value, Literal) and value.datatype == XSD.boolean and str(value) in {"true", "false"}


def _count(value: Node) -> bool:
    return isinstance(value, Literal) and re.fullmatch(r"\+?\d+", str(value)) is not None


def _literal(value: Node) -> bool:
    return isinstance(value, Literal) and not value.ill_typed


def _no_blank(value: Node) -> bool:
    return not isinstance(value, BNode)


def _list(value: Node) -> bool:
    return isinstance(value, BNode) or value == RDF.nil


_Kind = tuple[Callable[[Node], bool], str]
_IRI: Final[_Kind] = (_iri, "an IRI")
_SHAPE: Final[_Kind] = (_shape, "a shape")
_TEXT: Final[_Kind] = (_text, "text")
_TRUTH: Final[_Kind] = (_truth, "true or false, without quotation marks")
_COUNT: Final[_Kind] = (_count, "a whole number from 0")
_LITERAL: Final[_Kind] = (_literal, "a literal that its datatype has")
_LIST: Final[_Kind] = (_list, "a list in round brackets")
_VALUE: Final[_Kind] = (_no_blank, "an IRI or a literal")

#: Parameter -> what its values are.
_KINDS: Final[Mapping[str, _Kind]] = {
    "targetClass": _IRI, "targetNode": _VALUE, "targetSubjectsOf": _IRI, "targetObjectsOf": _IRI,
    "path": (_shape, "an IRI, or a path in brackets"), "severity": _IRI, "message": _TEXT,
    "deactivated": _TRUTH, "class": _IRI,
    "datatype": _IRI, "nodeKind": _IRI, "minCount": _COUNT, "maxCount": _COUNT, "minExclusive": _LITERAL,
    "minInclusive": _LITERAL, "maxExclusive": _LITERAL, "maxInclusive": _LITERAL, "minLength": _COUNT,
    "maxLength": _COUNT, "pattern": (_plain, "text without a language"),
    "flags": (_plain, "text without a language"), "languageIn": _LIST, "uniqueLang": _TRUTH, "equals": _IRI,
    "disjoint": _IRI, "lessThan": _IRI, "lessThanOrEquals": _IRI, "not": _SHAPE, "and": _LIST, "or": _LIST,
    "xone": _LIST, "node": _SHAPE, "property": _SHAPE, "qualifiedValueShape": _SHAPE,
    "qualifiedMinCount": _COUNT, "qualifiedMaxCount": _COUNT, "qualifiedValueShapesDisjoint": _TRUTH,
    "closed": _TRUTH, "ignoredProperties": _LIST, "hasValue": _VALUE, "in": _LIST,
}  # fmt: skip
#: Parameters that a shape has once at most.
_ONCE: Final = frozenset(
    """path severity deactivated datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive
    maxInclusive minLength maxLength pattern flags languageIn uniqueLang qualifiedValueShape qualifiedMinCount
    qualifiedMaxCount qualifiedValueShapesDisjoint closed ignoredProperties in""".split()
)
#: Parameters that need a path.
_OF_PROPERTIES: Final = frozenset(
    """minCount maxCount uniqueLang lessThan lessThanOrEquals qualifiedValueShape qualifiedMinCount
    qualifiedMaxCount""".split()
)
#: Parameters without which another says nothing.
_NEEDS: Final = {
    "flags": ("pattern",), "ignoredProperties": ("closed",),
    "qualifiedMinCount": ("qualifiedValueShape",), "qualifiedMaxCount": ("qualifiedValueShape",),
    "qualifiedValueShape": ("qualifiedMinCount", "qualifiedMaxCount"),
    "qualifiedValueShapesDisjoint": ("qualifiedValueShape",),
}  # fmt: skip
_NO_CONSTRAINT: Final = frozenset(
    "path severity message deactivated flags ignoredProperties targetClass targetNode targetSubjectsOf "
    "targetObjectsOf".split()
)
_ORDERED: Final = (("minCount", "maxCount"), ("minLength", "maxLength"))


def syntax_faults(graph: Graph) -> Iterator[tuple[Node, str, str]]:
    """Yield (the shape, the parameter, what is wrong) for each parameter that is not as it must be."""
    for shape in sorted({s for s, p in graph.subject_predicates() if str(p).startswith(SH)}, key=str):
        told = {
            str(p).removeprefix(SH): sorted(graph.objects(shape, p), key=repr)
            for p in set(graph.predicates(shape))
            if str(p).startswith(SH)
        }
        for name, values in sorted(told.items()):
            for why in _parameter(graph, name, values, told):
                yield shape, name, why
        idle = _idle(told)
        if idle is not None:
            yield shape, "path", idle


def _parameter(graph: Graph, name: str, values: list[Node], told: Mapping[str, list[Node]]) -> Iterator[str]:
    if name in _KINDS:
        fits, wanted = _KINDS[name]
        yield from (f"sh:{name} is {wanted}, not {_shown(v)}" for v in values if not fits(v))
        if wanted == _LIST[1]:
            yield from (why for v in values if _list(v) and (why := _items(graph, name, v)))
    if name in _ONCE and len(values) > 1:
        yield f"a shape has one sh:{name}, not {len(values)}: {', '.join(map(_shown, values))}"
    if name in _OF_PROPERTIES and "path" not in told:
        yield f"sh:{name} needs a property shape, which has sh:path"
    if name in _NEEDS and not any(other in told for other in _NEEDS[name]):
        yield f"sh:{name} says nothing without {' or '.join('sh:' + n for n in _NEEDS[name])}"
    for least, most in _ORDERED:
        if name == most and least in told and all(map(_count, (*values, *told[least]))):
            low, high = (int(str(found[0])) for found in (told[least], values))
            if low > high:
                yield f"sh:{least} {low} is more than sh:{most} {high}; no value can be right"
    if name == "datatype":
        yield from (why for v in values if (why := _datatype(v)))
    for value in values if name == "path" else ():
        yield from _path(graph, value)


def _items(graph: Graph, name: str, head: Node) -> str | None:
    if head != RDF.nil and (head, RDF.first, None) not in graph:
        return f"sh:{name} is {_LIST[1]}"
    if not list(RdfList(graph, head)) and name != "ignoredProperties":
        return f"the list of sh:{name} is empty"
    return None


def _path(graph: Graph, path: Node) -> Iterator[str]:
    """Yield what is wrong with a path (SHACL, section 2.3.1)."""
    if not isinstance(path, BNode):
        return
    if (path, RDF.first, None) in graph:
        parts = list(RdfList(graph, path))
        if len(parts) < 2:
            yield "a sequence path has two steps at least; write one step without brackets"
    else:
        inner = [o for p, o in graph.predicate_objects(path) if str(p).startswith(SH)]
        if len(inner) != 1:
            yield "a path in square brackets has one of sh:inversePath, sh:alternativePath and the like"
        lists = set(graph.objects(path, URIRef(SH + "alternativePath")))
        parts = [part for value in inner for part in (RdfList(graph, value) if value in lists else [value])]
        if lists and len(parts) < 2:
            yield "sh:alternativePath is a list of two paths at least"
    for part in parts:
        if isinstance(part, Literal):
            yield f"a step of a path is an IRI or a path, not {_shown(part)}"
        yield from _path(graph, part)


def _datatype(value: Node) -> str | None:
    name = str(value)
    known = name in {str(RDF.langString), str(RDF.HTML), str(RDF.XMLLiteral)}
    if known or not name.startswith((NS, SH, ID)):
        return None
    return f"sh:datatype needs a datatype, such as xsd:string, and {_shown(value)} is none"


def _idle(told: Mapping[str, list[Node]]) -> str | None:
    """Return why a property shape can never find anything, or None."""
    if "path" not in told or any(name in _KINDS and name not in _NO_CONSTRAINT for name in told):
        return None
    return "the property shape has no constraint, such as sh:minCount or sh:class, and finds nothing"


def foreign_namespace(iri: str) -> str:
    """Return why an IRI below kgbuild's address is in none of its namespaces, or "".

    >>> foreign_namespace("https://w3id.org/kgbuild/ontology/Firm")
    'https://w3id.org/kgbuild/ontology/Firm lies in no namespace of kgbuild; kg: is https://w3id.org/kgbuild/ontology#'
    """
    if not iri.startswith(_OWN) or iri.startswith(_NAMESPACES):
        return ""
    return f"{iri} lies in no namespace of kgbuild; kg: is {NS}"


def _shown(value: Node) -> str:
    if isinstance(value, BNode):
        return "a blank node"
    return f'"{value}"' if isinstance(value, Literal) else str(value)
