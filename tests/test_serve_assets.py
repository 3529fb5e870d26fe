"""The files that the pages load: others' are as published, ours are found and know when they change."""

from __future__ import annotations

import asyncio
import re
from collections.abc import MutableMapping
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

pytest.importorskip("starlette", reason="needs kgbuild[serve]")

from starlette.applications import Starlette

from kgbuild.serve import assets

ROOT = Path(__file__).resolve().parent.parent
VENDORED = [assets.FOLDER / "vendor" / "yasqe", ROOT / "tests" / "axe"]


APP = Starlette(routes=assets.routes())


def get(path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of what is answered to GET /static/`path`."""
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    asked = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": f"/static/{unquote(path)}", "headers": asked}
    asyncio.run(APP(scope | {"query_string": b"", "root_path": ""}, receive, send))
    got = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], got, b"".join(part.get("body", b"") for part in sent[1:])


@pytest.mark.parametrize("folder", VENDORED, ids=lambda folder: folder.name)
def test_what_others_wrote_is_as_published(folder: Path) -> None:
    lines = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    found = {
        path.name: sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.name not in {"SHA256SUMS", "README.md"}
    }
    assert found == listed
    assert "LICENSE" in listed


def test_every_vendored_folder_is_checked_and_told_where_it_is_from() -> None:
    folders = {path.name for path in (assets.FOLDER / "vendor").iterdir() if path.is_dir()}
    assert folders == {folder.name for folder in VENDORED if assets.FOLDER in folder.parents}
    readme = (assets.FOLDER / "vendor" / "README.md").read_text("utf-8")
    assert all(f"| `{name}` |" in readme for name in folders)


def test_a_file_is_sent_once_and_again_when_it_changes() -> None:
    status, headers, content = get("editor/editor.js")
    assert (status, headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert headers["cache-control"] == "no-cache"
    for tag in (headers["etag"], f"W/{headers['etag']}", f'"0123", {headers["etag"]}'):
        assert get("editor/editor.js", if_none_match=tag)[::2] == (304, b"")
    assert get("editor/editor.js", if_none_match='"0123"')[::2] == (200, content)


@pytest.mark.parametrize(
    "path",
    [
        "vendor/yasqe/SHA256SUMS",
        "vendor/README.md",
        "nothing.js",
        "../app.py",
        "%2e%2e/app.py",
        "..%2fassets.py",
        "editor",
        "",
    ],
)
def test_nothing_else_of_the_package_is_sent(path: str) -> None:
    assert get(path)[0] == 404


def test_scripts_load_only_scripts_that_are_there() -> None:
    known = assets.load_assets()
    for name, asset in known.items():
        if "vendor/" in name or not name.endswith(".js"):
            continue
        for target in re.findall(r'(?:from|import)\s*\(?"([^"]+)"', asset.content.decode()):
            assert target.startswith("./"), f"{name} loads {target}"
            assert (Path(name).parent / target).as_posix() in known, f"{name} loads {target}"


def test_no_file_of_ours_names_another_host() -> None:
    for name, asset in assets.load_assets().items():
        if "vendor/" not in name and name.endswith((".js", ".css")):
            hosts = set(re.findall(r"(?:https?:)?//([a-z0-9-]+\.[a-z0-9.-]+)", asset.content.decode()))
            assert hosts <= {"www.w3.org", "w3id.org"}, name  # namespaces, which nobody asks for


def test_others_ask_other_hosts_only_where_it_is_known() -> None:
    """A new version that calls out in a new place is looked at before it ships."""
    text = (assets.FOLDER / "vendor" / "yasqe" / "yasqe.min.js").read_text("utf-8")
    assert len(re.findall(r"\bfetch\(", text)) == 3  # a query, prefixes, lov.linkeddata.es
    assert not re.search(r"XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts", text)
