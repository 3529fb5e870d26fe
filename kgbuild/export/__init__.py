"""A built graph, or any RDF file, in formats of other tools: RDF syntaxes, GraphML, GEXF, CSV for Neo4j."""

from kgbuild.export.formats import FORMATS, Exported, Format, export, export_file

__all__ = ["FORMATS", "Exported", "Format", "export", "export_file"]
