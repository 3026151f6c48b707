"""Which association answers on which host: read from the platform's tables, cached in each process."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

import structlog
from redis import RedisError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from guildhall.core.db.bootstrap import SHARED_TENANT_ROLE
from guildhall.core.house import Scope
from guildhall.core.runtime import Runtime
from guildhall.core.settings import TenantRoles
from tenants.models import HostKind, TenantHost, TenantRow, TenantStatus
from tenants.profile import Profile

log = structlog.get_logger(__name__)
CHANNEL = "guildhall:registry"
# How long a process trusts what it has read when nobody tells it of changes: while listening, and while Redis is away.
LISTENING_SECONDS = 60.0
DEAF_SECONDS = 1.0
# How long a closing process may have to wait for its listener.
LISTEN_SECONDS = 0.5
MOST_CACHED = 20_000


@dataclass(frozen=True, slots=True)
class Tenant:
    """An association as the rest of the house sees it: a snapshot, and a `House` for the core."""

    id: UUID
    slug: str
    status: TenantStatus
    scope: Scope
    modules: frozenset[str]
    plan: str
    template: str
    profile: Profile
    host: str
    address: str  # scheme, host and port of its home page
    notice: str
    revisions: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return self.profile.name

    @property
    def laid_out(self) -> frozenset[str]:
        return frozenset(branch for branch, _revision in self.revisions)

    @property
    def locale(self) -> str:
        return self.profile.locale

    @property
    def locales(self) -> tuple[str, ...]:
        return self.profile.locales

    @property
    def timezone(self) -> str:
        return self.profile.timezone

    @property
    def currency(self) -> str:
        return self.profile.currency

    @property
    def is_open(self) -> bool:
        """Whether people may come in."""
        return self.status in {TenantStatus.TRIAL, TenantStatus.ACTIVE, TenantStatus.PAST_DUE}

    def url(self, path: str = "/") -> str:
        return self.address + path

    def as_owner(self) -> "Tenant":
        """The same for a session of the owner of all tables, who cannot take the association's own role."""
        return replace(self, scope=Scope(self.scope.schema, None))


def snapshot(runtime: Runtime, row: TenantRow) -> Tenant:
    """A row of the registry as a `Tenant`."""
    settings = runtime.settings
    primary = next((h.host for h in row.hosts if h.is_primary and h.verified_at), None)
    host = primary or f"{row.slug}.{settings.base_host}"
    role = SHARED_TENANT_ROLE if settings.tenant_roles is TenantRoles.SHARED else row.schema
    return Tenant(
        id=row.id,
        slug=row.slug,
        status=TenantStatus(row.status),
        scope=Scope(row.schema, role),
        modules=runtime.registry.closure(name for name in row.modules if name in runtime.registry.by_name),
        plan=row.plan,
        template=row.template,
        profile=Profile.from_json(row.profile),
        host=host,
        address=settings.url_of(host, ""),
        notice=row.notice,
        revisions=tuple(sorted(row.revisions.items())),
    )


class TenantRegistry:
    """Finds associations. One a process; safe for threads.

    Other processes are told of changes through Redis; while it is away each answer is trusted for a second only.
    `includes` says whether a plan includes a module; whoever composes the process hands in what plans there are.
    """

    def __init__(self, runtime: Runtime, includes: Callable[[str, str], bool] = lambda _plan, _module: True) -> None:
        self._runtime = runtime
        self.includes = includes
        self._cache: dict[object, tuple[float, Tenant | None]] = {}
        self._listener: threading.Thread | None = None
        self._listening = False
        self._start = threading.Lock()
        self._closed = threading.Event()
        self._generation = 0

    def close(self) -> None:
        """Stop listening. Call it before the runtime is closed."""
        self._closed.set()
        if self._listener is not None:
            self._listener.join()

    def by_host(self, host: str) -> Tenant | None:
        """The association of a host name (lower case, no port), or None."""
        return self._cached(host, lambda session: self._find_host(session, host))

    def by_id(self, tenant_id: UUID) -> Tenant | None:
        return self._cached(tenant_id, lambda session: session.get(TenantRow, tenant_id))

    def by_slug(self, slug: str) -> Tenant | None:
        return self.by_host(f"{slug}.{self._runtime.settings.base_host}")

    def all(self, *statuses: TenantStatus) -> Iterator[Tenant]:
        """Every association that has a schema (or is in one of these states), oldest first, read anew."""
        statement = select(TenantRow).order_by(TenantRow.id).where(TenantRow.status != TenantStatus.PURGED)
        if statuses:
            statement = statement.where(TenantRow.status.in_(statuses))
        with self._runtime.db.begin(self._runtime.platform) as session:
            rows = session.scalars(statement).all()
            yield from [snapshot(self._runtime, row) for row in rows]

    def changed(self, tenant_id: UUID) -> None:
        """Say, after a commit, that an association has changed: everybody reads it anew."""
        self._forget()
        try:
            self._runtime.redis.publish(CHANNEL, str(tenant_id))
        except RedisError as error:
            log.warning("registry_change_untold", error=str(error))

    def _find_host(self, session: Session, host: str) -> TenantRow | None:
        suffix = "." + self._runtime.settings.base_host
        if host.endswith(suffix):
            slug = host.removesuffix(suffix)
            found = session.scalar(select(TenantRow).where(TenantRow.slug == slug))
            if found is not None:
                return found
        statement = select(TenantRow).join(TenantHost).where(TenantHost.host == host)
        usable = (TenantHost.kind == HostKind.FORMER_SLUG) | TenantHost.verified_at.is_not(None)
        return session.scalar(statement.where(usable))

    def _cached(self, key: object, find: Callable[[Session], TenantRow | None]) -> Tenant | None:
        self._listen()
        found = self._cache.get(key)
        if found is not None and found[0] > time.monotonic():
            return found[1]
        generation = self._generation
        with self._runtime.db.begin(self._runtime.platform) as session:
            row = find(session)
            tenant = snapshot(self._runtime, row) if row is not None and row.status != TenantStatus.PURGED else None
        if len(self._cache) >= MOST_CACHED:
            self._cache.clear()
        if generation == self._generation:  # else somebody changed it while we read
            self._cache[key] = (time.monotonic() + (LISTENING_SECONDS if self._listening else DEAF_SECONDS), tenant)
        return tenant

    def _forget(self) -> None:
        self._generation += 1
        self._cache.clear()

    def _listen(self) -> None:
        if self._listener is None:
            with self._start:
                if self._listener is None:
                    self._listener = threading.Thread(target=self._hear, name="tenant-registry", daemon=True)
                    self._listener.start()

    def _hear(self) -> None:
        """Forget everything at each change: reading one association again costs one query."""
        while not self._closed.is_set():
            try:
                with self._runtime.redis.pubsub(ignore_subscribe_messages=True) as subscription:  # type: ignore[no-untyped-call]
                    subscription.subscribe(CHANNEL)
                    self._forget()
                    self._listening = True
                    while not self._closed.is_set():
                        if subscription.get_message(timeout=LISTEN_SECONDS) is not None:
                            self._forget()
            except (RedisError, OSError, ValueError):
                self._listening = False
                self._forget()
                self._closed.wait(DEAF_SECONDS)


def count_by_status(session: Session) -> dict[str, int]:
    rows = session.execute(select(TenantRow.status, func.count()).group_by(TenantRow.status))
    return {status: count for status, count in rows}  # noqa: C416 - rows are not pairs to mypy
