"""Associations: the list, and one of them."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from guildhall.console import queries
from guildhall.console.context import registry
from guildhall.console.forms import DomainForm, ReasonForm, SlugForm, SupportForm
from guildhall.console.labels import happening, plan_label, state
from guildhall.console.permissions import MANAGE, ONBOARD, SUPPORT, VIEW
from guildhall.core import audit
from guildhall.core.errors import NotFound
from guildhall.core.i18n import _
from guildhall.core.permissions import allow
from guildhall.core.web.context import current_actor, db_session, runtime
from guildhall.core.web.listing import page_of
from guildhall.core.web.table import Column, Filter, Query, Table
from guildhall.core.web.view import Entry
from tenants import domains, lifecycle, support
from tenants.errors import DomainUnproven
from tenants.models import TenantRow, TenantStatus
from tenants.profile import Profile
from tenants.registry import Tenant, snapshot

blueprint = Blueprint("associations", __name__, url_prefix="/associations")


@blueprint.get("/")
@allow(VIEW)
def index() -> str:
    query = Query(request.path, request.args.to_dict())
    statement = queries.associations(query.search, query.filter("status"), query.filter("plan"))
    orders = {"slug": TenantRow.slug, "status": TenantRow.status, "created_at": TenantRow.created_at}
    rows, total = page_of(db_session(), statement, query, orders, default="-created_at", tie=TenantRow.id)
    return render_template("console/associations.html", table=_table(query, rows, total))


def _table(query: Query, rows: Sequence[TenantRow], total: int) -> Table:
    may_onboard = current_actor().may(ONBOARD)
    onboard = Entry(_("Onboard an association"), url_for("onboarding.identity"), "plus") if may_onboard else None
    return Table(
        id="associations",
        label=_("Associations"),
        columns=(
            Column("name", _("Name"), value=lambda row: Profile.from_json(row.profile).name),
            Column("slug", _("Address"), value=lambda row: snapshot(runtime(), row).host, sortable=True),
            Column("status", _("State"), "state", lambda row: state(row.status)),
            Column("plan", _("Plan"), value=lambda row: plan_label(row.plan)),
            Column("modules", _("Modules"), "number", lambda row: len(row.modules), optional=True),
            Column("created_at", _("Since"), "date", sortable=True),
        ),
        rows=rows,
        query=query,
        total=total,
        filters=(Filter("status", _("State"), [(status.value, status.label) for status in TenantStatus]),),
        row_url=lambda row: url_for("associations.detail", tenant_id=row.id),
        empty_title=_("No associations yet"),
        empty_text=_("Onboard the first one: it takes a minute, and its house answers at once."),
        empty_icon="building-2",
        empty_action=onboard,
    )


@blueprint.get("/<uuid:tenant_id>/")
@allow(VIEW)
def detail(tenant_id: UUID) -> str:
    tenant = _tenant(tenant_id)
    return _page(tenant)


def _page(tenant: Tenant, **forms: object) -> str:
    session = db_session()
    row = session.get_or_404(TenantRow, tenant.id)
    reg = runtime().registry
    given: dict[str, object] = {
        "reason_form": ReasonForm(),
        "support_form": SupportForm(),
        "slug_form": SlugForm(slug=tenant.slug),
        "domain_form": DomainForm(),
    }
    return render_template(
        "console/association.html",
        base_host=runtime().settings.base_host,
        plan=plan_label(row.plan),
        tenant=tenant,
        row=row,
        state=state(row.status),
        happenings=[happening(event) for event in queries.events_of(session, tenant.id)],
        visits=list(session.scalars(support.visits(tenant.id).limit(10))),
        modules=[module for module in reg.active(tenant.modules) if not module.always_on],
        usage=queries.usage(runtime(), tenant),
        health=queries.health(runtime(), tenant),
        **given | forms,
    )


@blueprint.post("/<uuid:tenant_id>/suspend")
@allow(MANAGE)
def suspend(tenant_id: UUID) -> ResponseReturnValue:
    tenant, form = _tenant(tenant_id), ReasonForm()
    if form.accept(lambda: lifecycle.suspend(runtime(), registry(), tenant, form.reason.data, current_actor())):
        flash(_("%(name)s is suspended: its house shows a notice, and nothing is lost.", name=tenant.name), "success")
        return redirect(url_for("associations.detail", tenant_id=tenant_id))
    return _page(tenant, reason_form=form), HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.post("/<uuid:tenant_id>/resume")
@allow(MANAGE)
def resume(tenant_id: UUID) -> ResponseReturnValue:
    tenant = _tenant(tenant_id)
    lifecycle.resume(runtime(), registry(), tenant, actor=current_actor())
    flash(_("%(name)s is open again.", name=tenant.name), "success")
    return redirect(url_for("associations.detail", tenant_id=tenant_id))


@blueprint.post("/<uuid:tenant_id>/slug")
@allow(MANAGE)
def slug(tenant_id: UUID) -> ResponseReturnValue:
    tenant, form = _tenant(tenant_id), SlugForm()
    wanted = (form.slug.data or "").strip().lower()
    if form.accept(lambda: domains.change_slug(runtime(), registry(), tenant, wanted, current_actor())):
        flash(_("The address is changed. The old one leads to the new one."), "success")
        return redirect(url_for("associations.detail", tenant_id=tenant_id))
    return _page(tenant, slug_form=form), HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.post("/<uuid:tenant_id>/domains")
@allow(MANAGE)
def add_domain(tenant_id: UUID) -> ResponseReturnValue:
    tenant, form = _tenant(tenant_id), DomainForm()
    wanted = (form.host.data or "").strip().lower()
    if form.accept(lambda: domains.add_domain(runtime(), registry(), tenant, wanted, current_actor())):
        return redirect(url_for("associations.detail", tenant_id=tenant_id) + "#domains")
    return _page(tenant, domain_form=form), HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.post("/<uuid:tenant_id>/domains/<uuid:host_id>/<any(verify, primary, remove):act>")
@allow(MANAGE)
def domain(tenant_id: UUID, host_id: UUID, act: str) -> ResponseReturnValue:
    tenant = _tenant(tenant_id)
    acts: dict[str, Callable[..., Tenant]] = {
        "verify": domains.verify_domain,
        "primary": domains.make_primary,
        "remove": domains.remove_domain,
    }
    try:
        acts[act](runtime(), registry(), tenant, host_id, current_actor())
    except DomainUnproven as error:
        flash(" ".join([str(error), *(str(hint) for hint in error.fields.values())]), "warning")
    return redirect(url_for("associations.detail", tenant_id=tenant_id) + "#domains")


@blueprint.post("/<uuid:tenant_id>/support")
@allow(SUPPORT)
def enter(tenant_id: UUID) -> ResponseReturnValue:
    """Into the house, for a limited time and with a reason; the association sees both."""
    tenant, form, secrets = _tenant(tenant_id), SupportForm(), []

    def open_access() -> None:
        duration = timedelta(minutes=form.minutes.data)
        secrets.append(support.open_access(db_session(), tenant.id, form.reason.data, duration)[1])

    if form.accept(open_access):
        audit.record(db_session(), "console.support_opened", label=str(tenant.id), reason=form.reason.data)
        return redirect(tenant.url(f"/-/support/{secrets[0]}"))
    return _page(tenant, support_form=form), HTTPStatus.UNPROCESSABLE_ENTITY


def _tenant(tenant_id: UUID) -> Tenant:
    row = db_session().get(TenantRow, tenant_id)
    if row is None or row.status == TenantStatus.PURGED:
        raise NotFound
    return snapshot(runtime(), row)
