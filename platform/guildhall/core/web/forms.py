"""Forms: one way to check what was sent, do it, and say at the field what is wrong."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.i18n import translations
from wtforms.fields.choices import SelectChoice

from guildhall.core.errors import DomainError
from guildhall.core.i18n import _, _l
from guildhall.core.web.context import db_session

OWN_WORDS = (_l("This field is required."),)
"""What validators of WTForms say, where our catalogues say it better than theirs."""


class Words:
    """The messages of WTForms' validators in the reader's language."""

    def gettext(self, text: str) -> str:
        ours = _(text)
        return ours if ours != text else str(translations.gettext(text))

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        return str(translations.ngettext(singular, plural, count))


class Form(FlaskForm):
    """A form of ours. A view reads:

    ```
    form = RoleForm()
    if form.accept(lambda: create_role(session, form.name.data)):
        return redirect(…)
    return render_template("…", form=form), form.status
    ```
    """

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: FlaskForm) -> Words:  # noqa: ARG002 - as WTForms calls it
            return Words()

    result: Any = None
    """What the action returned."""

    def accept(self, action: Callable[[], object]) -> bool:
        """Whether the form was sent, fits, and the action was done.

        A domain error about fields is shown at them and undoes the action alone; any other goes to the caller's page.
        """
        if not self.validate_on_submit():
            return False
        try:
            with db_session().begin_nested():
                self.result = action()
        except DomainError as error:
            if not self._show(error):
                raise
            return False
        return True

    @property
    def status(self) -> HTTPStatus:
        """422 for a form that came back with errors: its input is kept on the page, and nothing in the database."""
        return HTTPStatus.UNPROCESSABLE_ENTITY if self.errors else HTTPStatus.OK

    def _show(self, error: DomainError) -> bool:
        """Put an error beside its fields; one that names no field of this form stands at the first."""
        if error.status is not HTTPStatus.UNPROCESSABLE_ENTITY:
            return False
        known = {name: message for name, message in error.fields.items() if name in self}
        for name, message in (known or {self._first(): error}).items():
            self[name].errors = [*self[name].errors, str(message)]
        return True

    def _first(self) -> str:
        return next(str(field.short_name) for field in self if field.short_name != "csrf_token")


def choices(labels: Mapping[Any, Any]) -> list[SelectChoice]:
    """What a select or a set of radio buttons offers: value → words."""
    return [SelectChoice(str(value), label) for value, label in labels.items()]
