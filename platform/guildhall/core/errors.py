"""Errors of the domain: raised by services, mapped to HTTP once (`guildhall.core.web.errors`)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from guildhall.core.i18n import _l


class DomainError(Exception):
    """Something the person asked for cannot be done, and why.

    A subclass sets `code` (stable, for programs), `message` (translatable, for people) and `status`. `fields` maps a
    form field to what is wrong with it. Parameters fill the message's `%(name)s` places.
    """

    code: ClassVar[str] = "invalid"
    message: ClassVar[Any] = _l("This cannot be done.")
    status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, *, fields: Mapping[str, Any] | None = None, **params: object) -> None:
        self.fields = dict(fields or {})
        self.params = params
        super().__init__(self.code)

    def __str__(self) -> str:
        text = str(self.message)
        return text % self.params if self.params else text


class Invalid(DomainError):
    """Input that does not fit; `fields` says where."""

    message = _l("Please check the marked fields.")


class NotFound(DomainError):
    """No such thing here. Also the answer for a thing of another association: it does not exist for this one."""

    code = "not_found"
    message = _l("This page or record does not exist.")
    status = HTTPStatus.NOT_FOUND


class Forbidden(DomainError):
    code = "forbidden"
    message = _l("You do not have permission to do this.")
    status = HTTPStatus.FORBIDDEN


class SignInRequired(DomainError):
    code = "sign_in_required"
    message = _l("Please sign in first.")
    status = HTTPStatus.UNAUTHORIZED


class Conflict(DomainError):
    """The thing has changed meanwhile, or another has the same key."""

    code = "conflict"
    message = _l("Somebody has changed this meanwhile. Please look again.")
    status = HTTPStatus.CONFLICT


class TooManyRequests(DomainError):
    """A limit was reached. `retry_after` is in seconds."""

    code = "too_many_requests"
    message = _l("Too many attempts. Please try again in %(minutes)s minutes.")
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(minutes=max(1, -(-retry_after // 60)))


class Unavailable(DomainError):
    """A service that we depend on does not answer."""

    code = "unavailable"
    message = _l("The service is briefly unavailable. Please try again in a moment.")
    status = HTTPStatus.SERVICE_UNAVAILABLE
