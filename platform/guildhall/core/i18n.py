"""Words for people: English message ids, translated by gettext."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext, pgettext

__all__ = ["_", "_l", "ngettext", "pgettext"]
