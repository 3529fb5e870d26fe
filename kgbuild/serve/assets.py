"""Style sheets, scripts and pictures of the pages: files of the package, known by their content."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

FOLDER: Final = Path(__file__).parent / "static"
#: What is sent; a file with another suffix (a license, a list of digests) is not.
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent."""

    content: bytes
    content_type: str
    tag: str  #: ETag: begins its SHA-256


@cache
def load_assets(folder: Path = FOLDER) -> dict[str, Asset]:
    """Return the files of `folder` that are sent, by their path in it."""
    return {
        path.relative_to(folder).as_posix(): _load(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in _TYPES
    }


def _load(path: Path) -> Asset:
    content = path.read_bytes()
    return Asset(content, _TYPES[path.suffix], f'"{sha256(content).hexdigest()[:32]}"')


def routes() -> list[Route]:
    """Return the route of all files under /static."""
    return [Route("/static/{path:path}", _send, methods=["GET"])]


async def _send(request: Request) -> Response:
    asset = load_assets().get(request.path_params["path"])
    if asset is None:
        raise HTTPException(404, "no such file of the pages")
    # A browser asks each time whether its copy is still right, so an update of the package is seen at once.
    headers = {"Cache-Control": "no-cache", "ETag": asset.tag}
    if asset.tag in request.headers.get("if-none-match", "").replace("W/", ""):
        return Response(status_code=304, headers=headers)
    return Response(asset.content, headers=headers | {"Content-Type": asset.content_type})
