"""What an association can set about accounts."""

from guildhall.core.i18n import _l
from guildhall.core.module import Setting, SettingType

SELF_REGISTRATION = Setting(
    "self_registration",
    SettingType.BOOLEAN,
    _l("People may open an account themselves"),
    False,  # noqa: FBT003 - a default
    help=_l("Otherwise only those whom the secretariat has invited or imported can come in."),
)

ALL = (SELF_REGISTRATION,)
