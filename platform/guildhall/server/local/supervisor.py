"""Runs Guildhall's own processes side by side in one terminal, and leaves none behind."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import IO, TextIO

from guildhall.server.local.daemon import die_with_parent

GRACE = 5.0
COLOURS = ("36", "33", "35", "32", "34", "31")
LINE = threading.Lock()


@dataclass(frozen=True)
class ProcessSpec:
    """A child process. `env` is added to our own environment; `ready` is asked until it says yes (none: at once)."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] | None = None


class ChildEndedError(RuntimeError):
    """A child ended although nobody asked it to, or did not become ready in time."""


def run(
    specs: Sequence[ProcessSpec],
    *,
    on_ready: Callable[[], None] | None = None,
    output: TextIO | None = None,
    ready_seconds: float = 60.0,
) -> int:
    """Start the children in order, each when the one before is ready, then call `on_ready`, and stay until the end.

    The end is Ctrl-C or SIGTERM (returns 0), or a child that ends by itself (says which, returns 1). Either way all are
    stopped in reverse order; those that still live after 5 seconds are killed, with whatever they started in their
    process group. If this process is killed, the kernel ends the children (Linux). Call it from the main thread.
    """
    out = output or sys.stdout
    children: list[_Child] = []
    with _interrupts() as interrupted:
        try:
            for spec, colour in zip(specs, COLOURS * len(specs), strict=False):
                children.append(_Child(spec, _prefix(spec, specs, colour, out), out))
                _watch(children, interrupted, until=spec.ready, seconds=ready_seconds)
            if on_ready is not None and not interrupted.is_set():
                on_ready()
            _watch(children, interrupted)
        except ChildEndedError as ended:
            _print(out, f"{ended} Stopping the others.")
            return 1
        finally:
            _stop(children)
    return 0


def http_ready(url: str) -> Callable[[], bool]:
    """A readiness check: the address answers over HTTP with anything but a server error."""

    def answers() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310
                return True
        except urllib.error.HTTPError as error:
            return error.code < 500
        except OSError:
            return False

    return answers


class _Child:
    """A running process, the leader of its own group, whose lines are copied to the terminal with its name before."""

    def __init__(self, spec: ProcessSpec, prefix: str, out: TextIO) -> None:
        self.spec = spec
        self.process = subprocess.Popen(  # noqa: S603
            spec.argv,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **spec.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            process_group=0,
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509
        )
        assert self.process.stdout is not None
        self._copier = threading.Thread(target=_copy, args=(self.process.stdout, prefix, out), daemon=True)
        self._copier.start()

    def stop(self, deadline: float) -> None:
        """Ask the group to end, then kill what is left of it: a child that has ended may have left children."""
        self._signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, deadline - time.monotonic()))
        self._signal(signal.SIGKILL)
        self.process.wait()
        self._copier.join(1)

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


def _watch(
    children: Sequence[_Child],
    interrupted: threading.Event,
    *,
    until: Callable[[], bool] | None = None,
    seconds: float = float("inf"),
) -> None:
    """Wait until interrupted, or until `until` says yes. Raises ChildEndedError when a child ends or time runs out."""
    deadline = time.monotonic() + seconds
    waits_for_readiness = seconds != float("inf")
    while not interrupted.is_set():
        for child in children:
            code = child.process.poll()
            if code is not None:
                raise ChildEndedError(f"{child.spec.name} ended with exit code {code}.")
        if waits_for_readiness and (until is None or until()):
            return
        if time.monotonic() > deadline:
            raise ChildEndedError(f"{children[-1].spec.name} was not ready after {seconds:.0f} seconds.")
        interrupted.wait(0.1)


def _stop(children: Sequence[_Child]) -> None:
    deadline = time.monotonic() + GRACE
    for child in reversed(children):
        child.stop(deadline)


@contextlib.contextmanager
def _interrupts() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set; the handlers from before come back afterwards."""
    event = threading.Event()

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        event.set()

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield event
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _prefix(spec: ProcessSpec, specs: Sequence[ProcessSpec], colour: str, out: TextIO) -> str:
    label = spec.name.ljust(max(len(other.name) for other in specs)) + " │ "
    coloured = out.isatty() and "NO_COLOR" not in os.environ
    return f"\033[{colour}m{label}\033[0m" if coloured else label


def _copy(source: IO[str], prefix: str, out: TextIO) -> None:
    with source:
        for line in source:
            _print(out, prefix + line.rstrip("\n"))


def _print(out: TextIO, line: str) -> None:
    with LINE:
        print(line, file=out, flush=True)
