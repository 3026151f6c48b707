"""The web server: granian, one blocking thread a process unless told otherwise, the app loaded once before forking."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from os import environ
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces

from guildhall.core.observability import metrics
from guildhall.core.settings import Settings

APP_MODULE, FACTORY = "guildhall.server.wsgi", "create_app"
STOP_SECONDS = 20  # how long a process may take over its last requests
QUIET_LOG = {
    "version": 1,
    "disable_existing_loggers": False,
    "loggers": {"_granian": {"level": "INFO", "propagate": True}, "granian.access": {"level": "WARNING"}},
}


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until SIGTERM or Ctrl-C; SIGHUP replaces the processes one by one without refusing a request."""
    import_module(APP_MODULE)  # its pages of memory are then shared by all processes
    with _shared_metrics():
        Granian(
            f"{APP_MODULE}:{FACTORY}",
            factory=True,
            interface=Interfaces.WSGI,
            address=host,
            port=port,
            workers=settings.web_processes,
            blocking_threads=settings.web_threads,
            respawn_failed_workers=True,
            workers_kill_timeout=STOP_SECONDS,
            log_dictconfig=QUIET_LOG,
            websockets=False,
        ).serve()


@contextmanager
def _shared_metrics() -> Iterator[None]:
    """Any process answers for all; an operator who sets the folder lets worker and relay take part."""
    if metrics.FOLDER in environ:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="guildhall-metrics-") as folder:
        metrics.share(Path(folder))
        yield
