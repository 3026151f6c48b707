"""Forms of people about themselves."""

from wtforms import PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from guildhall.core.i18n import LOCALES, _l, lazy_pgettext
from guildhall.core.web.context import current_house
from guildhall.core.web.forms import Form
from modules.accounts.forms.sign_in import NEW_PASSWORD_HELP
from modules.accounts.services.passwords import LONGEST


class ProfileForm(Form):
    """What a person changes of themselves without proof."""

    name = StringField(lazy_pgettext("person", "Name"), [InputRequired(), Length(max=80)])
    organization = StringField(_l("Company"), [Length(max=120)])
    locale = SelectField(_l("Language of mails"))

    def __init__(self, *args: object, **values: object) -> None:
        super().__init__(*args, **values)
        self.locale.choices = [(locale, LOCALES[locale]) for locale in current_house().locales]


class ChangePasswordForm(Form):
    """Another password; the present one is asked for where there is one."""

    current = PasswordField(_l("Present password"), [Length(max=LONGEST)])
    password = PasswordField(_l("New password"), [InputRequired(), Length(max=LONGEST)], description=NEW_PASSWORD_HELP)


class PresentPasswordForm(Form):
    """The password once more."""

    password = PasswordField(
        _l("Present password"), [InputRequired(), Length(max=LONGEST)], render_kw={"autofocus": True}
    )


class DeletionForm(Form):
    """Why, if the person wants to say."""

    reason = TextAreaField(_l("What made you decide so? You need not say."), [Length(max=1000)])
