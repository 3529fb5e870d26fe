"""A built graph, or any RDF file, for other tools: RDF syntaxes, graphs, tables, pages, descriptions."""

from kgbuild.export.dataset import LICENSE, Description
from kgbuild.export.formats import FORMATS, Exported, Format, export, export_file, find_format
from kgbuild.export.views import VIEWS

__all__ = [
    "FORMATS",
    "LICENSE",
    "VIEWS",
    "Description",
    "Exported",
    "Format",
    "export",
    "export_file",
    "find_format",
]
