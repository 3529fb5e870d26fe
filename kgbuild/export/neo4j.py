"""A property graph as CSV files for Neo4j: nodes.csv and relationships.csv with the headers of its importer.

Source: Neo4j operations manual, section on neo4j-admin database import (header row of CSV files, arrays).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kgbuild.export.columns import Column, joined, shown
from kgbuild.export.delimited import csv_row
from kgbuild.export.property_graph import Node, PropertyGraph

ARRAY_BETWEEN: Final = ";"  #: between labels and between elements of an array: what the importer expects
README: Final = """\
neo4j-admin database import full neo4j \\
    --nodes=nodes.csv --relationships=relationships.csv --multiline-fields=true

A property with several values is an array (for example string[]), its elements apart by ";". Where a value
itself has a ";" the property is one text, its values apart by " | ".
"""


def nodes_csv(graph: PropertyGraph) -> Iterator[str]:
    """Yield the lines of nodes.csv: `id:ID,label,:LABEL`, then properties with their types."""
    arrays = _arrays(graph)
    yield csv_row(["id:ID", "label", ":LABEL", *(_header(column, arrays) for column in graph.columns)])
    for node in graph.nodes():
        yield csv_row(
            [
                node.iri,
                node.label,
                ARRAY_BETWEEN.join(node.kinds),
                *(_cell(node, column, arrays) for column in graph.columns),
            ]
        )


def relationships_csv(graph: PropertyGraph) -> Iterator[str]:
    """Yield the lines of relationships.csv: `:START_ID,:END_ID,:TYPE`, IRI, and how many claims tell it."""
    yield csv_row([":START_ID", ":END_ID", ":TYPE", "iri", "claims:long"])
    for edge in graph.edges():
        yield csv_row([edge.source, edge.target, edge.type, edge.iri, str(edge.claims)])


def _arrays(graph: PropertyGraph) -> frozenset[str]:
    """Return the names of the columns that can be arrays: no value has what stands between elements."""
    several = {column.name for column in graph.columns if column.several}
    for node in graph.nodes():
        for name in several & node.values.keys():
            if any(ARRAY_BETWEEN in shown(value) or not shown(value) for value in node.values[name]):
                several.discard(name)
    return frozenset(several)


def _header(column: Column, arrays: frozenset[str]) -> str:
    if column.name in arrays:
        return f"{column.name}:{column.type}[]"
    return column.name if column.type == "string" or column.several else f"{column.name}:{column.type}"


def _cell(node: Node, column: Column, arrays: frozenset[str]) -> str:
    values = node.values.get(column.name, ())
    if column.name in arrays:
        return ARRAY_BETWEEN.join(sorted(map(shown, values)))
    return joined(values)
