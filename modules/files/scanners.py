"""Virus scanners: one small interface, and the one that most installations have."""

import socket
import struct
from typing import IO, Protocol
from urllib.parse import urlsplit

from guildhall.core.settings import Settings

_TIMEOUT_SECONDS = 60
_CHUNK = 64 * 1024
_CLAMD_PORT = 3310


class ScannerFailed(Exception):
    """The scanner did not answer, or not with a verdict."""


class Scanner(Protocol):
    """Looks at a file's bytes."""

    def scan(self, content: IO[bytes]) -> str:
        """The name of what was found; empty for a clean file.

        Raises:
            ScannerFailed, OSError: there is no verdict.
        """
        ...


class ClamAV:
    """clamd over TCP, by its INSTREAM command (clamd(8))."""

    def __init__(self, host: str, port: int = _CLAMD_PORT) -> None:
        self._address = (host, port)

    def scan(self, content: IO[bytes]) -> str:
        with socket.create_connection(self._address, timeout=_TIMEOUT_SECONDS) as connection:
            connection.sendall(b"zINSTREAM\0")
            while chunk := content.read(_CHUNK):
                connection.sendall(struct.pack("!I", len(chunk)) + chunk)
            connection.sendall(struct.pack("!I", 0))
            with connection.makefile("rb") as reader:
                answer = reader.read(4096).rstrip(b"\0\n").decode(errors="replace")
        return _finding(answer)


def scanner_of(settings: Settings) -> Scanner | None:
    """The scanner that this installation has: `GUILDHALL_CLAMAV_URL`, or none."""
    if not settings.clamav_url:
        return None
    parts = urlsplit(settings.clamav_url)
    return ClamAV(parts.hostname or "localhost", parts.port or _CLAMD_PORT)


def _finding(answer: str) -> str:
    """`stream: OK`, or `stream: Eicar-Signature FOUND`."""
    verdict = answer.partition(": ")[2]
    if verdict == "OK":
        return ""
    if verdict.endswith(" FOUND"):
        return verdict.removesuffix(" FOUND")
    raise ScannerFailed(answer)
