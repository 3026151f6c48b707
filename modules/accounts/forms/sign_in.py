"""Forms of those who come in."""

from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, Optional

from guildhall.core.i18n import _l, lazy_pgettext
from guildhall.core.web.forms import Form
from modules.accounts.services.passwords import LONGEST

NEW_PASSWORD_HELP = _l("At least 10 characters. A short sentence is easy to keep in mind.")


class AddressForm(Form):
    """Where a code or a link goes."""

    address = StringField(_l("E-mail or phone number"), [InputRequired(), Length(max=254)])


class CodeForm(Form):
    """A one-time code."""

    code = StringField(
        _l("Code"), [InputRequired(), Length(max=20)], render_kw={"inputmode": "numeric", "autofocus": True}
    )


class PasswordForm(AddressForm):
    """The way in for those who like passwords."""

    password = PasswordField(_l("Password"), [InputRequired(), Length(max=LONGEST)])


class NewPasswordForm(Form):
    """A password to be set by a link."""

    password = PasswordField(_l("New password"), [InputRequired(), Length(max=LONGEST)], description=NEW_PASSWORD_HELP)


class RegistrationForm(Form):
    """Who comes in without having been invited."""

    name = StringField(lazy_pgettext("person", "Name"), [InputRequired(), Length(max=80)])
    consent = BooleanField(_l("I agree to the privacy policy and the terms of use."), [InputRequired()])


class InvitationForm(RegistrationForm):
    """Who was invited; a password is for those who want one."""

    password = PasswordField(_l("Password"), [Optional(), Length(max=LONGEST)])
