"""What an earlier build validated: its results, and the triples in which the new graph differs from it.

The two files are compared block by block, as text; only blocks that differ are read. An earlier build is
of use only when its files are as it wrote them, by its manifest, and when nothing that decides over results
has changed since: shapes, checks, ontology, this package and the libraries that compare literals.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

from rdflib import Graph, URIRef

from kgbuild.errors import GraphError, ShapeError
from kgbuild.model import Literal, Term
from kgbuild.rdf_files import Key, read_keys, turtle_keys
from kgbuild.resources import data_dir
from kgbuild.terms import KG, RDFS
from kgbuild.validation.evidence import EVIDENCE_SHAPES, MANIFEST
from kgbuild.validation.report import SH, ValidationResult, to_ntriples
from kgbuild.validation.sets import CodedGraph
from kgbuild.validation.shapes import path_text, sh

GRAPH: Final = "graph.ttl"
RESULTS: Final = "validation.ttl"
#: Key of the manifest, with the digest of everything that decides over results.
RULES: Final = "validated_by"

Triple = tuple[Key, str, Key]


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier validation, as far as it can be used for another graph."""

    results: tuple[ValidationResult, ...]
    changed: tuple[Triple, ...]  #: triples that only one of the two graphs has
    same_texts: frozenset[str]  #: IRIs of the articles whose kept texts are the same

    @property
    def properties(self) -> frozenset[str]:
        """Return the properties of all that changed."""
        return frozenset(predicate for _, predicate, _ in self.changed)

    def known_articles(self, data: CodedGraph) -> frozenset[str]:
        """Return the articles with text, description and segments as they were; `data` is the new graph."""
        subjects = {subject for subject, _, _ in self.changed}
        of_segments = {a for s in subjects for a in data.objects(s, KG.segmentOf)}
        left = {value for _, predicate, value in self.changed if predicate == KG.segmentOf}
        return self.same_texts - subjects - of_segments - left

    def evidence(self, data: CodedGraph, articles: frozenset[str]) -> list[ValidationResult]:
        """Return what was found of the quotes and digests of `articles`."""
        return [
            r
            for r in self.results
            if r.source_shape in EVIDENCE_SHAPES
            and not articles.isdisjoint((r.focus_node, *data.objects(r.focus_node, KG.segmentOf)))
        ]


@cache
def rules_digest() -> str:
    """Return the SHA-256 of all that decides over results, in hexadecimal digits."""
    digest = hashlib.sha256()
    for package in ("rdflib", "pyoxigraph"):
        digest.update(f"{package} {metadata.version(package)}\n".encode())
    folders = (data_dir("shapes"), data_dir("queries") / "checks", Path(__file__).parent)
    files = [p for folder in folders for p in folder.rglob("*") if p.suffix in {".ttl", ".rq", ".py"}]
    for path in sorted([*files, data_dir("ontology") / "core.ttl"], key=lambda p: p.as_posix()):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def read_earlier(folder: Path, graph: Path, texts: Path, shapes: Graph) -> Earlier | None:
    """Return the validation of the build in `folder`, for the new graph file; None where it is of no use.

    `texts` is the folder of the new graph's manifest.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        now = json.loads((texts / MANIFEST).read_text("utf-8"))
        old, results = ((folder / name).read_bytes() for name in (GRAPH, RESULTS))
        digests = [manifest["files"][name] for name in (GRAPH, RESULTS)]
        if manifest[RULES] != rules_digest() or digests != [_sha256(old), _sha256(results)]:
            return None
        changed = _changed(old.decode(), graph.read_text("utf-8"))
        known = tuple(_results(folder / RESULTS, shapes))
        same = frozenset(_same_texts(manifest, now))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, GraphError, ShapeError):
        return None  # not the output of a build, or damaged: everything is validated
    if any(p == RDFS + "subClassOf" for _, p, _ in changed):
        return None
    return Earlier(known, changed, same)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _same_texts(before: dict[str, dict[str, str]], now: dict[str, dict[str, str]]) -> Iterator[str]:
    for article, file in now["articles"].items():
        if before["articles"].get(article) == file and before["files"][file] == now["files"][file]:
            yield article


def _changed(old: str, new: str) -> tuple[Triple, ...]:
    """Return the triples that one of two files of our own writer has; a block there is one subject."""
    sides = [text.rstrip("\n").split("\n\n") for text in (old, new)]
    heads = [next((block for block in side if block.startswith("@prefix ")), "") for side in sides]
    prefixes = [dict(line.split()[1:3] for line in head.splitlines()) for head in heads]
    if any(prefixes[0][name] != prefixes[1][name] for name in prefixes[0].keys() & prefixes[1].keys()):
        raise GraphError("a prefix has changed its meaning")
    blocks = [{b for b in side if not b.startswith(("@prefix ", "#"))} for side in sides]
    only = [set(turtle_keys("\n\n".join([heads[i], *sorted(blocks[i] - blocks[1 - i])]))) for i in (0, 1)]
    return tuple(sorted(only[0] ^ only[1], key=repr))


def _results(path: Path, shapes: Graph) -> Iterator[ValidationResult]:
    """Yield the results of a report that `ValidationReport.to_turtle` wrote."""
    nodes: defaultdict[Key, dict[str, Key]] = defaultdict(dict)
    for subject, predicate, value in read_keys([path]):
        nodes[subject][predicate.removeprefix(SH)] = value
    for told in nodes.values():
        if "focusNode" not in told:
            continue
        focus, valued, message = (_term(told[k]) if k in told else None for k in _TERMS)
        shape = str(told["sourceShape"])
        walked = told.get("resultPath")
        if isinstance(walked, str) and walked.startswith("_:"):
            longer = shapes.value(URIRef(shape), sh("path"))
            walked = None if longer is None else path_text(shapes, longer)
        yield ValidationResult(
            focus_node=to_ntriples(focus) if isinstance(focus, Literal) else str(focus),
            path=walked if isinstance(walked, str) else None,
            value=valued,
            source_shape=shape,
            component=str(told["sourceConstraintComponent"]),
            severity=str(told["resultSeverity"]).removeprefix(SH),
            message=message.value if isinstance(message, Literal) else "",
        )


_TERMS: Final = ("focusNode", "value", "resultMessage")


def _term(key: Key) -> Term:
    return Literal(*key) if isinstance(key, tuple) else key
