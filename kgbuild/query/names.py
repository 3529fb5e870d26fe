"""Things by the names that people write: "Germany", "U.S.", "JL MAG", place:US or a full IRI.

Only names in the store count, so the reference data and what the articles call things are treated alike.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import pyoxigraph as ox

from kgbuild.errors import QueryError
from kgbuild.ontology import name_key
from kgbuild.query.values import TYPES, iri_value
from kgbuild.terms import KG, PREFIXES, RDF_TYPE, RDFS, RDFS_LABEL, SKOS_ALT, SKOS_PREF, compact, expand

_SUB_CLASS: Final = ox.NamedNode(RDFS + "subClassOf")
_TYPE: Final = ox.NamedNode(RDF_TYPE)
#: Properties that hold names, in groups: a name of an earlier group goes before the same name of a later one.
_RANKS: Final = (
    (RDFS_LABEL, SKOS_PREF),
    (SKOS_ALT,),
    (KG.metonym, KG.demonym),
    (KG.isoCode, KG.isoAlpha3, KG.elementSymbol, KG.ticker, KG.marketIdentifierCode),
)
_CODES: Final = len(_RANKS) - 1  #: the group of codes
_NEAREST: Final = 5
_CUTOFF: Final = 60.0  #: of 100; below it two names have little in common


def resolve_name(store: ox.Store, text: str, class_: str | None = None) -> str:
    """Return the IRI of what `text` names: an IRI, a prefixed name, or a name that the store knows.

    With `class_` (an IRI) only things of that class or of a class below it are meant. A name is looked for
    as it is written, in English first, then without regard to case, then without regard to dots, hyphens
    and accents. Raises QueryError when nothing has the name, listing the nearest, or several things have it,
    listing them.
    """
    text = text.strip()
    if text.startswith("<") and text.endswith(">"):
        return _checked(text[1:-1])
    prefix = text.partition(":")[0]
    if ":" in text and prefix in PREFIXES:
        return _checked(expand(text))
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:(?://|[a-z0-9])", text) and TYPES["iri"].fullmatch(text):
        return _checked(text)
    found = _named_exactly(store, text, class_)
    if found:
        return _only(store, text, found)
    names = tuple(_names(store, class_))
    for key in (_as_written, str.casefold, name_key):
        found = _find(names, text, key)
        if found:
            return _only(store, text, found)
    hint = _meaning(store, text, class_) or _hint(names, text)
    raise QueryError(f"no {_class_name(store, class_)} is named {text!r}{hint}")


def _checked(iri: str) -> str:
    try:
        ox.NamedNode(iri_value(iri))
    except ValueError as err:  # such as A:0[, whose characters are all right
        raise QueryError(f"{iri!r} is no IRI: {err}") from err
    return iri


def _only(store: ox.Store, text: str, found: tuple[str, ...]) -> str:
    if len(found) == 1:
        return found[0]
    listed = "; ".join(f"{compact(iri)} ({_label(store, iri)})" for iri in found)
    raise QueryError(f"{text!r} names several things: {listed}; give one of them")


def _named_exactly(store: ox.Store, text: str, class_: str | None) -> tuple[str, ...]:
    """Return what has `text` as a name in English or in no language: most names, found by the index."""
    literals = (ox.Literal(text, language="en"), ox.Literal(text))
    for properties in _RANKS:
        found = {
            quad.subject.value
            for name in properties
            for literal in literals
            for quad in store.quads_for_pattern(None, ox.NamedNode(name), literal)
            if isinstance(quad.subject, ox.NamedNode)
        }
        meant = tuple(sorted(iri for iri in found if class_ is None or _is_a(store, iri, class_)))
        if meant:
            return meant
    return ()


def _is_a(store: ox.Store, iri: str, class_: str) -> bool:
    """Return whether `iri` is of `class_` or of a class below it."""
    seen: set[str] = set()
    todo = _objects(store, iri, _TYPE)
    while todo:
        found = todo.pop()
        if found == class_:
            return True
        if found not in seen:
            seen.add(found)
            todo += _objects(store, found, _SUB_CLASS)
    return False


def _objects(store: ox.Store, iri: str, predicate: ox.NamedNode) -> list[str]:
    quads = store.quads_for_pattern(ox.NamedNode(iri), predicate, None)
    return [quad.object.value for quad in quads if isinstance(quad.object, ox.NamedNode)]


def instances(store: ox.Store, class_: str) -> tuple[str, ...]:
    """Return the IRIs of all things of `class_` or of a class below it, sorted."""
    classes = {class_}
    todo = [class_]
    while todo:
        for quad in store.quads_for_pattern(None, _SUB_CLASS, ox.NamedNode(todo.pop())):
            if isinstance(quad.subject, ox.NamedNode) and quad.subject.value not in classes:
                classes.add(quad.subject.value)
                todo.append(quad.subject.value)
    return tuple(
        sorted(
            {
                quad.subject.value
                for name in sorted(classes)
                for quad in store.quads_for_pattern(None, _TYPE, ox.NamedNode(name))
                if isinstance(quad.subject, ox.NamedNode)
            }
        )
    )


def about(store: ox.Store, iri: str, class_: str | None = None) -> tuple[str, str]:
    """Return the label of `iri`, and in words what is odd about asking for it, "" where nothing is.

    It is odd to ask for something of which the store says nothing, or which is not of `class_`.
    """
    node = ox.NamedNode(iri)
    label = _label(store, iri)
    known = next(
        itertools.chain(store.quads_for_pattern(node, None, None), store.quads_for_pattern(None, None, node)),
        None,
    )
    if known is None:
        return label, f"the graph says nothing of {compact(iri)}"
    if class_ is not None and not _is_a(store, iri, class_):
        return label, f"{compact(iri)} ({label}) is no {_class_name(store, class_)}"
    return label, ""


def _names(store: ox.Store, class_: str | None) -> Iterator[tuple[int, str, str]]:
    """Yield (rank of the property, name, IRI)."""
    subjects = (None,) if class_ is None else instances(store, class_)
    for rank, properties in enumerate(_RANKS):
        for name in properties:
            for iri in subjects:
                yield from _literals(store, rank, iri, name)


def _literals(store: ox.Store, rank: int, iri: str | None, name: str) -> Iterator[tuple[int, str, str]]:
    subject = None if iri is None else ox.NamedNode(iri)
    for quad in store.quads_for_pattern(subject, ox.NamedNode(name), None):
        if isinstance(quad.object, ox.Literal) and isinstance(quad.subject, ox.NamedNode):
            yield rank, quad.object.value, quad.subject.value


def _find(names: Iterable[tuple[int, str, str]], text: str, key: Callable[[str], str]) -> tuple[str, ...]:
    wanted = key(text)
    by_rank: defaultdict[int, set[str]] = defaultdict(set)
    for rank, name, iri in names:
        if key(name) == wanted:
            by_rank[rank].add(iri)
    return tuple(sorted(by_rank[min(by_rank)])) if by_rank else ()


def _as_written(name: str) -> str:
    return name


def _meaning(store: ox.Store, text: str, class_: str | None) -> str:
    """Return what `text` names among the things that are not of `class_`, in words."""
    found = () if class_ is None else _named_exactly(store, text, None)
    if not found:
        return ""
    listed = "; ".join(f"{compact(iri)} ({_label(store, iri)})" for iri in found[:_NEAREST])
    return f"; it is a name of {listed}"


def _hint(names: Iterable[tuple[int, str, str]], text: str) -> str:
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - a name that is known needs no likeness

    spellings: dict[str, str] = {}  # one that differs in case only is no other hint
    for rank, name, _ in sorted(names):
        least = len(text) / 2 if rank < _CODES else len(text)  # a code such as "CH" is a part of many names
        if len(name) >= least:
            spellings.setdefault(name.casefold(), name)
    known = sorted(spellings.values())
    near = process.extract(
        text, known, scorer=fuzz.WRatio, processor=str.casefold, limit=None, score_cutoff=_CUTOFF
    )
    near.sort(key=lambda match: (-match[1], match[0]))
    if not near:
        return ""
    return f"; near: {', '.join(match[0] for match in near[:_NEAREST])}"


def _label(store: ox.Store, iri: str) -> str:
    labels = [name for _, name, _ in _literals(store, 0, iri, RDFS_LABEL)]
    return min(labels, default=iri)


def _class_name(store: ox.Store, class_: str | None) -> str:
    if class_ is None:
        return "thing"
    names = [
        quad.object.value
        for quad in store.quads_for_pattern(ox.NamedNode(class_), ox.NamedNode(RDFS_LABEL), None)
        if isinstance(quad.object, ox.Literal) and quad.object.language == "en"
    ]
    return min(names, default=compact(class_))
