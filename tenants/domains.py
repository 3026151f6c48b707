"""Where a house is reached: its slug, and domains of the association's own.

A domain serves only after its DNS has shown two things: that whoever asks controls it (a TXT record
`_guildhall.<domain>` with our token), and that it leads here (CNAME or address of the platform's own host).
"""

import ipaddress
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import select

from guildhall.core import audit
from guildhall.core.clock import now
from guildhall.core.db import UnitOfWork
from guildhall.core.errors import NotFound
from guildhall.core.identity import SYSTEM, Actor
from guildhall.core.runtime import Runtime
from tenants.dns import DnsResolver, SystemDns
from tenants.errors import DomainInvalid, DomainUnproven, HostTaken
from tenants.events import locked, note
from tenants.models import HostKind, TenantHost, TenantRow
from tenants.provisioning import check_slug
from tenants.registry import Tenant, TenantRegistry, snapshot
from tenants.slugs import skeleton

CHALLENGE_LABEL = "_guildhall"
# A claim on a domain that nobody proves keeps others away no longer than this.
CLAIM_HOLDS = timedelta(days=7)
LONGEST_DOMAIN = 253
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


def change_slug(runtime: Runtime, tenants: TenantRegistry, tenant: Tenant, slug: str, actor: Actor = SYSTEM) -> Tenant:
    """Give the house another address; the former one leads to it from now on.

    Raises:
        SlugInvalid, SlugReserved, SlugTaken
    """
    base = runtime.settings.base_host
    with _changing(runtime, tenants, tenant, actor) as (session, row):
        former = row.slug
        if slug != former:
            check_slug(session, slug, own=tenant.id)
            row.hosts = [host for host in row.hosts if host.host != f"{slug}.{base}"]
            row.hosts.append(TenantHost(host=f"{former}.{base}", kind=HostKind.FORMER_SLUG, verified_at=now()))
            row.slug, row.slug_skeleton = slug, skeleton(slug)
            _note(session, row, "slug_changed", former=former, slug=slug)
    return snapshot(runtime, row)


def add_domain(
    runtime: Runtime, tenants: TenantRegistry, tenant: Tenant, domain: str, actor: Actor = SYSTEM
) -> TenantHost:
    """Put a domain on the association's list; it serves once `verify_domain` has seen its records.

    Raises:
        DomainInvalid: it is none, or one of ours.
        HostTaken: it leads to another association.
    """
    name = normalised(domain, runtime.settings.base_host)
    with _changing(runtime, tenants, tenant, actor) as (session, row):
        present = session.scalar(select(TenantHost).where(TenantHost.host == name))
        if present is not None and present.tenant_id == tenant.id:
            return present
        if present is not None:
            _end_claim(session, present)
        added = TenantHost(host=name, kind=HostKind.DOMAIN, token=secrets.token_urlsafe(24))
        row.hosts.append(added)
        _note(session, row, "domain_added", host=name)
    return added


@dataclass(frozen=True, slots=True)
class Record:
    """A DNS record that an association has to set."""

    name: str
    kind: str
    value: str


def records(runtime: Runtime, host: TenantHost) -> list[Record]:
    """What the association has to tell its DNS before a domain serves."""
    proof = Record(f"{CHALLENGE_LABEL}.{host.host}", "TXT", host.token)
    return [proof, Record(host.host, "CNAME", runtime.settings.base_host)]


def find_domain(runtime: Runtime, tenant: Tenant, domain: str) -> TenantHost:
    """A domain or former address of the association, by its name.

    Raises:
        NotFound
    """
    with runtime.db.begin(runtime.platform) as session:
        statement = select(TenantHost).where(TenantHost.tenant_id == tenant.id, TenantHost.host == domain.lower())
        found = session.scalar(statement)
    if found is None:
        raise NotFound
    return found


def verify_domain(
    runtime: Runtime,
    tenants: TenantRegistry,
    tenant: Tenant,
    host_id: UUID,
    actor: Actor = SYSTEM,
    dns: DnsResolver | None = None,
) -> Tenant:
    """Look at a domain's records and let it serve. The look-up happens outside any transaction.

    Raises:
        DomainUnproven: a record is not to be seen; `fields` says which.
    """
    with runtime.db.begin(runtime.platform) as session:
        host = _host_of(session, tenant, host_id)
    _demand_records(host, runtime.settings.base_host, dns or SystemDns())
    with _changing(runtime, tenants, tenant, actor) as (session, row):
        _host_of(session, tenant, host_id).verified_at = now()
        _note(session, row, "domain_verified", host=host.host)
    return snapshot(runtime, row)


def make_primary(
    runtime: Runtime, tenants: TenantRegistry, tenant: Tenant, host_id: UUID | None, actor: Actor = SYSTEM
) -> Tenant:
    """Make a verified domain the house's address, or (None) its slug again; the others lead to it.

    Raises:
        DomainUnproven: it is not verified.
    """
    with _changing(runtime, tenants, tenant, actor) as (session, row):
        chosen = _host_of(session, tenant, host_id) if host_id else None
        if chosen is not None and (chosen.verified_at is None or chosen.kind != HostKind.DOMAIN):
            raise DomainUnproven(host=chosen.host)
        for host in row.hosts:
            host.is_primary = host is chosen
        _note(session, row, "address_chosen", host=chosen.host if chosen else row.slug)
    return snapshot(runtime, row)


def remove_domain(
    runtime: Runtime, tenants: TenantRegistry, tenant: Tenant, host_id: UUID, actor: Actor = SYSTEM
) -> Tenant:
    """Take a domain or a former address away; it leads nowhere from now on."""
    with _changing(runtime, tenants, tenant, actor) as (session, row):
        host = _host_of(session, tenant, host_id)
        row.hosts.remove(host)
        _note(session, row, "domain_removed", host=host.host)
    return snapshot(runtime, row)


@contextmanager
def _changing(
    runtime: Runtime, tenants: TenantRegistry, tenant: Tenant, actor: Actor
) -> Iterator[tuple[UnitOfWork, TenantRow]]:
    """A transaction that holds the association's row, and tells every process of the change once it is committed."""
    with runtime.db.begin(runtime.platform, actor) as session:
        yield session, locked(session, tenant.id)
    tenants.changed(tenant.id)


def _note(session: UnitOfWork, row: TenantRow, kind: str, **details: str) -> None:
    note(session, row, kind, **details)
    audit.record(session, f"tenants.{kind}", label=str(row.id))


def _demand_records(host: TenantHost, base_host: str, dns: DnsResolver) -> None:
    missing = {}
    if host.token not in dns.texts(f"{CHALLENGE_LABEL}.{host.host}"):
        missing["txt"] = DomainUnproven.no_txt
    if not _leads_here(host.host, base_host, dns):
        missing["cname"] = DomainUnproven.no_cname
    if missing:
        raise DomainUnproven(host=host.host, fields=missing)


def _leads_here(host: str, base_host: str, dns: DnsResolver) -> bool:
    if any(alias == base_host or alias.endswith(f".{base_host}") for alias in dns.aliases(host)):
        return True
    return bool(dns.addresses(host) & dns.addresses(base_host))


def _end_claim(session: UnitOfWork, present: TenantHost) -> None:
    """Make way for a new claim, where the other association never proved its own."""
    if present.verified_at is not None or present.created_at > now() - CLAIM_HOLDS:
        raise HostTaken(fields={"domain": HostTaken.message})
    session.delete(present)
    session.flush()


def _host_of(session: UnitOfWork, tenant: Tenant, host_id: UUID) -> TenantHost:
    """A host of this association; another's does not exist for it."""
    host: TenantHost = session.get_or_404(TenantHost, host_id)
    if host.tenant_id != tenant.id:
        raise NotFound
    return host


def normalised(domain: str, base_host: str) -> str:
    """A domain as DNS writes it: lower case, punycode, no scheme, port, path or last dot.

    Raises:
        DomainInvalid: it is no public domain name, or it lies below our own.
    """
    try:
        typed = domain.strip()
        name = (urlsplit(typed if "//" in typed else f"//{typed}").hostname or "").rstrip(".")
        host = name.encode("idna").decode("ascii").lower()
    except (UnicodeError, ValueError):
        host = ""
    labels = host.split(".")
    well_formed = len(labels) > 1 and len(host) <= LONGEST_DOMAIN and all(_LABEL.fullmatch(label) for label in labels)
    if not well_formed or labels[-1].isdigit() or _is_address(host) or _is_ours(host, base_host):
        raise DomainInvalid(fields={"domain": DomainInvalid.message})
    return host


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_ours(host: str, base_host: str) -> bool:
    return host == base_host or host.endswith((f".{base_host}", ".localhost"))
