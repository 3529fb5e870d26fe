"""ontology/ as values: entities with all their names, the class hierarchy, containment of places.

Turtle is parsed by pyoxigraph: ten times faster than rdflib on these files, and every
command that links names or runs a query needs them.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from kgbuild.errors import OntologyError
from kgbuild.model import Entity, Literal, Mention, Term, Triple
from kgbuild.packs import reference_files
from kgbuild.resources import data_dir
from kgbuild.terms import KG, NS, OWL, RDF_TYPE, RDFS, SKOS, SKOS_PREF

_DETERMINERS = frozenset("a an the its his her their our this that these those".split())
#: What a country's own name weighs, against a town, a body or a firm in it.
_NAMED = 1000
#: Where a thing that is no place sits, by kind.
_SEAT: Mapping[str, str] = {
    "Government": KG.governs,
    "Regulator": KG.governs,
    "PublicBody": KG.governs,
    "Firm": KG.headquarteredIn,
}
_NAME_PROPERTIES = (SKOS_PREF, SKOS + "altLabel", SKOS + "hiddenLabel")


def name_key(name: str) -> str:
    """Return the form under which spellings of a name are one: without case, accents, hyphens and dots.

    >>> name_key("JL Mag Rare-Earth Co., Ltd.") == name_key("JL MAG Rare Earth Co Ltd")
    True
    """
    # twice: a compatibility form may unfold to capitals ("℡" is TEL), and folding may compose anew
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    kept = "".join(
        c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c) and c not in ".'’"
    )
    return " ".join(kept.split())


def phrase_key(text: str) -> str:
    """Return the form under which wordings of a thing without a name are one.

    As `name_key`, without leading articles and possessives, the last word in the singular.

    >>> phrase_key("the wind-turbine factories") == phrase_key("wind turbine factory")
    True
    """
    words = name_key(without_determiners(text)).split()
    return " ".join([*words[:-1], _singular(words[-1])]) if words else ""


def without_determiners(text: str) -> str:
    """Return the words of `text` without articles and possessives in front, one space between them."""
    words = text.split()
    while len(words) > 1 and words[0].lower() in _DETERMINERS:
        del words[0]
    return " ".join(words)


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@dataclass(frozen=True)
class Ontology:
    """The vocabulary and the reference data, parsed once."""

    triples: tuple[Triple, ...]  #: reference data only, sorted
    subclasses: Mapping[str, frozenset[str]]  #: class name -> its named superclasses, itself included
    digest: str  #: SHA-256 over all files, hexadecimal
    _by_subject: Mapping[str, tuple[tuple[str, Term], ...]] = field(repr=False)

    @cached_property
    def entities(self) -> Mapping[str, Entity]:
        """Return every named individual by IRI, in order of IRI."""
        found = {}
        for iri, pairs in self._by_subject.items():
            kind = self.kind(iri)
            label = self.label(iri)
            if not kind or not label:
                continue
            names = {o.value for p, o in pairs if p in _NAME_PROPERTIES and isinstance(o, Literal)}
            found[iri] = Entity(
                iri,
                kind,
                label,
                tuple(sorted(names)),
                self._texts(iri, KG.demonym),
                self._texts(iri, KG.metonym),
            )
        return found

    def kind(self, iri: str) -> str:
        """Return the local name of the class of `iri`, or "" when it is not in the reference data."""
        for predicate, value in self._by_subject.get(iri, ()):
            if predicate == RDF_TYPE and isinstance(value, str) and value.startswith(NS):
                return value[len(NS) :]
        return ""

    def label(self, iri: str) -> str:
        """Return the preferred English label of `iri`, or ""."""
        labels = [o for p, o in self._by_subject.get(iri, ()) if p == SKOS_PREF and isinstance(o, Literal)]
        labels.sort(key=lambda o: (o.language != "en", o.language, o.value))
        return labels[0].value if labels else ""

    def _texts(self, iri: str, predicate: str) -> tuple[str, ...]:
        pairs = self._by_subject.get(iri, ())
        return tuple(sorted(o.value for p, o in pairs if p == predicate and isinstance(o, Literal)))

    def objects(self, iri: str, predicate: str) -> tuple[str, ...]:
        """Return the things that `iri` has as values of `predicate`, sorted."""
        pairs = self._by_subject.get(iri, ())
        return tuple(sorted(o for p, o in pairs if p == predicate and isinstance(o, str)))

    def describe(self, iri: str) -> tuple[tuple[str, Term], ...]:
        """Return all that the reference data says of `iri`: pairs of predicate and value, sorted."""
        return self._by_subject.get(iri, ())

    def is_a(self, kind: str, ancestor: str) -> bool:
        """Return whether class `kind` is `ancestor` or below it (local names)."""
        return ancestor in self.subclasses.get(kind, frozenset())

    def within(self, place: str) -> frozenset[str]:
        """Return `place` and every place that contains it."""
        return self._closure(place, KG.locatedIn)

    def countries_of(self, mentions: Iterable[Mention]) -> Mapping[str, int]:
        """Return how much an article with these mentions speaks of each country: IRI to weight.

        A country's own name outweighs all that only lies or sits in it: governments, bodies, towns, firms.
        """
        counts: Counter[str] = Counter()
        for m in mentions:
            known = [e for e in self.by_name(m.name) if e.kind == m.kind]
            if m.kind == "Country":
                counts.update({e.iri: _NAMED for e in known})
            elif len(known) != 1:
                continue
            elif m.kind in _SEAT:
                for place in self.objects(known[0].iri, _SEAT[m.kind]):
                    counts.update(self.within(place))
            elif m.kind in {"City", "Subdivision"}:
                counts.update(self.within(known[0].iri))
        return counts

    def above(self, body: str) -> frozenset[str]:
        """Return `body` and every body that it is part of."""
        return self._closure(body, KG.partOfBody)

    def _closure(self, iri: str, predicate: str) -> frozenset[str]:
        seen: set[str] = set()
        todo = [iri]
        while todo:
            here = todo.pop()
            if here not in seen:
                seen.add(here)
                todo.extend(self.objects(here, predicate))
        return frozenset(seen)

    @cached_property
    def _names(self) -> Mapping[str, tuple[Entity, ...]]:
        index: defaultdict[str, list[Entity]] = defaultdict(list)
        for entity in self.entities.values():
            for key in sorted({name_key(n) for n in (*entity.names, *entity.demonyms, *entity.metonyms)}):
                if key:
                    index[key].append(entity)
        return {key: tuple(found) for key, found in index.items()}

    def by_name(self, name: str) -> tuple[Entity, ...]:
        """Return all entities that have `name`, however it is spelt, as a label, demonym or metonym."""
        return self._names.get(name_key(name), ())

    @cached_property
    def government_of(self) -> Mapping[str, str]:
        """Return the government IRI of each country or bloc that has one."""
        return {
            place: iri
            for iri, entity in self.entities.items()
            if entity.kind == "Government"
            for place in self.objects(iri, KG.governs)
        }


def load_ontology(folder: Path | None = None, packs: Sequence[Path] = ()) -> Ontology:
    """Return vocabulary (core.ttl) and reference data (reference/*.ttl) of `folder`, else kgbuild's own.

    The ontology/*.ttl of `packs` is reference data too. Raises PackError for what is no pack,
    OntologyError when a file is missing or is not Turtle; the message has file and line.
    """
    folder = data_dir("ontology") if folder is None else folder
    core = folder / "core.ttl"
    files = sorted((folder / "reference").glob("*.ttl"))
    if not core.is_file() or not files:
        raise OntologyError(f"{folder} is no ontology folder: it needs core.ttl and reference/*.ttl")
    files += reference_files(packs)
    digest = hashlib.sha256()
    for path in (core, *files):
        try:
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        except OSError as err:
            raise OntologyError(f"{path}: cannot be read: {err.strerror}") from err
    parents: defaultdict[str, set[str]] = defaultdict(set)
    for subject, predicate, value in parse_turtle(core):
        if predicate == RDFS + "subClassOf" and isinstance(value, str):
            parents[subject].add(value)
        elif predicate == RDF_TYPE and value == OWL + "Class":
            parents[subject].update(())  # a class without superclasses is one too
    triples = sorted({t for path in files for t in parse_turtle(path)}, key=sort_key)
    by_subject: defaultdict[str, list[tuple[str, Term]]] = defaultdict(list)
    for subject, predicate, value in triples:
        by_subject[subject].append((predicate, value))
    return Ontology(
        tuple(triples),
        _closure(parents),
        digest.hexdigest(),
        {s: tuple(pairs) for s, pairs in by_subject.items()},
    )


def sort_key(triple: Triple) -> tuple[str, str, bool, str, str, str]:
    """Return a key by which triples have one order everywhere: IRIs before literals."""
    subject, predicate, value = triple
    if isinstance(value, Literal):
        return (subject, predicate, True, value.value, value.datatype, value.language)
    return (subject, predicate, False, value, "", "")


def parse_turtle(path: Path) -> Iterable[Triple]:
    """Yield the triples of a Turtle file that have no blank node.

    Raises OntologyError where it is not Turtle: file, line, column.
    """
    try:
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
            if isinstance(quad.subject, ox.NamedNode):
                value = quad.object
                if isinstance(value, ox.NamedNode):
                    yield (quad.subject.value, quad.predicate.value, value.value)
                elif isinstance(value, ox.Literal):
                    yield (
                        quad.subject.value,
                        quad.predicate.value,
                        Literal(value.value, value.datatype.value, value.language or ""),
                    )
    except SyntaxError as err:
        place = f"{path}:{err.lineno}:{err.offset}" if err.lineno else str(path)
        raise OntologyError(f"{place}: not Turtle: {err.msg}") from err


def _closure(parents: Mapping[str, Iterable[str]]) -> Mapping[str, frozenset[str]]:
    closed: dict[str, frozenset[str]] = {}

    def up(iri: str) -> frozenset[str]:
        seen: set[str] = set()
        todo = [iri]
        while todo:
            here = todo.pop()
            if here not in seen:
                seen.add(here)
                todo.extend(parents.get(here, ()))
        return frozenset(s[len(NS) :] for s in seen if s.startswith(NS))

    for iri in sorted(set(parents) | {p for ps in parents.values() for p in ps}):
        if iri.startswith(NS):
            closed[iri[len(NS) :]] = up(iri)
    return closed
