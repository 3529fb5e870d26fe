"""The magics %sparql and %%sparql, and the notebook of the examples, executed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kgbuild
from kgbuild.errors import QueryError
from kgbuild.knowledge_graph import Rows
from kgbuild.notebook import Options, read_options

pytest.importorskip("IPython", reason="needs kgbuild[notebook]")
FIRMS: Final = "SELECT ?name { ?f a kg:Firm ; rdfs:label ?name . FILTER(CONTAINS(?name, '{kept}')) }"


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    path = tmp_path / "my graph.ttl"
    path.write_text(
        "".join(
            f"<https://w3id.org/kgbuild/id/firm/f{n}> a <https://w3id.org/kgbuild/ontology#Firm> ;\n"
            f'    <http://www.w3.org/2000/01/rdf-schema#label> "Firm {n} {{kept}}"@en .\n'
            for n in range(3)
        ),
        "utf-8",
    )
    return path


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.chdir(tmp_path)
    config = Config()
    config.HistoryManager.enabled = False
    shell: Any = InteractiveShell(config=config)  # type: ignore[no-untyped-call]
    shell.run_line_magic("load_ext", "kgbuild")
    yield shell
    shell.run_line_magic("unload_ext", "kgbuild")
    assert "sparql" not in shell.magics_manager.magics["line"]


def run(shell: Any, cell: str) -> Any:
    """Return the value of a cell. Raises what it raises."""
    done = shell.run_cell(cell)
    done.raise_error()
    return done.result


# ---- the magics


def test_the_line_magic_takes_a_query_as_it_is(shell: Any, graph: Path) -> None:
    rows = run(shell, f"kept = 'changed'\n%sparql -d '{graph.name}' {FIRMS}")
    assert isinstance(rows, Rows)
    assert sorted(row.name for row in rows) == [f"Firm {n} {{kept}}" for n in range(3)]


def test_python_variables_do_not_get_into_a_query(shell: Any, graph: Path) -> None:
    rows = run(
        shell, f"firm = 'changed'\n%sparql -d '{graph.name}' SELECT $firm {{ $firm a kg:Firm }} LIMIT 3"
    )
    assert rows.columns == ("firm",)


def test_the_cell_magic_names_its_rows_and_remembers_the_graph(shell: Any, graph: Path) -> None:
    shown = run(shell, f"%%sparql -d '{graph.name}' --as firms\n{FIRMS}\nORDER BY ?name")
    assert shell.user_ns["firms"] is shown
    assert run(shell, "firms[2].name") == "Firm 2 {kept}"
    assert len(run(shell, f"%sparql {FIRMS}")) == 3


def test_an_opened_graph_is_taken_by_its_variable(shell: Any, graph: Path) -> None:
    with kgbuild.open(graph) as kg:
        shell.user_ns["mine"] = kg
        assert len(run(shell, f"%sparql -d mine {FIRMS}")) == 3


def test_options_reach_the_query(shell: Any, graph: Path) -> None:
    head = f"%%sparql -d '{graph.name}' -p firm='firm:f1' --evidence"
    rows = run(shell, f"{head}\nSELECT ?f {{ BIND(?__firm_iri AS ?f) ?f a kg:Firm }}")
    assert [row.f.short for row in rows] == ["firm:f1"]
    assert "evidence" in rows.to_arrow().column_names
    with pytest.warns(kgbuild.GraphWarning, match="only the first 2 rows"):
        assert len(run(shell, f"%sparql --limit 2 {FIRMS}")) == 2


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("%sparql -d nowhere ASK {}", "nowhere does not exist"),
        ("%sparql -d '{graph}' SELECT ?x {{", "UsageError"),
        ("%sparql -d '{graph}' DROP ALL", "DROP changes data"),
        ("%sparql -d '{graph}' --timeout 0.2 SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }}",
         "stopped after 0.2 s"),
        ("%sparql", "there is no query"),
        ("%sparql --nix 3 ASK {}", "there is no option --nix"),
        ("%%sparql ASK {}\nASK {}", "the query begins in the next line"),
    ],
)  # fmt: skip
def test_errors_are_one_line_and_stop_the_cell(
    shell: Any, graph: Path, capsys: pytest.CaptureFixture[str], cell: str, message: str
) -> None:
    done = shell.run_cell(cell.replace("{graph}", graph.name).replace("{{", "{").replace("}}", "}"))
    out, err = capsys.readouterr()
    assert not done.success
    assert message in err
    assert "Traceback" not in out + err
    assert len(err.strip().splitlines()) == 1


# ---- options


def test_options_are_read() -> None:
    options, rest = read_options(
        "-d out/x --as=firms -p a=1 --param 'b=two words' -e --limit 0 --timeout 2.5 ASK {}"
    )
    assert options == Options(
        "out/x", "firms", {"a": "1", "b": "two words"}, evidence=True, limit=0, timeout=2.5
    )
    assert rest == "ASK {}"
    assert read_options('-p b="it\'s" ASK {}')[0].parameters == {"b": "it's"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--as 1x ASK {}", "is no name of a variable"),
        ("-p a ASK {}", "as NAME=VALUE"),
        ("-p a=1 -p a=2 ASK {}", "each parameter once"),
        ("--limit -1 ASK {}", "is no number of rows"),
        ("--limit many ASK {}", "is no number of rows"),
        ("--timeout 0 ASK {}", "above 0"),
        ("--timeout nan ASK {}", "above 0"),
        ("-d", "needs a value"),
    ],
)
def test_wrong_options_are_told(line: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        read_options(line)


@given(st.text(), st.sampled_from(["", "-d out ", "--as x --limit 5 ", "-e "]))
def test_a_query_is_never_changed(text: str, options: str) -> None:
    query = f"SELECT {text}"
    assert read_options(options + query)[1] == query.strip()


# ---- the notebook


def test_the_notebook_of_the_examples_runs(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    pytest.importorskip("pandas")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    shutil.copytree(root / "examples" / "articles", tmp_path / "articles")
    path = root / "examples" / "questions.ipynb"
    notebook: Any = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code), (
        "outputs are not kept in the project"
    )
    client = nbclient.NotebookClient(
        notebook, timeout=240, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute()
    shown = {cell.source.split("\n")[0]: cell.outputs for cell in code}
    assert "JL MAG" in _html(
        shown['licenses = kg.query("firms-holding-licenses", destination="Germany", reach="certain")']
    )
    assert "characters" in shown["row = licenses[0]"][0]["text"]
    assert (
        shown["texts = {article.iri: article.text for article in kg.articles}"][0]["data"]["text/plain"]
        == "True"
    )
    assert "issuer" in _html(shown["%%sparql -d kg --as by_regulator"])
    assert "Lynas Rare Earths Ltd." in _html(shown['kg.explain("Lynas")'])
    assert "0 violations" in shown['print(len(kg.graph), "triples for rdflib")'][-1]["data"]["text/plain"]
    assert not [o for cell in code for o in cell.outputs if o.get("name") == "stderr"]


def _html(outputs: Any) -> str:
    (output,) = outputs
    page: str = output["data"]["text/html"]
    return page
