"""What a request says: parameters of its URL and its form, and a body within the limits."""

from __future__ import annotations

import asyncio
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from kgbuild.serve.refusals import Refusal
from kgbuild.serve.settings import Settings

_FIELDS: Final = 500  #: parameters of one request


class Parameters:
    """Parameters by name, in order; a name may come several times."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self.pairs = pairs

    def all(self, name: str) -> tuple[str, ...]:
        """Return the values that are not empty."""
        return tuple(value for key, value in self.pairs if key == name and value)

    def one(self, name: str) -> str | None:
        """Return the value, None where it is not given. Raises Refusal where it is given several times."""
        values = [value for key, value in self.pairs if key == name]
        if len(values) > 1:
            raise Refusal(400, f"parameter {name} is given {len(values)} times; give it once")
        return values[0] if values else None

    def number(self, name: str, most: int) -> int | None:
        """Return a whole number from 1 to `most`, None where it is not given. Raises Refusal."""
        written = self.one(name)
        if written is None:
            return None
        if not (written.isascii() and written.isdigit() and len(written) < 20 and 1 <= int(written) <= most):
            raise Refusal(
                400, f"parameter {name} is {written[:40]!r}; right is a whole number from 1 to {most}"
            )
        return int(written)

    def flag(self, name: str) -> bool:
        """Return whether it is "true"; not given is "false". Raises Refusal for another value."""
        written = self.one(name)
        if written not in {None, "true", "false"}:
            raise Refusal(400, f"parameter {name} is {written!r:.40}; right is true or false")
        return written == "true"


def url_parameters(request: Request) -> Parameters:
    """Return the parameters of the URL. Raises Refusal where they are not UTF-8 or too many."""
    return _parsed(request.scope["query_string"])


def form_parameters(body: bytes) -> Parameters:
    """Return the parameters of a form (application/x-www-form-urlencoded). Raises Refusal as above."""
    return _parsed(body)


def _parsed(raw: bytes) -> Parameters:
    try:
        text = raw.decode("utf-8")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_FIELDS)
    except UnicodeDecodeError as err:
        raise Refusal(400, f"the parameters are not UTF-8: {err}") from err
    except ValueError as err:
        raise Refusal(400, f"more than {_FIELDS} parameters") from err
    return Parameters(pairs)


def content_type(request: Request) -> str:
    """Return the media type of the body, lower case, "" where none is given.

    Raises Refusal for a charset other than UTF-8, which alone the protocol knows.
    """
    media, *parameters = request.headers.get("content-type", "").split(";")
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name.lower() == "charset" and value.strip('"').lower() not in {"utf-8", "utf8", "us-ascii"}:
            raise Refusal(415, f"charset {value!r:.40}; the body must be UTF-8")
    return media.strip().lower()


async def read_body(request: Request, settings: Settings) -> bytes:
    """Return the body. Raises Refusal: 413 where it is too large, 408 where the client is too slow."""
    most = settings.request_bytes
    told = request.headers.get("content-length", "")
    if told.isascii() and told.isdigit() and (len(told) > 18 or int(told) > most):
        raise Refusal(413, f"the body has {told[:30]} bytes; at most {most:,} are read")
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(settings.patience):
            async for part in request.stream():
                size += len(part)
                if size > most:
                    raise Refusal(413, f"the body has more than {most:,} bytes")
                parts.append(part)
    except TimeoutError as err:
        raise Refusal(408, f"the body did not come within {settings.patience:g} s") from err
    except ClientDisconnect as err:
        raise Refusal(499, "the client has gone") from err
    return b"".join(parts)


def decoded(body: bytes) -> str:
    """Return text in UTF-8. Raises Refusal."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as err:
        raise Refusal(400, f"the body is not UTF-8: {err}") from err
