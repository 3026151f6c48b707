"""Looking whether everything that Guildhall needs is there and right; `guildhall doctor` and `/-/ready` ask here."""

import io
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from redis import RedisError
from sqlalchemy import func, select, text

from guildhall.core.clock import now
from guildhall.core.db import Database
from guildhall.core.db.bootstrap import EXTENSIONS
from guildhall.core.db.migrations import Scripts
from guildhall.core.house import PLATFORM_ID, PLATFORM_SCOPE, House
from guildhall.core.runtime import Runtime
from guildhall.core.settings import Mode
from guildhall.core.storage import key_of
from guildhall.core.web.assets import DIST
from tenants.models import TenantRow, TenantStatus
from tenants.schemas import heads

CONNECT_SECONDS = 3.0
SKEW = timedelta(seconds=2)


class Level(StrEnum):
    GOOD = "good"
    DOUBTFUL = "doubtful"  # it works, but somebody should know
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Result:
    """What was found, and what to do about it."""

    name: str
    level: Level
    found: str
    remedy: str = ""

    def as_json(self) -> dict[str, str]:
        return {key: str(value) for key, value in asdict(self).items()}


class Finding(Exception):
    """Raised by a check that found something.

    Args:
        found: what is so.
        remedy: what to do.
    """

    def __init__(self, found: str, remedy: str, level: Level = Level.WRONG) -> None:
        self.found, self.remedy, self.level = found, remedy, level
        super().__init__(found)


@dataclass(frozen=True, slots=True)
class Check:
    """A name and a function that returns what is well, or raises."""

    name: str
    look: Callable[[Runtime], str]
    remedy: str = ""  # when it fails in a way of its own

    def run(self, runtime: Runtime) -> Result:
        try:
            return Result(self.name, Level.GOOD, self.look(runtime))
        except Finding as finding:
            return Result(self.name, finding.level, finding.found, finding.remedy)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong is what we are here to tell
            first_line = str(error).strip().split("\n", 1)[0]
            return Result(self.name, Level.WRONG, f"{type(error).__name__}: {first_line}", self.remedy)


def run_checks(runtime: Runtime, checks: Iterable[Check]) -> list[Result]:
    return [check.run(runtime) for check in checks]


def _database(runtime: Runtime) -> str:
    with runtime.db.connect(PLATFORM_SCOPE) as connection:
        return f"PostgreSQL {connection.execute(text('SHOW server_version')).scalar()}"


def _app_role(runtime: Runtime) -> str:
    with runtime.db.connect(PLATFORM_SCOPE) as connection:
        role, is_super = connection.execute(
            text("SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        ).one()
        owned = connection.execute(
            text("SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND relowner = current_user::regrole")
        ).scalar_one()
    if is_super:
        raise Finding(f"{role} is a superuser", "put a role that owns nothing into GUILDHALL_DATABASE_URL")
    if owned:
        raise Finding(f"{role} owns {owned} tables", "migrate as the owner: set GUILDHALL_OWNER_DATABASE_URL")
    return f"{role} owns nothing"


def _owner_role(runtime: Runtime) -> str:
    if not runtime.settings.owner_database_url:
        remedy = "set GUILDHALL_OWNER_DATABASE_URL for the worker and wherever migrations run"
        raise Finding("not set here: no onboarding and no migrations", remedy, Level.DOUBTFUL)
    with runtime.owner_db.connect(PLATFORM_SCOPE) as connection:
        role, may = connection.execute(
            text("SELECT rolname, rolcreaterole FROM pg_roles WHERE rolname = current_user")
        ).one()
    if not may:
        raise Finding(f"{role} may not make roles", "run `guildhall db bootstrap` as a superuser")
    return f"{role} makes schemas and roles"


def _extensions(runtime: Runtime) -> str:
    with runtime.db.connect(PLATFORM_SCOPE) as connection:
        found = set(connection.execute(text("SELECT extname FROM pg_extension")).scalars())
    missing = [name for name in EXTENSIONS if name not in found]
    if missing:
        raise Finding(f"missing: {', '.join(missing)}", "run `guildhall db bootstrap` as a superuser")
    return ", ".join(EXTENSIONS)


def _platform_schema(runtime: Runtime) -> str:
    newest = set(Scripts.platform().heads.values())
    with runtime.db.connect(PLATFORM_SCOPE) as connection:
        standing = set(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())
    if standing != newest:
        raise Finding(f"at {_names(standing)}, this version wants {_names(newest)}", "run `guildhall migrate`")
    return _names(newest)


def _tenants(runtime: Runtime) -> str:
    current = TenantRow.revisions == heads(runtime.registry)
    with runtime.db.begin(runtime.platform) as session:
        total, up_to_date = session.execute(
            select(func.count(), func.count().filter(current)).where(TenantRow.status != TenantStatus.PURGED)
        ).one()
    if total != up_to_date:
        raise Finding(f"{total - up_to_date} of {total} are behind this version", "run `guildhall migrate`")
    return f"{total} associations up to date"


def _redis(runtime: Runtime) -> str:
    try:
        info = runtime.redis.info("server")
    except (RedisError, OSError) as error:
        remedy = "start it, or mend GUILDHALL_REDIS_URL; pages work meanwhile, jobs wait"
        raise Finding(f"{type(error).__name__}: {error}", remedy, Level.DOUBTFUL) from error
    name = "Valkey" if "valkey_version" in info else "Redis"
    return f"{name} {info.get('valkey_version') or info.get('redis_version')}"


def _processes(runtime: Runtime) -> str:
    from guildhall.server.queue import workers_alive
    from guildhall.server.relay import ALIVE_KEY

    missing = [] if runtime.redis.exists(ALIVE_KEY) else ["guildhall relay"]
    missing += [] if workers_alive(runtime.redis) else ["guildhall worker"]
    if missing:
        raise Finding("jobs wait: no relay or no worker runs", f"start `{'`, `'.join(missing)}`", Level.DOUBTFUL)
    return "relay and worker are at work"


def _smtp(runtime: Runtime) -> str:
    parts = urlsplit(runtime.settings.smtp_url)
    host, port = parts.hostname or "localhost", parts.port or (465 if parts.scheme == "smtps" else 25)
    with socket.create_connection((host, port), CONNECT_SECONDS) as plain:
        plain.settimeout(CONNECT_SECONDS)
        if parts.scheme == "smtps":
            with ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secured:
                greeting = secured.recv(512)
        else:
            greeting = plain.recv(512)
    if not greeting.startswith(b"220"):
        raise Finding(f"{host}:{port} does not greet as a mail server", "mend GUILDHALL_SMTP_URL")
    return f"{host}:{port} answers"


def _storage(runtime: Runtime) -> str:
    key, content = key_of(PLATFORM_ID, "doctor"), now().isoformat().encode()
    runtime.storage.put(key, io.BytesIO(content), "text/plain")
    with runtime.storage.open(key) as kept:
        same = kept.read() == content
    runtime.storage.delete(key)
    if not same:
        raise Finding("what was read is not what was written", "look whether two stores share one place")
    return runtime.settings.s3_bucket or str(Path(runtime.settings.storage_path).resolve())


def _stripe(runtime: Runtime) -> str:
    settings = runtime.settings
    if not settings.stripe_secret_key:
        return "switched off"
    is_live = settings.stripe_secret_key.startswith(("sk_live_", "rk_live_"))
    if is_live and settings.mode is not Mode.PRODUCTION:
        raise Finding(f"a live key in {settings.mode} mode", "use a test key here: real cards would be charged")
    if not settings.stripe_webhook_secret:
        raise Finding("no webhook secret: payments are not heard of", "set GUILDHALL_STRIPE_WEBHOOK_SECRET")
    if not is_live and settings.mode is Mode.PRODUCTION:
        raise Finding("a test key in production", "nobody is charged; set the live key", Level.DOUBTFUL)
    return "live" if is_live else "test"


def _clock(runtime: Runtime) -> str:
    before = now()
    with runtime.db.connect(PLATFORM_SCOPE) as connection:
        there = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    skew = max(before - there, there - now(), timedelta())
    if skew > SKEW:
        remedy = "run a time service on both machines; codes and links expire by the clock"
        raise Finding(f"{skew.total_seconds():.0f} s apart from the database", remedy)
    return "agrees with the database"


def _translations(runtime: Runtime) -> str:
    packages = ["guildhall.core", "guildhall.server", "guildhall.site", "guildhall.console", "tenants"]
    packages += [module.package for module in runtime.registry.modules]
    sources = [source for package in packages for source in _catalogues(package)]
    stale = [source for source in sources if not _is_compiled(source)]
    if stale:
        raise Finding(f"{len(stale)} not compiled, the first: {stale[0]}", "run `make setup`, or build the wheel anew")
    return f"{len(sources)} catalogues"


def _catalogues(package: str) -> Iterator[Path]:
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        yield from Path(folder).glob("translations/*/LC_MESSAGES/*.po")


def _is_compiled(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime


def _front_end(runtime: Runtime) -> str:  # noqa: ARG001
    if not (DIST / "manifest.json").exists():
        raise Finding("not built: pages have no style", "run `make setup`, or install the wheel")
    return "built"


def _names(items: Iterable[str]) -> str:
    return ", ".join(sorted(items)) or "nothing"


DATABASE = Check("database", _database, "start PostgreSQL, or mend GUILDHALL_DATABASE_URL")
PLATFORM_SCHEMA = Check("platform schema", _platform_schema, "run `guildhall migrate`")
REDIS = Check("redis", _redis)
READINESS = (DATABASE, PLATFORM_SCHEMA, REDIS)
EVERYTHING = (
    DATABASE,
    Check("application role", _app_role),
    Check("owner role", _owner_role, "mend GUILDHALL_OWNER_DATABASE_URL"),
    Check("extensions", _extensions),
    PLATFORM_SCHEMA,
    Check("associations", _tenants),
    REDIS,
    Check("processes", _processes, "start Redis first"),
    Check("mail", _smtp, "start the mail server, or mend GUILDHALL_SMTP_URL"),
    Check("storage", _storage, "make the folder writable, or mend the GUILDHALL_S3_… settings"),
    Check("stripe", _stripe),
    Check("clock", _clock),
    Check("translations", _translations),
    Check("front end", _front_end),
)


def house_checks(house: House, db: Database) -> tuple[Check, ...]:
    """What the modules that are on in a house say of themselves."""

    def asks(check: Callable[..., None]) -> Callable[[Runtime], str]:
        def look(_runtime: Runtime) -> str:
            with db.begin(house) as session:
                check(session)
            return "works"

        return look

    modules = db.registry.active(house.modules) if db.registry else ()
    return tuple(Check(f"{m.name}: {health.name}", asks(health.check)) for m in modules for health in m.health)
