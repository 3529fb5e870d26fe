"""The OWL API and HermiT kept warm: a program that answers JSON lines, in a process that can be ended.

Run as a script, so that it loads nothing of kgbuild: `python jvm_worker.py HermiT.jar libjvm.so`. A request
is {"rdf": RDF/XML, "profiles": [names]} for a profile check and {"rdf": RDF/XML} for consistency.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import jpype


def serve(jar: str, jvm: str) -> None:
    """Answer each line of standard input with one line; what Java prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    quick = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")  # for short runs, as in `hermit`
    options = ("--enable-native-access=ALL-UNNAMED", "-Xmx2000M", "-Xss64M", *quick)
    jpype.startJVM(jvm, *options, classpath=[jar])
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = _answer(request)
        except jpype.JException as err:
            answer = {"error": str(err)}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    org = jpype.JPackage("org")
    manager = org.semanticweb.owlapi.apibinding.OWLManager.createOWLOntologyManager()
    source = org.semanticweb.owlapi.io.StringDocumentSource(jpype.JString(request["rdf"]))
    ontology = manager.loadOntologyFromOntologyDocument(source)
    if "profiles" in request:
        found = []
        for name in request["profiles"]:
            report = getattr(org.semanticweb.owlapi.profiles, name)().checkOntology(ontology)
            found += [[name, str(violation)] for violation in report.getViolations()]
        return {"violations": sorted(found), "axioms": int(ontology.getLogicalAxiomCount())}
    reasoner = org.semanticweb.HermiT.Reasoner(ontology)
    try:
        return {"consistent": bool(reasoner.isConsistent())}
    finally:
        reasoner.dispose()


if __name__ == "__main__":
    serve(*sys.argv[1:])
