"""Checkout sessions, and what completes them."""

from guildhall.server.local.stripe import payments, subscriptions
from guildhall.server.local.stripe.catalog import discount, discount_amount, resolve_price
from guildhall.server.local.stripe.contract import Params
from guildhall.server.local.stripe.customers import create_customer
from guildhall.server.local.stripe.errors import StripeError
from guildhall.server.local.stripe.objects import Object, listing
from guildhall.server.local.stripe.routes import fields_of, page, resource, route
from guildhall.server.local.stripe.store import Space

DAY = 86400
NOT_FIELDS = ("line_items", "discounts", "payment_intent_data", "subscription_data", "metadata")

resource("/v1/checkout/sessions", "checkout.session", "checkout/session", "list retrieve update")


@route("POST /v1/checkout/sessions", "checkout/session_create")
def create_session(space: Space, params: Params) -> Object:
    """A session with a page to pay on, open for a day."""
    mode = params.get("mode", "payment")
    _check(space, params, mode)
    session = space.add("checkout.session", **fields_of(params, *NOT_FIELDS))
    lines = [
        _line(space, asked, f"line_items[{index}]", mode) for index, asked in enumerate(params.get("line_items", []))
    ]
    session["line_items"] = listing(lines, f"/v1/checkout/sessions/{session['id']}/line_items")
    session["_discounts"] = [discount(space, asked)["id"] for asked in params.get("discounts") or []]
    session["_data"] = params.get("subscription_data" if mode == "subscription" else "payment_intent_data", {})
    session.update(mode=mode, status="open", payment_status="unpaid", metadata=params.get("metadata") or {})
    session["ui_mode"] = session["ui_mode"] or "hosted_page"
    session["payment_method_types"] = params.get("payment_method_types", ["card", "alipay", "wechat_pay"])
    session["currency"] = lines[0]["currency"] if lines else params.get("currency")
    session["expires_at"] = params.get("expires_at", session["created"] + DAY)
    session["url"] = f"{space.base_url}/c/pay/{space.account or 'platform'}/{session['id']}"
    apply_discounts(space, session)
    return session


@route("GET /v1/checkout/sessions/{id}/line_items", "checkout/session_line_item_list")
def list_line_items(space: Space, params: Params, session_id: str) -> Object:
    lines = space.get("checkout.session", session_id)["line_items"]["data"]
    return page(reversed(lines), params, f"/v1/checkout/sessions/{session_id}/line_items")


@route("POST /v1/checkout/sessions/{id}/expire", "checkout/session_expire")
def expire_session(space: Space, _params: Params, session_id: str) -> Object:
    session = space.get("checkout.session", session_id)
    if session["status"] != "open":
        raise StripeError('Only Checkout Sessions with a status in ["open"] can be expired.')
    session.update(status="expired", url=None)
    space.emit("checkout.session.expired", session)
    return session


def apply_discounts(space: Space, session: Object) -> None:
    """Reckon the session's totals."""
    subtotal = sum(line["amount_subtotal"] for line in session["line_items"]["data"])
    off = discount_amount(space, session["_discounts"], subtotal)
    trial = session["mode"] == "subscription" and {"trial_end", "trial_period_days"} & session["_data"].keys()
    session.update(amount_subtotal=subtotal, amount_total=0 if trial else subtotal - off)
    session["total_details"] = {"amount_discount": off, "amount_shipping": 0, "amount_tax": 0}
    session["discounts"] = [
        {"coupon": None, "promotion_code": None, "discount": name} for name in session["_discounts"]
    ]


def apply_promotion_code(space: Space, session: Object, code: str) -> bool:
    """Use the code that a person typed. Returns whether there is such a code."""
    found = space.all("promotion_code", code=code.strip(), active=True)
    if found and not session["_discounts"]:
        session["_discounts"] = [discount(space, {"promotion_code": found[0]["id"]})["id"]]
        apply_discounts(space, session)
    return bool(found)


def complete(space: Space, session: Object, method: Object, email: str) -> None:
    """The person pays with `method`. Raises `card_declined` and leaves the session open when that fails."""
    if session["status"] != "open":
        raise StripeError("This Checkout Session is no longer open.")
    _ensure_customer(space, session, email)
    if session["mode"] == "payment":
        _take_payment(space, session, method)
    elif session["mode"] == "subscription":
        _subscribe(space, session, method)
    else:
        _keep_method(space, session, method)
    details: Object = {
        "email": email,
        "name": None,
        "phone": None,
        "address": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }
    session.update(status="complete", customer_details=details, url=None)
    session["payment_status"] = "paid" if session["amount_total"] else "no_payment_required"
    space.emit("checkout.session.completed", session)


def _check(space: Space, params: Params, mode: str) -> None:
    if mode != "setup" and not params.get("line_items"):
        raise StripeError("`line_items` is required in this mode.", code="parameter_missing", param="line_items")
    if params.get("ui_mode", "hosted_page") == "hosted_page" and "success_url" not in params:
        raise StripeError("Missing required param: success_url.", code="parameter_missing", param="success_url")
    for name, only in (("payment_intent_data", "payment"), ("subscription_data", "subscription")):
        if name in params and mode != only:
            raise StripeError(f"You can not pass `{name}` in `{mode}` mode.", param=name)
    if params.get("customer"):
        space.get("customer", params["customer"], "customer")
    fee = params.get("payment_intent_data", {}).get("application_fee_amount")
    payments.check_application_fee(space, fee, 10**12)


def _line(space: Space, asked: Params, param: str, mode: str) -> Object:
    price = resolve_price(space, asked, param)
    if price["type"] == "recurring" and mode == "payment":
        message = "You specified `payment` mode but passed a recurring price."
        raise StripeError(message, param=param)
    quantity = asked.get("quantity", 1)
    amount = (price["unit_amount"] or 0) * quantity
    return space.make(
        "item",
        amount_subtotal=amount,
        amount_total=amount,
        currency=price["currency"],
        description=space.get("product", price["product"])["name"],
        price=price,
        quantity=quantity,
    )


def _ensure_customer(space: Space, session: Object, email: str) -> None:
    wanted = session["mode"] != "payment" or session["customer_creation"] == "always"
    if session["customer"] is None and wanted:
        session["customer"] = create_customer(space, {"email": email})["id"]


def _take_payment(space: Space, session: Object, method: Object) -> None:
    if session["amount_total"] == 0:
        return
    given = {name: value for name, value in session["_data"].items() if name != "setup_future_usage"}
    fields = {"amount": session["amount_total"], "currency": session["currency"], "customer": session["customer"]}
    intent = space.table("payment_intent").get(session["payment_intent"] or "")
    if intent is None:
        usage = session["_data"].get("setup_future_usage")
        intent = payments.make_intent(space, {**given, **fields, "setup_future_usage": usage})
        session["payment_intent"] = intent["id"]
    payments.confirm(space, intent, method["id"])


def _subscribe(space: Space, session: Object, method: Object) -> None:
    _keep_method(space, session, method)
    recurring = [line for line in session["line_items"]["data"] if line["price"]["type"] == "recurring"]
    once = [line for line in session["line_items"]["data"] if line["price"]["type"] == "one_time"]
    subscription = subscriptions.create_subscription(
        space,
        {
            **session["_data"],
            "customer": session["customer"],
            "default_payment_method": method["id"],
            "items": [{"price": line["price"]["id"], "quantity": line["quantity"]} for line in recurring],
            "add_invoice_items": [{"price": line["price"]["id"], "quantity": line["quantity"]} for line in once],
            "discounts": [{"discount": name} for name in session["_discounts"]],
            "payment_behavior": "error_if_incomplete",
        },
    )
    session.update(subscription=subscription["id"], invoice=subscription["latest_invoice"])


def _keep_method(space: Space, session: Object, method: Object) -> None:
    method["customer"] = session["customer"]
    space.emit("payment_method.attached", method)
