"""Headers that every answer carries, answers to preflight requests, and what lets clients keep an answer."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kgbuild.serve.state import State

_LOG: Final = logging.getLogger("kgbuild.serve")
#: Nothing from elsewhere and nothing inline. A page that needs more sets its own.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_SECURITY: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
#: What pages of other sites may read, without credentials: all is public to who reaches the server.
_OPEN: Final = ("/sparql", "/store", "/api", "/id/")
_CORS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Kgbuild-Cut, Kgbuild-Notes, Link, Retry-After",
}
_PREFLIGHT: Final = _CORS | {
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def _raw(headers: Mapping[str, str]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.lower().encode(), value.encode()) for name, value in headers.items())


_HEADERS: Final = _raw(_SECURITY)
_OPEN_HEADERS: Final = _raw(_SECURITY | _CORS)


class Guard:
    """Middleware: security headers on all answers, CORS for data, and a look for a new snapshot."""

    def __init__(self, app: ASGIApp, state: State) -> None:
        self.app = app
        self.state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        self.state.look()
        is_open = scope["path"].startswith(_OPEN)
        more = _OPEN_HEADERS if is_open else _HEADERS

        begun = False

        async def send_with(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                known = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in more if pair[0] not in known)]
            await send(message)

        if scope["method"] == "OPTIONS" and is_open and "origin" in Headers(scope=scope):
            await Response(status_code=204, headers=_PREFLIGHT)(scope, receive, send_with)
            return
        try:
            await self.app(scope, receive, send_with)
        except Exception:
            if begun:
                raise
            _LOG.exception("%s %s: internal error", scope["method"], scope["path"])
            await PlainTextResponse("internal error; the log tells more\n", 500)(scope, receive, send_with)


def entity_tag(state: State, *parts: str) -> str:
    """Return the ETag of what `parts` ask of the graph as it is now; weak, as the order of rows is free."""
    text = "\0".join((state.digest, *parts))
    return f'W/"{hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]}"'


def is_known(request: Request, tag: str) -> bool:
    """Return whether the client has what `tag` names (RFC 9110, section 13.1.2)."""
    asked = request.headers.get("if-none-match", "")
    opaque = tag.removeprefix("W/")
    return asked.strip() == "*" or any(part.strip().removeprefix("W/") == opaque for part in asked.split(","))


def not_modified(tag: str, vary: str = "Accept") -> Response:
    """Return the answer that says so."""
    return PlainTextResponse("", 304, kept_headers(tag, vary))


def kept_headers(tag: str, vary: str = "Accept") -> dict[str, str]:
    """Return the headers of an answer that clients may keep, and must ask about before they use it."""
    return {"ETag": tag, "Cache-Control": "no-cache", "Vary": vary}
