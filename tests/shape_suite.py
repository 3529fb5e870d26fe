"""The examples of tests/shapes as a suite of W3C-style manifests, which any SHACL tool can run.

    python tests/shape_suite.py

writes it anew from the shapes, the ontology and the "# expect:" lines of the examples. A manifest says what
the W3C suite says: data graph, shapes graph and the report that is due. The results come from the set engine;
tests/test_shape_suite.py has pySHACL run the suite, from the manifests alone.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kgbuild.model import Literal
from kgbuild.rdf_files import literals_as_written, read_keys
from kgbuild.resources import data_dir
from kgbuild.terms import NS, RDF_TYPE, RDFS
from kgbuild.validation.engine import class_hierarchy
from kgbuild.validation.report import SH, SHAPES, ValidationResult, path_to_turtle, to_ntriples
from kgbuild.validation.sets import CodedGraph, run
from kgbuild.validation.shapes import load_shapes

SUITE: Final = Path(__file__).resolve().parent / "shapes"
MANIFEST: Final = "manifest.ttl"
#: All shapes in one graph, for tools that take one file.
SHAPES_FILE: Final = "all-shapes.ttl"
MARK: Final = "# Classes above those of this example; SHACL reads them in the data graph.\n"
_PREFIX: Final = re.compile(r"^@prefix (\S*) <(\S*)> \.\n", re.MULTILINE)
_PREFIXES: Final = {
    "kg:": NS,
    "mf:": "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#",
    "rdfs:": RDFS,
    "sh:": SH,
    "shape:": SHAPES,
    "sht:": "http://www.w3.org/ns/shacl-test#",
}


def examples() -> list[Path]:
    """Return the data graphs of all examples, in order."""
    return sorted(SUITE.glob("*/*-*.ttl"))


def suite() -> dict[Path, str]:
    """Return the content of every file that is generated, or that ends in a generated part."""
    files = {SUITE / SHAPES_FILE: _all_shapes()}
    shapes = load_shapes()
    by_folder: dict[Path, list[str]] = {}
    for path in examples():
        files[path] = _with_classes(path)
        by_folder.setdefault(path.parent, []).append(_entry(path, run(_data(path), shapes)))
    for folder, entries in by_folder.items():
        files[folder / MANIFEST] = _manifest(folder.name, "mf:entries", _names(folder), entries)
    included = [f"<{folder.name}/{MANIFEST}>" for folder in by_folder]
    files[SUITE / MANIFEST] = _manifest("All shapes", "mf:include", included, [])
    return files


def _data(path: Path) -> CodedGraph:
    data = CodedGraph.from_triples(read_keys([path]))
    for triple in class_hierarchy():
        data.add(*triple)
    return data


def _all_shapes() -> str:
    prefixes: dict[str, str] = {}
    bodies = []
    for path in sorted(data_dir("shapes").glob("*/*.ttl")):
        text = path.read_text("utf-8")
        for name, iri in _PREFIX.findall(text):
            if prefixes.setdefault(name, iri) != iri:
                raise ValueError(f"{path}: {name} means {iri} here and {prefixes[name]} elsewhere")
        bodies.append(_PREFIX.sub("", text).strip())
    head = [f"@prefix {name} <{prefixes[name]}> ." for name in sorted(prefixes)]
    made = "# All files of shapes/ in one, made by tests/shape_suite.py; edit those."
    return "\n\n".join([made, "\n".join(head), *bodies]) + "\n"


def _with_classes(path: Path) -> str:
    """Return the example with the classes above its own, so that it needs no ontology beside it."""
    above: dict[str, set[str]] = {}
    for lower, _, upper in class_hierarchy():
        above.setdefault(lower, set()).add(upper)
    todo = {str(o) for _, p, o in read_keys([path]) if p == RDF_TYPE}
    own = path.read_text("utf-8").partition(MARK)[0].rstrip("\n") + "\n"
    below = "rdfs:subClassOf" if "@prefix rdfs:" in own else f"<{RDFS}subClassOf>"
    lines, seen = set(), set()
    while todo:
        lower = todo.pop()
        seen.add(lower)
        for upper in above.get(lower, ()):
            lines.add(f"{_short(lower)} {below} {_short(upper)} .\n")
            todo |= {upper} - seen
    return own + (("\n" + MARK + "".join(sorted(lines))) if lines else "")


def _short(iri: str) -> str:
    return "kg:" + iri.removeprefix(NS) if iri.startswith(NS) else f"<{iri}>"


def _names(folder: Path) -> list[str]:
    return [f"<#{path.stem}>" for path in examples() if path.parent == folder]


def _manifest(label: str, links: str, to: list[str], entries: list[str]) -> str:
    head = "\n".join(f"@prefix {name} <{iri}> ." for name, iri in _PREFIXES.items())
    listed = "".join(f"\n        {item}" for item in to)
    top = f'<> a mf:Manifest ;\n    rdfs:label "{label}" ;\n    {links} ({listed}\n    ) .'
    return "\n\n".join(["# Made by tests/shape_suite.py.", head, top, *entries]) + "\n"


def _entry(path: Path, results: list[ValidationResult]) -> str:
    ordered = sorted(set(results), key=lambda r: r.sort_key)
    report = ["a sh:ValidationReport", f"sh:conforms {'false' if ordered else 'true'}"]
    report += [f"sh:result [\n            {_result(r)}\n        ]" for r in ordered]
    told = " ;\n        ".join(report)
    return (
        f"<#{path.stem}> a sht:Validate ;\n"
        f'    rdfs:label "{path.stem.replace("-", " ")}" ;\n'
        f"    mf:action [ sht:dataGraph <{path.name}> ; sht:shapesGraph <../{SHAPES_FILE}> ] ;\n"
        f"    mf:result [\n        {told}\n    ] ;\n"
        "    mf:status sht:approved ."
    )


def _result(result: ValidationResult) -> str:
    rows = ["a sh:ValidationResult", f"sh:focusNode {_node(result.focus_node)}"]
    if result.path:
        rows.append(f"sh:resultPath {path_to_turtle(result.path)}")
    rows.append(f"sh:resultSeverity sh:{result.severity}")
    rows.append(f"sh:sourceConstraintComponent sh:{result.component.removeprefix(SH)}")
    rows.append(f"sh:sourceShape shape:{result.source_shape.removeprefix(SHAPES)}")
    if result.value is not None:
        text = to_ntriples(result.value) if isinstance(result.value, Literal) else _node(result.value)
        rows.append(f"sh:value {text}")
    return " ;\n            ".join(rows)


def _node(node: str) -> str:
    return "[]" if node.startswith("_:") else to_ntriples(node)


def stale() -> Iterator[Path]:
    """Yield the files that are not what `suite` makes."""
    with literals_as_written():
        for path, content in suite().items():
            if not path.is_file() or path.read_text("utf-8") != content:
                yield path


def main() -> int:
    """Write what has changed; the exit status."""
    with literals_as_written():
        changed = {p: text for p, text in suite().items() if not p.is_file() or p.read_text("utf-8") != text}
    for path, content in changed.items():
        path.write_text(content, "utf-8")
    sys.stdout.write(f"{len(changed)} files written in {SUITE}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
