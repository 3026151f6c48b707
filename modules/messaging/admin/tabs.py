"""The pages of messages, side by side."""

from collections.abc import Iterator

from flask import request, url_for

from guildhall.core.i18n import _l
from guildhall.core.web.context import current_actor
from guildhall.core.web.view import Entry
from modules.messaging.permissions import EDIT_WORDS, SEE_MESSAGES

_TABS = (
    ("messaging_admin.index", _l("Delivery log"), SEE_MESSAGES),
    ("messaging_admin.templates", _l("Templates"), EDIT_WORDS),
    ("messaging_admin.addresses", _l("Blocked addresses"), SEE_MESSAGES),
)


def tabs() -> Iterator[Entry]:
    """Those that the actor may open."""
    for endpoint, label, permission in _TABS:
        if current_actor().may(permission):
            yield Entry(label, url_for(endpoint), active=request.endpoint == endpoint)
