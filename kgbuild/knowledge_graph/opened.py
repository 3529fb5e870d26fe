"""A built graph, opened for questions."""

# ruff: noqa: PLC0415 - what only some methods need is loaded by them

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Final, Self

from kgbuild.errors import GraphError, LimitError, QueryError
from kgbuild.export.reading import graph_file
from kgbuild.knowledge_graph import tasks
from kgbuild.knowledge_graph.claims import claims_query
from kgbuild.knowledge_graph.kept import (
    ArticleEntry,
    ToldDifferently,
    read_disagreements,
    read_manifest,
)
from kgbuild.knowledge_graph.pages import explanation_html, parameters_text, questions_html
from kgbuild.knowledge_graph.rows import Rows
from kgbuild.knowledge_graph.session import Session
from kgbuild.knowledge_graph.values import Given, Iri, as_written
from kgbuild.model import Term
from kgbuild.query import (
    EvidenceRow,
    Explanation,
    Question,
    SavedQuery,
    Statement,
    load_queries,
    named_query,
    plain_query,
    read_question,
)
from kgbuild.query.worker import MEMORY, SECONDS, Result, Task
from kgbuild.terms import expand

if TYPE_CHECKING:
    import rdflib

    from kgbuild.export import Exported
    from kgbuild.validation import ValidationReport

#: Rows of an answer to SPARQL, if nothing else is said.
ROWS: Final = 10_000
_NOTHING: Final[Mapping[str, Given]] = MappingProxyType({})
_GRAPH: Final = "graph.ttl"


class GraphWarning(UserWarning):
    """Something about an answer or a build that is no error, but may surprise."""


class Questions(tuple[SavedQuery, ...]):
    """The saved questions, in order of name."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return a line a question: name, parameters, the question in words."""
        return "\n".join(f"{q.name}({parameters_text(q)}): {q.summary}" for q in self)

    def _repr_html_(self) -> str:
        return questions_html(self)


class Explained:
    """All that a graph says of one thing."""

    def __init__(self, found: Explanation) -> None:
        self._found = found

    @property
    def iri(self) -> Iri:
        """Return the IRI of the thing, with its label."""
        return Iri(self._found.iri, self._found.label)

    @property
    def label(self) -> str:
        """Return its name."""
        return self._found.label

    @property
    def classes(self) -> tuple[str, ...]:
        """Return the names of its classes."""
        return self._found.classes

    @property
    def known(self) -> tuple[Statement, ...]:
        """Return the facts about it, each with its evidence; reference data has none."""
        return tuple(s for s in self._found.statements if s.fact)

    @property
    def claimed(self) -> tuple[Statement, ...]:
        """Return what is only claimed of it: denied, planned, possible or contested."""
        return tuple(s for s in self._found.statements if not s.fact)

    def __repr__(self) -> str:
        """Return the thing with a line a statement."""
        lines = [f"{self.label} ({', '.join(self.classes) or 'no class'})"]
        lines += [f"  {s.subject} - {s.predicate} - {s.value}" for s in self.known]
        lines += [f"  claimed: {s.subject} - {s.predicate} - {s.value}" for s in self.claimed]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return explanation_html(self._found)


class KnowledgeGraph:
    """The graph of a build or of an RDF file; `kgbuild.open` makes one.

    Questions are answered by a process of its own, within the limits of the command line: `seconds` and
    `memory` (bytes beside the store) for each; a question that breaks them raises LimitError, and the next
    one is answered again. That process keeps the graph as it was at the first question; `refresh` lets go of
    it. A graph may be used from several threads, and is closed by leaving the `with` block, by `close`, or
    when nobody has it any more.
    """

    def __init__(self, source: Path, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        graph_file(source)  # refuses at once what holds no graph
        self.source: Final = source
        self._seconds = seconds
        self._session = Session(source, memory=memory)

    def __enter__(self) -> Self:
        """Return the graph."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def __repr__(self) -> str:
        """Return the call that opens it."""
        return f"kgbuild.open({str(self.source)!r})"

    def close(self) -> None:
        """End the process that answers; questions raise QueryError from now on."""
        self._session.close()

    def refresh(self) -> None:
        """See the graph as it is now, after another build wrote it."""
        self._session.refresh()
        self.__dict__.pop("graph", None)
        self.__dict__.pop("articles", None)

    # ---- questions

    @cached_property
    def questions(self) -> Questions:
        """Return the saved questions. Raises QueryError where one is malformed."""
        return Questions(load_queries())

    def query(
        self,
        name: str | Path,
        values: Mapping[str, Given] = _NOTHING,
        /,
        *,
        evidence: bool = False,
        limit: int = 0,
        seconds: float | None = None,
        **parameters: Given,
    ) -> Rows:
        """Return the answer to a saved question, by its name, or to the one in a .rq file, by its path.

        Parameters are given by name, with `values` for names that Python does not allow; a trailing
        underscore is taken off (`from_`). Things are given by their names, prefixed names or IRIs, days as
        text or dates; None lifts a default. With `evidence` each row has its places. At most `limit` rows
        come back, 0 for all; a cut answer and an odd value warn with GraphWarning. Raises QueryError for an
        unknown question, parameter or name, LimitError after `seconds`.
        """
        saved = (
            read_question(str(name)) if isinstance(name, Path) or name.endswith(".rq") else named_query(name)
        )
        return self._rows(saved, {**values, **parameters}, evidence=evidence, limit=limit, seconds=seconds)

    def sparql(
        self,
        text: str,
        values: Mapping[str, Given] = _NOTHING,
        /,
        *,
        evidence: bool = False,
        limit: int = ROWS,
        seconds: float | None = None,
        **parameters: Given,
    ) -> Rows:
        """Return the answer to a query in SPARQL 1.1; the prefixes of kgbuild need no PREFIX line.

        A variable that stands as `BIND(?__place_iri AS ?place)` is a parameter. At most `limit` rows come
        back, 0 for all. Updates, SERVICE and FROM raise QueryError. The rest is as in `query`.
        """
        return self._rows(
            plain_query(text), {**values, **parameters}, evidence=evidence, limit=limit, seconds=seconds
        )

    def claims(
        self,
        subject: str | None = None,
        predicate: str | None = None,
        value: str | None = None,
        *,
        polarity: str | None = None,
        certainty: str | None = None,
        speaker: str | None = None,
        article: str | None = None,
        limit: int = 0,
    ) -> Rows:
        """Return the claims that have all this, each with its quote, in order of article and place.

        Everything is a name, a prefixed name or an IRI, such as `predicate="kg:holds"`, `polarity="denied"`,
        `certainty="planned"`; what is left out limits nothing. Raises as `query` does.
        """
        given = {
            "subject": subject, "predicate": predicate, "value": value, "polarity": polarity,
            "certainty": certainty, "speaker": speaker, "article": article,
        }  # fmt: skip
        return self._rows(claims_query(), given, evidence=False, limit=limit, seconds=None)

    def explain(self, name: str) -> Explained:
        """Return all about the thing of this name. Raises QueryError where there is none, or several."""
        return Explained(self.ask(tasks.Explain(name)))

    def find(self, name: str, class_: str | None = None) -> Iri:
        """Return the thing of this name, of the class `class_` ("kg:Firm") where one is given.

        Raises QueryError where there is none, with the nearest names, or where there are several.
        """
        return Iri(*self.ask(tasks.Resolve(name, _class_iri(class_))))

    def ask(self, task: Task[Result], *, seconds: float | None = None) -> Result:
        """Return what `task` returns when called with the store; it must be a value that can be pickled.

        Raises what it raises, and LimitError after `seconds`.
        """
        return self._session.ask(task, seconds=self._seconds if seconds is None else seconds)

    # ---- what it holds

    @cached_property
    def graph(self) -> rdflib.Graph:
        """Return all triples of the graph, without the ontology, as rdflib's Graph. Raises GraphError."""
        from kgbuild.rdf_files import read_graph

        return read_graph([self._file()])

    @cached_property
    def articles(self) -> tuple[ArticleEntry, ...]:
        """Return the articles, in order of their IRIs. Raises GraphError, LimitError."""
        files: Mapping[str, str] = {}
        if self.source.is_dir():
            files = read_manifest(self.source)["articles"]
        found = []
        for iri, title, publisher, published, url, language, sha256 in self.ask(tasks.ListArticles()):
            file = self.source / files[iri] if iri in files else None
            found.append(ArticleEntry(iri, title, publisher, published, url, language, sha256, file))
        return tuple(found)

    @property
    def counts(self) -> Mapping[str, int]:
        """Return the numbers of articles, claims, facts, contradictions and rejected candidates of the build.

        Raises GraphError where the graph is not in the folder of a build.
        """
        return dict(read_manifest(self._folder())["counts"])

    @property
    def disagreements(self) -> tuple[ToldDifferently, ...]:
        """Return what the articles tell in more than one way.

        Raises GraphError where the graph is not in the folder of a build.
        """
        return read_disagreements(self._folder())

    # ---- other files

    def export(self, form: str, path: str | Path, *, view: str | None = None, owl: bool = False) -> Exported:
        """Write the graph in a format of `kgbuild export` to `path`, and return what was written.

        Raises GraphError for an unknown format or view, OutputError where nothing can be written.
        """
        from kgbuild.export import export_file

        return export_file(self.source, form, Path(path), view=view, owl=owl)

    def validate(self, *, shapes: Iterable[str | Path] = ()) -> ValidationReport:
        """Return what kgbuild's shapes, those in the files or folders `shapes`, and graph checks find.

        Quotes are compared with the kept texts. Raises GraphError, ShapeError.
        """
        from kgbuild.resources import data_dir
        from kgbuild.validation import validate

        return validate(
            [self._file()],
            shapes=(data_dir("shapes"), *map(Path, shapes)),
            texts=self.source if self.source.is_dir() else None,
        )

    # ----

    def _file(self) -> Path:
        graph_file(self.source)
        return self.source / _GRAPH if self.source.is_dir() else self.source

    def _folder(self) -> Path:
        if not self.source.is_dir():
            raise GraphError(f"{self.source} is not the folder of a build, which alone tells this")
        return self.source

    def _rows(
        self,
        saved: SavedQuery,
        values: Mapping[str, Given],
        *,
        evidence: bool,
        limit: int,
        seconds: float | None,
    ) -> Rows:
        written = _written(saved, values)
        question = Question(saved, written, limit or None, evidence)
        try:
            answer, labels = self.ask(tasks.Ask(question), seconds=seconds)
        except LimitError as err:
            raise LimitError(f"{saved.where}{err} (seconds=, limit=)") from err
        for note in answer.notes:
            warnings.warn(note, GraphWarning, stacklevel=3)
        if answer.result.cut:
            rows = len(answer.result.rows)
            warnings.warn(
                f"only the first {rows} rows are here; limit=0 gives all", GraphWarning, stacklevel=3
            )
        return Rows(saved, answer, labels, self._places)

    def _places(
        self, saved: SavedQuery, rows: tuple[Mapping[str, Term], ...]
    ) -> tuple[tuple[EvidenceRow, ...], ...]:
        return self.ask(tasks.FindEvidence(saved, rows))


def open_graph(
    source: str | Path = "out", *, seconds: float = SECONDS, memory: int = MEMORY
) -> KnowledgeGraph:
    """Return the graph in the output folder of a build, or in an RDF file, opened for questions.

    `seconds` and `memory` (bytes beside the graph) limit each question. Raises GraphError where there is no
    graph.
    """
    return KnowledgeGraph(Path(source), seconds=seconds, memory=memory)


def _written(saved: SavedQuery, values: Mapping[str, Given]) -> dict[str, str]:
    written: dict[str, str] = {}
    for name, value in values.items():
        key = saved.parameter(name.removesuffix("_")).name
        if key in written:
            raise QueryError(f"parameter {key} is given twice")
        written[key] = as_written(value)
    return written


def _class_iri(name: str | None) -> str | None:
    if name is None or "://" in name:
        return name
    try:
        return expand(name if ":" in name else f"kg:{name}")
    except ValueError as err:
        raise QueryError(f"{name!r} names no class: {err}") from err
