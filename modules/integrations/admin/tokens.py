"""`/admin/api`: the association's API tokens."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import cast
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import SelectChoice

from guildhall.core.errors import Forbidden
from guildhall.core.i18n import _
from guildhall.core.permissions import Permission, allow
from guildhall.core.web.context import current_actor, current_house, db_session, runtime
from guildhall.core.web.listing import page_of
from guildhall.core.web.table import Column, Filter, Query, Table
from guildhall.core.web.view import Entry, State
from modules.accounts.public import Person
from modules.integrations import queries
from modules.integrations.forms import TokenForm
from modules.integrations.models import ApiToken
from modules.integrations.permissions import TOKENS_MANAGE
from modules.integrations.services.tokens import create_token, revoke_token

blueprint = Blueprint("api_tokens", __name__, url_prefix="/api", template_folder="../templates")


@blueprint.get("/")
@allow(TOKENS_MANAGE)
def index() -> str:
    query = Query(request.path, request.args.to_dict())
    rows, total = page_of(db_session(), queries.tokens(query.search, query.filter("state")), query)
    return render_template("integrations/tokens.html", table=_table(query, rows, total))


@blueprint.route("/new", methods=["GET", "POST"])
@allow(TOKENS_MANAGE)
def create() -> ResponseReturnValue:
    """The form; posting shows the token, once."""
    form = TokenForm()
    groups = _grantable()
    form.scopes.choices = [SelectChoice(p.code, p.label) for _label, permissions in groups for p in permissions]
    if form.accept(lambda: _create(form)):
        row, secret = cast("tuple[ApiToken, str]", form.result)
        return render_template("integrations/token_created.html", token=row, value=secret)
    return render_template("integrations/token_new.html", form=form, groups=groups), form.status


@blueprint.get("/<uuid:token_id>/")
@allow(TOKENS_MANAGE)
def detail(token_id: UUID) -> str:
    row = db_session().get_or_404(ApiToken, token_id)
    person = db_session().get_one(Person, row.person_id)
    known = runtime().registry.permissions
    scopes = [known[code].label if code in known else code for code in row.scopes]
    return render_template("integrations/token.html", token=row, person=person, scopes=scopes, state=state_of(row))


@blueprint.post("/<uuid:token_id>/revoke")
@allow(TOKENS_MANAGE)
def revoke(token_id: UUID) -> ResponseReturnValue:
    revoke_token(db_session(), db_session().get_or_404(ApiToken, token_id))
    flash(_("The token is revoked."), "success")
    return redirect(url_for("api_tokens.index"))


def state_of(row: ApiToken) -> State:
    """How a token stands, in a word."""
    if row.revoked_at:
        return State(_("Revoked"), "wrong")
    return State(_("Expired"), "neutral") if row.expired else State(_("Active"), "good")


def _create(form: TokenForm) -> tuple[ApiToken, str]:
    days = int(form.lifetime.data)
    person_id = current_actor().person_id
    if person_id is None:  # the vendor's visitor has no account here that a token could act for
        raise Forbidden
    lifetime = timedelta(days=days) if days else None
    return create_token(db_session(), person_id, form.name.data, form.scopes.data, expires_in=lifetime)


def _grantable() -> list[tuple[str, Sequence[Permission]]]:
    """What the actor may pass on, by module."""
    active = runtime().registry.active(current_house().modules)
    groups = [(str(m.label), [p for p in m.permissions if current_actor().may(p)]) for m in active]
    return [group for group in groups if group[1]]


def _table(query: Query, rows: Sequence[ApiToken], total: int) -> Table:
    names = _owners(rows)
    return Table(
        id="tokens",
        label=_("API tokens"),
        columns=(
            Column("name", _("Name")),
            Column("person", _("Acts for"), value=lambda row: names[row.person_id]),
            Column("prefix", _("Begins with"), value=lambda row: f"{row.prefix}…"),
            Column("state", _("State"), "state", state_of),
            Column("last_used_at", _("Last used"), "relative"),
            Column("expires_at", _("Valid until"), "date"),
            Column("created_at", _("Created"), "date", optional=True),
        ),
        rows=rows,
        query=query,
        total=total,
        filters=(Filter("state", _("State"), [("active", _("Active")), ("ended", _("Revoked"))]),),
        row_url=lambda row: url_for("api_tokens.detail", token_id=row.id),
        empty_title=_("No API tokens yet"),
        empty_text=_("With a token, another system reads and writes here within the permissions that you choose."),
        empty_icon="key-round",
        empty_action=Entry(_("Create a token"), url_for("api_tokens.create"), "plus"),
    )


def _owners(rows: Sequence[ApiToken]) -> Mapping[UUID, str]:
    """The names of those whom these tokens act for, in one query."""
    statement = select(Person.id, Person.name).where(Person.id.in_({row.person_id for row in rows}))
    return {row.id: row.name for row in db_session().execute(statement)}
