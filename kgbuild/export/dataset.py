"""A description of a graph as a data set: counts, license, how it was built, and digests of its files.

Sources: DCAT 3, sections 6.4 to 6.8; VoID, sections 4.3 to 4.6 (partitions); SPDX 2.3 (checksum).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kgbuild.export.owl_profile import DATASET, VOCABULARY
from kgbuild.export.quads import Quads
from kgbuild.export.reading import GRAPH_FILES, graph_file
from kgbuild.model import Literal, Triple
from kgbuild.replacing import MANIFEST
from kgbuild.terms import ID, KG, RDF_TYPE, RDFS_LABEL, mint, text_literal, typed_literal
from kgbuild.turtle import to_turtle

#: Of the reference data that a graph has in it; what else a graph holds are facts and short quotes.
LICENSE: Final = "https://creativecommons.org/licenses/by/4.0/"
PREFIXES: Final = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "spdx": "http://spdx.org/rdf/terms#",
    "void": "http://rdfs.org/ns/void#",
}
MEDIA_TYPES: Final[Mapping[str, str]] = {
    ".ttl": "text/turtle",
    ".trig": "application/trig",
    ".nt": "application/n-triples",
    ".nq": "application/n-quads",
    ".jsonld": "application/ld+json",
    ".rdf": "application/rdf+xml",
    ".graphml": "application/graphml+xml",
    ".gexf": "application/gexf+xml",
    ".html": "text/html",
    ".csv": "text/csv",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".zip": "application/zip",
    ".md": "text/markdown",
}
_IANA: Final = "https://www.iana.org/assignments/media-types/"
_DAY: Final = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_DATE_TYPES: Final = {4: "gYear", 7: "gYearMonth", 10: "date"}
_TITLE: Final = "Knowledge graph of firms, regulators, controlled materials, licenses and negotiations"


@dataclass(frozen=True, slots=True)
class Description:
    """What a description says beyond the graph."""

    license: str = LICENSE  #: IRI
    base: str = ""  #: IRI of the folder where the files are published; "" where they are not
    files: Sequence[Path] = ()  #: distributions beside those of the build


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    size: int  #: bytes
    digest: str  #: SHA-256, hexadecimal
    media_type: str  #: "" where unknown


@dataclass(frozen=True, slots=True)
class _Told:
    """What both descriptions say."""

    triples: int
    subjects: int
    objects: int
    classes: Mapping[str, int]  #: IRI -> things
    properties: Mapping[str, int]  #: IRI -> triples
    first: str  #: day, month or year of the earliest article, or ""
    last: str
    articles: int
    runs: Mapping[str, str]  #: software -> digest of its rules
    counts: Mapping[str, int]  #: of the manifest
    files: Sequence[_File]


def dataset_turtle(quads: Quads, source: Path, description: Description) -> str:
    """Return the description in DCAT 3 and VoID as Turtle. Raises OSError for a file that cannot be read."""
    told = _look(quads, source, description)
    triples = [*_dataset(told, description), *_partitions(told), *_runs(told)]
    for file in told.files:
        triples += _distribution(file, description)
    return to_turtle(triples, prefixes=PREFIXES)


def _look(quads: Quads, source: Path, description: Description) -> _Told:
    kind = quads.number(RDF_TYPE)
    classes: Counter[int] = Counter()
    properties: Counter[int] = Counter()
    subjects, objects, triples = set(), set(), 0
    for s, p, o in quads.codes():
        triples += 1
        subjects.add(s)
        objects.add(o)
        properties[p] += 1
        if p == kind and isinstance(quads.terms[o], str):
            classes[o] += 1
    days = sorted(_days(quads))
    return _Told(
        triples,
        len(subjects),
        len(objects),
        {quads.iri(o): n for o, n in sorted(classes.items())},
        {quads.iri(p): n for p, n in sorted(properties.items())},
        days[0] if days else "",
        days[-1] if days else "",
        len(quads.of_class([KG.Article])),
        dict(_software(quads)),
        _counts(source),
        _files(source, description.files),
    )


def _days(quads: Quads) -> Iterator[str]:
    published, edtf = quads.number(KG.publishedAt), quads.number(KG.edtf)
    times = {o for _, p, o in quads.codes() if p == published}
    for time in times:
        for o in quads.about(time).get(edtf, ()):
            value = quads.terms[o]
            if isinstance(value, Literal) and _DAY.fullmatch(value.value):
                yield value.value


def _software(quads: Quads) -> Iterator[tuple[str, str]]:
    names = [quads.number(iri) for iri in (KG.softwareVersion, KG.rulesDigest)]
    for run in sorted(quads.of_class([KG.ExtractionRun])):
        about = quads.about(run)
        texts = [
            min((v.value for o in about.get(p, ()) if isinstance(v := quads.terms[o], Literal)), default="")
            for p in names
        ]
        if texts[0]:
            yield texts[0], texts[1]


def _counts(source: Path) -> dict[str, int]:
    try:
        counts = json.loads((source / MANIFEST).read_text("utf-8"))["counts"]
        return {str(name): int(number) for name, number in counts.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _files(source: Path, more: Sequence[Path]) -> list[_File]:
    own = [source / name for name in GRAPH_FILES] if source.is_dir() else [graph_file(source)]
    paths = {path.name: path for path in [*(p for p in own if p.is_file()), *more]}
    found = []
    for name in sorted(paths):
        with paths[name].open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        media = MEDIA_TYPES.get(paths[name].suffix.lower(), "")
        found.append(_File(name, paths[name].stat().st_size, digest, media))
    return found


# ---- DCAT and VoID


def _dataset(told: _Told, description: Description) -> Iterator[Triple]:
    dcat, dct, void = PREFIXES["dcat"], PREFIXES["dct"], PREFIXES["void"]
    yield DATASET, RDF_TYPE, dcat + "Dataset"
    yield DATASET, RDF_TYPE, void + "Dataset"
    yield DATASET, dct + "title", text_literal(_TITLE, "en")
    yield DATASET, dct + "description", text_literal(_sentence(told), "en")
    yield DATASET, dct + "license", description.license
    yield DATASET, dct + "conformsTo", VOCABULARY
    yield DATASET, dcat + "keyword", text_literal("export licenses", "en")
    yield DATASET, dcat + "keyword", text_literal("rare earths", "en")
    yield DATASET, void + "vocabulary", VOCABULARY + "#"
    yield DATASET, void + "uriSpace", text_literal(ID)
    for name, number in (
        ("triples", told.triples),
        ("entities", told.subjects),
        ("distinctSubjects", told.subjects),
        ("distinctObjects", told.objects),
        ("classes", len(told.classes)),
        ("properties", len(told.properties)),
        ("documents", told.articles),
    ):
        yield DATASET, void + name, typed_literal(str(number), "integer")
    if told.first:
        period = DATASET + "/period"
        yield DATASET, dct + "temporal", period
        yield period, RDF_TYPE, dct + "PeriodOfTime"
        yield period, RDFS_LABEL, text_literal("days of the articles", "en")
        for name, day in (("startDate", told.first), ("endDate", told.last)):
            yield period, dcat + name, typed_literal(day, _DATE_TYPES[len(day)])


def _sentence(told: _Told) -> str:
    counts = ", ".join(f"{number} {name}" for name, number in told.counts.items() if name != "articles")
    return f"{told.triples} triples from {told.articles} articles" + (f": {counts}" if counts else "")


def _partitions(told: _Told) -> Iterator[Triple]:
    void = PREFIXES["void"]
    for iri, number in told.classes.items():
        part = _part("class", iri)
        yield DATASET, void + "classPartition", part
        yield part, RDF_TYPE, void + "Dataset"
        yield part, void + "class", iri
        yield part, void + "entities", typed_literal(str(number), "integer")
    for iri, number in told.properties.items():
        part = _part("property", iri)
        yield DATASET, void + "propertyPartition", part
        yield part, RDF_TYPE, void + "Dataset"
        yield part, void + "property", iri
        yield part, void + "triples", typed_literal(str(number), "integer")


def _part(kind: str, iri: str) -> str:
    key = mint("run", "partition", kind, iri, name=re.split(r"[/#:]", iri)[-1]).rpartition("/")[2]
    return f"{DATASET}/{kind}/{key}"


def _runs(told: _Told) -> Iterator[Triple]:
    prov = PREFIXES["prov"]
    for software, rules in told.runs.items():
        activity = f"{DATASET}/build/{mint('run', software, rules, name=software).rpartition('/')[2]}"
        yield DATASET, prov + "wasGeneratedBy", activity
        yield activity, RDF_TYPE, prov + "Activity"
        yield activity, RDFS_LABEL, text_literal(f"build by {software}", "en")
        yield activity, KG.softwareVersion, text_literal(software)
        yield activity, KG.rulesDigest, text_literal(rules)


def _distribution(file: _File, description: Description) -> Iterator[Triple]:
    dcat, dct, spdx = PREFIXES["dcat"], PREFIXES["dct"], PREFIXES["spdx"]
    node = f"{DATASET}/file/{file.digest[:16]}"
    checksum = f"{node}/checksum"
    yield DATASET, dcat + "distribution", node
    yield node, RDF_TYPE, dcat + "Distribution"
    yield node, dct + "title", text_literal(file.name)
    yield node, dct + "license", description.license
    yield node, dcat + "byteSize", typed_literal(str(file.size), "nonNegativeInteger")
    if file.media_type:
        yield node, dcat + "mediaType", _IANA + file.media_type
    if description.base:
        yield node, dcat + "downloadURL", description.base.rstrip("/") + "/" + file.name
    yield node, spdx + "checksum", checksum
    yield checksum, RDF_TYPE, spdx + "Checksum"
    yield checksum, spdx + "algorithm", spdx + "checksumAlgorithm_sha256"
    yield checksum, spdx + "checksumValue", typed_literal(file.digest, "hexBinary")


# ---- RO-Crate


def ro_crate(quads: Quads, source: Path, description: Description) -> str:
    """Return ro-crate-metadata.json (RO-Crate 1.1, section "Root Data Entity") for the files of the graph."""
    told = _look(quads, source, description)
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": _TITLE,
        "description": _sentence(told),
        "license": {"@id": description.license},
        "hasPart": [{"@id": file.name} for file in told.files],
    }
    if told.last:
        root |= {"datePublished": told.last, "temporalCoverage": f"{told.first}/{told.last}"}
    metadata = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    files = [
        {
            "@id": file.name,
            "@type": "File",
            "name": file.name,
            "contentSize": str(file.size),
            "sha256": file.digest,
            **({"encodingFormat": file.media_type} if file.media_type else {}),
        }
        for file in told.files
    ]
    software = [
        {
            "@id": f"#build-{number}",
            "@type": "CreateAction",
            "name": f"build by {name}",
            "description": f"rules {rules}",
            "result": {"@id": "./"},
        }
        for number, (name, rules) in enumerate(told.runs.items(), 1)
    ]
    crate = {
        "@context": "https://w3id.org/ro/crate/1.1/context",
        "@graph": [metadata, root, *files, *software],
    }
    return json.dumps(crate, ensure_ascii=False, indent=2) + "\n"
