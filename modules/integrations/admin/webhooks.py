"""`/admin/webhooks`: which addresses are told what, and what became of each message."""

import json
from collections.abc import Sequence
from typing import cast
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from guildhall.core.errors import NotFound
from guildhall.core.i18n import _
from guildhall.core.permissions import allow
from guildhall.core.web.context import current_house, db_session, runtime
from guildhall.core.web.listing import page_of
from guildhall.core.web.table import Column, Filter, Query, Table
from guildhall.core.web.view import Entry
from guildhall.core.webhooks import queries, services
from guildhall.core.webhooks.models import WebhookDelivery, WebhookEndpoint
from modules.integrations.forms import WebhookForm
from modules.integrations.labels import DELIVERY_LABELS, delivery_state, endpoint_state, fact_label, failure
from modules.integrations.permissions import WEBHOOKS_MANAGE

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks", template_folder="../templates")


@blueprint.get("/")
@allow(WEBHOOKS_MANAGE)
def index() -> str:
    query = Query(request.path, request.args.to_dict())
    rows, total = page_of(db_session(), queries.endpoints(), query)
    return render_template("integrations/webhooks.html", table=_endpoints(query, rows, total))


@blueprint.route("/new", methods=["GET", "POST"])
@allow(WEBHOOKS_MANAGE)
def create() -> ResponseReturnValue:
    """The form; posting shows the signing secret, once."""
    form = _form()
    if form.accept(lambda: _create(form)):
        endpoint, secret = cast("tuple[WebhookEndpoint, str]", form.result)
        return render_template("integrations/webhook_secret.html", endpoint=endpoint, value=secret)
    return render_template("integrations/webhook_form.html", form=form, endpoint=None), form.status


@blueprint.get("/<uuid:endpoint_id>/")
@allow(WEBHOOKS_MANAGE)
def detail(endpoint_id: UUID) -> str:
    endpoint = _endpoint(endpoint_id)
    query = Query(request.path, request.args.to_dict())
    rows, total = page_of(db_session(), queries.deliveries(endpoint.id, state=query.filter("state")), query)
    return render_template(
        "integrations/webhook.html",
        endpoint=endpoint,
        state=endpoint_state(endpoint),
        facts=[fact_label(name) for name in endpoint.facts],
        table=_deliveries(query, rows, total),
    )


@blueprint.route("/<uuid:endpoint_id>/edit", methods=["GET", "POST"])
@allow(WEBHOOKS_MANAGE)
def edit(endpoint_id: UUID) -> ResponseReturnValue:
    endpoint = _endpoint(endpoint_id)
    form = _form(endpoint)
    if form.accept(lambda: _change(endpoint, form)):
        flash(_("Saved."), "success")
        return redirect(url_for("webhooks.detail", endpoint_id=endpoint.id))
    return render_template("integrations/webhook_form.html", form=form, endpoint=endpoint), form.status


@blueprint.post("/<uuid:endpoint_id>/ping")
@allow(WEBHOOKS_MANAGE)
def ping(endpoint_id: UUID) -> ResponseReturnValue:
    delivery = services.ping(db_session(), _endpoint(endpoint_id))
    return redirect(url_for("webhooks.delivery", endpoint_id=endpoint_id, delivery_id=delivery.id))


@blueprint.post("/<uuid:endpoint_id>/secret")
@allow(WEBHOOKS_MANAGE)
def rotate(endpoint_id: UUID) -> ResponseReturnValue:
    """A new signing secret, shown once; the old one stops at once."""
    endpoint = _endpoint(endpoint_id)
    secret = services.rotate_secret(db_session(), runtime().vault, endpoint)
    return render_template("integrations/webhook_secret.html", endpoint=endpoint, value=secret)


@blueprint.post("/<uuid:endpoint_id>/delete")
@allow(WEBHOOKS_MANAGE)
def delete(endpoint_id: UUID) -> ResponseReturnValue:
    services.delete_endpoint(db_session(), _endpoint(endpoint_id))
    flash(_("The webhook is deleted."), "success")
    return redirect(url_for("webhooks.index"))


@blueprint.get("/<uuid:endpoint_id>/deliveries/<uuid:delivery_id>/")
@allow(WEBHOOKS_MANAGE)
def delivery(endpoint_id: UUID, delivery_id: UUID) -> str:
    row = _delivery(endpoint_id, delivery_id)
    return render_template(
        "integrations/delivery.html",
        delivery=row,
        endpoint=row.endpoint,
        label=fact_label(row.fact),
        state=delivery_state(row),
        failure=failure(row),
        payload=json.dumps(row.payload, ensure_ascii=False, indent=2),
    )


@blueprint.post("/<uuid:endpoint_id>/deliveries/<uuid:delivery_id>/resend")
@allow(WEBHOOKS_MANAGE)
def resend(endpoint_id: UUID, delivery_id: UUID) -> ResponseReturnValue:
    services.resend(db_session(), _delivery(endpoint_id, delivery_id))
    flash(_("The message is on its way again."), "success")
    return redirect(url_for("webhooks.delivery", endpoint_id=endpoint_id, delivery_id=delivery_id))


def _endpoint(endpoint_id: UUID) -> WebhookEndpoint:
    return cast("WebhookEndpoint", db_session().get_or_404(WebhookEndpoint, endpoint_id))


def _delivery(endpoint_id: UUID, delivery_id: UUID) -> WebhookDelivery:
    statement = queries.deliveries(endpoint_id).where(WebhookDelivery.id == delivery_id)
    found = db_session().scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def _form(endpoint: WebhookEndpoint | None = None) -> WebhookForm:
    form = WebhookForm(obj=endpoint)
    modules = current_house().modules
    offered = [name for name in runtime().registry.public_facts if name.partition(".")[0] in modules]
    form.facts.choices = [SelectChoice(name, fact_label(name)) for name in offered]
    return form


def _create(form: WebhookForm) -> tuple[WebhookEndpoint, str]:
    given = {"name": form.name.data, "url": form.url.data, "facts": form.facts.data or []}
    return services.create_endpoint(db_session(), runtime().vault, runtime().egress, **given)


def _change(endpoint: WebhookEndpoint, form: WebhookForm) -> None:
    given = {"name": form.name.data, "url": form.url.data, "facts": form.facts.data or []}
    services.change_endpoint(db_session(), runtime().egress, endpoint, **given, active=form.active.data)


def _endpoints(query: Query, rows: Sequence[WebhookEndpoint], total: int) -> Table:
    return Table(
        id="webhooks",
        label=_("Webhooks"),
        columns=(
            Column("name", _("Name")),
            Column("url", _("Address")),
            Column("state", _("State"), "state", endpoint_state),
            Column("facts", _("Hears of"), "number", lambda row: len(row.facts)),
            Column("created_at", _("Created"), "date"),
        ),
        rows=rows,
        query=query,
        total=total,
        searchable=False,
        row_url=lambda row: url_for("webhooks.detail", endpoint_id=row.id),
        empty_title=_("No webhooks yet"),
        empty_text=_("A webhook tells another system at once when something happens here."),
        empty_icon="webhook",
        empty_action=Entry(_("Add a webhook"), url_for("webhooks.create"), "plus"),
    )


def _deliveries(query: Query, rows: Sequence[WebhookDelivery], total: int) -> Table:
    return Table(
        id="deliveries",
        label=_("Messages"),
        columns=(
            Column("fact", _("What"), value=lambda row: fact_label(row.fact)),
            Column("state", _("State"), "state", delivery_state),
            Column("status_code", _("Answer"), value=lambda row: row.status_code or failure(row) or "–"),
            Column("attempts", _("Attempts"), "number"),
            Column("created_at", _("Written at"), "datetime"),
        ),
        rows=rows,
        query=query,
        total=total,
        searchable=False,
        filters=(Filter("state", _("State"), list(DELIVERY_LABELS.items())),),
        row_url=lambda row: url_for("webhooks.delivery", endpoint_id=row.endpoint_id, delivery_id=row.id),
        empty_title=_("No messages yet"),
        empty_text=_("Send a test message to see whether the address answers."),
        empty_icon="send",
    )
