"""Requests that cannot be answered as they are, and how that is told."""

from __future__ import annotations

from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from kgbuild.errors import KgbuildError, LimitError, QueryError

RETRY_AFTER: Final = "2"  #: seconds


class Refusal(KgbuildError):  # noqa: N818 - a refusal is an answer
    """A request that is refused with a status of HTTP."""

    def __init__(self, status: int, text: str, allow: str = "") -> None:
        super().__init__(status, text, allow)
        self.status = status
        self.text = text
        self.allow = allow  #: methods, for status 405

    def __str__(self) -> str:
        """Return what is wrong and what would have been right."""
        return self.text


def refused(request: Request, err: Exception) -> Response:
    """Return the answer that tells `err`: JSON under /api, a line of text elsewhere."""
    status, text = status_of(err)
    headers = {"Cache-Control": "no-store"}
    if status in {429, 503}:
        headers["Retry-After"] = RETRY_AFTER
    if status in {408, 413}:
        headers["Connection"] = "close"  # the rest of the body would be taken for the next request
    if isinstance(err, Refusal) and err.allow:
        headers["Allow"] = err.allow
    if isinstance(err, HTTPException) and err.headers:
        headers |= err.headers
    if request.url.path.startswith("/api"):
        return JSONResponse({"error": text}, status, headers)
    return PlainTextResponse(text + "\n", status, headers)


def status_of(err: Exception) -> tuple[int, str]:
    """Return the status of HTTP for an error, and what to say."""
    if isinstance(err, Refusal):
        return err.status, str(err)
    if isinstance(err, HTTPException):
        return err.status_code, err.detail
    if isinstance(err, LimitError):
        return 503, str(err)
    if isinstance(err, QueryError):
        return 400, str(err)
    return 503, f"the graph cannot be read: {err}"
