"""A second reading of license sentences through a dependency parser that the user has installed.

Off unless asked for. The frames are those of the rules (lexicon/frames.jsonl), read on trees:
subject, object and prepositions are relations, not positions. A sentence in which the rules found
something is not read again; what the voter adds has a named holder, the same evidence, and a rule
id that starts with "voter:".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Protocol

import spacy
from spacy.tokens import Doc

from kgbuild.errors import ExtractionError
from kgbuild.extract.frames import Frame, load_frames
from kgbuild.extract.grammar import VerbGroup, positions
from kgbuild.extract.license_events import Told
from kgbuild.extract.license_nouns import Noun
from kgbuild.extract.licenses import Licenses
from kgbuild.extract.stance import doubted, find_speech, stance_of
from kgbuild.extract.trees import Node, Word, universal
from kgbuild.extract.units import FIRM, MATERIALS, PLACES, Sentence, Unit
from kgbuild.model import Argument, Event

#: What stands for a name of a kind while the sentence is parsed: a long name misleads a parser.
_MASKS: Final = (
    (frozenset({FIRM, "Organization", "TradeAssociation", "NewsOrganization", "StockExchange"}), "Acme"),
    (frozenset({"Government", "Regulator", "PublicBody"}), "Congress"),
    (frozenset({"Person"}), "Smith"),
    (MATERIALS, "copper"),
    (frozenset({"Time", "Duration"}), "Monday"),
    (frozenset({"Quantity"}), "five"),
)
#: Kinds that are not in the sentence any more when it is parsed.
_DROPPED: Final = frozenset({"Ticker"})
_SUBJECTS: Final = frozenset({"nsubj", "nsubj:pass"})
_RELATIVE: Final = frozenset({"who", "which", "that", "whom"})

Parse = Callable[[Sequence[str]], Doc]


class Pipeline(Protocol):
    """What is used of a spaCy pipeline."""

    vocab: Any
    meta: dict[str, Any]

    @property
    def pipeline(self) -> list[tuple[str, Callable[[Doc], Doc]]]:
        """Return the components in order."""


@cache
def load_pipeline(name: str) -> Pipeline:
    """Return the installed spaCy pipeline `name`. Nothing is downloaded.

    Raises ExtractionError when it is not there or has no parser.
    """
    if not spacy.util.is_package(name):
        raise ExtractionError(
            f"no spaCy pipeline {name!r} is installed; kgbuild downloads none: install one as a package"
        )
    nlp = spacy.load(name)
    if "parser" not in nlp.pipe_names:
        raise ExtractionError(f"the spaCy pipeline {name!r} has no parser, so it cannot vote")
    return nlp


def parser_of(nlp: Pipeline) -> Parse:
    """Return a function from words to a parsed document."""

    def parse(words: Sequence[str]) -> Doc:
        doc = Doc(nlp.vocab, words=list(words))
        for _, component in nlp.pipeline:
            doc = component(doc)
        return doc

    return parse


@dataclass(frozen=True, slots=True)
class Tree:
    """The nodes of a sentence by unit; units that were not parsed have none."""

    nodes: dict[int, Node]
    firms: dict[int, tuple[int, int]]  #: unit -> units [first, last] of an unknown name that ends there

    def children(self, i: int, *relations: str) -> list[int]:
        """Return the units that depend on unit `i` by one of `relations`, in order."""
        return [j for j, n in sorted(self.nodes.items()) if n.head == i and n.relation in relations]

    def with_conjuncts(self, heads: Sequence[int]) -> list[int]:
        """Return `heads`, each followed by what is coordinated with it."""
        return [j for h in heads for j in (h, *self.children(h, "conj"))]


class Voter:
    """Reads sentences on trees, with the machinery of the license rules for everything but the roles."""

    def __init__(self, parse: Parse, licenses: Licenses) -> None:
        self._parse = parse
        self._licenses = licenses

    def find(self, s: Sentence) -> list[Event]:
        """Return license events that the tree of `s` shows, those with a named holder only."""
        nouns = self._licenses.nouns.all(s)
        if not nouns or s.units[-1].text == "?":
            return []
        tree = self._tree(s)
        return [event for i in positions(s, "license") for event in self._at_verb(s, i, nouns, tree)]

    def _tree(self, s: Sentence) -> Tree:
        words: list[str] = []
        owner: list[int] = []
        for i, unit in enumerate(s.units):
            for word in _masked(unit):
                words.append(word)
                owner.append(i)
        doc = self._parse(words)
        if [t.text for t in doc] != words:
            raise ExtractionError("the pipeline changed the words of a sentence; it cannot vote")
        nodes = universal([Word(t.text, t.head.i, t.dep_, t.pos_) for t in doc])
        return Tree(_by_unit(nodes, owner), dict(_unknown_firms(doc, owner, s)))

    def _at_verb(self, s: Sentence, i: int, nouns: list[Noun], tree: Tree) -> Iterator[Event]:
        rules = self._licenses
        for tag in rules.grammar.tags_at(s, i, "license"):
            if i not in tree.nodes or not tag.form:
                continue
            group = rules.grammar.verb_group(s, i, tag)
            for frame in load_frames(rules.grammar.lexicon):
                if tag.cls != frame.verbs and not tag.cls.startswith(frame.verbs + "."):
                    continue
                event = self._event(s, frame, group, nouns, tree)
                if event is not None:
                    yield event
                    return

    def _event(
        self, s: Sentence, frame: Frame, group: VerbGroup, nouns: list[Noun], tree: Tree
    ) -> Event | None:
        verb = group.verb
        if _is_passive(tree, verb) != (frame.voice == "passive"):
            return None
        subjects = _subjects(tree, verb, s)
        noun = _license_noun(s, tree, frame, verb, subjects, nouns)
        if noun is None:
            return None
        stance = doubted(s, group, stance_of(self._licenses.grammar, s, group, subjects))
        if stance.refused:
            return None
        found = list(self._roles(s, frame, tree, verb, noun, subjects))
        if not any(a.role == "holder" and a.kind == FIRM for a in found):
            return None
        speech = find_speech(self._licenses.grammar, s, verb)
        told = Told(noun, verb, (min(verb, noun.first), len(s.units)), stance, speech)
        return self._licenses.events.event(s, f"voter:{frame.id}", group.tag.action, found, told)

    def _roles(
        self, s: Sentence, frame: Frame, tree: Tree, verb: int, noun: Noun, subjects: list[int]
    ) -> Iterator[Argument]:
        if frame.subject:
            for i in tree.with_conjuncts([h for h in subjects if h != noun.at]):
                yield from self._fill(s, tree, frame.subject, i)
        if frame.object:
            for i in tree.with_conjuncts(tree.children(verb, "iobj")):
                yield from self._fill(s, tree, frame.object, i)
        for governor in (verb, noun.at):
            for i in tree.children(governor, "obl", "obl:agent", "nmod"):
                role = frame.slots.get(tree.nodes[i].case)
                if role:
                    for j in tree.with_conjuncts([i]):
                        yield from self._fill(s, tree, role, j, tree.nodes[i].case)

    def _fill(self, s: Sentence, tree: Tree, role: str, i: int, preposition: str = "") -> list[Argument]:
        """Return unit `i` in `role`: itself, its apposition, or a name that only the pipeline knows."""
        unit = s.units[i]
        if unit.kind in PLACES and role == "holder":
            return []
        named = [j for j in tree.children(i, "appos") if s.units[j].kind == FIRM]
        found = [a for j in (named or [i]) for a in self._licenses.roles.fill(role, s, j, preposition)]
        if found or role != "holder" or i not in tree.firms:
            return found
        first, last = tree.firms[i]
        start, end = s.units[first].start, s.units[last].end
        name = self._licenses.text[start:end]
        return [Argument(role, FIRM, name, start, end, name, derivation="name found by the pipeline")]


def _masked(unit: Unit) -> list[str]:
    """Return the words that are parsed for a unit: one for a name, none for a share code."""
    if unit.kind in _DROPPED:
        return []
    for kinds, mask in _MASKS:
        if unit.kind in kinds:
            return [mask]
    if unit.kind in PLACES:
        return ["Chinese" if unit.demonym else "China"]
    return unit.text.split()


def _by_unit(nodes: Sequence[Node], owner: Sequence[int]) -> dict[int, Node]:
    """Return one node a unit: that of the word whose governor is outside of it."""
    out: dict[int, Node] = {}
    for i, node in enumerate(nodes):
        head = owner[node.head] if node.head >= 0 else -1
        if head != owner[i] and owner[i] not in out:
            out[owner[i]] = Node(head, node.relation, node.case)
    return out


def _unknown_firms(doc: Doc, owner: Sequence[int], s: Sentence) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield (last unit, (first, last)) for names of organizations that no unit knows."""
    for span in doc.ents:
        units = sorted(set(owner[span.start : span.end]))
        plain = all(not s.units[i].kind and s.units[i].text[:1].isupper() for i in units)
        if span.label_ == "ORG" and plain:
            yield units[-1], (units[0], units[-1])


def _is_passive(tree: Tree, verb: int) -> bool:
    if tree.children(verb, "aux:pass", "nsubj:pass"):
        return True
    # "permits granted to X": a participle behind its noun without a subject of its own
    return tree.nodes[verb].relation == "acl" and not tree.children(verb, "nsubj", "obj")


def _subjects(tree: Tree, verb: int, s: Sentence, depth: int = 4) -> list[int]:
    """Return the units that are subject of a verb, its own or one it shares; none rather than a guess."""
    own = tree.children(verb, *sorted(_SUBJECTS))
    node = tree.nodes[verb]
    if own and not all(s.units[i].low in _RELATIVE for i in own):
        return own
    if node.relation in {"acl:relcl", "acl"} and node.head in tree.nodes:
        return [node.head]
    if node.relation in {"conj", "xcomp", "advcl"} and node.head in tree.nodes and depth:
        return _subjects(tree, node.head, s, depth - 1)
    return []


def _license_noun(
    s: Sentence, tree: Tree, frame: Frame, verb: int, subjects: list[int], nouns: list[Noun]
) -> Noun | None:
    """Return the license noun where `frame` wants it: the object or the subject of the verb."""
    if frame.noun == "object":
        at = tree.with_conjuncts(tree.children(verb, "obj"))
        relative = tree.nodes[verb].relation == "acl:relcl" and tree.children(verb, "nsubj", "nsubj:pass")
        if relative and all(s.units[i].low in _RELATIVE for i in at):
            at = [tree.nodes[verb].head]  # "the license (that) X received"
    elif frame.noun == "subject":
        at = tree.with_conjuncts(subjects)
    else:
        return None
    return next((n for n in nouns if n.at in at and not n.shipment), None)
