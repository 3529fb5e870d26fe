"""What a server is allowed to do and to take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """Limits of a server, and where it listens. It never writes."""

    host: str = "127.0.0.1"
    port: int = 8765  #: 0 for any free one
    seconds: float = 30.0  #: that a query may take; then its process is ended
    rows: int = 10_000  #: of an answer of the API and of pages
    answer_bytes: int = 64 << 20  #: of an answer in the SPARQL Protocol
    request_bytes: int = 1_000_000  #: of the body of a request
    workers: int = 2  #: processes that answer
    waiting: int = 64  #: requests that may run and wait for a process
    memory: int = 4 << 30  #: bytes that the queries of one process may take beside its store
    patience: float = 10.0  #: seconds that a client may take to send a request, or leave an answer unread

    @property
    def is_local(self) -> bool:
        """Return whether only this machine can reach the server."""
        return self.host in {"localhost", "::1"} or self.host.startswith("127.")
