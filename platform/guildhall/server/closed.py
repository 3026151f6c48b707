"""A house that the vendor has suspended, or that is on its way out, shows a notice to everybody and keeps its data."""

from http import HTTPStatus
from typing import cast

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from guildhall.core.errors import DomainError
from guildhall.core.i18n import _, _l
from guildhall.core.web.context import current_house, runtime
from guildhall.core.web.errors import answer, is_api
from tenants.models import TenantStatus
from tenants.registry import Tenant

# What the notice itself is made of.
OPEN_TO_ALL = frozenset({"ui", "language", "installable"})


class HouseClosed(DomainError):
    code = "house_closed"
    message = _l("The house of this association is closed at the moment.")
    status = HTTPStatus.FORBIDDEN


def demand_open() -> None:
    """Asked before anything else of a request, so that no account is looked for and no page made.

    Raises:
        HouseClosed
    """
    if not cast("Tenant", current_house()).is_open and request.blueprint not in OPEN_TO_ALL:
        raise HouseClosed


def show_notice(error: HouseClosed) -> ResponseReturnValue:
    if is_api():
        return answer(error)
    house = cast("Tenant", current_house())
    suspended = house.status is TenantStatus.SUSPENDED
    page = render_template(
        "house/closed.html",
        title=_("Closed for the time being") if suspended else _("This house has closed"),
        text=_("The house of “%(name)s” is closed at the moment.", name=house.name)
        if suspended
        else _("“%(name)s” has ended its service here.", name=house.name),
        notice=house.notice,
        support_email=runtime().settings.support_email,
        vendor_url=runtime().platform.url(),
    )
    return make_response(page, error.status)
