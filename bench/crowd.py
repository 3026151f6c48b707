"""People who open pages all at once: a small HTTP client, in a process of its own so that its work is told apart.

`python -m bench.crowd` reads an order as JSON, keeps each connection busy with one request after another until the
time or the number of requests is up, and prints what it saw as JSON. Loopback only.
"""

import json
import re
import selectors
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import cycle
from typing import Any

from bench.rows import percentile
from guildhall.server.local.ports import LOOPBACK

CONNECTIONS = 16
MOST_REQUESTS = 100_000
_HEAD_END = b"\r\n\r\n"
_STATUS = re.compile(rb"HTTP/1\.1 (\d{3})")
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Ask:
    """One GET: the house's host, the path, and the headers beside."""

    host: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)

    def encode(self) -> bytes:
        lines = [f"GET {self.path} HTTP/1.1", f"Host: {self.host}", "Accept-Language: en"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of it. A request that was not answered within the time counts nowhere."""

    answered: int
    seconds: float
    p50_ms: float
    p99_ms: float
    statuses: dict[str, int]

    @property
    def per_second(self) -> float:
        return self.answered / self.seconds


def send(port: int, asks: list[Ask], seconds: float, connections: int = CONNECTIONS) -> Seen:
    """Have a crowd open these pages in turn, over and over."""
    order = {"port": port, "asks": [asdict(ask) for ask in asks], "seconds": seconds, "connections": connections}
    done = subprocess.run(
        [sys.executable, "-m", "bench.crowd"],
        input=json.dumps(order),
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds + 30,
    )
    return Seen(**json.loads(done.stdout))


class Line:
    """A connection and the answer that is coming in on it."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((LOOPBACK, port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.began = 0.0
        self._got = b""

    def ask(self, request: bytes) -> None:
        self.began, self._got = time.perf_counter(), b""
        self.socket.sendall(request)

    def read(self) -> str | None:
        """The status, once the answer is whole."""
        got = self.socket.recv(262_144)
        if not got:
            raise ConnectionError("the server hung up")
        self._got += got
        end = self._got.find(_HEAD_END)
        if end < 0:
            return None
        length = _LENGTH.search(self._got, 0, end)
        if len(self._got) < end + len(_HEAD_END) + (int(length[1]) if length else 0):
            return None
        status = _STATUS.match(self._got)
        return status[1].decode() if status else "none"


def _crowd(port: int, requests: Iterator[bytes], seconds: float, connections: int) -> Seen:
    lines = [Line(port) for _ in range(connections)]
    selector, statuses, times = selectors.DefaultSelector(), Counter[str](), list[float]()
    started = time.perf_counter()
    for line in lines:
        selector.register(line.socket, selectors.EVENT_READ, line)
        line.ask(next(requests))
    now = started
    while now < started + seconds and len(times) < MOST_REQUESTS:
        for key, _ in selector.select(timeout=seconds):
            status = key.data.read()
            if status is not None:
                times.append((time.perf_counter() - key.data.began) * 1000)
                statuses[status] += 1
                key.data.ask(next(requests))
        now = time.perf_counter()
    return Seen(len(times), now - started, percentile(times, 0.5), percentile(times, 0.99), dict(statuses))


def main() -> None:
    order: dict[str, Any] = json.load(sys.stdin)
    requests = cycle([Ask(**ask).encode() for ask in order["asks"]])
    seen = _crowd(order["port"], requests, order["seconds"], order["connections"])
    print(json.dumps(asdict(seen)))


if __name__ == "__main__":
    main()
