"""The wizard that onboards an association: who, what, and who gets the key."""

from typing import Any

from flask import Blueprint, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from billing.plans import PLANS
from guildhall.console.context import registry
from guildhall.console.forms import AdminForm, IdentityForm, OfferForm
from guildhall.console.onboarding import Order, onboard
from guildhall.console.permissions import ONBOARD
from guildhall.core import audit
from guildhall.core.i18n import _, _l
from guildhall.core.permissions import allow
from guildhall.core.web.context import current_actor, db_session, runtime
from guildhall.core.web.forms import choices
from tenants.provisioning import check_slug

blueprint = Blueprint("onboarding", __name__, url_prefix="/onboard")

DRAFT = "onboarding"
STEPS = (_l("Association"), _l("Plan and modules"), _l("First administrator"))


@blueprint.route("/", methods=["GET", "POST"])
@allow(ONBOARD)
def identity() -> ResponseReturnValue:
    form = IdentityForm(data=_draft())
    if form.accept(lambda: check_slug(db_session(), form.slug.data.strip().lower())):
        _keep(
            name=form.name.data.strip(),
            slug=form.slug.data.strip().lower(),
            template=form.template.data,
            locale=form.locale.data,
        )
        return redirect(url_for("onboarding.offer"))
    return _page("identity", 1, form)


@blueprint.route("/offer", methods=["GET", "POST"])
@allow(ONBOARD)
def offer() -> ResponseReturnValue:
    if "slug" not in _draft():
        return redirect(url_for("onboarding.identity"))
    form = OfferForm(data=_draft())
    form.plan.choices = choices({plan.code: plan.label for plan in PLANS.values()})
    form.modules.choices = choices({m.name: m.label for m in runtime().registry.modules if not m.always_on})
    if form.validate_on_submit():
        _keep(plan=form.plan.data, modules=form.modules.data)
        return redirect(url_for("onboarding.administrator"))
    return _page("offer", 2, form)


@blueprint.route("/administrator", methods=["GET", "POST"])
@allow(ONBOARD)
def administrator() -> ResponseReturnValue:
    if "plan" not in _draft():
        return redirect(url_for("onboarding.offer"))
    form = AdminForm()
    if form.accept(lambda: onboard(runtime(), registry(), _order(form), current_actor())):
        done = form.result
        session.pop(DRAFT, None)
        audit.record(db_session(), "console.association_onboarded", label=str(done.tenant.id))
        return redirect(url_for("associations.detail", tenant_id=done.tenant.id))
    return _page("administrator", 3, form)


def _order(form: AdminForm) -> Order:
    draft = _draft()
    return Order(
        name=draft["name"],
        slug=draft["slug"],
        admin_email=form.admin_email.data.strip().lower(),
        admin_name=(form.admin_name.data or "").strip(),
        locale=draft["locale"],
        plan=draft["plan"],
        modules=tuple(draft["modules"]),
        template=draft["template"],
    )


def _draft() -> dict[str, Any]:
    """What was entered so far; it lies in the browser's session, so that each step is a page of its own."""
    return dict(session.get(DRAFT, {}))


def _keep(**values: Any) -> None:
    session[DRAFT] = _draft() | values


def _page(step: str, number: int, form: Any) -> ResponseReturnValue:
    page = render_template(
        "console/onboarding.html",
        step=step,
        number=number,
        steps=STEPS,
        form=form,
        draft=_draft(),
        title=_("Onboard an association"),
    )
    return page, form.status
