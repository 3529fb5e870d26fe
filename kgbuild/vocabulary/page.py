"""The documentation of the ontology as one HTML page without scripts, which loads nothing from elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

from rdflib import OWL, RDFS, SKOS, BNode, Graph, URIRef

from kgbuild.query import SavedQuery, load_queries
from kgbuild.rdf_files import read_graph
from kgbuild.reasoning.wording import name
from kgbuild.resources import data_dir
from kgbuild.terms import NS, compact
from kgbuild.vocabulary.diagram import class_diagram
from kgbuild.vocabulary.questions import CompetencyQuestion, read_questions
from kgbuild.vocabulary.style import STYLE
from kgbuild.vocabulary.terms_in import KINDS, Term, disjoint_pairs, header_of, terms_in
from kgbuild.vocabulary.usage import names_in

_DCT: Final = "http://purl.org/dc/terms/"
_HEADINGS: Final = {
    "class": "Classes",
    "object property": "Object properties",
    "data property": "Data properties",
    "annotation property": "Annotation properties",
}
#: Foreign properties that link a term to one like it.
_LINKS: Final = (RDFS.subClassOf, RDFS.subPropertyOf, SKOS.exactMatch, SKOS.closeMatch)


@dataclass(frozen=True, slots=True)
class _Book:
    """All that the page tells of."""

    graph: Graph
    terms: tuple[Term, ...]
    questions: tuple[CompetencyQuestion, ...]
    queries: Mapping[str, SavedQuery]
    asked: Mapping[str, tuple[str, ...]]  #: local name -> numbers of the questions whose queries use it
    abroad: Mapping[str, tuple[str, ...]]  #: IRI -> IRIs of terms of other vocabularies
    conditions: Mapping[str, tuple[URIRef | BNode, ...]]  #: IRI of a defined class -> its conditions

    def term(self, iri: str) -> Term | None:
        return next((t for t in self.terms if t.iri == iri), None)


def to_html(ontology: Path | None = None) -> str:
    """Return the page for the ontology folder, kgbuild's own by default: the same text for the same files.

    Raises GraphError and QueryError for files that cannot be read.
    """
    book = _read(data_dir("ontology") if ontology is None else ontology)
    return "\n".join(_page(book)) + "\n"


def _read(folder: Path) -> _Book:
    graph = read_graph([folder / "core.ttl"])
    terms = terms_in(graph)
    questions = read_questions(folder / "questions.ttl")
    queries = {query.name: query for query in load_queries()}
    asked: defaultdict[str, set[str]] = defaultdict(set)
    for question in questions:
        for query in question.queries:
            if query in queries:
                for local in names_in(queries[query].path):
                    asked[local].add(question.id)
    abroad: defaultdict[str, set[str]] = defaultdict(set)
    for path in sorted((folder / "alignments").glob("*.ttl")):
        aligned = read_graph([path])
        for predicate in _LINKS:
            for subject, value in aligned.subject_objects(predicate):
                if str(subject).startswith(NS) and isinstance(value, URIRef):
                    abroad[str(subject)].add(str(value))
    conditions: defaultdict[str, list[URIRef | BNode]] = defaultdict(list)
    for lower, upper in graph.subject_objects(RDFS.subClassOf):
        if isinstance(lower, BNode):
            conditions[str(upper)].append(lower)
    return _Book(
        graph,
        terms,
        questions,
        queries,
        {local: tuple(sorted(found)) for local, found in asked.items()},
        {iri: tuple(sorted(found)) for iri, found in abroad.items()},
        {iri: tuple(found) for iri, found in conditions.items()},
    )


def _page(book: _Book) -> Iterator[str]:
    header = URIRef(header_of(book.graph))
    title = str(book.graph.value(header, URIRef(_DCT + "title")) or header)
    description = str(book.graph.value(header, URIRef(_DCT + "description")) or "")
    license_ = str(book.graph.value(header, URIRef(_DCT + "license")) or "")
    version = str(book.graph.value(header, OWL.versionIRI) or "")
    kinds = {kind: [t for t in book.terms if t.kind == kind] for kind in KINDS}
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield f'<head><meta charset="utf-8"><title>{escape(title)}</title>'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<style>{STYLE}</style></head>"
    yield f"<body><header><h1>{escape(title)}</h1><p>{escape(description)}</p><dl>"
    yield from _pair("Namespace", f"<code>{escape(NS)}</code>, written <code>kg:</code>")
    yield from _pair("Version", f"<code>{escape(version)}</code>")
    yield from _pair("License", f'<a href="{escape(license_)}">{escape(license_)}</a>')
    yield from _pair("Terms", ", ".join(f"{len(found)} {_plural(kind)}" for kind, found in kinds.items()))
    yield "</dl></header>"
    yield '<nav aria-label="Contents"><a href="#hierarchy">Hierarchy</a> <a href="#questions">Questions</a>'
    yield " ".join(f'<a href="#{_slug(kind)}">{_HEADINGS[kind]}</a>' for kind in KINDS) + "</nav><main>"
    yield '<section id="hierarchy"><h2>Hierarchy of classes</h2>'
    yield "<p>The general stands to the left. A broken line leads to a class that a condition defines.</p>"
    named = {iri: _named_in(book.graph, nodes) for iri, nodes in book.conditions.items()}
    yield f'<div class="wide" tabindex="0">{class_diagram(kinds["class"], named)}</div></section>'
    yield from _questions(book)
    for kind, terms in kinds.items():
        yield f'<section id="{_slug(kind)}"><h2>{_HEADINGS[kind]}</h2>'
        yield '<p class="index">' + " ".join(_link(t) for t in _by_label(terms)) + "</p>"
        for term in _by_label(terms):
            yield from _term(book, term)
        yield "</section>"
    yield "</main></body></html>"


def _questions(book: _Book) -> Iterator[str]:
    yield '<section id="questions"><h2>Questions that the ontology is for</h2>'
    yield "<table><thead><tr><th>No.</th><th>Question</th><th>Saved query</th></tr></thead><tbody>"
    for question in book.questions:
        queries = ", ".join(f"<code>{escape(q)}</code>" for q in question.queries)
        number = f'<td id="{escape(question.id)}">{escape(question.id)}</td>'
        yield f"<tr>{number}<td>{escape(question.text)}</td><td>{queries}</td></tr>"
    yield "</tbody></table></section>"


def _term(book: _Book, term: Term) -> Iterator[str]:
    local = escape(term.local)
    yield f'<article id="{local}"><h3>{escape(term.label)} <code>kg:{local}</code></h3>'
    yield f"<p>{escape(term.definition)}</p><dl>"
    others = [
        f'<span lang="{lang}">{escape(v)}</span>'
        for lang, vs in term.labels.items()
        for v in vs
        if lang != "en"
    ]
    yield from _pair("In other languages", ", ".join(others))
    for note in term.notes:
        yield from _pair("Note", escape(note))
    for example in term.examples:
        yield from _pair("Example", escape(example))
    if term.kind == "class":
        yield from _class(book, term)
    else:
        yield from _property(book, term)
    abroad = (f'<a href="{escape(i)}"><code>{escape(i)}</code></a>' for i in book.abroad.get(term.iri, ()))
    yield from _pair("Elsewhere", ", ".join(abroad))
    asked = (f'<a href="#{number}">{number}</a>' for number in book.asked.get(term.local, ()))
    yield from _pair("Questions", " ".join(asked))
    yield "</dl></article>"


def _class(book: _Book, term: Term) -> Iterator[str]:
    yield from _pair("Is a kind of", _links(book, term.above))
    yield from _pair(
        "Kinds", _links(book, (t.iri for t in book.terms if t.kind == "class" and term.iri in t.above))
    )
    shown = sorted(name(node, book.graph) for node in book.conditions.get(term.iri, ()))
    yield from _pair("Follows from", "; ".join(f"<code>{escape(text[1:-1])}</code>" for text in shown))
    apart = (
        iri for pair in disjoint_pairs(book.graph) if term.iri in pair for iri in pair if iri != term.iri
    )
    yield from _pair("Nothing is also a", _links(book, apart))
    for what, pick in (("Has", _domains), ("Is a value of", _ranges)):
        properties = (t.iri for t in book.terms if t.kind != "class" and term.iri in pick(book, t))
        yield from _pair(what, _links(book, properties))


def _property(book: _Book, term: Term) -> Iterator[str]:
    yield from _pair("Of a", _links(book, _domains(book, term)))
    yield from _pair("Value", _links(book, _ranges(book, term)))
    yield from _pair("Implies", _links(book, term.above))
    yield from _pair(
        "Implied by", _links(book, (t.iri for t in book.terms if t.kind != "class" and term.iri in t.above))
    )
    yield from _pair("The other way round", _links(book, term.inverses))
    yield from _pair("Is", ", ".join(term.characteristics))
    chains = (name(head, book.graph) for head in book.graph.objects(URIRef(term.iri), OWL.propertyChainAxiom))
    yield from _pair(
        "Follows from the path",
        "; ".join(f"<code>{escape(text[1:-1])}</code>" for text in sorted(chains)),
    )


def _domains(book: _Book, term: Term) -> tuple[str, ...]:
    """Return the domain, that of the inverse's range where there is none of its own."""
    return term.domains or tuple(r for i in term.inverses if (t := book.term(i)) for r in t.ranges)


def _ranges(book: _Book, term: Term) -> tuple[str, ...]:
    return term.ranges or tuple(d for i in term.inverses if (t := book.term(i)) for d in t.domains)


def _named_in(graph: Graph, nodes: Iterable[URIRef | BNode]) -> Sequence[str]:
    """Return the classes that the first step of conditions names."""
    found = []
    for node in nodes:
        for head in graph.objects(node, OWL.intersectionOf):
            found += [str(n) for n in graph.items(head) if isinstance(n, URIRef)]
    return sorted(found)


def _links(book: _Book, iris: Iterable[str]) -> str:
    found = []
    for iri in sorted(set(iris)):
        term = book.term(iri)
        found.append(_link(term) if term is not None else f"<code>{escape(compact(iri))}</code>")
    return ", ".join(found)


def _link(term: Term) -> str:
    return f'<a href="#{escape(term.local)}">{escape(term.label)}</a>'


def _by_label(terms: Iterable[Term]) -> list[Term]:
    return sorted(terms, key=lambda t: (t.label.casefold(), t.iri))


def _pair(what: str, html: str) -> Iterator[str]:
    if html:
        yield f"<dt>{what}</dt><dd>{html}</dd>"


def _slug(kind: str) -> str:
    return _HEADINGS[kind].lower().replace(" ", "-")


def _plural(kind: str) -> str:
    return _HEADINGS[kind].lower()
