"""One way to run a server program that is not ours: start it, wait for it, stop it, leave nothing behind."""

import ctypes
import fcntl
import hashlib
import os
import pwd
import signal
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, ClassVar, Self

LOCK_PATIENCE = 5.0
LONGEST_SOCKET_PATH = 100  # the kernel allows 107 bytes
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class DaemonError(RuntimeError):
    """A server did not start; the message says which and why."""


class AlreadyRunningError(DaemonError):
    """Another process of ours runs the same server on the same folder."""


def die_with_parent(with_signal: int) -> Callable[[], None]:
    """A `preexec_fn` after which the kernel sends the child `with_signal` when the thread that started it ends.

    Linux only; elsewhere it does nothing. Start children from the main thread: its end is the process's.
    """

    def ask_kernel() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, with_signal)

    return ask_kernel


class Daemon(ABC):
    """A server program with a folder of its own.

    Promises: Ctrl-C in the terminal does not reach it (own session); it dies with the process that started it, even
    by kill -9; two of them never run on one folder, because the server itself holds a lock on it for as long as any
    of its processes lives; what a crash left behind (sockets, pid files) does not stop the next start.
    """

    name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    account: pwd.struct_passwd | None = None

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.log = self.folder / "log"
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def prepare(self) -> None:
        """Make the data directory, clear what a crash left; called under the lock, before each start."""

    @abstractmethod
    def command(self) -> list[str]:
        """The program and its arguments."""

    @abstractmethod
    def ready(self) -> bool:
        """Whether it answers."""

    @property
    def pid(self) -> int | None:
        """The server's process, or None when it is not running."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> Self:
        """Start and wait until it answers. Raises DaemonError with the end of its log if it does not."""
        self.launch()
        self.wait_ready()
        return self

    def launch(self) -> None:
        """Start without waiting, so that several servers come up together. Call from the main thread."""
        if self.pid is not None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._locked() as lock:
            self.prepare()
            with self.log.open("ab") as log:
                self._process = subprocess.Popen(  # noqa: S603
                    self.command(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=self.folder,
                    start_new_session=True,
                    pass_fds=(lock.fileno(),),
                    preexec_fn=die_with_parent(self.stop_signal),  # noqa: PLW1509
                    **self.identity(),
                )
            lock.write(str(self._process.pid))

    def identity(self) -> dict[str, Any]:
        """Arguments to `subprocess` that name the system user to run as."""
        if self.account is None:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    def wait_ready(self, seconds: float = 30.0) -> None:
        """Return once it answers; raise DaemonError when it ends first or takes longer."""
        deadline = time.monotonic() + seconds
        while not self.ready():
            if self.pid is None or time.monotonic() > deadline:
                tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
                self.kill()
                raise DaemonError(f"{self.name} did not start on {self.folder}. The end of its log:\n{tail}")
            time.sleep(0.01)

    def stop(self, seconds: float = 10.0) -> None:
        """Shut it down in order; kill it when that takes longer than `seconds`. Harmless when it is not running."""
        if self._process is None:
            return
        self._process.send_signal(self.stop_signal)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """Kill -9, as a crash would. The folder is left as it is; start() recovers."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def in_use(self) -> bool:
        """Whether a server, ours or another process's, runs on the folder."""
        try:
            with (self.folder / "lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except FileNotFoundError:
            pass
        return False

    def restart(self) -> None:
        """Stop in order and start again, at the same address."""
        self.stop()
        self.start()

    def _locked(self) -> IO[str]:
        """The folder's lock file, held. The server inherits it, so the kernel frees it when its last process ends."""
        path = self.folder / "lock"
        lock = path.open("a+")
        deadline = time.monotonic() + LOCK_PATIENCE
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as busy:
                if time.monotonic() > deadline:
                    lock.close()
                    holder = path.read_text() or "unknown"
                    message = f"{self.name} already runs on {self.folder} (process {holder}); stop that one first."
                    raise AlreadyRunningError(message) from busy
                time.sleep(0.02)
            else:
                lock.truncate(0)
                return lock


def socket_folder(folder: Path, socket_name: str) -> Path:
    """Where a server puts its socket: its own folder, or a short one, always the same, if that path is too long."""
    if len(os.fsencode(folder / socket_name)) <= LONGEST_SOCKET_PATH:
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"guildhall-{os.getuid()}-{digest}"
