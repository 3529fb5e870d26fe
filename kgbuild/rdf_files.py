"""RDF files of any syntax as one rdflib graph or as plain keys, with errors that name file and line.

rdflib by itself reads only the default graph of N-Quads, rewrites literals, fetches JSON-LD
contexts from the network and expands the entities of a DTD; none of that happens here.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias
from xml.parsers.expat import ErrorString, ExpatError, ParserCreate
from xml.sax import SAXParseException

import pyoxigraph as ox
import rdflib
from rdflib import Dataset, Graph
from rdflib.exceptions import ParserError
from rdflib.plugins.parsers.notation3 import BadSyntax

from kgbuild.errors import GraphError
from kgbuild.nesting import is_deep, is_deep_document

#: Suffix of a file name -> rdflib's name of the syntax.
SYNTAXES: Final = {
    ".ttl": "turtle",
    ".trig": "trig",
    ".nt": "nt",
    ".nq": "nquads",
    ".jsonld": "json-ld",
    ".rdf": "xml",
    ".owl": "xml",
}
_PARSERS: Final = {
    "turtle": ox.RdfFormat.TURTLE, "trig": ox.RdfFormat.TRIG, "nt": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS, "json-ld": ox.RdfFormat.JSON_LD, "xml": ox.RdfFormat.RDF_XML,
}  # fmt: skip
#: An IRI, "_:" and the name of a blank node, or (lexical form, datatype IRI, language tag) of a literal.
Key: TypeAlias = str | tuple[str, str, str]
Store: TypeAlias = ox.Store
#: Quads that go into a store at once.
_CHUNK: Final = 100_000
_BEGINNING: Final = 20_000
_LINE_SYNTAXES: Final = ("nt", "nquads")
_WITH_GRAPHS: Final = ("trig", "nquads", "json-ld")


def read_graph(files: Sequence[Path]) -> Graph:
    """Return all triples of `files` in one graph; names of graphs are dropped, literals stay as written.

    Raises GraphError when a file is missing, empty, no text in UTF-8 or not well-formed; the
    message has file and line. RDF/XML with a DTD and JSON-LD with a remote context are refused.
    """
    graph = Graph()
    for path in files:
        syntax = SYNTAXES.get(path.suffix.lower())
        if syntax is None:
            raise GraphError(f"{path}: unknown kind of file; kgbuild reads {', '.join(sorted(SYNTAXES))}")
        text = _read_text(path)
        _refuse_outside_references(path, text, syntax)
        before = len(graph)
        with literals_as_written():
            _parse(path, text, syntax, graph)
        if len(graph) == before and not _repeats(path, text, syntax, graph):
            raise GraphError(f"{path}: holds no triples; a graph of kgbuild has at least one article")
    return graph


def read_keys(files: Sequence[Path], store: Store | None = None) -> Iterator[tuple[Key, str, Key]]:
    """Yield the triples of `files` as keys, each file's in its order; a triple may come twice.

    Many times faster than `read_graph`, and as strict. Blank nodes are numbered in their order. A `store`
    gets the same triples into its default graph, with the same names of blank nodes, when a file has been
    gone through. Raises GraphError as `read_graph` does, with line and column of what is not well-formed.
    """
    blanks: dict[tuple[int, str], str] = {}
    for number, path in enumerate(files):
        syntax = SYNTAXES.get(path.suffix.lower())
        if syntax is None:
            raise GraphError(f"{path}: unknown kind of file; kgbuild reads {', '.join(sorted(SYNTAXES))}")
        text = _read_text(path)
        _refuse_outside_references(path, text, syntax)
        found = False
        graphs = syntax in _WITH_GRAPHS
        quads: list[ox.Quad] = []
        try:
            for quad in ox.parse(text.encode(), format=_PARSERS[syntax], base_iri=path.resolve().as_uri()):
                found = True
                subject, value = (_key(t, number, blanks) for t in (quad.subject, quad.object))
                yield subject, quad.predicate.value, value
                if store is not None:
                    plain = not graphs and subject[:2] != "_:" and value[:2] != "_:"
                    quads.append(quad if plain else _flat(quad, subject, value))
                    if len(quads) == _CHUNK:
                        store.bulk_extend(quads)
                        quads.clear()
        except SyntaxError as err:
            if not err.lineno:  # of XML rdflib tells the line
                _parse(path, text, syntax, Graph())
            at = f", line {err.lineno}, column {err.offset}" if err.lineno else ""
            raise GraphError(f"{path}{at}: bad syntax: {_short(err.msg or str(err))}") from err
        except (ValueError, RecursionError) as err:
            raise GraphError(f"{path}: not well-formed: {_short(str(err))}") from err
        except MemoryError as err:  # of the parser, which holds no more than 16 MB of one term
            raise GraphError(
                f"{path}: one name or text in it is longer than 16 MB; this is no graph"
            ) from err
        if not found:
            raise GraphError(f"{path}: holds no triples; a graph of kgbuild has at least one article")
        if store is not None:
            store.bulk_extend(quads)


def read_store(files: Sequence[Path]) -> Store:
    """Return a store in memory with what `read_keys` reads, all in its default graph. Raises as it does."""
    store = Store()
    for _ in read_keys(files, store):
        pass
    return store


def _flat(quad: ox.Quad, subject: Key, value: Key) -> ox.Quad:
    """Return a quad in the default graph, its blank nodes named as their keys are."""
    blank = [isinstance(key, str) and key.startswith("_:") for key in (subject, value)]
    first = ox.BlankNode(str(subject)[2:]) if blank[0] else quad.subject
    last = ox.BlankNode(str(value)[2:]) if blank[1] else quad.object
    return ox.Quad(first, quad.predicate, last, ox.DefaultGraph())


def turtle_keys(text: str) -> Iterator[tuple[Key, str, Key]]:
    """Yield the triples of Turtle in memory, as `read_keys` does. Raises GraphError without a place."""
    blanks: dict[tuple[int, str], str] = {}
    try:
        for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE):
            yield _key(quad.subject, 0, blanks), quad.predicate.value, _key(quad.object, 0, blanks)
    except (SyntaxError, ValueError) as err:
        raise GraphError(f"bad syntax: {_short(str(err))}") from err


def _key(term: object, number: int, blanks: dict[tuple[int, str], str]) -> Key:
    if isinstance(term, ox.NamedNode):
        return term.value
    if isinstance(term, ox.Literal):
        return (term.value, term.datatype.value, term.language or "")
    if isinstance(term, ox.BlankNode):
        return blanks.setdefault((number, term.value), f"_:b{len(blanks)}")
    raise ValueError("a triple inside a triple, which kgbuild does not read")


def _short(message: str) -> str:
    """Return a parser's complaint on one line, without a long excerpt of the file."""
    line = re.sub(
        r"^Parser error at line \d+ (?:between columns? \d+ and (?:line \d+ column )?\d+|column \d+): ",
        "",
        " ".join(message.split()),
    )
    return line if len(line) <= 160 else line[:158] + " …"


@contextmanager
def literals_as_written() -> Iterator[None]:
    """Keep rdflib from rewriting literals ("1.50" to "1.5") and logging a traceback for ill-typed ones."""
    before = rdflib.NORMALIZE_LITERALS
    logger = logging.getLogger("rdflib.term")
    quiet = logger.disabled
    rdflib.NORMALIZE_LITERALS = False
    logger.disabled = True
    try:
        yield
    finally:
        rdflib.NORMALIZE_LITERALS = before
        logger.disabled = quiet


def _read_text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except FileNotFoundError as err:
        raise GraphError(f"{path}: no such file") from err
    except OSError as err:
        raise GraphError(f"{path}: cannot be read: {err.strerror}") from err
    if not raw.strip():
        raise GraphError(f"{path}: is empty")
    if b"\0" in raw:
        raise GraphError(f"{path}: is a binary file or not UTF-8; kgbuild reads text in UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        line = raw.count(b"\n", 0, err.start) + 1
        raise GraphError(f"{path}, line {line}: is no text in UTF-8; convert it to UTF-8") from err


def _refuse_outside_references(path: Path, text: str, syntax: str) -> None:
    """Raise GraphError where parsing would expand entities, open an address or go too deep."""
    if syntax == "xml":
        if match := re.search(r"<!(?:DOCTYPE|ENTITY)", text, re.IGNORECASE):
            line = text.count("\n", 0, match.start()) + 1
            raise GraphError(f"{path}, line {line}: RDF/XML with a DTD is refused; write it without entities")
    elif syntax == "json-ld":
        document = _json(path, text)
        if is_deep_document(document):
            raise GraphError(f"{path}: nested too deeply")
        if address := next(_remote_contexts(document), None):
            raise GraphError(f"{path}: the context {address!r} lies outside the file; write it into the file")
    if syntax != "json-ld" and is_deep(text, syntax):
        raise GraphError(f"{path}{_first_fault(text[:_BEGINNING], syntax) or ': nested too deeply'}")


def _json(path: Path, text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as err:
        raise GraphError(f"{path}, line {err.lineno}: not JSON: {err.msg}") from err
    except RecursionError as err:
        raise GraphError(f"{path}: nested too deeply") from err


def _first_fault(begin: str, syntax: str) -> str:
    """Return place and reason of a fault in the beginning of a file; "" where its being cut is the reason."""
    try:
        if syntax == "xml":
            ParserCreate().Parse(begin, False)
        else:
            for _ in ox.parse(begin.encode(), format=_PARSERS[syntax], base_iri="urn:x:"):
                pass
    except ExpatError as err:
        return f", line {err.lineno}, column {err.offset + 1}: not XML: {ErrorString(err.code)}"
    except SyntaxError as err:
        if err.lineno and err.offset and (err.lineno, err.offset) < (begin.count("\n") + 1, len(begin) // 2):
            return f", line {err.lineno}, column {err.offset}: bad syntax: {_short(err.msg or str(err))}"
    return ""


def _remote_contexts(document: object) -> Iterator[str]:
    todo: list[tuple[object, bool]] = [(document, False)]
    while todo:
        value, in_context = todo.pop()
        if isinstance(value, list):
            todo.extend((item, in_context) for item in value)
        elif isinstance(value, dict):
            for key, item in value.items():
                if key == "@import":
                    yield str(item)
                todo.append((item, key == "@context"))
        elif in_context and isinstance(value, str):
            yield value


def _parse(path: Path, text: str, syntax: str, graph: Graph) -> None:
    target = Dataset(default_union=True) if syntax in _WITH_GRAPHS else graph
    try:
        target.parse(data=text, format=syntax, publicID=path.resolve().as_uri())
    except BadSyntax as err:
        raise GraphError(f"{path}, line {err.lines + 1}: {_reason(err)}") from err
    except SAXParseException as err:
        raise GraphError(f"{path}, line {err.getLineNumber()}: not XML: {err.getMessage()}") from err
    except ParserError as err:
        at = f", line {_bad_line(text, syntax)}" if syntax in _LINE_SYNTAXES else ""
        raise GraphError(f"{path}{at}: {_reason(err)}") from err
    except RecursionError as err:
        raise GraphError(f"{path}: nested too deeply") from err
    except IndexError as err:  # rdflib reads on after the last character
        end = text.rstrip().count("\n") + 1
        raise GraphError(f"{path}, line {end}: ends in the middle of a statement") from err
    except (ValueError, KeyError, TypeError, AssertionError) as err:  # what rdflib's parsers let through
        raise GraphError(f"{path}: not well-formed: {err}") from err
    if isinstance(target, Dataset):
        for subject, predicate, value, _ in target.quads():
            graph.add((subject, predicate, value))


def _reason(err: Exception) -> str:
    """Return what is wrong, without rdflib's excerpt of the file."""
    if isinstance(err, BadSyntax):
        found = re.search(r"Bad syntax \((.*)\) at \^", str(err), re.DOTALL)
        return f"bad syntax: {found[1]}" if found else "bad syntax"
    return " ".join(str(err).split())


def _bad_line(text: str, syntax: str) -> int:
    """Return the number of the first line that does not parse by itself."""
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        try:
            Dataset().parse(data=line + "\n", format=syntax)
        except ParserError:
            return number
    return len(lines)


def _repeats(path: Path, text: str, syntax: str, graph: Graph) -> bool:
    """Return whether the file holds triples, all of which earlier files have too."""
    alone = Graph()
    _parse(path, text, syntax, alone)
    return len(alone) > 0 and all(triple in graph for triple in alone)
