"""The web server: connections whose clients neither send nor read are ended."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import Final

import h11
import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from kgbuild.errors import OutputError
from kgbuild.serve.settings import Settings

_HEADER_BYTES: Final = 64 << 10
_CONNECTIONS: Final = 500


class Patient(H11Protocol):
    """A connection that is ended when a request does not come, or an answer is not read, for `patience`."""

    patience: float = 10.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to look at the connection every `patience` seconds."""
        super().connection_made(transport)
        self._waited = False  #: it was waiting for a request when it was last looked at
        self._unread = 0  #: bytes that were not read then
        self._looking = self.loop.call_later(self.patience, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Look no more."""
        self._looking.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what the client sent."""
        super().data_received(data)
        if not self._waits():
            self._waited = False

    def _look(self) -> None:
        unread = self.transport.get_write_buffer_size()
        waits = self._waits()
        if (unread and unread == self._unread) or (waits and self._waited):
            self.transport.abort()
            return
        self._unread, self._waited = unread, waits
        self._looking = self.loop.call_later(self.patience, self._look)

    def _waits(self) -> bool:
        """Return whether the headers of a request are due; between requests, uvicorn looks by itself."""
        return self.conn.their_state is h11.IDLE and self.timeout_keep_alive_task is None


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 is any free one. Raises OutputError where that cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends at once (TCP_NODELAY) only where the protocol is named: an answer would take 40 ms more
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(256)
    except (OSError, OverflowError) as err:
        listening.close()
        raise OutputError(f"cannot listen at {host} port {port}: {err}; take another with --port") from err
    return listening


def run(app: Starlette, listening: socket.socket, settings: Settings) -> None:
    """Serve `app` until the process is interrupted (Ctrl-C), which is how it is meant to end."""
    connection = type("Patient", (Patient,), {"patience": settings.patience})
    config = uvicorn.Config(
        app,
        http=connection,
        loop="asyncio",
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        h11_max_incomplete_event_size=_HEADER_BYTES,
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=2,
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])
