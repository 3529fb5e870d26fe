"""The description of the API for programs (OpenAPI 3.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import metadata
from typing import Any, Final

from kgbuild.query import Parameter, SavedQuery
from kgbuild.serve.negotiation import GRAPHS, ROWS, Offer
from kgbuild.serve.settings import Settings
from kgbuild.terms import compact

_ERROR: Final = {"$ref": "#/components/schemas/Error"}
_TEXTS: Final = {"text/plain": {"schema": {"type": "string"}}}
_PATTERNS: Final = {
    "xsd:integer": r"^([+-]?[0-9]+)?$",
    "xsd:boolean": r"^(true|false|1|0)?$",
    "xsd:decimal": r"^([+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+))?$",
}


def open_api(questions: Sequence[SavedQuery], offers: Sequence[Offer], settings: Settings) -> dict[str, Any]:
    """Return the document that describes the API of a server: all saved questions, names, the endpoint."""
    paths: dict[str, Any] = {
        "/api/questions": {"get": _operation("The questions", "questions", (), _listed())},
        "/api/names": {"get": _operation("Things by name", "names", _name_parameters(), _named())},
        "/sparql": {"get": _endpoint(settings), "post": _posted(settings)},
        "/health": {"get": _operation("Whether it answers", "health", (), _json({"type": "object"}))},
    }
    for query in questions:
        paths[f"/api/questions/{query.name}"] = {"get": _question(query, offers, settings)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "kgbuild",
            "version": metadata.version("kgbuild"),
            "description": "Saved questions to a graph of firms, regulators, materials and licenses.",
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": {
                "Error": {
                    "type": "object",
                    "required": ["error"],
                    "properties": {"error": {"type": "string"}},
                },
                "Answer": _answer_schema(),
            }
        },
    }


def _operation(
    summary: str, name: str, parameters: Sequence[Mapping[str, Any]], answer: Mapping[str, Any]
) -> dict[str, Any]:
    errors = {
        status: {"description": text, "content": {"application/json": {"schema": _ERROR}}}
        for status, text in (
            ("400", "A parameter is wrong; the text says what would be right"),
            ("404", "There is no such thing"),
            ("406", "No format will do"),
            ("429", "Too many requests; see Retry-After"),
            ("503", "Takes too long; see Retry-After"),
        )
    }
    unchanged = {"304": {"description": "As the client has it"}}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": list(parameters),
        "responses": {"200": dict(answer), **unchanged, **errors},
    }


def _question(query: SavedQuery, offers: Sequence[Offer], settings: Settings) -> dict[str, Any]:
    own = [
        _parameter(
            "rows",
            {"type": "integer", "minimum": 1, "maximum": settings.rows, "default": settings.rows},
            "at most so many rows; the header Kgbuild-Cut tells of more",
        ),
        _parameter("evidence", {"type": "boolean", "default": False}, "with the places that say so"),
        _parameter("format", {"type": "string", "enum": [o.name for o in offers]}, "instead of Accept"),
    ]
    content: dict[str, Any] = {offer.media_type: {"schema": {"type": "string"}} for offer in offers}
    content["application/json"] = {"schema": {"$ref": "#/components/schemas/Answer"}}
    parameters = [*map(_of_question, query.parameters), *own]
    answer = {"description": "; ".join(f"{c.name}: {c.meaning}" for c in query.columns), "content": content}
    operation = _operation(query.summary, query.name, parameters, answer)
    return operation | {"description": query.description, "tags": list(query.tags)}


def _of_question(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if parameter.type in _PATTERNS:
        schema["pattern"] = _PATTERNS[parameter.type]
    if parameter.default is not None:
        schema["default"] = parameter.default
    about = parameter.description
    if parameter.class_ is not None:
        about += f"; the name, prefixed name or IRI of a {compact(parameter.class_)}"
    return _parameter(parameter.name, schema, about, required=parameter.required)


def _parameter(name: str, schema: Mapping[str, Any], about: str, *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "schema": dict(schema), "description": about}


def _name_parameters() -> list[dict[str, Any]]:
    return [
        _parameter("q", {"type": "string", "maxLength": 200}, "what has been typed", required=True),
        _parameter("class", {"type": "string"}, "class of the things: Firm, kg:Firm or an IRI"),
        _parameter(
            "limit", {"type": "integer", "minimum": 1, "maximum": 50, "default": 20}, "at most so many"
        ),
    ]


def _endpoint(settings: Settings) -> dict[str, Any]:
    formats = {offer.media_type: {"schema": {"type": "string"}} for offer in (*GRAPHS, *ROWS)}
    formats["application/sparql-results+json"] = {"schema": {"$ref": "#/components/schemas/Answer"}}
    for name in ("application/ld+json",):
        formats[name] = {"schema": {}}
    parameters = [
        _parameter("query", {"type": "string"}, "SPARQL 1.1; without it the service description comes"),
        _parameter("default-graph-uri", {"type": "string"}, "graph of which the default graph is made"),
        _parameter("named-graph-uri", {"type": "string"}, "graph that GRAPH may ask"),
        _parameter(
            "format", {"type": "string"}, "instead of Accept: json, xml, csv, tsv, turtle, jsonld ..."
        ),
        _parameter(
            "rows",
            {"type": "integer", "minimum": 1, "maximum": settings.rows},
            "at most so many rows, in JSON or XML; the header Kgbuild-Cut tells of more",
        ),
        _parameter("evidence", {"type": "boolean"}, "with the places that say so, in JSON"),
    ]
    answer = {"description": "Rows, a verdict or triples", "content": formats}
    operation = _operation("SPARQL 1.1 Protocol, read-only", "sparql", parameters, answer)
    responses = operation["responses"]
    for status in ("400", "404", "406", "429", "503"):
        responses[status]["content"] = _TEXTS
    responses["403"] = {"description": "It is read-only", "content": _TEXTS}
    return operation


def _posted(settings: Settings) -> dict[str, Any]:
    fields = {"type": "object", "required": ["query"], "properties": {"query": {"type": "string"}}}
    body = {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": fields}}}
    operation = _endpoint(settings) | {"operationId": "sparql-post", "requestBody": body}
    operation["parameters"] = [p for p in operation["parameters"] if p["name"] != "query"]
    for status, text in (("408", "Came too slowly"), ("413", "Too large"), ("415", "No form")):
        operation["responses"][status] = {"description": text, "content": _TEXTS}
    return operation


def _answer_schema() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "SPARQL 1.1 Query Results JSON Format; kgbuild tells of cut answers and evidence",
        "required": ["head"],
        "properties": {
            "head": {"type": "object"},
            "results": {
                "type": "object",
                "required": ["bindings"],
                "properties": {"bindings": {"type": "array", "items": {"type": "object"}}},
            },
            "boolean": {"type": "boolean"},
            "kgbuild": {"type": "object"},
        },
    }


def _json(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": "As told", "content": {"application/json": {"schema": dict(schema)}}}


def _listed() -> dict[str, Any]:
    return _json(
        {
            "type": "object",
            "required": ["questions"],
            "properties": {"questions": {"type": "array", "items": {"type": "object"}}},
        }
    )


def _named() -> dict[str, Any]:
    fields = ("iri", "name", "label", "kind", "short")
    item = {"type": "object", "required": list(fields), "properties": {f: {"type": "string"} for f in fields}}
    names = {"type": "array", "items": item}
    return _json({"type": "object", "required": ["names"], "properties": {"names": names}})
