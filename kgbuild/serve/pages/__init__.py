"""Pages on which a reader sees question, answer, evidence and sentence. They work without scripts."""

from kgbuild.serve.pages.site import overview_of, routes

__all__ = ["overview_of", "routes"]
