"""Shapes files: reading them, and refusing what an engine would silently pass over.

A SHACL engine ignores what it does not know: with `sh:targetClas` or `kg:Licence` in a shape,
every graph conforms. So each term is looked up here before anything is validated.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from rdflib import RDF, RDFS, BNode, Graph, URIRef
from rdflib.collection import Collection as RdfList
from rdflib.namespace import DCTERMS, OWL, SKOS, XSD
from rdflib.term import Node

from kgbuild.errors import GraphError, ShapeError
from kgbuild.rdf_files import read_graph, read_keys
from kgbuild.resources import data_dir
from kgbuild.terms import CLASSES, ID, NS, TERMS, compact
from kgbuild.validation.places import positions_in
from kgbuild.validation.report import SEVERITIES, SH
from kgbuild.validation.shape_syntax import foreign_namespace, syntax_faults

_TARGETS: Final = "targetClass targetNode targetObjectsOf targetSubjectsOf".split()
_LINKS: Final = "property node not qualifiedValueShape".split()
_LISTS: Final = "and or xone".split()
_PATHS: Final = "inversePath alternativePath zeroOrMorePath oneOrMorePath zeroOrOnePath".split()
_NODE_KINDS: Final = "BlankNode IRI Literal BlankNodeOrIRI BlankNodeOrLiteral IRIOrLiteral".split()
#: SHACL Core, as in https://www.w3.org/TR/2017/REC-shacl-20170720/ sections 2 to 4.
CORE_TERMS: Final = frozenset((*_TARGETS, *_LINKS, *_LISTS, *_PATHS, *_NODE_KINDS, *SEVERITIES)) | frozenset(
    """NodeShape PropertyShape Shape path name description order group defaultValue PropertyGroup severity
    message deactivated class datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive
    maxInclusive minLength maxLength pattern flags languageIn uniqueLang equals disjoint lessThan
    lessThanOrEquals qualifiedValueShapesDisjoint qualifiedMinCount qualifiedMaxCount closed
    ignoredProperties hasValue in""".split()
)
_BEYOND_CORE: Final = frozenset(
    """sparql select ask construct update prefixes declare prefix namespace SPARQLConstraint SPARQLTarget
    target SPARQLTargetType SPARQLFunction SPARQLRule rule condition expression js JSConstraint jsLibrary
    jsFunctionName validator nodeValidator propertyValidator parameter ConstraintComponent shapesGraph
    entailment""".split()
)
_OTHERS: Final = (("rdf", RDF), ("rdfs", RDFS), ("owl", OWL), ("skos", SKOS), ("dct", DCTERMS))
#: What predicates of a shapes file may be of.
_KNOWN_NAMESPACES: Final = tuple(str(space) for _, space in _OTHERS)
#: Namespace, prefix and the terms that there are.
_VOCABULARIES: Final = (
    (SH, "sh", CORE_TERMS),
    (NS, "kg", TERMS),
    *(
        (str(space), prefix, frozenset(str(term).removeprefix(str(space)) for term in dir(space)))
        for prefix, space in (*_OTHERS, ("xsd", XSD))
    ),
)


def load_shapes(places: Path | Sequence[Path] | None = None) -> Graph:
    """Return the shapes of all .ttl files below the folders `places` (or of files), else kgbuild's own.

    Raises ShapeError when a file is not Turtle, uses a term that neither SHACL Core nor the
    ontology has, or holds a shape that can never be applied; the message names file and term.
    """
    folders = [places] if isinstance(places, Path) else list(places or ()) or [data_dir("shapes")]
    files: list[Path] = []
    for folder in folders:
        found = [folder] if folder.is_file() else sorted(folder.rglob("*.ttl"))
        if not found:
            raise ShapeError(f"{folder}: no shapes; kgbuild reads .ttl files there")
        files += found
    shapes = Graph()
    origin: dict[Node, Path] = {}
    for path in files:
        try:
            graph = read_graph([path])
        except GraphError as err:
            raise ShapeError(str(err)) from err
        _check_terms(path, graph)
        for subject in graph.subjects(unique=True):
            origin.setdefault(subject, path)
        shapes += graph
    _check_structure(shapes, origin)
    return shapes


def sh(name: str) -> URIRef:
    """Return the IRI of a term of SHACL."""
    return URIRef(SH + name)


def _check_terms(path: Path, graph: Graph) -> None:
    """Raise ShapeError at the first term or parameter, in order of lines, that means nothing."""
    faults = [(*triple, term, why) for triple in graph for term, why in _faults(*triple)]
    if not faults:
        faults = [(s, sh(name), s, sh(name), f"{why}{_of(s)}") for s, name, why in syntax_faults(graph)]
    if not faults:
        return
    text = path.read_text("utf-8-sig")
    positions = positions_in(text, path.resolve().as_uri())
    told = set()
    for subject, predicate, value, term, why in faults:
        # a blank node has other names there; then the first line with the term will do
        known = isinstance(subject, URIRef) and term != subject
        place = positions.of(str(subject), str(predicate), str(value)) if known else None
        told.add((place[0] if place else _line_of(text, term), why))
    line, why = min(told)
    raise ShapeError(f"{path}, line {line}: {why}" if line else f"{path}: {why}")


def _of(shape: Node) -> str:
    return f" ({shape})" if isinstance(shape, URIRef) else ""


def _faults(subject: Node, predicate: Node, value: Node) -> Iterator[tuple[Node, str]]:
    """Yield each term of a triple that means nothing there, and why."""
    for term in (subject, predicate, value):
        if isinstance(term, URIRef) and (
            why := _unknown(str(term)) or foreign_namespace(str(term)) or _no_value(str(term))
        ):
            yield term, why
    name = str(predicate).removeprefix(SH)
    if not str(predicate).startswith((SH, *_KNOWN_NAMESPACES)):
        yield predicate, f"{predicate} is no term of SHACL"
    kinds: dict[str, Collection[str]] = {"severity": SEVERITIES, "nodeKind": _NODE_KINDS}
    if name in kinds and str(value).removeprefix(SH) not in kinds[name]:
        yield (
            value,
            f"sh:{name} is one of {', '.join('sh:' + k for k in kinds[name])}, not {value}",
        )
    local = str(value).removeprefix(NS)
    if (
        name in {"class", "targetClass"}
        and str(value).startswith(NS)
        and local in TERMS
        and local not in CLASSES
    ):
        yield value, f"sh:{name} needs a class, and kg:{local} is a property"
    if name in {"path", *_PATHS, "targetSubjectsOf", "targetObjectsOf"} and local in CLASSES:
        yield value, f"sh:{name} needs a property, and kg:{local} is a class"
    if name == "pattern":
        try:
            re.compile(str(value))
        except re.error as err:
            yield value, f"sh:pattern {str(value)!r} is no regular expression: {err}"


def _unknown(iri: str) -> str:
    """Return why `iri` is no term of SHACL Core or of the ontology, or ""."""
    for base, prefix, known in _VOCABULARIES:
        local = iri.removeprefix(base)
        if not iri.startswith(base) or local in known or not local:
            continue
        if base == str(RDF) and re.fullmatch(r"_[1-9]\d*", local):
            continue
        if base == SH and local in _BEYOND_CORE:
            return f"sh:{local} is beyond SHACL Core; write a rule over several nodes as a query"
        near = difflib.get_close_matches(local, sorted(known), n=1)
        home = {"sh": "SHACL", "kg": "ontology/core.ttl"}.get(prefix, base)
        return f"{home} has no term {prefix}:{local}" + (
            f"; did you mean {prefix}:{near[0]}?" if near else ""
        )
    return ""


def _no_value(iri: str) -> str:
    """Return why `iri` is no value of a closed list, such as the kinds of status, or ""."""
    kind = iri.removeprefix(ID).partition("/")[0]
    values = _closed_lists().get(kind, frozenset()) if iri.startswith(ID) else frozenset()
    if not values or iri in values:
        return ""
    near = difflib.get_close_matches(iri, sorted(values), n=1)
    return f"there is no {kind} {compact(iri)}" + (f"; did you mean {compact(near[0])}?" if near else "")


@cache
def _closed_lists() -> dict[str, frozenset[str]]:
    """Return the values of ontology/reference/values.ttl by their kind, the first part of their names."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for subject, predicate, _ in read_keys([data_dir("ontology") / "reference" / "values.ttl"]):
        if predicate == str(RDF.type):
            found[str(subject).removeprefix(ID).partition("/")[0]].add(str(subject))
    return {kind: frozenset(values) for kind, values in found.items()}


def _line_of(text: str, term: Node) -> int:
    """Return the first line in which the local name of `term` stands, or 0."""
    local = re.split(r"[/#]", str(term))[-1] or str(term)
    for number, line in enumerate(text.splitlines(), 1):
        if re.search(rf"(?<![\w-]){re.escape(local)}(?![\w-])", line.split(" #")[0]):
            return number
    return 0


def _check_structure(shapes: Graph, origin: dict[Node, Path]) -> None:
    """Raise ShapeError for shapes that are pointed to and missing, or there and never applied."""
    used: set[Node] = set()
    for name in _LINKS:
        for owner, shape in shapes.subject_objects(sh(name)):
            used.add(shape)
            _require(shapes, owner, shape, name, origin)
    for name in _LISTS:
        for owner, head in shapes.subject_objects(sh(name)):
            for shape in RdfList(shapes, head):
                used.add(shape)
                _require(shapes, owner, shape, name, origin)
    for shape in sorted(set(shapes.subjects(RDF.type, sh("PropertyShape"))), key=str):
        if (shape, sh("path"), None) not in shapes:
            raise ShapeError(f"{origin[shape]}: the property shape {shape} has no sh:path")
    kinds = [sh("NodeShape"), sh("PropertyShape")]
    for shape in sorted({s for kind in kinds for s in shapes.subjects(RDF.type, kind)}, key=str):
        if shape not in used and not any((shape, sh(target), None) in shapes for target in _TARGETS):
            raise ShapeError(f"{origin[shape]}: no shape uses {shape} and it has no target")


def _require(shapes: Graph, owner: Node, shape: Node, name: str, origin: dict[Node, Path]) -> None:
    if (shape, None, None) not in shapes:
        raise ShapeError(f"{origin[owner]}: sh:{name} of {owner} is {shape}, which no file describes")
    if name == "property" and (shape, sh("path"), None) not in shapes:
        raise ShapeError(f"{origin[owner]}: sh:property of {owner} is {shape}, which has no sh:path")


def named_shape(shapes: Graph, shape: Node) -> str:
    """Return the IRI of `shape`; for a shape without one, that of the next shape around it."""
    seen: set[Node] = set()
    todo = [shape]
    while todo:
        here = todo.pop()
        if isinstance(here, URIRef):
            return str(here)
        if here not in seen:
            seen.add(here)
            todo.extend(sorted(shapes.subjects(None, here), key=str, reverse=True))
    return f"_:{shape}"


def path_text(graph: Graph, path: Node) -> str:
    """Return a SHACL property path as an IRI, or as a SPARQL 1.1 property path when it is longer."""
    return str(path) if isinstance(path, URIRef) else _path_text(graph, path)


def _path_text(graph: Graph, path: Node) -> str:
    if isinstance(path, URIRef):
        return f"<{path}>"
    if (path, RDF.first, None) in graph:
        return "/".join(_grouped_sequence(graph, part) for part in RdfList(graph, path))
    if (inner := graph.value(path, sh("inversePath"))) is not None:
        return f"^{_grouped(graph, inner)}"
    if (inner := graph.value(path, sh("alternativePath"))) is not None:
        return "(" + "|".join(_path_text(graph, part) for part in RdfList(graph, inner)) + ")"
    for name, sign in (("zeroOrMorePath", "*"), ("oneOrMorePath", "+"), ("zeroOrOnePath", "?")):
        if (inner := graph.value(path, sh(name))) is not None:
            return _grouped(graph, inner) + sign
    raise ShapeError(f"{path} is no property path")


def _grouped(graph: Graph, path: Node) -> str:
    text = _path_text(graph, path)
    return text if isinstance(path, URIRef) or text.startswith("(") else f"({text})"


def _grouped_sequence(graph: Graph, path: Node) -> str:
    text = _path_text(graph, path)
    return f"({text})" if isinstance(path, BNode) and (path, RDF.first, None) in graph else text
