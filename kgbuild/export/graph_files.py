"""Property graphs as GraphML, GEXF 1.3 and CSV for Neo4j, written piece by piece.

Sources: GraphML primer (graphml.graphdrawing.org), section 2; GEXF 1.3 (gexf.net); Neo4j operations manual,
section on neo4j-admin database import (header row of CSV files).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kgbuild.export.property_graph import Column, Edge, Node, PropertyGraph
from kgbuild.export.xml_text import XmlText

_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_QUOTED: Final = re.compile(r'[",\r\n]')
KIND_BETWEEN: Final = ";"  #: between the labels of a node, as Neo4j reads arrays


def graphml(graph: PropertyGraph, xml: XmlText) -> Iterator[str]:
    """Yield the lines of a GraphML document; the ids of nodes are their IRIs, those of edges e0, e1, ..."""
    keys = {column.iri: f"d{n}" for n, column in enumerate(graph.columns)}
    yield _DECLARATION + '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    yield '  <key id="label" for="node" attr.name="label" attr.type="string"/>\n'
    yield '  <key id="kind" for="node" attr.name="kind" attr.type="string"/>\n'
    for column in graph.columns:
        name = xml.attribute(column.name)
        yield f'  <key id="{keys[column.iri]}" for="node" attr.name={name} attr.type="{column.type}"/>\n'
    yield '  <key id="type" for="edge" attr.name="type" attr.type="string"/>\n'
    yield '  <key id="iri" for="edge" attr.name="iri" attr.type="string"/>\n'
    yield '  <graph id="kgbuild" edgedefault="directed">\n'
    for node in graph.nodes:
        data = [("label", node.label), ("kind", KIND_BETWEEN.join(node.kinds))]
        data += [(keys[iri], value) for iri, value in node.values.items()]
        yield f"    <node id={xml.attribute(node.iri)}>{_data(data, xml)}</node>\n"
    for n, edge in enumerate(graph.edges):
        ends = f"source={xml.attribute(edge.source)} target={xml.attribute(edge.target)}"
        yield f'    <edge id="e{n}" {ends}>{_data([("type", edge.type), ("iri", edge.iri)], xml)}</edge>\n'
    yield "  </graph>\n</graphml>\n"


def _data(pairs: list[tuple[str, str]], xml: XmlText) -> str:
    return "".join(f'<data key="{key}">{xml.content(value)}</data>' for key, value in pairs)


def gexf(graph: PropertyGraph, xml: XmlText) -> Iterator[str]:
    """Yield the lines of a GEXF 1.3 document; parallel edges differ in their kind."""
    keys = {column.iri: f"d{n}" for n, column in enumerate(graph.columns)}
    yield _DECLARATION + '<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
    yield '  <meta><creator>kgbuild</creator></meta>\n  <graph mode="static" defaultedgetype="directed">\n'
    yield '    <attributes class="node">\n      <attribute id="kind" title="kind" type="string"/>\n'
    for column in graph.columns:
        title = xml.attribute(column.name)
        yield f'      <attribute id="{keys[column.iri]}" title={title} type="{column.type}"/>\n'
    yield '    </attributes>\n    <attributes class="edge">\n'
    yield '      <attribute id="iri" title="iri" type="string"/>\n    </attributes>\n    <nodes>\n'
    for node in graph.nodes:
        pairs = [("kind", KIND_BETWEEN.join(node.kinds))]
        pairs += [(keys[iri], value) for iri, value in node.values.items()]
        yield f"      <node id={xml.attribute(node.iri)} label={xml.attribute(node.label)}>"
        yield f"{_attvalues(pairs, xml)}</node>\n"
    yield "    </nodes>\n    <edges>\n"
    for n, edge in enumerate(graph.edges):
        kind = xml.attribute(edge.type)
        yield f'      <edge id="{n}" source={xml.attribute(edge.source)} target={xml.attribute(edge.target)}'
        yield f" kind={kind} label={kind}>{_attvalues([('iri', edge.iri)], xml)}</edge>\n"
    yield "    </edges>\n  </graph>\n</gexf>\n"


def _attvalues(pairs: list[tuple[str, str]], xml: XmlText) -> str:
    inside = "".join(f'<attvalue for="{key}" value={xml.attribute(value)}/>' for key, value in pairs)
    return f"<attvalues>{inside}</attvalues>"


def nodes_csv(graph: PropertyGraph) -> Iterator[str]:
    """Yield the lines of nodes.csv: `id:ID,label,:LABEL`, then properties with their types, text without."""
    yield _row(["id:ID", "label", ":LABEL", *map(_header, graph.columns)])
    for node in graph.nodes:
        yield _row(_cells(node, graph.columns))


def edges_csv(graph: PropertyGraph) -> Iterator[str]:
    """Yield the lines of edges.csv: `:START_ID,:END_ID,:TYPE`."""
    yield _row([":START_ID", ":END_ID", ":TYPE"])
    for edge in graph.edges:
        yield _row(_ends(edge))


def _header(column: Column) -> str:
    return column.name if column.type == "string" else f"{column.name}:{column.type}"


def _cells(node: Node, columns: tuple[Column, ...]) -> list[str]:
    kinds = KIND_BETWEEN.join(node.kinds)
    return [node.iri, node.label, kinds, *(node.values.get(column.iri, "") for column in columns)]


def _ends(edge: Edge) -> list[str]:
    return [edge.source, edge.target, edge.type]


def _row(cells: list[str]) -> str:
    # RFC 4180. The csv module leaves a lone carriage return unquoted in some versions of Python.
    return ",".join(map(_cell, cells)) + "\n"


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text
