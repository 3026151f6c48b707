"""Errors that only callers of the API meet. The map to problem+json is `guildhall.core.web.errors`."""

from http import HTTPStatus

from guildhall.core.errors import DomainError, SignInRequired
from guildhall.core.i18n import _l


class TokenRefused(SignInRequired):
    """The token is unknown, expired or revoked, or its owner may not come in."""

    code = "invalid_token"
    message = _l("This API token is not valid, or no longer.")


class Unreadable(DomainError):
    code = "unreadable"
    message = _l("The body is not JSON that can be read.")
    status = HTTPStatus.BAD_REQUEST


class NotJson(DomainError):
    code = "unsupported_media_type"
    message = _l("Send the body as application/json.")
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class PreconditionMissing(DomainError):
    """RFC 6585 §3."""

    code = "precondition_required"
    message = _l("Send the record's ETag as If-Match, so that nobody's change is lost.")
    status = HTTPStatus.PRECONDITION_REQUIRED


class PreconditionMissed(DomainError):
    """RFC 9110 §15.5.13."""

    code = "precondition_failed"
    message = _l("Somebody has changed this meanwhile. Read it again and repeat.")
    status = HTTPStatus.PRECONDITION_FAILED


class IdempotencyKeyReused(DomainError):
    code = "idempotency_key_reused"
    message = _l("This Idempotency-Key was used for another request.")


class IdempotencyKeyInvalid(DomainError):
    code = "idempotency_key_invalid"
    message = _l("An Idempotency-Key has 1 to 255 printable ASCII characters.")
    status = HTTPStatus.BAD_REQUEST
