"""The command that serves a graph to agents."""

# ruff: noqa: D301, PLC0415 - click wants a real backspace before examples; --help must not load the server
from __future__ import annotations

from pathlib import Path

import click

from kgbuild.errors import ResourceError


@click.command()
@click.option(
    "-d",
    "--data",
    type=click.Path(path_type=Path),
    default=Path("out"),
    show_default=True,
    help="Output folder of a build, or an RDF file.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="A question is stopped then.",
)
def mcp(data: Path, timeout: float) -> None:
    """Serve the graph to an agent by the Model Context Protocol, on standard input and output.

    All tools only read. An agent starts this command by itself; its settings hold something like

    \b
    kgbuild mcp -d out
    {"mcpServers": {"kgbuild": {"command": "kgbuild", "args": ["mcp", "-d", "/path/to/out"]}}}
    """
    from kgbuild.knowledge_graph import open_graph

    try:
        from kgbuild.mcp.server import make_server
    except ModuleNotFoundError as err:
        if (err.name or "").partition(".")[0] == "kgbuild":
            raise
        raise ResourceError(f"{err.name} is not installed: pip install 'kgbuild[mcp]'") from err
    with open_graph(data, seconds=timeout) as kg:
        make_server(kg).run("stdio")
