"""Forms of the office: the association's profile, and one for each module's settings, made from their declaration."""

from collections.abc import Mapping
from typing import Any

from babel.dates import get_timezone_location
from babel.numbers import get_currency_name
from flask_babel import get_locale
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    ColorField,
    EmailField,
    Field,
    IntegerField,
    PasswordField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
    URLField,
)
from wtforms.validators import URL, InputRequired, NumberRange, Optional, Regexp

from guildhall.core.i18n import LOCALES, _, _l
from guildhall.core.module import Setting, SettingType
from guildhall.core.web.forms import Form
from tenants.profile import Profile

TIMEZONES = (
    "Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Macau", "Asia/Taipei", "Asia/Singapore",
    "Asia/Kuala_Lumpur", "Asia/Bangkok", "Asia/Jakarta", "Asia/Tokyo", "Asia/Seoul", "Asia/Dubai", "Asia/Kolkata",
    "Australia/Sydney", "Pacific/Auckland", "Europe/Moscow", "Europe/Berlin", "Europe/Paris", "Europe/London",
    "Africa/Johannesburg", "America/New_York", "America/Chicago", "America/Los_Angeles", "America/Vancouver",
    "America/Sao_Paulo", "UTC",
)  # fmt: skip
CURRENCIES = ("CNY", "HKD", "MOP", "TWD", "SGD", "MYR", "THB", "JPY", "KRW", "USD", "CAD", "AUD", "EUR", "GBP", "AED")


class AssociationForm(Form):
    """Field names are those of `tenants.profile.Profile`, so that its errors find their place."""

    name = StringField(_l("Name of the association"), [InputRequired(_l("An association needs a name."))])
    short_name = StringField(
        _l("Short name"), description=_l("For narrow places: the phone's home screen, the head of pages.")
    )
    introduction = TextAreaField(
        _l("Introduction"), description=_l("Who you are and whom you stand for. It opens the home page.")
    )
    logo = FileField(_l("Logo"), description=_l("PNG, JPEG or WebP, best square and with a transparent ground."))
    remove_logo = BooleanField(_l("Remove the logo"))
    colour = ColorField(
        _l("Colour of the association"), description=_l("Shades that can be read in light and dark are made from it.")
    )
    locales = SelectMultipleField(
        _l("Languages of the pages"),
        choices=[SelectChoice(*language) for language in LOCALES.items()],
    )
    locale = SelectField(
        _l("First language"),
        choices=[SelectChoice(*language) for language in LOCALES.items()],
        description=_l("For mails, and for those who have chosen none."),
    )
    timezone = SelectField(_l("Time zone"))
    currency = SelectField(_l("Currency"))
    contact_email = EmailField(_l("E-mail of the secretariat"))
    contact_phone = TelField(_l("Telephone of the secretariat"))
    address = StringField(_l("Address"))
    icp = StringField(_l("ICP filing number"), description=_l("Stands at the foot of each public page."))

    def __init__(self, profile: Profile) -> None:
        super().__init__(data={name: value for name, value in profile.to_json().items() if name != "logo"})
        self.timezone.choices = [SelectChoice(zone, _zone_label(zone)) for zone in _with(TIMEZONES, profile.timezone)]
        self.currency.choices = [
            SelectChoice(code, _currency_label(code)) for code in _with(CURRENCIES, profile.currency)
        ]

    def changes(self) -> dict[str, Any]:
        """The profile's fields as they were sent. The logo is a file here, so it is named only to be removed."""
        values = {name: value for name, value in self.data.items() if name not in _NO_FIELDS_OF_PROFILE}
        values["locales"] = tuple(self.locales.data or ())
        return values | ({"logo": ""} if self.remove_logo.data else {})


_NO_FIELDS_OF_PROFILE = frozenset({"csrf_token", "logo", "remove_logo"})


def _with(known: tuple[str, ...], current: str) -> tuple[str, ...]:
    return known if current in known else (current, *known)


def _zone_label(zone: str) -> str:
    return "UTC" if zone == "UTC" else get_timezone_location(zone, locale=get_locale(), return_city=True)


def _currency_label(code: str) -> str:
    return f"{get_currency_name(code, locale=get_locale())} ({code})"


def settings_form(declared: tuple[Setting, ...], values: Mapping[str, Any]) -> Form:
    """A form with a field for each setting. A secret's field is empty: left so, the secret stays."""
    fields = {setting.key: _field(setting) for setting in declared}
    shown = {setting.key: values[setting.key] for setting in declared if not setting.secret}
    form: Form = type("SettingsForm", (Form,), fields)(data=shown)
    for setting in declared:
        if setting.secret and values[setting.key]:
            form[setting.key].description = _("It is set. Leave this empty to keep it.")
    return form


def changed_settings(form: Form, declared: tuple[Setting, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent and differs from what is set."""
    sent = {setting: form[setting.key].data for setting in declared}
    return {
        setting.key: value
        for setting, value in sent.items()
        if (value if setting.secret else value != values[setting.key])
    }


_FIELDS: Mapping[SettingType, type[Field]] = {
    SettingType.TEXT: StringField,
    SettingType.LONG_TEXT: TextAreaField,
    SettingType.INTEGER: IntegerField,
    SettingType.BOOLEAN: BooleanField,
    SettingType.CHOICE: SelectField,
    SettingType.EMAIL: EmailField,
    SettingType.URL: URLField,
    SettingType.COLOUR: ColorField,
}


def _field(setting: Setting) -> Field:
    options: dict[str, Any] = {"description": setting.help}
    if setting.type is SettingType.CHOICE:
        options["choices"] = [SelectChoice(*choice) for choice in setting.choices]
    kind = PasswordField if setting.secret else _FIELDS[setting.type]
    return kind(setting.label, _validators(setting), **options)


def _validators(setting: Setting) -> list[Any]:
    if setting.type is SettingType.INTEGER:
        return [
            InputRequired(_l("Give a whole number.")),
            NumberRange(setting.minimum, setting.maximum, _range(setting)),
        ]
    if setting.type is SettingType.EMAIL:
        return [Optional(), Regexp(r"[^@\s]+@[^@\s]+\.[^@\s]+$", message=_l("This is not an e-mail address."))]
    if setting.type is SettingType.URL:
        return [Optional(), URL(message=_l("This is not a web address. It begins with https://."))]
    if setting.type is SettingType.COLOUR:
        return [Regexp(r"#[0-9A-Fa-f]{6}$", message=_l("Write the colour as # and six digits, such as #C43D2B."))]
    return []


def _range(setting: Setting) -> str:
    if setting.minimum is not None and setting.maximum is not None:
        return str(_("Give a number from %(least)s to %(most)s.", least=setting.minimum, most=setting.maximum))
    if setting.minimum is not None:
        return str(_("Give a number of at least %(least)s.", least=setting.minimum))
    return str(_("Give a number of at most %(most)s.", most=setting.maximum))
