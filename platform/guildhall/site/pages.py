"""The public site: what Guildhall is, and how to try it."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import EmailField, RadioField, StringField
from wtforms.validators import Email, InputRequired, Length

from billing.plans import PLANS
from guildhall.console.forms import TEMPLATE_LABELS
from guildhall.console.onboarding import Onboarded
from guildhall.core.errors import NotFound
from guildhall.core.i18n import LOCALES, _l
from guildhall.core.module import Category
from guildhall.core.permissions import public
from guildhall.core.ratelimit import Limit
from guildhall.core.web.app import choose_locale
from guildhall.core.web.context import client_address, db_session, door, runtime
from guildhall.core.web.forms import Form, choices
from guildhall.site import trial
from guildhall.site.models import TrialRequest

blueprint = Blueprint("site", __name__)

TRIALS_BY_ADDRESS = Limit("trial-address", 10, 3600)
TRIALS = Limit("trial-all", 300, 3600)

CATEGORY_LABELS = {
    Category.BASE: _l("Always there"),
    Category.MEMBERS: _l("Members"),
    Category.SERVICES: _l("Services"),
    Category.CONTENT: _l("Content"),
    Category.GOVERNANCE: _l("Governance"),
    Category.INSIGHT: _l("Insight"),
}


class TrialForm(Form):
    name = StringField(_l("Name of the association"), [InputRequired(), Length(max=120)])
    slug = StringField(
        _l("Address"),
        [InputRequired(), Length(max=40)],
        description=_l("Letters, digits and hyphens; it can be changed later."),
    )
    template = RadioField(_l("Kind"), choices=choices(TEMPLATE_LABELS), default="chamber")
    locale = RadioField(_l("Main language"), choices=choices(LOCALES), default="zh_Hans")
    person = StringField(_l("Your name"), [InputRequired(), Length(max=80)])
    email = EmailField(_l("Your e-mail"), [InputRequired(), Email(), Length(max=200)])


class OtherAddressForm(Form):
    slug = StringField(_l("Address"), [InputRequired(), Length(max=40)])


@blueprint.get("/")
@public
def index() -> str:
    shelves = [(CATEGORY_LABELS[c], [m for m in runtime().registry.modules if m.category is c]) for c in Category]
    return render_template("site/index.html", shelves=[s for s in shelves if s[1]], plans=PLANS.values())


@blueprint.route("/trial", methods=["GET", "POST"])
@public
def ask() -> ResponseReturnValue:
    form = TrialForm(locale=choose_locale())
    if form.accept(lambda: _request(form)):
        return render_template("site/mailed.html", email=form.email.data)
    base_host = runtime().settings.base_host + runtime().settings.port_suffix
    return render_template("site/trial.html", form=form, base_host=base_host), form.status


def _request(form: TrialForm) -> None:
    door().limiter.hit(TRIALS_BY_ADDRESS, client_address())
    door().limiter.hit(TRIALS)
    wishes = trial.Wishes(form.name.data.strip(), form.slug.data.strip().lower(), form.locale.data, form.template.data)
    trial.request_trial(
        db_session(), form.email.data.strip().lower(), form.person.data.strip(), wishes, choose_locale()
    )


@blueprint.route("/trial/<secret>", methods=["GET", "POST"])
@public
def confirm(secret: str) -> ResponseReturnValue:
    """The link in the mail shows a button: what only looks at links (scanners of mail) makes no house."""
    wanted = trial.find_request(db_session(), secret)
    form = OtherAddressForm(slug=wanted.wishes["slug"])
    if request.method == "POST" and form.accept(lambda: _confirm(wanted, form.slug.data)):
        if form.result is None:
            raise NotFound
        return render_template("site/ready.html", tenant=form.result.tenant, invitation_url=form.result.invitation_url)
    return render_template("site/confirm.html", form=form, wanted=wanted, secret=secret), form.status


def _confirm(wanted: TrialRequest, slug: str) -> Onboarded | None:
    wanted.wishes = wanted.wishes | {"slug": slug.strip().lower()}
    return trial.confirm(runtime(), door().extensions["tenants"], db_session(), wanted)
