"""SPARQL text as tokens: what may run, and where a parameter stands.

The tokens are those of SPARQL 1.1, section 19.8. Text is judged token by token, so a word inside a string, an
IRI or a comment is never taken for a keyword, nor a keyword missed that is written with codepoint escapes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from kgbuild.errors import QueryError

MAX_CHARACTERS: Final = 100_000
MAX_TOKENS: Final = 10_000
#: Groups, keywords and operators. 3,000 OPTIONALs in one query overrun the stack of Oxigraph's parser.
MAX_STEPS: Final = 2_000
#: Brackets within brackets. 3,000 nested groups overrun the stack of Oxigraph's parser.
MAX_NESTING: Final = 100
MAX_IRI: Final = 1_000

_HEX = r"(?:\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})"
_LOCAL = r"(?:[\w:·‿⁀-]|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?#@%-])"
_TOKEN: Final = re.compile(
    rf"""(?P<space>[ \t\r\n]+)
    |(?P<comment>\#[^\r\n]*)
    |(?P<string>\"\"\"(?:\"{{0,2}}(?:[^"\\]|\\.))*\"\"\"|'''(?:'{{0,2}}(?:[^'\\]|\\.))*'''
        |"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
    |(?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|{_HEX})*>)
    |(?P<variable>[?$](?:\w|[·‿⁀])+)
    |(?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    |(?P<blank>_:\w(?:[\w.·‿⁀-]*[\w·‿⁀-])?)
    |(?P<name>(?:[^\W\d](?:[\w.·‿⁀-]*[\w·‿⁀-])?)?:(?:{_LOCAL}(?:(?:{_LOCAL}|\.)*{_LOCAL})?)?)
    |(?P<number>(?:\d*\.\d+|\d+)(?:[eE][+-]?\d+)?)
    |(?P<word>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<mark>\^\^|&&|\|\||!=|<=|>=|[{{}}()\[\].,;=<>!*/+^|?-])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE: Final = re.compile(r"(?<!\\)((?:\\\\)*)(?:\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8}))")
_OPEN: Final = "{(["
_CLOSE: Final = "})]"
_UPDATES: Final = frozenset("INSERT DELETE LOAD CLEAR CREATE DROP COPY MOVE ADD WITH".split())
_FORMS: Final = frozenset("SELECT ASK CONSTRUCT DESCRIBE".split())
_REFUSED: Final = {
    "SERVICE": "queries reach no other machine",
    "LOAD": "queries read no other file",
    "FROM": "all data is in the one graph that is loaded",
}
_NO_GRAPHS: Final = (
    "all data is in one graph; claims lead to their article by kg:evidencedBy and kg:segmentOf"
)
_STRING_ESCAPE: Final = re.compile(r"""\\([tbnrf"'\\])|\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))|\\""")
# `x://` can be nothing but an IRI. Other text between < and > may be a comparison, which Oxigraph finds in
# `FILTER(?a<?b)SERVICE#>`; without these characters both readings end at the same place.
_PLAIN_IRI: Final = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]*://.*|[^'#()\\]*)>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Token:
    """One token of SPARQL text."""

    kind: str  #: string, iri, variable, language, blank, name, number, word or mark
    text: str
    start: int  #: offset in the text after `expand_escapes`, in characters

    def is_word(self, *words: str) -> bool:
        """Return whether it is one of these keywords, in any case."""
        return self.kind == "word" and self.text.upper() in words


def expand_escapes(text: str) -> str:
    r"""Return `text` with the codepoint escapes of letters and digits replaced by what they stand for.

    Escapes of punctuation stay: only strings and IRIs may hold them, and there they are no delimiter.

    >>> expand_escapes(r'\u0053ELECT "\u0022"')
    'SELECT "\\u0022"'
    """

    def expanded(match: re.Match[str]) -> str:
        code = int(match[2] or match[3], 16)
        character = chr(code) if code < 0x110000 else ""
        return match[1] + character if character.isalnum() or character == "_" else match[0]

    return _ESCAPE.sub(expanded, text)


def tokenize(text: str) -> tuple[Token, ...]:
    """Return the tokens of `text`, without white space and comments.

    Raises QueryError, with line and column, where something is no token of SPARQL.
    """
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise QueryError(f"{_place(text, at)}: {text[at : at + 20]!r} is not SPARQL")
        kind = match.lastgroup or ""
        if kind not in ("space", "comment"):
            tokens.append(Token(kind, match[0], at))
        at = match.end()
    return tuple(tokens)


def check_tokens(text: str, *, graphs: bool = False, choice: bool = False) -> tuple[Token, ...]:
    """Return the tokens of `text` if it may run: a query within the limits that reaches for nothing outside.

    `graphs` tells that the data has named graphs, which GRAPH may then ask; `choice` that FROM chooses among
    them. Raises QueryError for text that is too large or too deeply nested, updates, SERVICE and LOAD, and
    for FROM and GRAPH where that is not so.
    """
    if len(text) > MAX_CHARACTERS:
        raise QueryError(f"the query has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read")
    tokens = tokenize(text)
    if len(tokens) > MAX_TOKENS:
        raise QueryError(f"the query has {len(tokens):,} tokens; at most {MAX_TOKENS:,} are read")
    steps = sum(t.kind == "word" or (t.kind == "mark" and t.text not in ".,;()") for t in tokens)
    if steps > MAX_STEPS:
        raise QueryError(f"{steps:,} keywords, groups and operators are in the query; {MAX_STEPS:,} may be")
    _check_nesting(text, tokens)
    _check_form(text, tokens)
    for token in tokens:
        if not (choice and token.is_word("FROM")):
            _check_reach(text, token)
        if token.is_word("GRAPH") and not graphs:
            raise QueryError(f"{_place(text, token.start)}: GRAPH is refused: {_NO_GRAPHS}")
    return tokens


def _check_nesting(text: str, tokens: tuple[Token, ...]) -> None:
    depth = 0
    for token in tokens:
        if token.kind == "mark" and token.text in _OPEN:
            depth += 1
        elif token.kind == "mark" and token.text in _CLOSE:
            depth -= 1
        if depth > MAX_NESTING:
            raise QueryError(f"{_place(text, token.start)}: brackets nest deeper than {MAX_NESTING} levels")


def _check_form(text: str, tokens: tuple[Token, ...]) -> None:
    for token in tokens:
        if token.is_word(*_FORMS):
            return
        if token.is_word(*_UPDATES):
            raise QueryError(
                f"{_place(text, token.start)}: {token.text.upper()} changes data; queries begin with "
                "SELECT, ASK, CONSTRUCT or DESCRIBE"
            )
        if token.kind == "mark" and token.text == "{":
            break
    raise QueryError("no query in the text; queries begin with SELECT, ASK, CONSTRUCT or DESCRIBE")


def _check_reach(text: str, token: Token) -> None:
    place = _place(text, token.start)
    word = token.text.upper() if token.kind == "word" else ""
    # Oxigraph needs no space around keywords: it finds one in `trueSERVICE` and in `SERVICEa:b`.
    if "SERVICE" in word or (token.kind == "name" and "SERVICE" in token.text.partition(":")[0].upper()):
        word = "SERVICE"
    if word in _REFUSED:
        raise QueryError(f"{place}: {word} is refused: {_REFUSED[word]}")
    if token.kind == "iri" and len(token.text) > MAX_IRI:
        raise QueryError(f"{place}: the IRI is longer than {MAX_IRI:,} characters")
    if token.kind == "iri" and (
        _PLAIN_IRI.fullmatch(token.text) is None
        or ("SERVICE" in token.text.upper() and "://" not in token.text)
    ):
        raise QueryError(f"{place}: {token.text} may be an IRI or a comparison; leave spaces around < and >")
    if token.kind == "string":
        _check_escapes(place, token.text)


def _check_escapes(place: str, string: str) -> None:
    """A string that Oxigraph refuses it reads as a shorter one, with SPARQL behind it."""
    for match in _STRING_ESCAPE.finditer(string):
        code = int(match[2] or match[3] or "0", 16)
        known = match[1] is not None or match[2] is not None or match[3] is not None
        if not known or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
            raise QueryError(f"{place}: {match[0]} is no escape in a string")


def _place(text: str, at: int) -> str:
    line = text.count("\n", 0, at) + 1
    return f"line {line}, column {at - (text.rfind(chr(10), 0, at) + 1) + 1}"
