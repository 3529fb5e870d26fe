"""Property graphs as GraphML and GEXF 1.3, written piece by piece.

Sources: GraphML primer (graphml.graphdrawing.org), section 2; GEXF 1.3 (gexf.net).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kgbuild.export.columns import joined
from kgbuild.export.property_graph import PropertyGraph
from kgbuild.export.xml_text import XmlText

_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
KIND_BETWEEN: Final = ";"  #: between the classes of a node


def types_of(graph: PropertyGraph) -> dict[str, str]:
    """Return the type of each column by name; these formats have neither lists nor instants."""
    return {c.name: "string" if c.several or c.type == "datetime" else c.type for c in graph.columns}


def graphml(graph: PropertyGraph, xml: XmlText) -> Iterator[str]:
    """Yield the lines of a GraphML document; the ids of nodes are their IRIs, those of edges e0, e1, ..."""
    types = types_of(graph)
    keys = {name: f"d{n}" for n, name in enumerate(types)}
    yield _DECLARATION + '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    yield '  <key id="label" for="node" attr.name="label" attr.type="string"/>\n'
    yield '  <key id="kind" for="node" attr.name="kind" attr.type="string"/>\n'
    for name, type_ in types.items():
        title = xml.attribute(name)
        yield f'  <key id="{keys[name]}" for="node" attr.name={title} attr.type="{type_}"/>\n'
    yield '  <key id="type" for="edge" attr.name="type" attr.type="string"/>\n'
    yield '  <key id="iri" for="edge" attr.name="iri" attr.type="string"/>\n'
    yield '  <key id="claims" for="edge" attr.name="claims" attr.type="long"/>\n'
    yield '  <graph id="kgbuild" edgedefault="directed">\n'
    for node in graph.nodes():
        data = [("label", node.label), ("kind", KIND_BETWEEN.join(node.kinds))]
        data += [(keys[name], joined(values)) for name, values in node.values.items()]
        yield f"    <node id={xml.attribute(node.iri)}>{_data(data, xml)}</node>\n"
    for n, edge in enumerate(graph.edges()):
        ends = f"source={xml.attribute(edge.source)} target={xml.attribute(edge.target)}"
        told = [("type", edge.type), ("iri", edge.iri), ("claims", str(edge.claims))]
        yield f'    <edge id="e{n}" {ends}>{_data(told, xml)}</edge>\n'
    yield "  </graph>\n</graphml>\n"


def _data(pairs: list[tuple[str, str]], xml: XmlText) -> str:
    return "".join(f'<data key="{key}">{xml.content(value)}</data>' for key, value in pairs)


def gexf(graph: PropertyGraph, xml: XmlText) -> Iterator[str]:
    """Yield the lines of a GEXF 1.3 document; parallel edges differ in their kind."""
    types = types_of(graph)
    keys = {name: f"d{n}" for n, name in enumerate(types)}
    yield _DECLARATION + '<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
    yield '  <meta><creator>kgbuild</creator></meta>\n  <graph mode="static" defaultedgetype="directed">\n'
    yield '    <attributes class="node">\n      <attribute id="kind" title="kind" type="string"/>\n'
    for name, type_ in types.items():
        yield f'      <attribute id="{keys[name]}" title={xml.attribute(name)} type="{type_}"/>\n'
    yield '    </attributes>\n    <attributes class="edge">\n'
    yield '      <attribute id="iri" title="iri" type="string"/>\n'
    yield '      <attribute id="claims" title="claims" type="long"/>\n    </attributes>\n    <nodes>\n'
    for node in graph.nodes():
        pairs = [("kind", KIND_BETWEEN.join(node.kinds))]
        pairs += [(keys[name], joined(values)) for name, values in node.values.items()]
        yield f"      <node id={xml.attribute(node.iri)} label={xml.attribute(node.label)}>"
        yield f"{_attvalues(pairs, xml)}</node>\n"
    yield "    </nodes>\n    <edges>\n"
    for n, edge in enumerate(graph.edges()):
        kind = xml.attribute(edge.type)
        yield f'      <edge id="{n}" source={xml.attribute(edge.source)} target={xml.attribute(edge.target)}'
        yield f" kind={kind} label={kind}>"
        yield f"{_attvalues([('iri', edge.iri), ('claims', str(edge.claims))], xml)}</edge>\n"
    yield "    </edges>\n  </graph>\n</gexf>\n"


def _attvalues(pairs: list[tuple[str, str]], xml: XmlText) -> str:
    inside = "".join(f'<attvalue for="{key}" value={xml.attribute(value)}/>' for key, value in pairs)
    return f"<attvalues>{inside}</attvalues>"
