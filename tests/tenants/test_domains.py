"""Addresses: slugs that change, domains that have to be proven."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from werkzeug.test import Client

from guildhall.core.clock import now
from guildhall.core.errors import NotFound
from tenants import domains
from tenants.errors import DomainInvalid, DomainUnproven, HostTaken, SlugTaken
from tenants.models import TenantHost


class FakeDns:
    """Answers what the test says the world's name servers say."""

    def __init__(self, texts=(), aliases=(), addresses=()):
        self._texts, self._aliases, self._addresses = dict(texts), dict(aliases), dict(addresses)

    def texts(self, name):
        return self._texts.get(name, set())

    def aliases(self, name):
        return self._aliases.get(name, set())

    def addresses(self, name):
        return self._addresses.get(name, set())


def proven(host, base):
    return FakeDns({f"_guildhall.{host.host}": {"other", host.token}}, {host.host: {base}})


@pytest.fixture
def add(process):
    return lambda tenant, name: domains.add_domain(process.runtime, process.tenants, tenant, name)


@pytest.fixture
def verify(process):
    return lambda tenant, host, dns: domains.verify_domain(process.runtime, process.tenants, tenant, host.id, dns=dns)


def test_a_former_slug_leads_to_the_present_address(process, doors, tenant):
    changed = domains.change_slug(process.runtime, process.tenants, tenant, "jade-bridge")
    assert changed.host == "jade-bridge.localhost"
    answer = Client(doors).get("/events?page=2", headers={"Host": tenant.host})
    assert (answer.status_code, answer.location) == (308, changed.url("/events?page=2"))


def test_a_former_slug_is_kept_for_its_association(process, make_tenant):
    first, second = make_tenant(), make_tenant()
    domains.change_slug(process.runtime, process.tenants, first, "silver-gate")
    with pytest.raises(SlugTaken):
        domains.change_slug(process.runtime, process.tenants, second, first.slug)
    with pytest.raises(SlugTaken):
        domains.change_slug(process.runtime, process.tenants, second, "s1lver-gate")
    back = domains.change_slug(process.runtime, process.tenants, first, first.slug)
    assert process.tenants.by_slug(first.slug) == back


def test_a_domain_serves_once_both_records_are_seen(process, tenant, add, verify):
    base, host = process.runtime.settings.base_host, add(tenant, "https://WWW.Tea-Chamber.example:8443/x")
    assert host.host == "www.tea-chamber.example"
    assert process.tenants.by_host(host.host) is None
    with pytest.raises(DomainUnproven) as unproven:
        verify(tenant, host, FakeDns())
    assert set(unproven.value.fields) == {"txt", "cname"}
    with pytest.raises(DomainUnproven) as unproven:
        verify(tenant, host, FakeDns({f"_guildhall.{host.host}": {host.token}}))
    assert set(unproven.value.fields) == {"cname"}
    verify(tenant, host, proven(host, base))
    assert process.tenants.by_host(host.host).id == tenant.id


def test_a_domain_without_alias_must_lead_to_our_addresses(process, tenant, add, verify):
    host, base = add(tenant, "apex.example"), process.runtime.settings.base_host
    texts = {f"_guildhall.{host.host}": {host.token}}
    with pytest.raises(DomainUnproven):
        verify(tenant, host, FakeDns(texts, {}, {host.host: {"192.0.2.9"}, base: {"192.0.2.1"}}))
    verify(tenant, host, FakeDns(texts, {}, {host.host: {"192.0.2.1"}, base: {"192.0.2.1"}}))


def test_the_primary_domain_is_the_houses_address_and_the_others_lead_there(process, doors, tenant, add, verify):
    host = add(tenant, "main.example")
    with pytest.raises(DomainUnproven):
        domains.make_primary(process.runtime, process.tenants, tenant, host.id)
    verify(tenant, host, proven(host, process.runtime.settings.base_host))
    moved = domains.make_primary(process.runtime, process.tenants, tenant, host.id)
    assert moved.host == "main.example"
    answer = Client(doors).get("/", headers={"Host": tenant.host})
    assert (answer.status_code, answer.location) == (308, moved.url("/"))
    assert domains.remove_domain(process.runtime, process.tenants, tenant, host.id).host == tenant.host
    assert process.tenants.by_host("main.example") is None


def test_a_domain_of_another_association(process, make_tenant, add, verify):
    first, second = make_tenant(), make_tenant()
    host = add(first, "shared.example")
    with pytest.raises(HostTaken):
        add(second, "shared.example")
    with pytest.raises(NotFound):
        verify(second, host, proven(host, process.runtime.settings.base_host))
    with pytest.raises(NotFound):
        domains.remove_domain(process.runtime, process.tenants, second, host.id)


def test_a_claim_that_nobody_proves_gives_way_after_a_week(process, make_tenant, add):
    first, second = make_tenant(), make_tenant()
    host = add(first, "squatted.example")
    with process.runtime.db.begin(process.runtime.platform) as session:
        session.execute(update(TenantHost).where(TenantHost.id == host.id).values(created_at=now() - timedelta(days=8)))
    assert add(second, "squatted.example").tenant_id == second.id


@pytest.mark.parametrize(
    "name",
    [
        "",
        "localhost",
        "console.localhost",
        "a.localhost",
        "10.0.0.1",
        "[::1]",
        "no_underscore.example",
        "-a.example",
        "a..example",
        "x" * 64 + ".example",
        "example",
        "http://",
        "a b.example",
        "1.2.3",
    ],
)
def test_what_is_no_domain_is_refused_at_the_field(tenant, add, name):
    with pytest.raises(DomainInvalid) as refused:
        add(tenant, name)
    assert "domain" in refused.value.fields


def test_a_domain_in_chinese_is_kept_as_dns_writes_it(tenant, add):
    assert add(tenant, "商会.example").host == "xn--6oq43m.example"
