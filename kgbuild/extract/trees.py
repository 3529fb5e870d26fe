"""Dependency trees in one form: relations of Universal Dependencies, whatever the parser was trained on.

spaCy's English pipelines use the CLEAR labels, in which a preposition stands between a verb and
its noun, a copula heads its predicate and conjuncts form a chain. Here they are read as UD has
them (https://universaldependencies.org/u/dep/): content words govern, prepositions are `case`.
A tree that has UD labels already comes back unchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

#: CLEAR label -> UD relation, where only the name differs.
_RENAMED: Final = {
    "nsubjpass": "nsubj:pass", "csubjpass": "csubj:pass", "auxpass": "aux:pass", "dobj": "obj",
    "dative": "iobj", "relcl": "acl:relcl", "poss": "nmod:poss", "neg": "advmod", "prt": "compound:prt",
    "nn": "compound", "npadvmod": "obl", "preconj": "cc:preconj", "predet": "det:predet", "intj": "discourse",
}  # fmt: skip
_PREDICATE: Final = frozenset({"attr", "acomp"})
_VERBAL: Final = frozenset({"VERB", "AUX", "ADJ", "ADV"})
_OF_VERBS: Final = frozenset(
    "nsubj nsubjpass csubj csubjpass dobj dative aux auxpass xcomp ccomp agent prt attr acomp".split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word as a parser gives it."""

    text: str
    head: int  #: index of its governor; its own index for the root
    relation: str  #: label of the parser
    pos: str = ""  #: Universal POS tag, where the parser gives one


@dataclass(frozen=True, slots=True)
class Node:
    """One word in UD form."""

    head: int  #: index of its governor, -1 for the root
    relation: str
    case: str = ""  #: its prepositions, lower case: "to", "by", "out of"


def universal(words: Sequence[Word]) -> tuple[Node, ...]:
    """Return `words` as UD has them, one node a word, in their order."""
    heads = [w.head if w.head != i else -1 for i, w in enumerate(words)]
    labels = [w.relation for w in words]
    relations = [
        _RENAMED.get(label, label) if head >= 0 else "root" for label, head in zip(labels, heads, strict=True)
    ]
    cases: list[list[str]] = [[] for _ in words]
    _unchain(heads, relations)
    for i, label in enumerate(labels):
        if label in _PREDICATE and heads[i] >= 0 and _is_copula(words, labels, heads[i]):
            _raise_predicate(heads, relations, i)
    for i, label in enumerate(labels):
        if label in {"pobj", "pcomp"} and words[i].head != i:
            _attach_object(words, heads, relations, cases, i)
    for i, word in enumerate(words):
        if relations[i] == "case" and labels[i] == "case" and heads[i] >= 0:
            cases[heads[i]].append(word.text.lower())
    return tuple(
        Node(head, relation, " ".join(case))
        for head, relation, case in zip(heads, relations, cases, strict=True)
    )


def _unchain(heads: list[int], relations: list[str]) -> None:
    """Attach every conjunct to the first one."""
    for i, relation in enumerate(relations):
        seen = {i}
        while relation == "conj" and relations[heads[i]] == "conj" and heads[i] not in seen:
            seen.add(heads[i])
            heads[i] = heads[heads[i]]


def _is_copula(words: Sequence[Word], labels: Sequence[str], verb: int) -> bool:
    return words[verb].pos in {"AUX", ""} or not any(
        w.head == verb and labels[i] in {"dobj", "ccomp"} for i, w in enumerate(words) if i != verb
    )


def _raise_predicate(heads: list[int], relations: list[str], predicate: int) -> None:
    """Let a predicate govern its copula and all that hung on it: "X is the holder"."""
    copula = heads[predicate]
    heads[predicate], relations[predicate] = heads[copula], relations[copula]
    for i, head in enumerate(heads):
        if head == copula and i != predicate:
            heads[i] = predicate
    heads[copula], relations[copula] = predicate, "cop"


def _attach_object(
    words: Sequence[Word], heads: list[int], relations: list[str], cases: list[list[str]], i: int
) -> None:
    """Attach the object of a preposition to what the preposition hung on."""
    chain: list[int] = []
    here = words[i].head
    while (
        words[here].head != here and words[here].relation in {"prep", "agent", "dative"} and here not in chain
    ):
        chain.append(here)  # "out of China" is a chain of two
        here = words[here].head
    if not chain:
        return
    governor = heads[chain[-1]]
    for preposition in reversed(chain):
        cases[i].append(words[preposition].text.lower())
        heads[preposition], relations[preposition] = i, "case"
    heads[i] = governor
    if words[i].relation == "pcomp":
        relations[i] = "advcl"
    elif words[chain[-1]].relation == "agent":
        relations[i] = "obl:agent"
    else:
        relations[i] = "obl" if _is_verbal(words, governor) else "nmod"


def _is_verbal(words: Sequence[Word], i: int) -> bool:
    if words[i].pos:
        return words[i].pos in _VERBAL
    return any(w.head == i and w.relation in _OF_VERBS for j, w in enumerate(words) if j != i)
