"""Stripe's objects as plain dicts: with every field that stripe-python documents, rendered and expanded as asked."""

import copy
import secrets
import typing
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

import stripe
from stripe._list_object import ListObject
from stripe._stripe_object import UntypedStripeObject

from guildhall.server.local.stripe.errors import StripeError

Object = dict[str, Any]

# kind → (id prefix, stripe-python's class)
KINDS: dict[str, tuple[str, Any]] = {
    "account": ("acct", stripe.Account),
    "account_link": ("alink", stripe.AccountLink),
    "application_fee": ("fee", stripe.ApplicationFee),
    "balance_transaction": ("txn", stripe.BalanceTransaction),
    "billing_portal.configuration": ("bpc", stripe.billing_portal.Configuration),
    "billing_portal.session": ("bps", stripe.billing_portal.Session),
    "charge": ("ch", stripe.Charge),
    "checkout.session": ("cs_test", stripe.checkout.Session),
    "coupon": ("", stripe.Coupon),
    "customer": ("cus", stripe.Customer),
    "discount": ("di", stripe.Discount),
    "event": ("evt", stripe.Event),
    "invoice": ("in", stripe.Invoice),
    "invoice_payment": ("inpay", stripe.InvoicePayment),
    "invoiceitem": ("ii", stripe.InvoiceItem),
    "item": ("li", stripe.LineItem),
    "line_item": ("il", stripe.InvoiceLineItem),
    "payment_intent": ("pi", stripe.PaymentIntent),
    "payment_method": ("pm", stripe.PaymentMethod),
    "price": ("price", stripe.Price),
    "product": ("prod", stripe.Product),
    "promotion_code": ("promo", stripe.PromotionCode),
    "refund": ("re", stripe.Refund),
    "subscription": ("sub", stripe.Subscription),
    "subscription_item": ("si", stripe.SubscriptionItem),
    "tax_id": ("txi", stripe.TaxId),
    "test_helpers.test_clock": ("clock", stripe.test_helpers.TestClock),
    "webhook_endpoint": ("we", stripe.WebhookEndpoint),
}
# A payment method names only the details of its own type.
SPARSE = {"payment_method"}
# Sent only when asked for by `expand`: code that forgets to ask must fail here as it would at Stripe.
HIDDEN = {
    "charge": {"refunds"},
    "checkout.session": {"line_items"},
    "customer": {"cash_balance", "sources", "subscriptions", "tax", "tax_ids"},
    "invoice": {"confirmation_secret", "payments"},
}
ZEROES: dict[Any, Any] = {str: "", int: 0, bool: False, float: 0.0, Decimal: "0"}
NOT_FIELDS = {"OBJECT_NAME", "deleted", "object", "id"}


def make(kind: str, now: int, **fields: Any) -> Object:
    """An object with a new id and every documented field; those not given are null, empty or zero, by their type."""
    prefix, stripe_class = KINDS[kind]
    object_id = f"{prefix}_{secrets.token_hex(12)}" if prefix else secrets.token_hex(4).upper()
    blank = {} if kind in SPARSE else copy.deepcopy(_blank(stripe_class))
    return {"id": object_id, "object": kind, **blank, "created": now, "livemode": False, **fields}


def listing(data: Sequence[Object], url: str, *, has_more: bool = False) -> Object:
    """Stripe's list envelope."""
    return {"object": "list", "data": list(data), "has_more": has_more, "url": url}


def render(thing: Object, expand: Sequence[str], find: Callable[[str], Object | None]) -> Object:
    """A copy for the outside: without our own notes and without what is hidden, with what `expand` names unfolded."""
    is_list = thing.get("object") == "list"
    tree: dict[str, Any] = {}
    for path in expand:
        node = tree
        for part in path.split("."):
            node = node.setdefault(part, {})
    if is_list and set(tree) - {"data"}:
        raise StripeError("You can only expand `data` on a list.", param="expand")
    return typing.cast("Object", _render(thing, tree, find))


def merge(thing: Object, changes: Object) -> None:
    """Update as Stripe does: metadata is merged key by key, an empty string unsets, nested objects are merged."""
    for name, value in changes.items():
        if name == "expand":
            continue
        if name == "metadata":
            thing["metadata"] = {k: v for k, v in {**(thing.get("metadata") or {}), **(value or {})}.items() if v != ""}
        elif isinstance(value, dict) and isinstance(thing.get(name), dict):
            merge(thing[name], value)
        else:
            thing[name] = None if value == "" else value


def _render(value: Any, expand: dict[str, Any], find: Callable[[str], Object | None]) -> Any:
    if isinstance(value, list):
        return [_render(item, expand, find) for item in value]
    if not isinstance(value, dict):
        return value
    hidden = HIDDEN.get(str(value.get("object")), set()) - expand.keys()
    for name in expand:
        if name not in value:
            raise StripeError(f"This property cannot be expanded ({name}).", param="expand")
    return {
        name: _render(_unfold(item, find) if name in expand else item, expand.get(name, {}), find)
        for name, item in value.items()
        if name not in hidden and not name.startswith("_")
    }


def _unfold(value: Any, find: Callable[[str], Object | None]) -> Any:
    if isinstance(value, str):
        return find(value) or value
    return [_unfold(item, find) for item in value] if isinstance(value, list) else value


@cache
def _blank(stripe_class: Any) -> Object:
    return {
        name: _zero(kind)
        for name, kind in stripe_class.__annotations__.items()
        if name not in NOT_FIELDS and not name.startswith("_") and not _is_optional_map(name, kind)
    }


def _is_optional_map(name: str, kind: Any) -> bool:
    """Maps such as `currency_options` are left out when there is nothing in them; stripe-python cannot read a null."""
    options = typing.get_args(kind) if type(None) in typing.get_args(kind) else ()
    return name != "metadata" and any(typing.get_origin(option) is UntypedStripeObject for option in options)


def _zero(kind: Any) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if type(None) in arguments or kind is Any or isinstance(kind, typing.ForwardRef):
        return None
    if origin is list:
        return []
    if origin is ListObject:
        return listing([], "")
    if origin in {dict, UntypedStripeObject}:
        return {}
    if kind in ZEROES:
        return ZEROES[kind]
    return _blank(kind) if hasattr(kind, "__annotations__") and origin is None else None
