"""Steps of an association's life, and what the registry tells of them."""

from itertools import product

import pytest
from sqlalchemy import select, update

from guildhall.core.errors import NotFound
from guildhall.core.identity import Actor, ActorKind
from guildhall.core.ids import uuid7
from tenants import lifecycle
from tenants.errors import NotAllowedNow
from tenants.events import history
from tenants.models import TenantRow, TenantStatus

STAFF = Actor(ActorKind.STAFF, uuid7(), "Vera Vendor")
VERBS = {
    lifecycle.ACTIVATION: lifecycle.activate,
    lifecycle.DEFAULT_OF_PAYMENT: lifecycle.mark_past_due,
    lifecycle.SUSPENSION: lifecycle.suspend,
    lifecycle.RESUMPTION: lifecycle.resume,
    lifecycle.CLOSURE: lifecycle.close,
}


def set_status(process, tenant, status):
    with process.runtime.db.begin(process.runtime.platform) as session:
        session.execute(update(TenantRow).where(TenantRow.id == tenant.id).values(status=status))


def test_each_step_is_taken_only_where_the_table_allows_it(process, tenant):
    for (step, verb), status in product(VERBS.items(), TenantStatus):
        set_status(process, tenant, status)
        if status in step.sources:
            after = verb(process.runtime, process.tenants, tenant, "because").status
            assert after == (step.target or after)
            assert after is not status
        else:
            with pytest.raises(NotAllowedNow):
                verb(process.runtime, process.tenants, tenant, "because")
    set_status(process, tenant, TenantStatus.TRIAL)


def test_a_step_is_noted_with_who_when_and_why_and_is_known_at_once(process, tenant):
    assert process.tenants.by_id(tenant.id).is_open
    lifecycle.suspend(process.runtime, process.tenants, tenant, "unpaid since May", STAFF)
    assert not process.tenants.by_id(tenant.id).is_open
    with process.runtime.db.begin(process.runtime.platform) as session:
        event = session.scalars(history(tenant.id)).first()
    assert (event.kind, event.actor_label, event.reason) == ("suspended", "Vera Vendor", "unpaid since May")


@pytest.mark.parametrize("status", sorted(lifecycle.OPEN))
def test_resuming_leads_back_to_where_it_was_open_last(process, tenant, status):
    set_status(process, tenant, status)
    lifecycle.suspend(process.runtime, process.tenants, tenant, "first")
    lifecycle.close(process.runtime, process.tenants, tenant, "then")
    assert lifecycle.resume(process.runtime, process.tenants, tenant).status == status


def test_an_unknown_association(process, tenant):
    from dataclasses import replace

    with pytest.raises(NotFound):
        lifecycle.suspend(process.runtime, process.tenants, replace(tenant, id=uuid7()), "why")


def test_the_row_keeps_its_data_while_suspended(process, tenant):
    lifecycle.suspend(process.runtime, process.tenants, tenant, "why")
    with process.runtime.db.begin(process.runtime.platform) as session:
        assert session.scalar(select(TenantRow.profile).where(TenantRow.id == tenant.id))["name"] == tenant.name
