"""The command `reason` and the group `ontology`: what follows, what cannot be, how the terms are kept."""

# ruff: noqa: D301, PLC0415 - click wants a real backspace before examples; --help must not load rdflib
from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kgbuild.cli.showing import send
from kgbuild.cli.store import settle_earlier
from kgbuild.errors import OutputError

if TYPE_CHECKING:  # heavy: loaded by the command that needs it
    from kgbuild.reasoning import Closure, Explanation, Statement
    from kgbuild.validation import Finding, Location
    from kgbuild.validation.sets import CodedGraph
    from kgbuild.vocabulary import Row

_PATH: Final = click.Path(path_type=Path)
_CLOSURES: Final = (".ttl", ".nt", ".trig", ".nq")


@click.command()
@click.argument("file", type=_PATH, required=False)
@click.option(
    "--timeout", type=click.FloatRange(min=1), default=120, show_default=True, help="Seconds, for each step."
)
@click.option("--profile", is_flag=True, help="Also check that all is OWL 2 DL; needs kgbuild[profile].")
@click.option("--explain", is_flag=True, help="Where inconsistent: a few facts and axioms that are so.")
@click.option(
    "--closure", type=_PATH, help="Write what follows by OWL 2 RL to this file (.ttl .nt .trig .nq)."
)
@click.option(
    "-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def reason(
    file: Path | None, timeout: float, closure: Path | None, form: str, *, profile: bool, explain: bool
) -> None:
    """Check with HermiT that the ontology and the facts of FILE (RDF, or an output folder) can all be true.

    Exit status: 0 they can; 1 they cannot, or a class can have no member, or the profile is left; 2 anything
    else.

    \b
    kgbuild reason out/
    kgbuild reason out/ --explain
    kgbuild reason graph.ttl --profile --closure inferred.ttl
    """
    if closure is not None and closure.suffix not in _CLOSURES:
        raise click.UsageError(
            f"--closure {closure}: the name of the file ends in one of {' '.join(_CLOSURES)}"
        )
    settle_earlier(file)
    graph = file / "graph.ttl" if file is not None and file.is_dir() else file
    texts = file if file is not None and file.is_dir() and (file / "manifest.json").is_file() else None
    shown = _Shown()
    fits = _show_profile(shown, graph, timeout) if profile else True
    sound = fits and _show_consistency(shown, graph, texts, timeout, explain=explain)
    if closure is not None and shown.told.get("consistent"):
        _show_closure(shown, graph, closure)
    elif closure is not None and fits:
        shown.lines.append(
            f"no closure: from what is inconsistent anything follows; {closure} is not written"
        )
    send(_as_json(shown.told) if form == "json" else "\n".join(shown.lines) + "\n", None)
    if not sound:
        sys.exit(1)


@dataclass(slots=True)
class _Shown:
    """What was found, for people and for programs."""

    lines: list[str] = field(default_factory=list)
    told: dict[str, Any] = field(default_factory=dict)


def _show_profile(shown: _Shown, graph: Path | None, timeout: float) -> bool:
    """Add what OWL 2 DL does not allow; return whether it allows everything."""
    from kgbuild.reasoning import check_profile

    beyond = check_profile(graph, timeout=timeout)
    shown.told["profile"] = [v.text for v in beyond]
    if not beyond:
        shown.lines.append("profile: OWL 2 DL")
        return True
    shown.lines += [f"not in OWL 2 {v.profile}: {v.text}" for v in beyond]
    shown.lines.append("consistency is not checked: HermiT decides it for OWL 2 DL only")
    return False


def _show_consistency(
    shown: _Shown, graph: Path | None, texts: Path | None, timeout: float, *, explain: bool
) -> bool:
    """Add what HermiT says; return whether all is consistent and no class is empty."""
    from kgbuild import reasoning

    report = reasoning.check_consistency(graph, timeout=timeout)
    shown.lines.append(report.message)
    shown.told |= {
        "consistent": report.consistent,
        "unsatisfiable": list(report.unsatisfiable),
        "message": report.message,
    }
    if explain and not report.consistent:
        why = reasoning.explain_contradiction(graph, timeout=timeout)
        if why is not None:
            shown.told["explanation"] = _add_explanation(shown.lines, why, graph, texts)
    elif explain:
        for iri in report.unsatisfiable:
            why = reasoning.explain_empty_class(iri, graph, timeout=timeout)
            if why is not None:
                shown.told.setdefault("empty", {})[iri] = _add_explanation(shown.lines, why, graph, texts)
    return report.consistent and not report.unsatisfiable


def _show_closure(shown: _Shown, graph: Path | None, out: Path) -> None:
    from kgbuild.reasoning import close_files

    found = close_files(graph)
    _write_closure(found, out)
    shown.told["closure"] = {"file": str(out), "triples": len(found.triples), "same": list(found.same)}
    shown.lines.append(f"closure: {len(found.triples)} new triples by {found.rules} rules in {out}")
    shown.lines += [f"may be one thing: {pair}" for pair in found.same]
    shown.lines += [f"no rule: {axiom}" for axiom in found.beyond]


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _write_closure(found: Closure, out: Path) -> None:
    from kgbuild import turtle
    from kgbuild.reasoning.closure import INFERRED

    comment = "What follows from graph, vocabulary and reference data by the rules of OWL 2 RL."
    if out.suffix == ".ttl":
        text = turtle.to_turtle(found.triples, comment=comment)
    elif out.suffix == ".nt":
        text = turtle.to_ntriples(found.triples)
    elif out.suffix == ".trig":
        text = turtle.to_trig((), {INFERRED: found.triples}, comment=comment)
    else:
        text = turtle.to_nquads((), {INFERRED: found.triples})
    try:
        out.write_text(text, encoding="utf-8", newline="\n")
    except OSError as err:
        raise OutputError(f"{out}: cannot be written: {err.strerror}") from err


# ---- explanations


def _add_explanation(
    lines: list[str], why: Explanation, graph: Path | None, texts: Path | None
) -> dict[str, Any]:
    """Add lines for people, and return the same for programs."""
    facts = _placed(why.facts, graph, texts)
    axioms = _placed(why.axioms, None, None)
    count = f"{_number(len(facts), 'fact')} and {_number(len(axioms), 'axiom')}"
    if why.minimal:
        lines.append(f"\nThese {count} cannot all be true; without any one of them the others can.")
    else:
        limit = "the search ended at its limit, so some of them may not be needed"
        lines.append(f"\nThese {count} cannot all be true; {limit} (--timeout).")
    for statement, (found, told) in zip(why.facts, facts, strict=True):
        lines.append(f"  {statement.text}{_at(found.location if found else None)}")
        about = "" if told else "no article says so; of the same thing: "
        for source in found.sources if found else ():
            lines.append(f"    {about}“{' '.join(source.quote.split())}” {_place(source.location)}")
    for statement, (found, _) in zip(why.axioms, axioms, strict=True):
        lines.append(f"  {statement.words} ({statement.text}){_at(found.location if found else None)}")
    return {
        "minimal": why.minimal,
        "trials": why.trials,
        "facts": [_fact_record(s, f, told) for s, (f, told) in zip(why.facts, facts, strict=True)],
        "axioms": [
            {"text": s.text, "words": s.words, **_location(f.location if f else None)}
            for s, (f, _) in zip(why.axioms, axioms, strict=True)
        ],
    }


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _fact_record(statement: Statement, found: Finding | None, told: bool) -> dict[str, Any]:
    sources = found.sources if found else ()
    quotes = [{"quote": s.quote, "article": s.article, **_location(s.location)} for s in sources]
    place = _location(found.location if found else None)
    return {"text": statement.text, **place, "told": told, "sources": quotes}


def _location(place: Location | None) -> dict[str, Any]:
    return {} if place is None else {"file": place.file, "line": place.line, "column": place.column}


def _place(place: Location) -> str:
    return ":".join(str(x) for x in (place.file, place.line, place.column) if x is not None)


def _at(place: Location | None) -> str:
    return "" if place is None else f"  [{_place(place)}]"


def _placed(
    statements: Sequence[Statement], graph: Path | None, texts: Path | None
) -> list[tuple[Finding | None, bool]]:
    """Return where each statement stands, with the quotes behind it, and whether a claim tells just that."""
    from kgbuild.rdf_files import read_keys
    from kgbuild.reasoning.logic import ontology_files
    from kgbuild.validation import relative
    from kgbuild.validation.findings import locate
    from kgbuild.validation.sets import CodedGraph

    single = [s for s in statements if len(s.triples) == 1]
    known = {} if graph is None else _texts_of([graph])
    known |= _texts_of(ontology_files())
    names = {name for s in single for name in s.text.split()}
    files = [p for p, text in known.items() if p == graph or any(name in text for name in names)]
    data = CodedGraph.from_triples(read_keys(files))
    found = iter(relative(locate([_as_result(s) for s in single], files, data, texts), Path.cwd()))
    return [(next(found), _is_told(data, s)) if len(s.triples) == 1 else (None, False) for s in statements]


def _is_told(data: CodedGraph, statement: Statement) -> bool:
    """Return whether a claim has the subject, the property and, where it is no literal, the value."""
    from rdflib import Literal as RdfLiteral

    from kgbuild.terms import KG

    subject, predicate, value = statement.triples[0]
    for claim in data.subjects(KG.claimSubject, str(subject)):
        if data.has(claim, KG.claimPredicate, str(predicate)):
            named = (data.has(claim, p, str(value)) for p in (KG.claimObject, KG.claimedClass))
            if isinstance(value, RdfLiteral) or any(named):
                return True
    return False


def _texts_of(files: Sequence[Path]) -> dict[Path, str]:
    return {path: path.read_text("utf-8-sig") for path in files}


def _as_result(statement: Statement) -> Any:
    from rdflib import Literal as RdfLiteral

    from kgbuild.model import Literal
    from kgbuild.terms import RDF, XSD
    from kgbuild.validation.report import ValidationResult

    subject, predicate, value = statement.triples[0]
    term: str | Literal = str(value)
    if isinstance(value, RdfLiteral):
        plain = RDF + "langString" if value.language else XSD + "string"
        term = Literal(str(value), str(value.datatype or plain), value.language or "")
    return ValidationResult(str(subject), str(predicate), term, "", "", "Violation", statement.text)


# ---- the ontology itself


@click.group()
def ontology() -> None:
    """Check the terms of the ontology, and write their documentation.

    \b
    kgbuild ontology check
    kgbuild ontology docs ontology.html
    """


@ontology.command()
@click.argument("file", type=_PATH, required=False)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "info"]),
    default="error",
    show_default=True,
    help="The least severity that makes the exit status 1.",
)
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["text", "tsv", "json"]),
    default="text",
    show_default=True,
)
def check(file: Path | None, fail_on: str, form: str) -> None:
    """Check how the terms of FILE (an ontology) are kept; without FILE, kgbuild's own terms and their use.

    \b
    kgbuild ontology check
    kgbuild ontology check my-terms.ttl --fail-on warning -f tsv
    """
    from kgbuild.vocabulary import SEVERITIES, check_file, check_own

    rows = check_own() if file is None else check_file(file)
    send("".join(f"{line}\n" for line in _rows(rows, form)), None)
    if any(SEVERITIES.index(row.severity) <= SEVERITIES.index(fail_on) for row in rows):
        sys.exit(1)


def _rows(rows: Sequence[Row], form: str) -> Iterator[str]:
    from collections import Counter

    from kgbuild.vocabulary import SEVERITIES

    if form == "json":
        records = [
            {
                "entity": r.entity,
                "property": r.property,
                "value": r.value,
                "severity": r.severity,
                "check": r.check,
            }
            for r in rows
        ]
        yield json.dumps(records, ensure_ascii=False, indent=2)
    elif form == "tsv":
        yield "entity\tproperty\tvalue\tseverity\tcheck"
        for r in rows:
            yield "\t".join(" ".join(x.split()) for x in (r.entity, r.property, r.value, r.severity, r.check))
    else:
        for r in rows:
            yield f"{r.severity}: {r.entity} {r.property}: {r.value} ({r.check})"
        counts = Counter(r.severity for r in rows)
        yield ", ".join(_number(counts[s], s) if s != "info" else f"{counts[s]} info" for s in SEVERITIES)


@ontology.command()
@click.argument("out", type=_PATH)
def docs(out: Path) -> None:
    """Write the documentation of the ontology to OUT, one HTML page that needs nothing else.

    \b
    kgbuild ontology docs ontology.html
    """
    from kgbuild.vocabulary import to_html

    try:
        out.write_text(to_html(), encoding="utf-8", newline="\n")
    except OSError as err:
        raise OutputError(f"{out}: cannot be written: {err.strerror}") from err
    click.echo(f"{out}: written", err=True)
