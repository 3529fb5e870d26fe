"""Checks of the terms of one ontology: labels, definitions, names, domains, disjointness, cycles, version.

Ideas: the reports of ROBOT and OOPS!, the checks of the OBO Foundry principles.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final

from rdflib import OWL, RDF, RDFS, BNode, Graph, URIRef

from kgbuild.terms import compact
from kgbuild.vocabulary.rows import Row
from kgbuild.vocabulary.terms_in import Term, climb, disjoint_pairs, header_of, namespace_of, terms_in

#: Words that say nothing by themselves: a definition needs others than these and those of the label.
_EMPTY_WORDS: Final = frozenset(
    "a an the of for to in on at by with from as or and that which who whose is are was be been being has "
    "have had it its this some any something thing one kind type sort".split()
)
_ABBREVIATION: Final = re.compile(r"[A-Z0-9]{2,}|\d[\w-]*")
#: Plural forms that are the word of the field, not several things.
_PLURAL: Final = re.compile(r"(?:[^sui]s|ies)$")
_COLLECTIVE: Final = frozenset(("talks", "premises", "headquarters", "goods", "means", "series", "news"))


def check_terms(graph: Graph) -> list[Row]:
    """Return what is wrong with the terms that `graph` declares in its own namespace; in no order."""
    terms = terms_in(graph)
    rows = [*_header(graph)]
    for term in terms:
        rows += _texts(term)
        rows += _name(term)
    rows += _shared_labels(terms)
    rows += _ends(terms)
    rows += _cycles(terms)
    rows += _disjointness(graph, terms)
    rows += _unknown(graph, terms)
    return rows


def _header(graph: Graph) -> Iterator[Row]:
    iri = header_of(graph)
    if not iri:
        yield Row("(the file)", "rdf:type", "one owl:Ontology header is wanted", "error", "no-header")
        return
    node = URIRef(iri)
    versions = sorted(map(str, graph.objects(node, OWL.versionIRI)))
    if len(versions) != 1:
        yield Row(compact(iri), "owl:versionIRI", f"{len(versions)} values", "error", "version-iri")
    elif not versions[0].startswith(iri.rstrip("#/")):
        yield Row(compact(iri), "owl:versionIRI", versions[0], "warning", "version-iri-elsewhere")
    info = graph.value(node, OWL.versionInfo)
    if info is not None and versions and not versions[0].endswith(f"/{info}"):
        yield Row(compact(iri), "owl:versionInfo", str(info), "error", "version-differs")
    for predicate, what in ((RDFS.label, "rdfs:label"), (_DCT_LICENSE, "dct:license")):
        if (node, predicate, None) not in graph:
            yield Row(compact(iri), what, "missing", "warning", "header-incomplete")


_DCT_LICENSE: Final = URIRef("http://purl.org/dc/terms/license")


# ---- labels and definitions


def _texts(term: Term) -> Iterator[Row]:
    entity = compact(term.iri)
    for prop, texts, noun in (
        ("rdfs:label", term.labels, "label"),
        ("skos:definition", term.definitions, "definition"),
    ):
        if not texts.get("en"):
            yield Row(entity, prop, "no value in English", "error", f"no-{noun}")
        for language, values in texts.items():
            if not language:
                yield Row(entity, prop, values[0], "error", f"{noun}-without-language")
            if len(values) > 1:
                shown = "; ".join(values)
                yield Row(entity, prop, f"{language}: {shown}", "error", f"several-{noun}s")
            for value in values:
                if value != " ".join(value.split()) or not value:
                    yield Row(entity, prop, repr(value), "error", "stray-spaces")
    for language in sorted(set(term.labels) - set(term.definitions)):
        value = f"{language}: a label and no definition"
        yield Row(entity, "skos:definition", value, "info", "definition-in-fewer-languages")
    for label in term.labels.get("en", ()):
        words = [w for w in label.split() if not _ABBREVIATION.fullmatch(w)]
        if any(w != w.lower() for w in words):
            yield Row(entity, "rdfs:label", label, "error", "label-not-in-lower-case")
    yield from _definition(term)


def _definition(term: Term) -> Iterator[Row]:
    entity = compact(term.iri)
    for text in term.definitions.get("en", ()):
        said = _words(text)
        if not said - _words(term.label) - _EMPTY_WORDS:
            yield Row(entity, "skos:definition", text, "error", "definition-circular")
        if text.endswith(".") or ". " in text:
            yield Row(entity, "skos:definition", text, "warning", "definition-not-one-phrase")
        if text[:1].isupper() and not _ABBREVIATION.match(text.split()[0]):
            yield Row(entity, "skos:definition", text, "warning", "definition-begins-with-a-capital")


def _words(text: str) -> set[str]:
    """Return the words of `text`, in lower case and without endings that only inflect."""
    found = re.findall(r"[^\W_]+", text.lower())
    return {w if w in _EMPTY_WORDS else re.sub(r"(?:ies|es|s|ed|ing)$", "", w) or w for w in found}


def _shared_labels(terms: Sequence[Term]) -> Iterator[Row]:
    users: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for term in terms:
        for language, values in term.labels.items():
            for value in set(values):
                users[language, value.casefold()].append(compact(term.iri))
    for (language, value), entities in users.items():
        for entity in entities[1:]:
            shared = f"{language}: {value!r} is the label of {entities[0]} too"
            yield Row(entity, "rdfs:label", shared, "error", "label-shared")


# ---- names


def _name(term: Term) -> Iterator[Row]:
    entity = compact(term.iri)
    if len(term.kinds) > 1:
        yield Row(entity, "rdf:type", ", ".join(term.kinds), "error", "several-kinds")
    if term.kind == "class":
        if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", term.local):
            yield Row(entity, "rdfs:label", term.local, "error", "class-name-not-in-camel-case")
        last = re.findall(r"[A-Z][a-z0-9]*", term.local)[-1:] or [term.local]
        word = last[0].lower()
        if _PLURAL.search(word) and word not in _COLLECTIVE:
            yield Row(entity, "rdfs:label", term.local, "error", "class-name-in-the-plural")
    elif not re.fullmatch(r"[a-z][A-Za-z0-9]*", term.local):
        yield Row(entity, "rdfs:label", term.local, "error", "property-name-does-not-begin-small")
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", term.local).lower().removeprefix("has ")
    label = re.sub(r"[-_]", " ", term.label).lower().removeprefix("has ")
    if re.sub(r"\W", "", apart) not in re.sub(r"\W", "", label):
        yield Row(entity, "rdfs:label", term.label, "warning", "label-differs-from-name")


# ---- structure


def _ends(terms: Sequence[Term]) -> Iterator[Row]:
    """Domain and range; the other end of an inverse, or of a property above, will do."""
    by_iri = {t.iri: t for t in terms}
    above = {t.iri: t.above for t in terms}
    for term in terms:
        if term.kind not in {"object property", "data property"}:
            continue
        missing = []
        for what in ("domain", "range"):
            found = False
            for iri in climb(term.iri, above):
                here = by_iri.get(iri)
                if here is None:
                    continue
                other = [by_iri[i] for i in here.inverses if i in by_iri]
                own = here.domains if what == "domain" else here.ranges
                turned = [t.ranges if what == "domain" else t.domains for t in other]
                found = found or bool(own) or any(turned)
            if not found:
                missing.append(what)
        for what in missing:
            severity = "warning" if len(missing) == 2 else "info"
            yield Row(compact(term.iri), f"rdfs:{what}", "missing", severity, f"no-{what}")


def _cycles(terms: Sequence[Term]) -> Iterator[Row]:
    above = {t.iri: t.above for t in terms}
    for term in terms:
        for upper in term.above:
            if term.iri in climb(upper, above):
                prop = "rdfs:subClassOf" if term.kind == "class" else "rdfs:subPropertyOf"
                yield Row(compact(term.iri), prop, compact(upper), "error", "cycle")


def _disjointness(graph: Graph, terms: Sequence[Term]) -> Iterator[Row]:
    """Classes that nothing is kept apart from, and siblings that may share members."""
    classes = {t.iri: t for t in terms if t.kind == "class"}
    above: Mapping[str, Sequence[str]] = {iri: t.above for iri, t in classes.items()}
    apart = disjoint_pairs(graph)
    touched = {iri for pair in apart for iri in pair}
    defined = {str(o) for s, o in graph.subject_objects(RDFS.subClassOf) if isinstance(s, BNode)}
    siblings: defaultdict[str, list[str]] = defaultdict(list)
    for iri in classes:
        if iri in defined:
            continue  # membership follows from a condition, which decides what it is apart from
        if not touched & climb(iri, above):
            yield Row(compact(iri), "owl:disjointWith", "missing", "warning", "class-without-disjointness")
        for upper in above[iri] or ("",):
            siblings[upper].append(iri)
    for family in siblings.values():
        for one, two in combinations(sorted(family), 2):
            ones, twos = climb(one, above), climb(two, above)
            if one in twos or two in ones:
                continue
            if not any(frozenset((a, b)) in apart for a in ones for b in twos):
                yield Row(compact(one), "owl:disjointWith", compact(two), "info", "siblings-not-disjoint")


def _unknown(graph: Graph, terms: Sequence[Term]) -> Iterator[Row]:
    """IRIs of the ontology's own namespace that it does not declare."""
    space = namespace_of(graph)
    known = {t.iri for t in terms} | {
        space,
        space.rstrip("#/"),
        *map(str, graph.subjects(RDF.type, OWL.Ontology)),
    }
    individuals = {str(s) for s in graph.subjects(RDF.type) if isinstance(s, URIRef)}
    for triple in graph:
        for node in triple:
            if isinstance(node, URIRef) and node.startswith(space) and str(node) not in known | individuals:
                yield Row(compact(str(node)), "rdf:type", "not declared", "error", "unknown-term")
