"""Subscriptions: made, changed, paused, ended. What time does to them is in clocks.py."""

from typing import Any

from guildhall.server.local.stripe import invoices
from guildhall.server.local.stripe.catalog import discount, resolve_price
from guildhall.server.local.stripe.changes import changed_items, prorate
from guildhall.server.local.stripe.contract import Params
from guildhall.server.local.stripe.errors import StripeError, missing
from guildhall.server.local.stripe.objects import Object, listing
from guildhall.server.local.stripe.periods import period_end
from guildhall.server.local.stripe.routes import PAGING, fields_of, page, resource, route, updated
from guildhall.server.local.stripe.store import Space

DAY = 86400
HOW = ("payment_behavior", "proration_behavior", "proration_date", "off_session")
NOT_FIELDS = (
    *("items", "discounts", "metadata", "billing_mode", "add_invoice_items", "cancel_at", "cancellation_details"),
    *("trial_end", "trial_period_days", "trial_from_plan", "billing_cycle_anchor", "backdate_start_date"),
    *HOW,
)
ENDED = {"canceled", "incomplete_expired"}

resource("/v1/subscriptions", "subscription", "subscription", "retrieve")


@route("GET /v1/subscriptions", "subscription_list")
def list_subscriptions(space: Space, params: Params) -> Object:
    """Those not canceled, unless `status` says otherwise."""
    status, price = params.get("status"), params.get("price")
    wanted = {name: value for name, value in params.items() if name not in PAGING | {"status", "price"}}
    found = [
        subscription
        for subscription in space.all("subscription", **wanted)
        if (status == "all" or (subscription["status"] == status if status else subscription["status"] not in ENDED))
        and (price is None or any(item["price"]["id"] == price for item in items_of(subscription)))
    ]
    return page(found, params, "/v1/subscriptions")


@route("POST /v1/subscriptions", "subscription_create")
def create_subscription(space: Space, params: Params) -> Object:
    """A subscription with its first invoice, charged as `payment_behavior` and `collection_method` say."""
    customer = space.get("customer", params.get("customer", ""), "customer")
    if not params.get("items"):
        raise StripeError("Missing required param: items.", code="parameter_missing", param="items")
    subscription = _make(space, customer, params)
    trial_end = _trial_end(params, subscription["created"])
    if trial_end:
        subscription.update(status="trialing", trial_start=subscription["created"], trial_end=trial_end)
        subscription["billing_cycle_anchor"] = trial_end
    set_period(subscription, subscription["created"], trial_end)
    behavior = params.get("payment_behavior", "allow_incomplete")
    try:
        first_invoice(space, subscription, behavior)
    except StripeError:
        if behavior == "error_if_incomplete":
            del space.table("subscription")[subscription["id"]]
            raise
    space.emit("customer.subscription.created", subscription)
    return subscription


@route("POST /v1/subscriptions/{id}", "subscription_update")
def update_subscription(space: Space, params: Params, subscription_id: str) -> Object:
    subscription = space.get("subscription", subscription_id)
    if subscription["status"] in ENDED:
        raise missing("subscription", subscription_id)
    changes = {"metadata": params["metadata"]} if "metadata" in params else {}
    changes |= fields_of(params, *NOT_FIELDS)
    changes |= {name: params[name] for name in ("cancel_at", "cancellation_details") if name in params}
    if changes.get("cancel_at_period_end") is not None:
        at_end = changes["cancel_at_period_end"]
        changes["cancel_at"] = current_period(subscription)[1] if at_end else None
        changes["canceled_at"] = space.now(subscription["customer"]) if at_end else None
    if "discounts" in params:
        asked = params["discounts"] or []
        changes["discounts"] = [discount(space, one, subscription=subscription_id)["id"] for one in asked]
    if params.get("trial_end") == "now" and subscription["status"] == "trialing":
        end_trial(space, subscription)
    elif isinstance(params.get("trial_end"), int):
        subscription.update(status="trialing", trial_end=params["trial_end"])
        set_period(subscription, current_period(subscription)[0], params["trial_end"])
    before = [dict(item) for item in items_of(subscription)]
    if "items" in params:
        change_items(space, subscription, params)
    updated(space, subscription, changes, None)
    previous: Object = dict.fromkeys(changes)
    if "items" in params:
        previous["items"] = listing(before, subscription["items"]["url"])
    space.emit("customer.subscription.updated", subscription, previous)
    return subscription


@route("DELETE /v1/subscriptions/{id}", "subscription_cancel")
def cancel_subscription(space: Space, params: Params, subscription_id: str) -> Object:
    """End it at once; `prorate` credits what is left of the period."""
    subscription = space.get("subscription", subscription_id)
    if subscription["status"] in ENDED:
        raise missing("subscription", subscription_id)
    if params.get("prorate"):
        prorate(space, subscription, [], space.now(subscription["customer"]))
    if params.get("invoice_now"):
        _collect_quietly(space, subscription, invoice_for(space, subscription, "subscription_update", []))
    subscription["cancellation_details"].update(params.get("cancellation_details", {}))
    end(space, subscription)
    return subscription


@route("DELETE /v1/customers/{id}", "customer_delete")
def delete_customer(space: Space, _params: Params, customer_id: str) -> Object:
    """The customer goes; their subscriptions end at once."""
    customer = space.get("customer", customer_id)
    for subscription in space.all("subscription", customer=customer_id):
        if subscription["status"] not in ENDED:
            end(space, subscription)
    del space.table("customer")[customer_id]
    space.emit("customer.deleted", customer)
    return {"id": customer_id, "object": "customer", "deleted": True}


@route("GET /v1/subscription_items", "subscription_item_list")
def list_items(space: Space, params: Params) -> Object:
    subscription = space.get("subscription", params["subscription"], "subscription")
    return page(reversed(items_of(subscription)), params, "/v1/subscription_items")


@route("POST /v1/subscription_items", "subscription_item_create")
def create_item(space: Space, params: Params) -> Object:
    """As an update of the subscription that adds this item alone."""
    wish = fields_of(params, "subscription", *HOW)
    how = {name: params[name] for name in HOW if name in params}
    return items_of(update_subscription(space, {"items": [wish], **how}, params["subscription"]))[-1]


@route("POST /v1/subscription_items/{id}", "subscription_item_update")
def update_item(space: Space, params: Params, item_id: str) -> Object:
    """As an update of its subscription that names this item alone."""
    for subscription in space.table("subscription").values():
        if any(item["id"] == item_id for item in items_of(subscription)):
            asked = fields_of(params, *HOW)
            how = {name: params[name] for name in HOW if name in params}
            update_subscription(space, {"items": [{"id": item_id, **asked}], **how}, subscription["id"])
            return next(item for item in items_of(subscription) if item["id"] == item_id)
    raise missing("subscription_item", item_id)


def items_of(subscription: Object) -> list[Object]:
    """The subscription's items."""
    items: list[Object] = subscription["items"]["data"]
    return items


def current_period(subscription: Object) -> tuple[int, int]:
    """Start and end of the period that runs now."""
    item = items_of(subscription)[0]
    return item["current_period_start"], item["current_period_end"]


def set_period(subscription: Object, start: int, until: int | None = None) -> None:
    """Begin a period at `start`; each item's ends by its price's interval, or at `until`."""
    anchor = subscription["billing_cycle_anchor"]
    for item in items_of(subscription):
        item["current_period_start"] = start
        item["current_period_end"] = until or period_end(start, item["price"]["recurring"], anchor)


def first_invoice(space: Space, subscription: Object, behavior: str) -> None:
    """Invoice what begins now and charge it. Raises Stripe's error when that fails."""
    trialing = subscription["status"] == "trialing"
    invoice = invoice_for(space, subscription, "subscription_create", period_lines(space, subscription, free=trialing))
    if invoice["status"] == "paid" or subscription["collection_method"] == "send_invoice":
        subscription["status"] = "trialing" if trialing else "active"
        return
    subscription["status"] = "incomplete"
    if behavior == "default_incomplete":
        invoices.payment_of(space, invoice)
    else:
        invoices.collect(space, invoice, None, subscription)


def invoice_for(space: Space, subscription: Object, reason: str, lines: list[Object], *, keep: bool = True) -> Object:
    """A finalized invoice of `lines` and whatever waits for the customer's next one; `keep=False`: a preview of it."""
    customer = space.get("customer", subscription["customer"])
    details = {"subscription": subscription["id"], "metadata": dict(subscription["metadata"])}
    fields: Object = {name: subscription[name] for name in ("collection_method", "default_payment_method")}
    if subscription["collection_method"] == "send_invoice":
        fields["days_until_due"] = subscription["days_until_due"] or 0
    fields["parent"] = {"type": "subscription_details", "subscription_details": details, "quote_details": None}
    currency = subscription["currency"]
    invoice = invoices.make_invoice(
        space, customer, currency, keep=keep, billing_reason=reason, auto_advance=True, **fields
    )
    invoice["period_start"], invoice["period_end"] = current_period(subscription)
    invoice["discounts"] = list(subscription["discounts"])
    invoices.add_lines(space, invoice, lines)
    if keep:
        invoices.take_pending_items(space, invoice)
        space.emit("invoice.created", invoice)
        subscription["latest_invoice"] = invoice["id"]
        invoices.finalize(space, invoice)
        _use_up_discounts(space, subscription)
    return invoice


def period_lines(space: Space, subscription: Object, *, free: bool = False) -> list[Object]:
    """A line for each item's current period; `free` during a trial."""
    return [item_line(space, subscription, item, **({"amount": 0} if free else {})) for item in items_of(subscription)]


def item_line(space: Space, subscription: Object, item: Object, **fields: Any) -> Object:
    """The invoice line of one item for its current period."""
    details = {"invoice_item": None, "proration": False, "proration_details": None, "subscription": subscription["id"]}
    details["subscription_item"] = item["id"]
    parent = {"type": "subscription_item_details", "subscription_item_details": details, "invoice_item_details": None}
    product = space.table("product").get(item["price"]["product"], {})
    period = (item["current_period_start"], item["current_period_end"])
    quantity = item["quantity"] or 1
    description = f"{quantity} × {product.get('name', item['price']['id'])}"
    return invoices.make_line(space, item["price"], quantity, period, parent=parent, description=description, **fields)


def change_items(space: Space, subscription: Object, params: Params) -> None:
    """Other prices or quantities from now on.

    The difference is invoiced with the next invoice, at once (`always_invoice`), or not at all (`none`); another
    interval begins a new period at once.
    """
    now = space.now(subscription["customer"])
    wanted = changed_items(space, subscription, params["items"])
    behavior = params.get("proration_behavior", "create_prorations")
    new_cycle = _interval(wanted) != _interval(items_of(subscription)) and subscription["status"] != "trialing"
    if behavior != "none" and subscription["status"] != "trialing":
        prorate(space, subscription, [] if new_cycle else wanted, params.get("proration_date", now))
    subscription["items"]["data"] = wanted
    if new_cycle:
        subscription["billing_cycle_anchor"] = now
        set_period(subscription, now)
    if new_cycle or behavior == "always_invoice":
        lines = period_lines(space, subscription) if new_cycle else []
        _collect_quietly(space, subscription, invoice_for(space, subscription, "subscription_update", lines))


def end_trial(space: Space, subscription: Object) -> None:
    """The first paid period begins now."""
    now = space.now(subscription["customer"])
    subscription.update(status="active", trial_end=now, billing_cycle_anchor=now)
    set_period(subscription, now)
    lines = period_lines(space, subscription)
    _collect_quietly(space, subscription, invoice_for(space, subscription, "subscription_cycle", lines))


def _invoice_was_paid(space: Space, invoice: Object) -> None:
    """A payment makes an unpaid subscription active again."""
    subscription = space.table("subscription").get(invoices.subscription_of(invoice) or "")
    before = subscription["status"] if subscription else None
    if subscription is not None and before in {"incomplete", "past_due", "unpaid"}:
        subscription["status"] = "active"
        space.emit("customer.subscription.updated", subscription, {"status": before})


def end(space: Space, subscription: Object, status: str = "canceled") -> None:
    """It ends now."""
    now = space.now(subscription["customer"])
    subscription.update(status=status, ended_at=now, canceled_at=subscription["canceled_at"] or now)
    space.emit("customer.subscription.deleted", subscription)


def collect_or_fall_due(space: Space, subscription: Object, invoice: Object) -> bool:
    """Charge a renewal; when that fails the subscription is past due. Returns whether it is paid."""
    if invoice["status"] != "paid" and subscription["collection_method"] == "charge_automatically":
        try:
            invoices.collect(space, invoice, None, subscription)
        except StripeError:
            _past_due(space, subscription)
            return False
    return True


def _collect_quietly(space: Space, subscription: Object, invoice: Object) -> None:
    collect_or_fall_due(space, subscription, invoice)


def _past_due(space: Space, subscription: Object) -> None:
    if subscription["status"] != "past_due":
        before, subscription["status"] = subscription["status"], "past_due"
        space.emit("customer.subscription.updated", subscription, {"status": before})


def _make(space: Space, customer: Object, params: Params) -> Object:
    now = space.now(customer["id"])
    subscription = space.add("subscription", **fields_of(params, *NOT_FIELDS))
    subscription.update(status="active", start_date=now, billing_cycle_anchor=now, customer=customer["id"])
    subscription.update(billing_mode={"type": "flexible", "flexible": None, "updated_at": None})
    subscription.update(collection_method=params.get("collection_method", "charge_automatically"))
    subscription.update(metadata=params.get("metadata") or {}, test_clock=customer["test_clock"])
    subscription["cancellation_details"] = {"comment": None, "feedback": None, "reason": None}
    subscription["cancel_at"] = params.get("cancel_at") or None
    url = f"/v1/subscription_items?subscription={subscription['id']}"
    subscription["items"] = listing([], url)
    subscription["items"]["data"] = changed_items(space, subscription, params["items"])
    subscription["currency"] = items_of(subscription)[0]["price"]["currency"]
    asked = params.get("discounts") or []
    subscription["discounts"] = [discount(space, one, subscription=subscription["id"])["id"] for one in asked]
    for extra in params.get("add_invoice_items", []):
        price = resolve_price(space, extra, "add_invoice_items[0]")
        invoices.make_item(
            space, customer["id"], {"pricing": {"price": price["id"]}, "quantity": extra.get("quantity", 1)}
        )
    return subscription


def _trial_end(params: Params, now: int) -> int | None:
    if isinstance(params.get("trial_end"), int):
        return int(params["trial_end"])
    days = params.get("trial_period_days")
    return now + days * DAY if days else None


def _interval(items: list[Object]) -> tuple[str, int] | None:
    recurring = items[0]["price"]["recurring"] if items else None
    return (recurring["interval"], recurring["interval_count"]) if recurring else None


def _use_up_discounts(space: Space, subscription: Object) -> None:
    """A coupon for one invoice is gone after it."""
    kept = [name for name in subscription["discounts"] if space.get("discount", name)["_coupon"]["duration"] != "once"]
    subscription["discounts"] = kept


invoices.ON_PAID.append(_invoice_was_paid)
