"""Forms of the secretariat about people and roles."""

from typing import Any
from uuid import UUID

from flask_wtf.file import FileField
from wtforms import BooleanField, EmailField, SelectField, SelectMultipleField, StringField, TelField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from guildhall.core.i18n import LOCALES, _, _l, lazy_pgettext
from guildhall.core.web.context import current_house, db_session
from guildhall.core.web.forms import Form
from modules.accounts.importing.columns import PersonField
from modules.accounts.models import PeopleImport
from modules.accounts.queries import assignable_roles
from modules.accounts.services.roles import label_of


class PersonForm(Form):
    """What the association knows of a person."""

    name = StringField(lazy_pgettext("person", "Name"), [InputRequired(), Length(max=80)])
    email = EmailField(_l("E-mail"), [Optional(), Length(max=254)])
    phone = TelField(_l("Phone"), [Optional(), Length(max=32)])
    organization = StringField(_l("Company"), [Length(max=120)])


class RolesForm(Form):
    """Who has which role."""

    roles = SelectMultipleField(_l("Roles"))

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.roles.choices = [(str(role.id), label_of(role)) for role in assignable_roles(db_session())]

    @property
    def role_ids(self) -> list[UUID]:
        """The roles that were chosen."""
        return [UUID(chosen) for chosen in self.roles.data or ()]


class InviteForm(RolesForm):
    """Somebody new."""

    name = StringField(lazy_pgettext("person", "Name"), [InputRequired(), Length(max=80)])
    email = EmailField(_l("E-mail"), [InputRequired(), Length(max=254)])
    locale = SelectField(_l("Language of the invitation"))

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        house = current_house()
        self.locale.choices = [(locale, LOCALES[locale]) for locale in house.locales]
        if not self.locale.data:
            self.locale.data = house.locale


class RoleForm(Form):
    """A role of the association's own."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=60)])
    description = StringField(_l("What it is for"), [Length(max=200)])
    permissions = SelectMultipleField(_l("Permissions"))

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.permissions.choices = [(code, str(p.label)) for code, p in db_session().registry.permissions.items()]


class ReasonForm(Form):
    """Why something that concerns another person is done."""

    reason = StringField(_l("Reason"), [Length(max=300)])


class ListForm(Form):
    """The list that the association has, as a file or as copied cells."""

    file = FileField(_l("File"), description=_l("XLSX, XLS or CSV, up to 10 MB and 20,000 rows."))
    pasted = TextAreaField(
        _l("Or paste the rows here"), [Length(max=2_000_000)], description=_l("Copied from Excel or WPS, with titles.")
    )


class MappingForm(Form):
    """Which column holds what."""

    name = SelectField(lazy_pgettext("person", "Name"), coerce=int)
    email = SelectField(_l("E-mail"), coerce=int)
    phone = SelectField(_l("Phone"), coerce=int)
    organization = SelectField(_l("Company"), coerce=int)
    send_invitations = BooleanField(_l("Send everybody an invitation now"), default=True)

    NONE = -1

    def __init__(self, people_import: PeopleImport) -> None:
        data = {field: people_import.mapping.get(field, self.NONE) for field in PersonField}
        super().__init__(data=data)
        titles = enumerate(people_import.header)
        columns = [(number, title or _("Column %(number)s", number=number + 1)) for number, title in titles]
        for field in PersonField:
            self[field].choices = [(self.NONE, _("not in the list")), *columns]

    @property
    def mapping(self) -> dict[str, int]:
        """Field → column, of those that are in the list."""
        return {field: self[field].data for field in PersonField if self[field].data != self.NONE}


class DocumentForm(Form):
    """The text of the privacy policy or of the terms."""

    text = TextAreaField(
        _l("Text"),
        [Length(max=100_000)],
        render_kw={"rows": 20},
        description=_l("In Markdown. Empty: the standard text, in both languages. Each change is a version."),
    )
