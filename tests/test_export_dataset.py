"""The description of a data set, and the JSON-LD context that ships."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kgbuild.export import Description, export, export_file
from kgbuild.export.json_ld import CONTEXT_FILE, full_context, read_context
from kgbuild.export.reading import read_quads
from kgbuild.terms import CLASSES, DATA_PROPERTIES, NS, OBJECT_PROPERTIES, RDF_TYPE, RDFS

DCAT, DCT, VOID = "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/", "http://rdfs.org/ns/void#"
SPDX = "http://spdx.org/rdf/terms#"
DATASET = "https://w3id.org/kgbuild/id/dataset"


def exported(source: Path, name: str, **options: Any) -> bytes:
    out = io.BytesIO()
    export(source, name, out, **options)
    return out.getvalue()


def about(data: bytes) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for quad in ox.parse(data, ox.RdfFormat.TURTLE):
        value = quad.object
        assert not isinstance(value, ox.BlankNode | ox.Triple)
        found.setdefault(str(quad.subject)[1:-1], {}).setdefault(quad.predicate.value, []).append(value.value)
    return found


def test_counts_are_those_of_the_graph(example_output: Path) -> None:
    found = about(exported(example_output, "dataset"))
    triples = {
        (str(q.subject), q.predicate.value, str(q.object))
        for q in ox.parse(path=str(example_output / "graph.ttl"))
    }
    dataset = found[DATASET]
    assert dataset[VOID + "triples"] == [str(len(triples))]
    assert dataset[VOID + "distinctSubjects"] == [str(len({s for s, _, _ in triples}))]
    assert dataset[VOID + "distinctObjects"] == [str(len({o for _, _, o in triples}))]
    parts = {
        found[part][VOID + "property"][0]: int(found[part][VOID + "triples"][0])
        for part in dataset[VOID + "propertyPartition"]
    }
    assert parts == Counter(p for _, p, _ in triples)
    classes = {
        found[part][VOID + "class"][0]: int(found[part][VOID + "entities"][0])
        for part in dataset[VOID + "classPartition"]
    }
    assert classes == Counter(o[1:-1] for _, p, o in triples if p == RDF_TYPE)


def test_files_have_size_and_digest(example_output: Path, tmp_path: Path) -> None:
    export_file(example_output, "csv", tmp_path / "tables.zip")
    description = Description(
        "https://example.org/license", "https://example.org/data/", [tmp_path / "tables.zip"]
    )
    found = about(exported(example_output, "dataset", description=description))
    files = {found[file][DCT + "title"][0]: file for file in found[DATASET][DCAT + "distribution"]}
    assert files.keys() == {"graph.ttl", "graph.trig", "tables.zip"}
    for name, node in files.items():
        content = (tmp_path if name == "tables.zip" else example_output).joinpath(name).read_bytes()
        (checksum,) = found[node][SPDX + "checksum"]
        assert found[checksum][SPDX + "checksumValue"] == [hashlib.sha256(content).hexdigest()]
        assert found[node][DCAT + "byteSize"] == [str(len(content))]
        assert found[node][DCAT + "downloadURL"] == [f"https://example.org/data/{name}"]
        assert found[node][DCT + "license"] == ["https://example.org/license"]
    assert found[DATASET][DCT + "license"] == ["https://example.org/license"]


def test_times_and_rules_come_from_the_graph_alone(example_output: Path) -> None:
    data = exported(example_output, "dataset")
    found = about(data)
    (period,) = found[DATASET][DCT + "temporal"]
    assert found[period][DCAT + "startDate"] == ["2010-09-23"]
    graph = (example_output / "graph.ttl").read_text("utf-8")
    (digest,) = {value for node in found.values() for value in node.get(NS + "rulesDigest", [])}
    assert f'kg:rulesDigest "{digest}"' in graph
    assert exported(example_output, "dataset") == data


def test_crate_has_root_files_and_digests(example_output: Path) -> None:
    crate = json.loads(exported(example_output, "rocrate"))
    nodes = {node["@id"]: node for node in crate["@graph"]}
    assert nodes["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    assert {part["@id"] for part in nodes["./"]["hasPart"]} == {"graph.ttl", "graph.trig"}
    digest = hashlib.sha256((example_output / "graph.ttl").read_bytes()).hexdigest()
    assert nodes["graph.ttl"]["sha256"] == digest
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", nodes["./"]["datePublished"])


# ---- JSON-LD context


def test_context_is_that_of_the_vocabulary(root: Path, request: pytest.FixtureRequest) -> None:
    quads = read_quads(root / "ontology" / "core.ttl")
    ranges = {quads.iri(s): quads.iri(o) for s, p, o in quads.codes() if p == quads.number(RDFS + "range")}
    context = full_context(ranges)
    path = root / "ontology" / CONTEXT_FILE
    if request.config.getoption("--update-golden"):
        path.write_text(json.dumps({"@context": context}, ensure_ascii=False, indent=2) + "\n", "utf-8")
    assert read_context() == context, "pytest --update-golden writes ontology/context.jsonld anew"
    for name in (*CLASSES, *OBJECT_PROPERTIES, *DATA_PROPERTIES):
        assert name in context or f"kg:{name}" in context


def test_document_means_the_same_below_the_context_that_ships(example_output: Path) -> None:
    document = json.loads(exported(example_output, "jsonld"))
    inline = set(ox.parse(json.dumps(document), ox.RdfFormat.JSON_LD))
    assert document["@context"].items() <= read_context().items()
    document["@context"] = read_context()
    assert set(ox.parse(json.dumps(document), ox.RdfFormat.JSON_LD)) == inline


def test_document_is_for_people(example_output: Path) -> None:
    things = {
        thing["id"]: thing for thing in json.loads(exported(example_output, "jsonld", view="facts"))["graph"]
    }
    firm = things["firm:jl-mag"]
    assert firm["type"] == "Firm"
    assert firm["label"] == {"en": "JL MAG Rare-Earth Co. Ltd."}
    assert firm["headquarteredIn"] == "place:ganzhou"
    element = things["element:Dy"]
    assert element["atomicNumber"] == 66
    assert not [key for thing in things.values() for key in thing if key.startswith(("@", "http"))]
