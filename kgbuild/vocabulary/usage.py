"""Where the terms of the ontology are used: questions, shapes, checks, and the code that makes claims."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from kgbuild.resources import data_dir, lexicon_dir
from kgbuild.terms import NS, compact
from kgbuild.vocabulary.rows import Row
from kgbuild.vocabulary.terms_in import Term, climb

_IN_SPARQL: Final = re.compile(r"\bkg:([A-Za-z]\w*)|<" + re.escape(NS) + r"([A-Za-z]\w*)>")
_IN_CODE: Final = re.compile(r"\bKG\.([A-Za-z]\w*)|\bkg:([A-Za-z]\w*)")
_CLASS_NAME: Final = re.compile(r"\b[A-Z][A-Za-z]+\b")
_COMMENT: Final = re.compile(r"(?m)^\s*#(?!\+).*$|(?<=\s)#\s.*$")


def used_in(root: Mapping[str, Sequence[Path]]) -> dict[str, frozenset[str]]:
    """Return, for each local name that files use, the places (keys of `root`) that use it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for place, files in root.items():
        for path in files:
            for name in names_in(path):
                found[name].add(place)
    return {name: frozenset(places) for name, places in found.items()}


def names_in(path: Path) -> frozenset[str]:
    """Return the local names of kgbuild's terms in a file; those in comments do not count."""
    text = _COMMENT.sub("", path.read_text(encoding="utf-8"))
    pattern = _IN_SPARQL if path.suffix in {".rq", ".ttl"} else _IN_CODE
    names = {group for match in pattern.finditer(text) for group in match.groups() if group}
    if path.suffix not in {".rq", ".ttl"}:  # code and lexicon speak of classes by name: `kind == "Summit"`
        names |= set(_CLASS_NAME.findall(text))
    return frozenset(names)


def own_places() -> dict[str, tuple[Path, ...]]:
    """Return the files of kgbuild that use terms: questions, checks, shapes, rules and code."""
    queries = data_dir("queries")
    package = lexicon_dir().parent
    apart = {"vocabulary", "reasoning", "_data", "lexicon", "schemas"}
    code = (
        p
        for p in package.rglob("*.py")
        if p.name != "terms.py" and not apart & set(p.relative_to(package).parts)
    )
    return {
        "questions": tuple(sorted(queries.glob("*.rq"))),
        "checks": tuple(sorted((queries / "checks").glob("*.rq"))),
        "shapes": tuple(sorted(data_dir("shapes").rglob("*.ttl"))),
        "rules": tuple(sorted(p for p in lexicon_dir().rglob("*") if p.suffix in {".jsonl", ".json"})),
        "code": tuple(sorted(code)),
    }


def check_usage(terms: Sequence[Term], places: Mapping[str, Sequence[Path]]) -> Iterator[Row]:
    """Yield the terms that nothing uses, and the names in queries and shapes that are no terms.

    A class is used too by the shape of a class above it. What code alone uses is told.
    """
    used = used_in(places)
    above = {t.iri: t.above for t in terms if t.kind == "class"}
    for term in terms:
        where = set(used.get(term.local, ()))
        if any("shapes" in used.get(upper.removeprefix(NS), ()) for upper in climb(term.iri, above)):
            where.add("shapes")
        if not where:
            yield Row(
                compact(term.iri), "(use)", f"in none of {', '.join(places)}", "error", "term-without-use"
            )
        elif where == {"code"}:
            others = ", ".join(p for p in places if p != "code")
            yield Row(compact(term.iri), "(use)", f"in none of {others}", "info", "used-by-code-alone")
    known = {term.local for term in terms}
    for place in ("questions", "checks", "shapes"):
        for path in places.get(place, ()):
            for name in sorted(names_in(path) - known):
                yield Row(f"kg:{name}", "(use)", f"{place}/{path.name}", "error", "use-of-unknown-term")
