"""Settings: the association's own page, and one for each module, made from what it declares."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from guildhall.core.i18n import _
from guildhall.core.module import Module
from guildhall.core.permissions import allow
from guildhall.core.web.context import current_actor, runtime
from guildhall.core.web.view import Entry
from modules.secretariat.admin.blueprint import blueprint
from modules.secretariat.forms import changed_settings, settings_form
from modules.secretariat.here import association, settings_of
from modules.secretariat.permissions import ASSOCIATION_MANAGE, SETTINGS_MANAGE


@blueprint.get("/settings")
@allow(SETTINGS_MANAGE, ASSOCIATION_MANAGE)
def settings() -> ResponseReturnValue:
    """All there is to set."""
    return render_template(
        "secretariat/settings.html",
        may_change_profile=current_actor().may(ASSOCIATION_MANAGE),
        modules=[*adjustable_modules()] if current_actor().may(SETTINGS_MANAGE) else [],
    )


@blueprint.route("/settings/<name>", methods=["GET", "POST"])
@allow(SETTINGS_MANAGE)
def module_settings(name: str) -> ResponseReturnValue:
    """A module's settings, made from its declaration."""
    module, settings = _adjustable(name), settings_of(name)
    values = settings.all()
    form = settings_form(module.settings, values)
    if form.accept(lambda: settings.set(changed_settings(form, module.settings, values))):
        flash(_("The settings have been saved."), "success")
        return redirect(url_for(".module_settings", name=name))
    crumbs = [Entry(_("Settings"), url_for(".settings"))]
    removable = [setting for setting in module.settings if setting.secret and values[setting.key]]
    return (
        render_template("secretariat/module_settings.html", module=module, form=form, crumbs=crumbs, secrets=removable),
        form.status,
    )


@blueprint.post("/settings/<name>/reset")
@allow(SETTINGS_MANAGE)
def reset_settings(name: str) -> ResponseReturnValue:
    """Go back to the defaults: of one setting, such as a secret to be forgotten, or of all."""
    module = _adjustable(name)
    key = request.form.get("key", "")
    settings_of(name).reset([setting.key for setting in module.settings if key in {"", setting.key}])
    flash(_("The defaults are back."), "success")
    return redirect(url_for(".module_settings", name=name))


def adjustable_modules() -> list[Module]:
    """The modules that are on and have something to set."""
    return [module for module in runtime().registry.active(association().modules) if module.settings]


def _adjustable(name: str) -> Module:
    module = next((module for module in adjustable_modules() if module.name == name), None)
    if module is None:
        abort(404)
    return module
