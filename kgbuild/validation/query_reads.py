"""Which properties the answer to a SPARQL question depends on: it is asked again only when they change."""

from __future__ import annotations

import re
from typing import Final

from kgbuild.terms import RDF_TYPE

_PREFIX: Final = re.compile(r"(?i)\bPREFIX\s+([\w-]*):\s*<([^<>\s]*)>")
_TOKEN: Final = re.compile(
    r"""(?P<skip>\s+|\#[^\n]*)|(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|<(?P<iri>[^<>\s]*)>
    |(?P<variable>[?$]\w+)|(?P<name>[\w-]*:[\w-]*)|(?P<word>\w+)|(?P<mark>!=|.)""",
    re.VERBOSE,
)
_LISTS: Final = frozenset(("word", word) for word in ("SELECT", "DISTINCT", "BY"))
_TERMS: Final = frozenset({"text", "iri", "variable", "name"})
#: Paths of no step reach every node, and paths of other properties than those named any property.
_ANY: Final = frozenset("*?!")


def properties_read(query: str) -> frozenset[str] | None:
    """Return the IRIs of all properties that an answer depends on, and of other terms; None for any property.

    `query` is SPARQL that Oxigraph takes. A property is a variable where one stands between two terms.

    >>> sorted(properties_read("SELECT ?s WHERE { ?s <urn:a>/<urn:b> <urn:c> }"))
    ['urn:a', 'urn:b', 'urn:c']
    >>> properties_read("SELECT ?s WHERE { ?s a <urn:c> ; ?p ?o }") is None
    True
    """
    prologue, _, body = query.partition("{")
    prefixes = dict(_PREFIX.findall(prologue))
    found: set[str] = set()
    before = last = ("mark", "{")  # the two tokens before this one
    for match in _TOKEN.finditer(body):
        kind, text = match.lastgroup or "skip", match[match.lastgroup or 0]
        if kind == "skip":
            continue
        if kind == "variable" and last in _LISTS:
            continue  # columns, or what rows are grouped by
        if kind == "mark" and text in _ANY:
            return None
        if kind in _TERMS and last[0] == "variable" and (before[0] in _TERMS or before[1] == ";"):
            return None
        if kind == "iri":
            found.add(text)
        elif kind == "name":
            prefix, _, local = text.partition(":")
            found.add(prefixes.get(prefix, prefix + ":") + local)
        elif text == "a":
            found.add(RDF_TYPE)
        before, last = last, (kind, text)
    return frozenset(found)
