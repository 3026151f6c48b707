"""Forms of files."""

from flask_wtf.file import FileField
from wtforms import SelectChoice, SelectField

from guildhall.core.i18n import _l
from guildhall.core.web.forms import Form
from modules.files.enums import Visibility

VISIBILITY_LABELS = {
    Visibility.PUBLIC: _l("Everybody, also outside the association"),
    Visibility.SIGNED_IN: _l("All members who are signed in"),
    Visibility.PRIVATE: _l("The secretariat only"),
}


class UploadForm(Form):
    """A file that the association keeps, and who may open it."""

    file = FileField(_l("File"))
    visibility = SelectField(
        _l("Who may open it"),
        choices=[SelectChoice(value, label) for value, label in VISIBILITY_LABELS.items()],
        default=Visibility.SIGNED_IN,
    )
