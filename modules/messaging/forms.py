"""Forms of messages."""

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from guildhall.core.i18n import _l
from guildhall.core.messages import MessageKind
from guildhall.core.web.forms import Form
from modules.messaging.services.own_words import check_words
from modules.messaging.words import Words


class AnnouncementForm(Form):
    """A message to everybody."""

    title = StringField(_l("Title"), [InputRequired(), Length(max=120)])
    text = TextAreaField(
        _l("Text"), [InputRequired(), Length(max=5000)], description=_l("An empty line begins a paragraph.")
    )


class TemplateForm(Form):
    """The association's own words of a kind."""

    title = StringField(_l("Title"), [InputRequired(), Length(max=200)])
    body = TextAreaField(
        _l("Text"), [InputRequired(), Length(max=5000)], description=_l("An empty line begins a paragraph.")
    )
    preview = BooleanField()

    @property
    def words(self) -> Words:
        return Words(self.title.data or "", (self.body.data or "").replace("\r\n", "\n"))

    def fits(self, kind: MessageKind) -> bool:
        """Whether what was sent could be used; nothing is kept."""
        return self.accept(lambda: check_words(kind, self.words))
