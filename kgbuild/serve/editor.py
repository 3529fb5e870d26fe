"""The page /editor, where SPARQL is written and run, and what its completion and examples are made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Final

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from kgbuild.query import load_queries
from kgbuild.serve.headers import entity_tag, is_known, kept_headers, not_modified
from kgbuild.serve.pages.rendering import render
from kgbuild.serve.state import Opened, State
from kgbuild.terms import ID, NS, OWL, PREFIXES, RDF_TYPE, RDFS, RDFS_LABEL, SKOS

_DEFINITION: Final = ox.NamedNode(SKOS + "definition")
_CLASS: Final = (OWL + "Class",)
_PROPERTY: Final = tuple(OWL + kind for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty"))
#: What every graph has, whether the ontology declares it or not.
_BUILT_IN: Final = (RDF_TYPE, RDFS_LABEL, RDFS + "comment", RDFS + "subClassOf")
#: What stands in the editor at first.
START: Final = """\
PREFIX kg: <https://w3id.org/kgbuild/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?firm ?firmLabel ?license ?licenseLabel
WHERE {
  ?firm kg:holds ?license ; rdfs:label ?firmLabel .
  ?license rdfs:label ?licenseLabel .
}
ORDER BY ?firmLabel
LIMIT 100
"""


@dataclass(frozen=True, slots=True)
class OntologyTerm:
    """A class or property that completion offers."""

    iri: str
    label: str
    definition: str


def routes(state: State) -> list[BaseRoute]:
    """Return the routes of the editor."""
    questions = load_queries()

    async def editor(request: Request) -> Response:
        query = request.query_params.get("query", START)
        return render(request, "editor.html", query=query, questions=questions)

    async def data(request: Request) -> Response:
        opened = state.opened
        tag = entity_tag(state, "editor")
        if is_known(request, tag):
            return not_modified(tag)
        return JSONResponse(_data(opened), headers=kept_headers(tag))

    return [Route("/editor", editor, name="editor"), Route("/editor/data", data, name="editor-data")]


def _data(opened: Opened) -> object:
    if "editor" not in opened.kept:
        opened.kept["editor"] = {
            "ids": ID,
            "articles": f"{ID}article/",
            "ontology": NS,
            "prefixes": PREFIXES,
            "classes": [asdict(term) for term in ontology_terms(opened.store, *_CLASS)],
            "properties": [asdict(term) for term in ontology_terms(opened.store, *_PROPERTY, more=_BUILT_IN)],
        }
    return opened.kept["editor"]


def ontology_terms(store: ox.Store, *kinds: str, more: tuple[str, ...] = ()) -> tuple[OntologyTerm, ...]:
    """Return what the store declares to be one of `kinds` (IRIs), and `more`, in order of IRI."""
    declared = {
        quad.subject.value
        for kind in kinds
        for quad in store.quads_for_pattern(None, ox.NamedNode(RDF_TYPE), ox.NamedNode(kind))
        if isinstance(quad.subject, ox.NamedNode)
    }
    return tuple(
        OntologyTerm(iri, _english(store, iri, ox.NamedNode(RDFS_LABEL)), _english(store, iri, _DEFINITION))
        for iri in sorted(declared | set(more))
    )


def _english(store: ox.Store, iri: str, predicate: ox.NamedNode) -> str:
    def texts() -> Iterator[str]:
        for quad in store.quads_for_pattern(ox.NamedNode(iri), predicate, None):
            if isinstance(quad.object, ox.Literal) and quad.object.language in {"en", None}:
                yield quad.object.value

    return min(texts(), default="")
