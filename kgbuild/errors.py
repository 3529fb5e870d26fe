"""Every exception of kgbuild.

KgbuildError
├── ResourceError      a data folder or file of kgbuild is missing or unreadable
├── PackError          a folder given with --pack is not what a pack is
├── ArticleError       an article file cannot be read as text with metadata
├── OntologyError      a file of ontology/ is malformed or contradicts another
├── LexiconError       a file of the lexicon is malformed
├── ExtractionError    an extraction record does not fit its schema or its article
├── GraphError         a graph file is missing, malformed or not one of kgbuild's
├── StoreError         a store folder is in use, or does not hold what it should
├── QueryError         a saved query, a parameter or SPARQL text is wrong
│   └── LimitError     a query needs more time or memory than it may take
├── ShapeError         a shapes file is malformed
├── ReasoningError     the reasoner could not run to its end
└── OutputError        the output cannot be written

Each message says what is wrong, where, and what would have been right. A graph that
breaks a shape, or an inconsistent one, is a result and not an exception.
"""


class KgbuildError(Exception):
    """Base of all errors that kgbuild raises on purpose; `str()` is one line for people."""


class ResourceError(KgbuildError):
    """A data folder or file of kgbuild is missing or unreadable."""


class PackError(KgbuildError):
    """A folder given with --pack is not what a pack is."""


class ArticleError(KgbuildError):
    """An article file cannot be read as text with metadata."""


class OntologyError(KgbuildError):
    """A file of ontology/ is malformed or contradicts another."""


class LexiconError(KgbuildError):
    """A file of the lexicon is malformed."""


class ExtractionError(KgbuildError):
    """An extraction record does not fit its schema or its article."""


class GraphError(KgbuildError):
    """A graph file is missing, malformed or not one of kgbuild's."""


class StoreError(KgbuildError):
    """A store folder is in use, or does not hold what it should."""


class QueryError(KgbuildError):
    """A saved query, a parameter or SPARQL text is wrong."""


class LimitError(QueryError):
    """A query needs more time or memory than it may take."""


class ShapeError(KgbuildError):
    """A shapes file is malformed."""


class ReasoningError(KgbuildError):
    """The reasoner could not run to its end."""


class OutputError(KgbuildError):
    """The output cannot be written."""
