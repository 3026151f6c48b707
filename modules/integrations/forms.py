"""Forms of tokens and webhooks."""

from wtforms import BooleanField, SelectChoice, SelectField, SelectMultipleField, StringField, URLField
from wtforms.validators import InputRequired, Length

from guildhall.core.i18n import _l
from guildhall.core.web.forms import Form

LIFETIMES = (
    SelectChoice("30", _l("30 days")),
    SelectChoice("90", _l("90 days")),
    SelectChoice("365", _l("One year")),
    SelectChoice("0", _l("Until revoked")),
)


class TokenForm(Form):
    name = StringField(
        _l("Name"), [InputRequired(), Length(max=80)], description=_l("What it is for, such as “Accounting system”.")
    )
    scopes = SelectMultipleField(_l("What it may do"))
    lifetime = SelectField(_l("Valid for"), choices=LIFETIMES, default="90")


class WebhookForm(Form):
    name = StringField(_l("Name"), [InputRequired(), Length(max=80)])
    url = URLField(
        _l("Address"),
        [InputRequired(), Length(max=500)],
        description=_l("Begins with https:// and is reachable from the Internet."),
    )
    facts = SelectMultipleField(_l("Tell it when"))
    active = BooleanField(_l("Switched on"), default=True)
