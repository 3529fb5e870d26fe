"""Reports for other programs: JSON, JUnit XML, SARIF 2.1.0, GitHub annotations, GitLab code quality."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from kgbuild.validation.findings import Finding, Location
from kgbuild.validation.report import (
    SEVERITIES,
    ValidationReport,
    compact_node,
    compact_path,
    compact_shape,
    compact_term,
    to_ntriples,
)

_SARIF: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {"Violation": "error", "Warning": "warning", "Info": "note"}
_GITHUB: Final = {"Violation": "error", "Warning": "warning", "Info": "notice"}
_GITLAB: Final = {"Violation": "major", "Warning": "minor", "Info": "info"}
#: Characters that XML 1.0 does not have.
_NO_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Writer = Callable[[ValidationReport, Sequence[Finding], str], str]


def headline(finding: Finding) -> str:
    """Return in one line what was found: node, property, value."""
    r = finding.result
    path = f" {compact_path(r.path)}" if r.path else ""
    value = f" {compact_term(r.value)}" if r.value is not None else ""
    return f"{compact_node(r.focus_node)}{path}{value}"


def to_json(report: ValidationReport, findings: Sequence[Finding], version: str) -> str:
    """Return the report as JSON; such a file is a baseline for later runs."""
    counts = {s.lower(): sum(f.result.severity == s for f in findings) for s in SEVERITIES}
    results = [
        {
            "severity": f.result.severity.lower(),
            "focus_node": f.result.focus_node,
            "path": f.result.path,
            "value": None if f.result.value is None else to_ntriples(f.result.value),
            "message": f.result.message,
            "shape": f.result.source_shape,
            "component": f.result.component,
            "fingerprint": f.fingerprint,
            "location": _place(f.location),
            "sources": [
                {**(_place(s.location) or {}), "quote": s.quote, "iri": s.article} for s in f.sources
            ],
        }
        for f in findings
    ]
    content = {
        "tool": "kgbuild",
        "version": version,
        "conforms": not report.results,
        "counts": counts,
        "results": results,
        "shapes": [
            {"shape": shape, "focus_nodes": count, "results": _count(findings, shape)}
            for shape, count in report.shapes.items()
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _place(location: Location | None) -> dict[str, Any] | None:
    if location is None:
        return None
    return {"file": location.file, "line": location.line, "column": location.column}


def _count(findings: Sequence[Finding], shape: str) -> int:
    return sum(
        f.result.source_shape == shape or f.result.source_shape.startswith(shape + "-") for f in findings
    )


def to_junit(report: ValidationReport, findings: Sequence[Finding], version: str) -> str:
    """Return the report as JUnit XML: a test case for every shape, the passing ones too.

    Violations are a failure, the first one with its place, for most readers show one alone; other results
    stand in system-out, and a shape without focus nodes is skipped.
    """
    by_case: defaultdict[str, list[Finding]] = defaultdict(list)
    for f in findings:
        by_case[f.result.source_shape].append(f)
    names = sorted({*report.shapes, *by_case})
    failed = sum(any(f.result.severity == "Violation" for f in by_case[n]) for n in names)
    skipped = sum(not by_case[n] and report.shapes.get(n) == 0 for n in names)
    totals = f'tests="{len(names)}" failures="{failed}" errors="0" skipped="{skipped}"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="kgbuild {escape(version)}" {totals}>',
        f'<testsuite name="shapes" {totals}>',
    ]
    for name in names:
        bad = [f for f in by_case[name] if f.result.severity == "Violation"]
        rest = [f for f in by_case[name] if f.result.severity != "Violation"]
        place = _case_place(bad[0].location if bad else None)
        lines.append(f'<testcase classname="shapes" name={_attribute(compact_shape(name))}{place}>')
        if bad:
            more = f" and {len(bad) - 1} more" if len(bad) > 1 else ""
            message = _attribute(headline(bad[0]) + more)
            text = _text("\n".join(map(_long, bad)))
            lines.append(f'<failure type="violation" message={message}>{text}</failure>')
        if not by_case[name] and report.shapes.get(name) == 0:
            lines.append('<skipped message="nothing to check"/>')
        if rest:
            lines.append(f"<system-out>{_text(chr(10).join(map(_long, rest)))}</system-out>")
        lines.append("</testcase>")
    return "\n".join([*lines, "</testsuite>", "</testsuites>"]) + "\n"


def _case_place(location: Location | None) -> str:
    if location is None:
        return ""
    line = "" if location.line is None else f' line="{location.line}"'
    return f" file={_attribute(location.file)}{line}"


def _long(f: Finding) -> str:
    place = "" if f.location is None else f" ({_written(f.location)})"
    sources = "".join(f"\n  {_written(s.location)}: “{' '.join(s.quote.split())}”" for s in f.sources)
    return f"{f.result.severity}: {headline(f)}{place}\n  {f.result.message}{sources}"


def _written(location: Location) -> str:
    return ":".join(str(x) for x in (location.file, location.line, location.column) if x is not None)


def _text(text: str) -> str:
    return escape(_NO_XML.sub("\ufffd", text))


def _attribute(text: str) -> str:
    return quoteattr(_NO_XML.sub("\ufffd", text))


def to_sarif(report: ValidationReport, findings: Sequence[Finding], version: str) -> str:
    """Return the report as SARIF 2.1.0 (OASIS); articles are related locations."""
    rules = sorted({f.result.source_shape for f in findings} | set(report.shapes))
    index = {shape: i for i, shape in enumerate(rules)}
    advice = {f.result.source_shape: f.result.message for f in reversed(findings)}
    results = []
    for f in findings:
        r = f.result
        message = f"{headline(f)}: {r.message}"
        result: dict[str, Any] = {
            "ruleId": compact_shape(r.source_shape),
            "ruleIndex": index[r.source_shape],
            "level": _LEVELS[r.severity],
            "message": {"text": message},
            "partialFingerprints": {"kgbuild/1": f.fingerprint},
        }
        if f.location is not None:
            result["locations"] = [_sarif_place(f.location)]
        related = [
            {**_sarif_place(s.location, i), "message": {"text": s.quote}}
            for i, s in enumerate(f.sources)
            if not s.location.file.startswith("http")
        ]
        if related:
            result["relatedLocations"] = related
        results.append(result)
    driver = {
        "name": "kgbuild",
        "version": version,
        "informationUri": "https://w3id.org/kgbuild/ontology",
        "rules": [_sarif_rule(shape, advice.get(shape)) for shape in rules],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    content = {"$schema": _SARIF, "version": "2.1.0", "runs": [run]}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _sarif_rule(shape: str, advice: str | None) -> dict[str, Any]:
    """Return a rule with the texts that GitHub asks for, beyond what SARIF does."""
    name = compact_shape(shape)
    text = {"text": advice or name}
    return {
        "id": name,
        "helpUri": shape,
        "shortDescription": {"text": name},
        "fullDescription": text,
        "help": text,
    }


def _sarif_place(location: Location, number: int | None = None) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(location.file)}}
    if location.line is not None:
        physical["region"] = {"startLine": location.line, "startColumn": location.column or 1}
    return {**({} if number is None else {"id": number}), "physicalLocation": physical}


def _uri(file: str) -> str:
    return re.sub(r"[^\w./~!$&'()*+,;=@:-]", lambda m: "".join(f"%{b:02X}" for b in m[0].encode()), file)


def to_github(_report: ValidationReport, findings: Sequence[Finding], _version: str) -> str:
    """Return workflow commands of GitHub Actions, one line a finding."""
    lines = []
    for f in findings:
        place = f.location
        parts = [] if place is None else [f"file={_property(place.file)}"]
        if place is not None and place.line is not None:
            parts += [f"line={place.line}", f"col={place.column or 1}"]
        parts.append(f"title={_property(compact_shape(f.result.source_shape))}")
        quotes = "".join(f" – “{' '.join(s.quote.split())}” ({_written(s.location)})" for s in f.sources[:1])
        message = _message(f"{headline(f)}: {f.result.message}{quotes}")
        lines.append(f"::{_GITHUB[f.result.severity]} {','.join(parts)}::{message}\n")
    return "".join(lines)


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def to_gitlab(_report: ValidationReport, findings: Sequence[Finding], _version: str) -> str:
    """Return a GitLab code quality report."""
    content = [
        {
            "description": f"{headline(f)}: {f.result.message}",
            "check_name": compact_shape(f.result.source_shape),
            "fingerprint": f.fingerprint,
            "severity": _GITLAB[f.result.severity],
            "location": {
                "path": f.location.file if f.location else "graph",
                "lines": {"begin": (f.location.line if f.location else None) or 1},
            },
        }
        for f in findings
    ]
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


WRITERS: Final[Mapping[str, Writer]] = {
    "json": to_json, "junit": to_junit, "sarif": to_sarif, "github": to_github, "gitlab": to_gitlab,
}  # fmt: skip
