"""Loopback ports."""

import socket

LOOPBACK = "127.0.0.1"


def free_port(preferred: int = 0) -> int:
    """`preferred` when nobody listens on it, else (or for 0) one that the system picks."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("No free port on the loopback interface.")
