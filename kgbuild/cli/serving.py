"""The command that serves a graph."""

# ruff: noqa: D301, PLC0415 - click wants a real backspace before examples; --help must not load the server
from __future__ import annotations

from pathlib import Path

import click

from kgbuild.cli.store import settle_earlier
from kgbuild.errors import ResourceError


@click.command()
@click.argument("data", type=click.Path(path_type=Path), default=Path("out"), metavar="[FOLDER | FILE]")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 for any free one."
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="A query is stopped then.",
)
@click.option(
    "--rows",
    type=click.IntRange(1),
    default=10_000,
    show_default=True,
    help="At most so many rows on pages and in the API.",
)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes that answer."
)  # fmt: skip
def serve(data: Path, host: str, port: int, timeout: float, rows: int, workers: int) -> None:
    """Serve the graph of a build, or of an RDF file: pages, saved questions, a SPARQL endpoint.

    Nothing is ever written, and nothing is asked of other hosts. A build into the same folder is served as
    soon as it is done. Only this machine can reach it unless --host says otherwise. Stop it with Ctrl-C.

    \b
    kgbuild serve out/                                 http://127.0.0.1:8765/
    kgbuild serve graph.trig --port 9000
    curl 'http://127.0.0.1:8765/api/questions/firms-holding-licenses.csv?destination=Germany'
    curl http://127.0.0.1:8765/sparql --data-urlencode 'query=SELECT * { ?firm kg:holds ?license }'
    """
    try:
        from kgbuild.serve.app import create_app
        from kgbuild.serve.listening import listen, run
    except ModuleNotFoundError as err:
        missing = (err.name or "").partition(".")[0]
        if missing not in {"starlette", "uvicorn", "jinja2"}:
            raise
        raise ResourceError(f"{missing} is not installed; pip install 'kgbuild[serve]'") from err
    from kgbuild.serve.settings import Settings

    settings = Settings(host=host, port=port, seconds=timeout, rows=rows, workers=workers)
    settle_earlier(data)
    app = create_app(data, settings)
    listening = listen(host, port)
    bound = listening.getsockname()[1]
    if not settings.is_local:
        click.echo(
            f"kgbuild: warning: whoever reaches {host} port {bound} can read the whole graph and ask queries",
            err=True,
        )
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Serving {data} at http://{shown}:{bound}/ (Ctrl-C stops)", err=True)
    run(app, listening, settings)
