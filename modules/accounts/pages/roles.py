"""The secretariat's pages of roles."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from guildhall.core.i18n import _
from guildhall.core.permissions import Permission, allow
from guildhall.core.web.context import db_session
from guildhall.core.web.view import Text
from modules.accounts.forms.admin import RoleForm
from modules.accounts.models import Role
from modules.accounts.permissions import ROLES_MANAGE
from modules.accounts.queries import roles_with_counts
from modules.accounts.services.roles import (
    change_role,
    create_role,
    delete_role,
    description_of,
    label_of,
    permissions_of,
)

admin = Blueprint("accounts_roles", __name__, url_prefix="/roles")


@admin.get("")
@allow(ROLES_MANAGE)
def index() -> ResponseReturnValue:
    """All roles, what they are for, and how many people have them."""
    rows = [(role, label_of(role), description_of(role), count) for role, count in roles_with_counts(db_session())]
    return render_template("accounts/roles/index.html", roles=rows)


@admin.route("/new", methods=["GET", "POST"])
@allow(ROLES_MANAGE)
def new() -> ResponseReturnValue:
    """A role of the association's own, begun from another one if wished (`?from=`)."""
    session = db_session()
    pattern = session.get(Role, request.args.get("from", type=UUID)) if "from" in request.args else None
    granted = permissions_of(session.registry, pattern.code, pattern.permissions) if pattern else ()
    form = RoleForm(data={"permissions": list(granted)})
    if form.accept(lambda: create_role(session, *_values(form))):
        flash(_("The role is ready to be given."), "success")
        return redirect(url_for(".index"))
    return render_template("accounts/roles/edit.html", form=form, role=None, groups=_groups()), form.status


@admin.route("/<uuid:role_id>", methods=["GET", "POST"])
@allow(ROLES_MANAGE)
def edit(role_id: UUID) -> ResponseReturnValue:
    """What a role may do; those that come with the product can be read and copied."""
    session = db_session()
    role: Role = session.get_or_404(Role, role_id)
    granted = permissions_of(session.registry, role.code, role.permissions)
    if role.system and request.method == "GET":
        return render_template(
            "accounts/roles/show.html",
            role=role,
            label=label_of(role),
            description=description_of(role),
            granted=granted,
            groups=_groups(),
        )
    values = {"name": role.name, "description": role.description, "permissions": list(granted)}
    form = RoleForm(data=values)
    if form.accept(lambda: change_role(session, role, *_values(form))):
        flash(_("Saved."), "success")
        return redirect(url_for(".index"))
    return render_template("accounts/roles/edit.html", form=form, role=role, groups=_groups()), form.status


@admin.post("/<uuid:role_id>/delete")
@allow(ROLES_MANAGE)
def delete(role_id: UUID) -> ResponseReturnValue:
    """Remove a role that nobody has."""
    session = db_session()
    delete_role(session, session.get_or_404(Role, role_id))
    flash(_("The role is deleted."), "success")
    return redirect(url_for(".index"))


def _values(form: RoleForm) -> tuple[str, str, list[str]]:
    return form.name.data or "", form.description.data or "", form.permissions.data or []


def _groups() -> list[tuple[Text, tuple[Permission, ...]]]:
    """Permissions under the names of the modules that are on here."""
    session = db_session()
    active = session.registry.active(session.house.modules)
    return [(module.label, module.permissions) for module in active if module.permissions]
