"""Stripe's error objects."""

from typing import Any


class StripeError(Exception):
    """An answer other than success, in Stripe's shape."""

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        status: int = 400,
        kind: str = "invalid_request_error",
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        fields = {"type": kind, "message": message, "code": code, "param": param, **more}
        self.body = {"error": {name: value for name, value in fields.items() if value is not None}}


def missing(kind: str, object_id: str, param: str = "id") -> StripeError:
    """404 for an id that nothing has."""
    return StripeError(f"No such {kind}: '{object_id}'", code="resource_missing", param=param, status=404)


def declined(decline_code: str, **more: Any) -> StripeError:
    """402: the bank said no."""
    return StripeError(
        DECLINES[decline_code],
        code="card_declined",
        status=402,
        kind="card_error",
        decline_code=decline_code,
        **more,
    )


DECLINES = {
    "generic_decline": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
}
