"""SHACL Core on sets of integer-coded nodes.

Each constraint is checked once a distinct value, not once a focus node, and most checks are one
set operation: the subjects that lack a property, the values that are no instances of a class.
Literals keep their lexical form, which a SPARQL store would rewrite. The results are those of
pySHACL; a test proves it on the W3C suite, on every example of the shapes and on mutated graphs.
"""

from kgbuild.validation.sets.coded_graph import CodedGraph, to_graph
from kgbuild.validation.sets.engine import focus_counts, run
from kgbuild.validation.sets.touched import run_again

__all__ = ["CodedGraph", "focus_counts", "run", "run_again", "to_graph"]
