"""Dependency trees: CLEAR labels read as Universal Dependencies, and UD left as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgbuild.extract.trees import Word, universal

#: text, then "word/head/label" for each word as a CLEAR parser gives it, then "head/relation[/case]" in UD.
CASES = {
    "passive": (
        "Licenses/2/nsubjpass were/2/auxpass granted/2/ROOT to/2/dative Acme/3/pobj by/2/agent China/5/pobj",
        "2/nsubj:pass 2/aux:pass -1/root 4/case 2/obl/to 6/case 2/obl:agent/by",
    ),
    "active with two objects": (
        "China/1/nsubj gave/1/ROOT Acme/1/dative a/4/det license/1/dobj",
        "1/nsubj -1/root 1/iobj 4/det 1/obj",
    ),
    "noun with a preposition": (
        "Acme/1/nsubj won/1/ROOT licenses/1/dobj for/2/prep magnets/3/pobj",
        "1/nsubj -1/root 1/obj 4/case 2/nmod/for",
    ),
    "copula with a noun": (
        "Acme/1/nsubj is/1/ROOT the/3/det holder/1/attr of/3/prep it/4/pobj",
        "3/nsubj 3/cop 3/det -1/root 5/case 3/nmod/of",
    ),
    "copula with an adjective": ("It/1/nsubj was/1/ROOT pending/1/acomp", "2/nsubj 2/cop -1/root"),
    "chain of conjuncts": (
        "A/5/nsubj ,/0/punct B/0/conj and/2/cc C/2/conj won/5/ROOT",
        "5/nsubj 0/punct 0/conj 2/cc 0/conj -1/root",
    ),
    "relative clause": (
        "firm/0/ROOT that/2/nsubj won/0/relcl approval/2/dobj",
        "-1/root 2/nsubj 0/acl:relcl 2/obj",
    ),
    "two prepositions in a chain": (
        "They/1/nsubj came/1/ROOT out/1/prep of/2/prep China/3/pobj",
        "1/nsubj -1/root 4/case 4/case 1/obl/out of",
    ),
    "negation, particle, possessor": (
        "Its/1/poss maker/5/nsubj did/5/aux not/5/neg not/5/neg hand/5/ROOT over/5/prt it/5/dobj",
        "1/nmod:poss 5/nsubj 5/aux 5/advmod 5/advmod -1/root 5/compound:prt 5/obj",
    ),
    "clause behind a preposition": (
        "waited/0/ROOT after/0/prep applying/1/pcomp",
        "-1/root 2/case 0/advcl/after",
    ),
    "already UD": (
        "Licenses/2/nsubj:pass were/2/aux:pass granted/2/root to/4/case Acme/2/obl",
        "2/nsubj:pass 2/aux:pass -1/root 4/case 2/obl/to",
    ),
}


def _words(written: str) -> list[Word]:
    out = []
    for part in written.split():
        text, head, label = part.split("/")
        out.append(Word(text, int(head), label))
    return out


@pytest.mark.parametrize("name", CASES)
def test_labels_are_read_as_universal_dependencies(name: str) -> None:
    clear, expected = CASES[name]
    nodes = universal(_words(clear))
    shown = [f"{n.head}/{n.relation}" + (f"/{n.case}" if n.case else "") for n in nodes]
    assert " ".join(shown) == expected


def test_the_cases_are_all_there() -> None:
    assert len(CASES) >= 11


LABELS = ["nsubj", "dobj", "prep", "pobj", "conj", "attr", "agent", "dative", "acl", "relcl", "pcomp", "case"]


@given(
    st.integers(1, 9).flatmap(
        lambda n: st.lists(st.tuples(st.integers(0, n - 1), st.sampled_from(LABELS)), min_size=n, max_size=n)
    )
)
def test_no_tree_however_odd_loses_a_word_or_points_outside(given_tree: list[tuple[int, str]]) -> None:
    words = [Word(f"w{i}", head, label) for i, (head, label) in enumerate(given_tree)]
    nodes = universal(words)
    assert len(nodes) == len(words)
    assert all(-1 <= node.head < len(words) for node in nodes)
