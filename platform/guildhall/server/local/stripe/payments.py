"""Payment intents, charges, refunds, balance transactions, application fees."""

import secrets
from collections.abc import Callable
from typing import Any

from guildhall.server.local.stripe.contract import Params
from guildhall.server.local.stripe.customers import payment_method
from guildhall.server.local.stripe.errors import DECLINES, StripeError, declined
from guildhall.server.local.stripe.objects import Object, listing, render
from guildhall.server.local.stripe.routes import fields_of, resource, route
from guildhall.server.local.stripe.store import Space

FEE_PERCENT, FEE_FIXED = 2.9, 30  # Stripe's list price for cards, in minor units
ON_SUCCESS: list[Callable[[Space, Object], None]] = []  # what invoices do when their payment succeeds
CANCELABLE = {"requires_payment_method", "requires_confirmation", "requires_capture", "requires_action"}

resource("/v1/payment_intents", "payment_intent", "payment_intent", "list retrieve update", event="payment_intent")
resource("/v1/charges", "charge", "charge", "list retrieve update", event="charge")
resource("/v1/refunds", "refund", "refund", "list retrieve update", event="refund")
resource("/v1/balance_transactions", "balance_transaction", "balance_transaction", "list retrieve")
resource("/v1/application_fees", "application_fee", "application_fee", "list retrieve")


@route("POST /v1/payment_intents", "payment_intent_create")
def create_intent(space: Space, params: Params) -> Object:
    """A payment intent; confirmed at once with `confirm`."""
    if params["amount"] < 1:
        raise StripeError(
            "This value must be greater than or equal to 1.", code="parameter_invalid_integer", param="amount"
        )
    check_application_fee(space, params.get("application_fee_amount"), params["amount"])
    intent = make_intent(space, fields_of(params, "confirm", "off_session", "return_url", "error_on_requires_action"))
    if params.get("confirm"):
        confirm(space, intent, params.get("payment_method"))
    return intent


@route("POST /v1/payment_intents/{id}/confirm", "payment_intent_confirm")
def confirm_intent(space: Space, params: Params, intent_id: str) -> Object:
    intent = space.get("payment_intent", intent_id)
    confirm(space, intent, params.get("payment_method"))
    return intent


@route("POST /v1/payment_intents/{id}/capture", "payment_intent_capture")
def capture_intent(space: Space, params: Params, intent_id: str) -> Object:
    """Take what was authorised, or a part of it; the rest is released."""
    intent = space.get("payment_intent", intent_id)
    _demand(intent, {"requires_capture"}, "captured")
    amount: int = params["amount_to_capture"] if "amount_to_capture" in params else intent["amount_capturable"]
    if amount > intent["amount_capturable"]:
        raise StripeError(
            "You cannot capture more than was authorised.", code="amount_too_large", param="amount_to_capture"
        )
    charge = space.get("charge", intent["latest_charge"])
    _capture(space, charge, amount)
    _succeed(space, intent, amount)
    return intent


@route("POST /v1/payment_intents/{id}/cancel", "payment_intent_cancel")
def cancel_intent(space: Space, params: Params, intent_id: str) -> Object:
    intent = space.get("payment_intent", intent_id)
    _demand(intent, CANCELABLE, "canceled")
    reason = params.get("cancellation_reason")
    intent.update(status="canceled", canceled_at=space.now(intent["customer"]), cancellation_reason=reason)
    space.emit("payment_intent.canceled", intent)
    return intent


@route("POST /v1/refunds", "refund_create")
def create_refund(space: Space, params: Params) -> Object:
    """Give back a charge or a part of it. Raises Stripe's errors for more than is left."""
    charge = _charge_to_refund(space, params)
    left = charge["amount_captured"] - charge["amount_refunded"]
    amount = params.get("amount", left)
    if left == 0:
        raise StripeError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if not 0 < amount <= left:
        message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        raise StripeError(message, code="amount_too_large", param="amount")
    fields = {name: charge[name] for name in ("currency", "customer", "payment_intent", "payment_method")}
    given = fields_of(params, "amount", "charge", "payment_intent", "refund_application_fee", "reverse_transfer")
    refund = space.add("refund", **{**fields, **given}, charge=charge["id"], amount=amount, status="succeeded")
    refund["balance_transaction"] = _balance(space, "refund", refund, -amount, 0)["id"]
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    charge["refunds"] = listing(
        [*(charge["refunds"] or {"data": []})["data"], refund], f"/v1/charges/{charge['id']}/refunds"
    )
    if params.get("refund_application_fee"):
        _refund_fee(space, charge, amount)
    space.emit("refund.created", refund)
    space.emit("charge.refunded", charge)
    return refund


def make_intent(space: Space, fields: Object) -> Object:
    """A payment intent that waits for a payment method, or for confirmation when it has one."""
    if fields.get("payment_method"):
        fields["payment_method"] = payment_method(space, fields["payment_method"])["id"]
    defaults: Object = {
        "capture_method": "automatic",
        "confirmation_method": "automatic",
        "payment_method_types": ["card", "alipay", "wechat_pay"],
        "status": "requires_confirmation" if fields.get("payment_method") else "requires_payment_method",
    }
    intent = space.add("payment_intent", **{**defaults, **fields, "currency": fields["currency"].lower()})
    intent["client_secret"] = f"{intent['id']}_secret_{secrets.token_hex(8)}"
    space.emit("payment_intent.created", intent)
    return intent


def confirm(space: Space, intent: Object, method_id: str | None = None) -> None:
    """Charge the intent. A refused card leaves a failed charge and raises `card_declined`, as at Stripe."""
    _demand(intent, {"requires_payment_method", "requires_confirmation", "requires_action"}, "confirmed")
    chosen = method_id or intent["payment_method"]
    if chosen is None:
        raise StripeError(
            "You cannot confirm this PaymentIntent because it's missing a payment method.", param="payment_method"
        )
    method = payment_method(space, chosen)
    intent["payment_method"] = method["id"]
    charge = _make_charge(space, intent, method)
    intent["latest_charge"] = charge["id"]
    if charge["status"] == "failed":
        _fail(space, intent, charge, method)
    if intent["setup_future_usage"] and intent["customer"]:
        method["customer"] = intent["customer"]
    if intent["capture_method"] == "manual":
        intent.update(status="requires_capture", amount_capturable=intent["amount"])
        space.emit("payment_intent.amount_capturable_updated", intent)
        return
    _capture(space, charge, intent["amount"])
    _succeed(space, intent, intent["amount"])


def check_application_fee(space: Space, fee: int | None, amount: int) -> None:
    """An application fee belongs to a connected account's charge and is less than it."""
    if fee is None:
        return
    if not space.account:
        message = "Can only apply an application_fee_amount when the PaymentIntent is attempting a direct payment."
        raise StripeError(message, param="application_fee_amount")
    if fee > amount:
        raise StripeError("The application fee must be less than the charge amount.", param="application_fee_amount")


def _make_charge(space: Space, intent: Object, method: Object) -> Object:
    why = method.get("_charge_decline")
    same = ("amount", "currency", "customer", "description", "metadata", "receipt_email", "application_fee_amount")
    details: Object = {"type": method["type"], method["type"]: method.get(method["type"]) or {}}
    charge = space.add(
        "charge",
        **{name: intent[name] for name in same},
        billing_details=method["billing_details"],
        calculated_statement_descriptor="GUILDHALL",
        failure_code="card_declined" if why else None,
        failure_message=DECLINES[why] if why else None,
        outcome={
            "type": "issuer_declined" if why else "authorized",
            "reason": why,
            "network_status": "approved_by_network",
        },
        paid=not why,
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details=details,
        status="failed" if why else "succeeded",
    )
    charge["receipt_url"] = f"{space.base_url}/receipts/{charge['id']}" if charge["paid"] else None
    return charge


def _capture(space: Space, charge: Object, amount: int) -> None:
    fee = round(amount * FEE_PERCENT / 100) + FEE_FIXED
    charge.update(captured=True, amount_captured=amount)
    application_fee = _take_application_fee(space, charge)
    charge["balance_transaction"] = _balance(space, "charge", charge, amount, fee, application_fee=application_fee)[
        "id"
    ]
    space.emit("charge.succeeded", charge)


def _take_application_fee(space: Space, charge: Object) -> int:
    amount = int(charge["application_fee_amount"] or 0)
    if amount and space.account:
        platform = space.platform
        fee = platform.add(
            "application_fee",
            account=space.account,
            amount=amount,
            application="ca_guildhall",
            charge=charge["id"],
            currency=charge["currency"],
            originating_transaction=charge["id"],
        )
        fee["balance_transaction"] = _balance(platform, "application_fee", fee, amount, 0)["id"]
        charge["application_fee"] = fee["id"]
        platform.emit("application_fee.created", fee)
    return amount


def _refund_fee(space: Space, charge: Object, amount: int) -> None:
    fee = space.platform.get("application_fee", charge["application_fee"] or "", "refund_application_fee")
    fee["amount_refunded"] += round(fee["amount"] * amount / charge["amount"])
    fee["refunded"] = fee["amount_refunded"] == fee["amount"]
    space.platform.emit("application_fee.refunded", fee)


def _balance(space: Space, kind: str, source: Object, amount: int, fee: int, *, application_fee: int = 0) -> Object:
    """The entry in the account's balance. Minor units; negative for what leaves."""
    parts = (("stripe_fee", fee, "Stripe processing fees"), ("application_fee", application_fee, "Application fee"))
    details = [
        {"type": name, "amount": part, "application": None, "currency": source["currency"], "description": text}
        for name, part, text in parts
        if part
    ]
    total = fee + application_fee
    return space.add(
        "balance_transaction",
        amount=amount,
        available_on=space.now() + 2 * 86400,
        balance_type="payments",
        currency=source["currency"],
        fee=total,
        fee_details=details,
        net=amount - total,
        reporting_category=kind,
        source=source["id"],
        status="available",
        type=kind,
    )


def _succeed(space: Space, intent: Object, amount: int) -> None:
    intent.update(
        status="succeeded", amount_received=amount, amount_capturable=0, last_payment_error=None, next_action=None
    )
    space.emit("payment_intent.succeeded", intent)
    for follow_up in ON_SUCCESS:
        follow_up(space, intent)


def _fail(space: Space, intent: Object, charge: Object, method: Object) -> None:
    shown = render(method, [], space.find)
    why = method["_charge_decline"]
    error = declined(why, charge=charge["id"], payment_method=shown)
    intent.update(status="requires_payment_method", payment_method=None, last_payment_error=error.body["error"])
    space.emit("charge.failed", charge)
    space.emit("payment_intent.payment_failed", intent)
    raise declined(why, charge=charge["id"], payment_method=shown, payment_intent=render(intent, [], space.find))


def _charge_to_refund(space: Space, params: Params) -> Object:
    if "payment_intent" in params:
        intent = space.get("payment_intent", params["payment_intent"], "payment_intent")
        return space.get("charge", intent["latest_charge"] or "", "payment_intent")
    return space.get("charge", params.get("charge", ""), "charge")


def _demand(intent: Object, statuses: set[str], verb: str) -> None:
    if intent["status"] not in statuses:
        message = f"This PaymentIntent could not be {verb} because it has a status of {intent['status']}."
        more: dict[str, Any] = {"payment_intent": {"id": intent["id"], "status": intent["status"]}}
        raise StripeError(message, code="payment_intent_unexpected_state", **more)
