"""What an association can set about its front page and its office."""

from guildhall.core.i18n import _l
from guildhall.core.module import Setting, SettingType

HEADLINE = Setting(
    "headline",
    SettingType.TEXT,
    _l("Headline of the home page"),
    "",
    help=_l("One sentence in large letters. Empty: the association's name."),
)
SHOW_CHECKLIST = Setting(
    "show_checklist",
    SettingType.BOOLEAN,
    _l("Show the set-up checklist"),
    True,  # noqa: FBT003 - a default
    help=_l("On the first page of the office."),
)

ALL = (HEADLINE, SHOW_CHECKLIST)
