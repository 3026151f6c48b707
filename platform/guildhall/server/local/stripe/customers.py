"""Customers, their payment methods and tax ids."""

from guildhall.server.local.stripe.contract import Params
from guildhall.server.local.stripe.errors import StripeError, declined, missing
from guildhall.server.local.stripe.objects import Object, merge
from guildhall.server.local.stripe.routes import fields_of, page, resource, route, updated
from guildhall.server.local.stripe.store import Space

# Stripe's test cards: number → (brand, why attaching is refused, why charging is refused)
CARDS: dict[str, tuple[str, str | None, str | None]] = {
    "4242424242424242": ("visa", None, None),
    "5555555555554444": ("mastercard", None, None),
    "6200000000000005": ("unionpay", None, None),
    "4000000000000002": ("visa", "generic_decline", "generic_decline"),
    "4000000000009995": ("visa", "insufficient_funds", "insufficient_funds"),
    "4000000000000341": ("visa", None, "generic_decline"),
}
TEST_METHODS = {
    "pm_card_visa": "4242424242424242",
    "pm_card_mastercard": "5555555555554444",
    "pm_card_chargeDeclined": "4000000000000002",
    "pm_card_visa_chargeDeclined": "4000000000000002",
    "pm_card_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_chargeCustomerFail": "4000000000000341",
}

resource("/v1/customers", "customer", "customer", "list retrieve", event="customer")
resource("/v1/payment_methods", "payment_method", "payment_method", "list retrieve update", event="payment_method")
resource("/v1/tax_ids", "tax_id", "tax_id", "list retrieve", event="customer.tax_id")


@route("POST /v1/customers", "customer_create")
def create_customer(space: Space, params: Params) -> Object:
    method = params.get("payment_method")
    if params.get("test_clock"):
        space.get("test_helpers.test_clock", params["test_clock"], "test_clock")
    fields = {"balance": 0, "delinquent": False, "tax_exempt": "none", "preferred_locales": [], "metadata": {}}
    customer = space.add("customer", **fields | fields_of(params, "payment_method", "tax_id_data", "metadata"))
    customer["created"] = space.now(customer["id"])
    merge(customer, {"metadata": params.get("metadata")})
    customer["invoice_settings"] = {"default_payment_method": None, **params.get("invoice_settings", {})}
    for data in params.get("tax_id_data", []):
        create_tax_id(space, data, customer["id"])
    if method:
        attach(space, {"customer": customer["id"]}, method)
    space.emit("customer.created", customer)
    return customer


@route("POST /v1/customers/{id}", "customer_update")
def update_customer(space: Space, params: Params, customer_id: str) -> Object:
    method = params.get("invoice_settings", {}).get("default_payment_method")
    if method:
        space.get("payment_method", method, "invoice_settings[default_payment_method]")
    return updated(space, space.get("customer", customer_id), params, "customer")


@route("GET /v1/customers/{id}/tax_ids", "customer_tax_id_list")
def list_tax_ids(space: Space, params: Params, customer_id: str) -> Object:
    return page(space.all("tax_id", customer=customer_id), params, f"/v1/customers/{customer_id}/tax_ids")


@route("POST /v1/customers/{id}/tax_ids", "customer_tax_id_create")
def create_tax_id(space: Space, params: Params, customer_id: str) -> Object:
    space.get("customer", customer_id)
    verification = {"status": "pending", "verified_address": None, "verified_name": None}
    fields = {"country": params["type"][:2].upper(), "owner": {"type": "customer", "customer": customer_id}}
    tax_id = space.add("tax_id", customer=customer_id, verification=verification, **fields, **fields_of(params))
    space.emit("customer.tax_id.created", tax_id)
    return tax_id


@route("DELETE /v1/customers/{id}/tax_ids/{tax_id}", "customer_tax_id_delete")
def delete_tax_id(space: Space, _params: Params, _customer_id: str, tax_id: str) -> Object:
    gone = space.get("tax_id", tax_id)
    del space.table("tax_id")[tax_id]
    space.emit("customer.tax_id.deleted", gone)
    return {"id": tax_id, "object": "tax_id", "deleted": True}


@route("GET /v1/customers/{id}/payment_methods", "customer_payment_method_list")
def list_payment_methods(space: Space, params: Params, customer_id: str) -> Object:
    methods = space.all(
        "payment_method", customer=customer_id, **({"type": params["type"]} if "type" in params else {})
    )
    return page(methods, params, f"/v1/customers/{customer_id}/payment_methods")


@route("POST /v1/payment_methods", "payment_method_create")
def create_payment_method(space: Space, params: Params) -> Object:
    """A card by its number or `tok_visa`, or a wallet such as `alipay` and `wechat_pay`."""
    if params.get("type") == "card":
        card = params.get("card", {})
        number = "4242424242424242" if card.get("token") == "tok_visa" else card.get("number", "")
        return make_card(space, number, params.get("billing_details"))
    return make_wallet(space, params.get("type", ""), params.get("billing_details"))


@route("POST /v1/payment_methods/{id}/attach", "payment_method_attach")
def attach(space: Space, params: Params, method_id: str) -> Object:
    """Keep it for a customer. Raises Stripe's `card_declined` for the cards that refuse it."""
    space.get("customer", params["customer"], "customer")
    method = payment_method(space, method_id)
    if method.get("_attach_decline"):
        raise declined(method["_attach_decline"])
    method["customer"] = params["customer"]
    space.emit("payment_method.attached", method)
    return method


@route("POST /v1/payment_methods/{id}/detach", "payment_method_detach")
def detach(space: Space, _params: Params, method_id: str) -> Object:
    method = space.get("payment_method", method_id)
    previous, method["customer"] = {"customer": method["customer"]}, None
    space.emit("payment_method.detached", method, previous)
    return method


def payment_method(space: Space, method_id: str) -> Object:
    """The method of that id, or a new card for one of Stripe's `pm_card_…` test ids."""
    if method_id in TEST_METHODS:
        return make_card(space, TEST_METHODS[method_id])
    return space.get("payment_method", method_id, "payment_method")


def default_method(space: Space, customer_id: str, *owners: Object) -> Object | None:
    """What is charged when nothing is named: the owner's own (subscription, invoice), else the customer's default."""
    for owner in owners:
        if owner.get("default_payment_method"):
            return space.get("payment_method", owner["default_payment_method"])
    customer = space.table("customer").get(customer_id)
    if customer is None:
        raise missing("customer", customer_id)
    default = customer["invoice_settings"].get("default_payment_method")
    return space.get("payment_method", default) if default else None


def make_card(space: Space, number: str, billing_details: Object | None = None) -> Object:
    """A card with one of Stripe's test numbers."""
    if number not in CARDS:
        raise StripeError("Your card number is incorrect.", code="incorrect_number", status=402, kind="card_error")
    brand, attach_decline, charge_decline = CARDS[number]
    card = {
        "brand": brand,
        "country": "US",
        "exp_month": 12,
        "exp_year": 2040,
        "funding": "credit",
        "last4": number[-4:],
    }
    return _method(
        space,
        "card",
        billing_details,
        card={**card, "display_brand": brand, "fingerprint": f"test{number[-4:]}", "wallet": None},
        _attach_decline=attach_decline,
        _charge_decline=charge_decline,
    )


def make_wallet(space: Space, kind: str, billing_details: Object | None = None) -> Object:
    """Alipay, WeChat Pay and other methods without details."""
    return _method(space, kind, billing_details, **{kind: {}})


def _method(space: Space, kind: str, billing_details: Object | None, **details: object) -> Object:
    blank = {"address": None, "email": None, "name": None, "phone": None, "tax_id": None}
    return space.add(
        "payment_method",
        type=kind,
        customer=None,
        metadata={},
        allow_redisplay="unspecified",
        billing_details={**blank, **(billing_details or {})},
        **details,
    )
