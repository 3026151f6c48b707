"""Where a house is reached: its slug, and domains of the association's own.

A domain serves only after its DNS has shown two things: that whoever asks controls it (a TXT record with our token),
and that it leads here (CNAME or address).
"""

import ipaddress
import re
import secrets
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Records:
    """The DNS records that an association has to set for a domain."""

    txt_name: str
    txt_value: str
    cname_target: str


@dataclass(frozen=True, slots=True)
class Domains:
    """Changes of an association's addresses. Every method that changes something tells all processes of it."""

    runtime: Runtime
    tenants: TenantRegistry
    actor: Actor = SYSTEM
    dns: DnsResolver = field(default_factory=SystemDns)

    def change_slug(self, tenant_id: UUID, slug: str) -> Tenant:
        """Give the house another address; the former one leads to it from now on.

        Raises:
            SlugInvalid, SlugReserved, SlugTaken
        """
        with self.runtime.db.begin(self.runtime.platform, self.actor) as session:
            row = locked(session, tenant_id)
            former = row.slug
            if slug == former:
                return snapshot(self.runtime, row)
            check_slug(session, slug, own=tenant_id)
            row.hosts = [host for host in row.hosts if host.host != self._host(slug)]
            row.hosts.append(TenantHost(host=self._host(former), kind=HostKind.FORMER_SLUG, verified_at=now()))
            row.slug, row.slug_skeleton = slug, skeleton(slug)
            self._noted(session, row, "slug_changed", former=former, slug=slug)
        return self._told(row)

    def add(self, tenant_id: UUID, domain: str) -> TenantHost:
        """Put a domain on the association's list; it serves once `verify` has seen its records.

        Raises:
            DomainInvalid: it is none, or one of ours.
            HostTaken: it leads to another association.
        """
        host = normalised(domain, self.runtime.settings.base_host)
        with self.runtime.db.begin(self.runtime.platform, self.actor) as session:
            row = locked(session, tenant_id)
            present = session.scalar(select(TenantHost).where(TenantHost.host == host))
            if present is not None and present.tenant_id == tenant_id:
                return present
            if present is not None:
                self._yield_claim(session, present)
            added = TenantHost(host=host, kind=HostKind.DOMAIN, token=secrets.token_urlsafe(24))
            row.hosts.append(added)
            self._noted(session, row, "domain_added", host=host)
        return added

    def records(self, host: TenantHost) -> Records:
        """What the association has to tell its DNS."""
        target = self.runtime.settings.base_host
        return Records(f"{CHALLENGE_LABEL}.{host.host}", f"guildhall={host.token}", target)

    def verify(self, tenant_id: UUID, host_id: UUID) -> Tenant:
        """Look at a domain's records and let it serve. The look-up happens outside any transaction.

        Raises:
            DomainUnproven: a record is not seen; `fields` says which.
        """
        with self.runtime.db.begin(self.runtime.platform) as session:
            host = _of(session, tenant_id, host_id)
        self._demand_records(host)
        with self.runtime.db.begin(self.runtime.platform, self.actor) as session:
            row = locked(session, tenant_id)
            _of(session, tenant_id, host_id).verified_at = now()
            self._noted(session, row, "domain_verified", host=host.host)
        return self._told(row)

    def make_primary(self, tenant_id: UUID, host_id: UUID | None) -> Tenant:
        """Make a verified domain the house's address, or (None) its slug again; the others lead to it.

        Raises:
            DomainUnproven: it is not verified.
        """
        with self.runtime.db.begin(self.runtime.platform, self.actor) as session:
            row = locked(session, tenant_id)
            chosen = _of(session, tenant_id, host_id) if host_id else None
            if chosen is not None and chosen.verified_at is None:
                raise DomainUnproven(host=chosen.host)
            for host in row.hosts:
                host.is_primary = host is chosen
            self._noted(session, row, "address_chosen", host=chosen.host if chosen else self._host(row.slug))
        return self._told(row)

    def remove(self, tenant_id: UUID, host_id: UUID) -> Tenant:
        """Take a domain or a former address away; it leads nowhere from now on."""
        with self.runtime.db.begin(self.runtime.platform, self.actor) as session:
            row = locked(session, tenant_id)
            host = _of(session, tenant_id, host_id)
            row.hosts.remove(host)
            self._noted(session, row, "domain_removed", host=host.host)
        return self._told(row)

    def _demand_records(self, host: TenantHost) -> None:
        records = self.records(host)
        missing = {}
        if records.txt_value not in self.dns.texts(records.txt_name):
            missing["txt"] = DomainUnproven.no_txt
        if not self._leads_here(host.host):
            missing["cname"] = DomainUnproven.no_cname
        if missing:
            raise DomainUnproven(host=host.host, fields=missing)

    def _leads_here(self, host: str) -> bool:
        base = self.runtime.settings.base_host
        if any(alias == base or alias.endswith(f".{base}") for alias in self.dns.aliases(host)):
            return True
        return bool(self.dns.addresses(host) & self.dns.addresses(base))

    @staticmethod
    def _yield_claim(session: UnitOfWork, present: TenantHost) -> None:
        """Make way for a new claim, where the other association never proved its own."""
        if present.verified_at is not None or present.created_at > now() - CLAIM_HOLDS:
            raise HostTaken(fields={"host": HostTaken.message})
        session.delete(present)
        session.flush()

    def _host(self, slug: str) -> str:
        return f"{slug}.{self.runtime.settings.base_host}"

    @staticmethod
    def _noted(session: UnitOfWork, row: TenantRow, kind: str, **details: str) -> None:
        note(session, row, kind, **details)
        audit.record(session, f"tenants.{kind}", label=str(row.id))

    def _told(self, row: TenantRow) -> Tenant:
        self.tenants.changed(row.id)
        return snapshot(self.runtime, row)


def _of(session: UnitOfWork, tenant_id: UUID, host_id: UUID) -> TenantHost:
    """A host of this association; another's does not exist for it."""
    host: TenantHost = session.get_or_404(TenantHost, host_id)
    if host.tenant_id != tenant_id:
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
        raise DomainInvalid(fields={"host": DomainInvalid.message})
    return host


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_ours(host: str, base_host: str) -> bool:
    return host == base_host or host.endswith((f".{base_host}", ".localhost"))
