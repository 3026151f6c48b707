"""Forms of the console."""

from wtforms import EmailField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, NumberRange

from guildhall.console.models import StaffRole
from guildhall.console.permissions import ROLE_LABELS
from guildhall.core.i18n import LOCALES, _l
from guildhall.core.web.forms import Form, choices

TEMPLATE_LABELS = {
    "chamber": _l("Chamber of commerce"),
    "trade": _l("Industry association"),
    "professional": _l("Professional society"),
    "alumni": _l("Alumni or entrepreneurs' club"),
}


class IdentityForm(Form):
    """First step of onboarding: what the association is and where it answers."""

    name = StringField(_l("Name of the association"), [InputRequired(), Length(max=120)])
    slug = StringField(
        _l("Address"),
        [InputRequired(), Length(max=40)],
        description=_l("Letters, digits and hyphens; it can be changed later."),
    )
    template = RadioField(_l("Kind"), choices=choices(TEMPLATE_LABELS), default="chamber")
    locale = RadioField(_l("Main language"), choices=choices(LOCALES), default="zh_Hans")


class OfferForm(Form):
    """Second step: the plan, and the modules to begin with."""

    plan = RadioField(_l("Plan"), [InputRequired()], default="trial")
    modules = SelectMultipleField(_l("Modules to begin with"), description=_l("More can be switched on at any time."))


class AdminForm(Form):
    """Third step: who gets the key."""

    admin_name = StringField(_l("Name of the secretary-general"), [Length(max=80)])
    admin_email = EmailField(_l("E-mail"), [InputRequired(), Email(), Length(max=200)])


class ReasonForm(Form):
    reason = TextAreaField(_l("Reason"), [InputRequired(), Length(min=5, max=500)])


class SupportForm(Form):
    reason = TextAreaField(
        _l("Reason"),
        [InputRequired(), Length(min=10, max=500)],
        description=_l("The association reads this in its audit log."),
    )
    minutes = IntegerField(_l("Minutes"), [InputRequired(), NumberRange(5, 240)], default=30)


class SlugForm(Form):
    slug = StringField(_l("Address"), [InputRequired(), Length(max=40)])


class DomainForm(Form):
    host = StringField(_l("Domain"), [InputRequired(), Length(max=250)], description=_l("For example www.example.org"))


class InviteForm(Form):
    name = StringField(_l("Name"), [InputRequired(), Length(max=80)])
    email = EmailField(_l("E-mail"), [InputRequired(), Email(), Length(max=200)])
    role = SelectField(_l("Role"), choices=choices(ROLE_LABELS), default=StaffRole.SUPPORT)
