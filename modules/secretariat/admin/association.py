"""The association's profile: how it names, shows and introduces itself."""

import re

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from guildhall.core.i18n import _
from guildhall.core.permissions import allow
from guildhall.core.web.brand import DARK_SURFACE, PAPER, contrast, dark_shades, light_shades
from guildhall.core.web.context import current_actor, runtime
from modules.secretariat.admin.blueprint import blueprint
from modules.secretariat.forms import AssociationForm
from modules.secretariat.here import association as current_association
from modules.secretariat.here import tenants
from modules.secretariat.permissions import ASSOCIATION_MANAGE
from modules.secretariat.services import save_profile

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


@blueprint.route("/settings/association", methods=["GET", "POST"])
@allow(ASSOCIATION_MANAGE)
def association() -> ResponseReturnValue:
    form = AssociationForm(current_association().profile)
    if form.accept(lambda: _save(form)):
        flash(_("The profile has been saved."), "success")
        return redirect(url_for(".association"))
    return render_template("secretariat/association.html", form=form, previews=_previews(form.colour.data)), form.status


@blueprint.get("/settings/association/colour")
@allow(ASSOCIATION_MANAGE)
def colour_preview() -> ResponseReturnValue:
    """How a colour looks as buttons and links in both themes, with its contrast."""
    return render_template("secretariat/colour.html", previews=_previews(request.args.get("colour", "")))


def _save(form: AssociationForm) -> None:
    picture = form.logo.data.stream if form.logo.data else None
    save_profile(runtime(), tenants(), current_association(), form.changes(), current_actor(), picture=picture)


def _previews(colour: str | None) -> list[dict[str, object]]:
    """The shades of a colour on the ground of each theme; none while it is not a colour."""
    if not _COLOUR.fullmatch(colour or ""):
        return []
    pairs = ((_("Light"), PAPER, light_shades(str(colour))), (_("Dark"), DARK_SURFACE, dark_shades(str(colour))))
    return [
        {
            "label": label,
            "ground": ground,
            "shades": shades,
            "button": contrast(shades["brand"], shades["brand-content"]),
            "text": contrast(shades["brand-text"], ground),
        }
        for label, ground, shades in pairs
    ]
