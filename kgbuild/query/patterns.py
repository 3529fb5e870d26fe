"""Triple patterns of SPARQL text, as the statements that a row of its answer may rest on.

Only what is plainly a triple is taken: a subject, an IRI as predicate, an object, with `;` and `,` between.
Property paths, blank nodes and whatever else stands there are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from kgbuild.query.tokens import Token
from kgbuild.terms import PREFIXES, RDF_TYPE

_ENDS: Final = frozenset(".{}")


def triple_patterns(tokens: Sequence[Token]) -> tuple[tuple[str, str, str], ...]:
    """Return the triple patterns between braces, in order, without repetition; IRIs in angle brackets."""
    prefixes = {**PREFIXES, **_declared(tokens)}
    found: dict[tuple[str, str, str], None] = {}
    part: list[Token] = []
    depth = 0
    for token in tokens:
        depth += (token.text == "{") - (token.text == "}")
        if token.kind == "mark" and token.text in _ENDS:
            found.update(dict.fromkeys(_triples(part, prefixes)))
            part = []
        elif depth:
            part.append(token)
    return tuple(found)


def _declared(tokens: Sequence[Token]) -> dict[str, str]:
    return {
        name.text[:-1]: iri.text[1:-1]
        for word, name, iri in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if word.is_word("PREFIX") and name.kind == "name" and iri.kind == "iri"
    }


def _triples(part: Sequence[Token], prefixes: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    subject = predicate = ""
    rest = list(part)
    while rest:
        if not subject and (len(rest) < 3 or not (subject := _term(rest.pop(0), prefixes))):
            return
        if not predicate:
            predicate = _term(rest.pop(0), prefixes)
            if not predicate.startswith("<") or not rest:
                return
        value = _term(rest.pop(0), prefixes)
        if rest and rest[0].text not in {";", ","}:
            return
        if value:
            yield subject, predicate, value
        if rest and rest.pop(0).text == ";":
            predicate = ""


def _term(token: Token, prefixes: Mapping[str, str]) -> str:
    """Return a variable, or an IRI in angle brackets; "" for anything else."""
    if token.kind == "variable":
        return "?" + token.text[1:]
    if token.kind == "iri":
        return token.text
    if token.kind == "word" and token.text == "a":
        return f"<{RDF_TYPE}>"
    prefix, _, local = token.text.partition(":")
    return f"<{prefixes[prefix]}{local}>" if token.kind == "name" and prefix in prefixes else ""
