"""Settings: one typed object read from the environment, and nothing else.

Every variable begins with ``GUILDHALL_``. One that is not known here is an error, since a misspelt setting that is
silently ignored is worse than a process that does not start.
"""

import difflib
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from enum import StrEnum
from typing import Any, get_type_hints
from urllib.parse import urlsplit

PREFIX = "GUILDHALL_"


class SettingsError(Exception):
    """What is wrong with the environment, one line a problem; `guildhall doctor` prints it."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class Mode(StrEnum):
    """How the process runs. Only `demo` has one-click sign-in and the page of components."""

    DEMO = "demo"
    TEST = "test"
    PRODUCTION = "production"


class TenantRoles(StrEnum):
    """Whose database role a tenant's transaction takes: its own (plain PostgreSQL) or one for all (Citus)."""

    OWN = "own"
    SHARED = "shared"


def _setting(help_: str, **options: Any) -> Any:
    return field(metadata={"help": help_}, **options)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything the process is told from outside. Field `database_url` is `GUILDHALL_DATABASE_URL`, and so on."""

    mode: Mode = _setting("demo, test or production", default=Mode.PRODUCTION)
    base_url: str = _setting(
        "where people reach the public site; houses are its subdomains", default="http://localhost:8000"
    )
    secret_key: str = _setting("signs cookies and links and encrypts stored secrets; at least 32 characters")
    database_url: str = _setting("PostgreSQL, as the role that serves requests: no superuser, owns no table")
    owner_database_url: str = _setting(
        "PostgreSQL, as the role that owns schemas and makes roles; only migrations and provisioning use it", default=""
    )
    redis_url: str = _setting(
        "Valkey or Redis: job queue, limits, caches; may be lost at any time", default="redis://localhost:6379/0"
    )
    smtp_url: str = _setting(
        "smtp://user:password@host:port, smtps:// for TLS from the start; port 587 starts TLS",
        default="smtp://localhost:1025",
    )
    mail_from: str = _setting("sender of mails", default="Guildhall <no-reply@localhost>")
    support_email: str = _setting(
        "where associations reach the vendor; shown on the notice of a closed house", default=""
    )
    storage_path: str = _setting("folder of uploaded files, when no S3 bucket is set", default=".local/files")
    s3_bucket: str = _setting("bucket of uploaded files", default="")
    s3_endpoint: str = _setting("S3-compatible endpoint; empty for AWS", default="")
    s3_access_key: str = _setting("S3 access key", default="")
    s3_secret_key: str = _setting("S3 secret key", default="")
    s3_region: str = _setting("S3 region", default="us-east-1")
    stripe_secret_key: str = _setting("Stripe secret key; empty switches Stripe off", default="")
    stripe_webhook_secret: str = _setting("signing secret of Stripe's webhooks", default="")
    stripe_api_base: str = _setting("where Stripe's API answers; empty for Stripe itself", default="")
    tenant_roles: TenantRoles = _setting("own or shared", default=TenantRoles.OWN)
    pool_size: int = _setting("database connections a process keeps", default=4)
    pool_recycle_tenants: int = _setting("a connection is closed after it has seen this many tenants", default=100)
    statement_timeout_ms: int = _setting("longest statement of a request", default=15_000)
    lock_timeout_ms: int = _setting("longest wait for a lock in a request", default=5_000)
    spare_schemas: int = _setting("schemas kept ready for new associations", default=3)
    trusted_proxies: int = _setting("reverse proxies in front, whose X-Forwarded-* headers are believed", default=0)
    web_processes: int = _setting("web processes", default=2)
    web_threads: int = _setting("blocking threads a web process", default=1)
    storage_quota_mb: int = _setting("room for the files of one association", default=10_240)
    clamav_url: str = _setting("clamd, such as tcp://localhost:3310, to scan uploads; empty scans nothing", default="")
    upload_limit_mb: int = _setting("largest request body", default=25)
    log_level: str = _setting("DEBUG, INFO, WARNING or ERROR", default="INFO")
    log_format: str = _setting("json or console", default="json")
    metrics_token: str = _setting("bearer token that /-/metrics demands outside demo mode; empty closes it", default="")
    sentry_dsn: str = _setting("Sentry; empty switches it off", default="")
    otel_endpoint: str = _setting("OpenTelemetry collector (OTLP over HTTP); empty switches it off", default="")

    @property
    def base_host(self) -> str:
        """Host of the public site, without port, in lower case."""
        return (urlsplit(self.base_url).hostname or "").lower()

    @property
    def scheme(self) -> str:
        return urlsplit(self.base_url).scheme

    @property
    def port_suffix(self) -> str:
        """`:8000`, or nothing where the scheme's own port is used."""
        port = urlsplit(self.base_url).port
        return f":{port}" if port else ""

    @property
    def secure(self) -> bool:
        """Whether people come over TLS, so that cookies can demand it."""
        return self.scheme == "https"

    def url_of(self, host: str, path: str = "/") -> str:
        """Absolute URL on one of our hosts. `host` comes from settings or the registry, never from a request."""
        return f"{self.scheme}://{host}{self.port_suffix}{path}"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Read and check the environment.

        Raises:
            SettingsError: with all problems at once.
        """
        known = {PREFIX + f.name.upper(): f for f in fields(cls)}
        given = {name: value for name, value in environ.items() if name.startswith(PREFIX)}
        problems = [_unknown(name, known) for name in given if name not in known]
        values: dict[str, Any] = {}
        hints = get_type_hints(cls)
        for name, spec in known.items():
            if name in given:
                _read(spec, hints[spec.name], given[name], name, values, problems)
            elif spec.default is MISSING:
                problems.append(f"{name} is missing: {spec.metadata['help']}")
        if not problems:
            settings = cls(**values)
            problems = settings.problems()
            if not problems:
                return settings
        raise SettingsError(problems)

    def problems(self) -> list[str]:
        """Values that are well formed but cannot work."""
        found = []
        if len(self.secret_key) < 32:
            found.append(f"{PREFIX}SECRET_KEY is shorter than 32 characters")
        if self.scheme not in {"http", "https"} or not self.base_host:
            found.append(f"{PREFIX}BASE_URL must be an http or https address, for example https://guildhall.example")
        if self.mode is Mode.PRODUCTION and not self.secure and self.base_host != "localhost":
            found.append(f"{PREFIX}BASE_URL must be https in production: sign-in cookies demand it")
        if self.log_format not in {"json", "console"}:
            found.append(f"{PREFIX}LOG_FORMAT must be json or console")
        return found


def _unknown(name: str, known: Mapping[str, Field[Any]]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"{name} is not a setting" + (f"; did you mean {close[0]}?" if close else "")


def _read(spec: Field[Any], type_: Any, text: str, name: str, values: dict[str, Any], problems: list[str]) -> None:
    try:
        values[spec.name] = type_(text)
    except ValueError:
        expected = ", ".join(type_) if isinstance(type_, type) and issubclass(type_, StrEnum) else "a whole number"
        problems.append(f"{name} is {text!r}; expected {expected}")
