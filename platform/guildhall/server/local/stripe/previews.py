"""The preview of an invoice: what would be charged, with nothing kept."""

from guildhall.server.local.stripe import invoices, subscriptions
from guildhall.server.local.stripe.catalog import resolve_price
from guildhall.server.local.stripe.changes import changed_items, prorations
from guildhall.server.local.stripe.contract import Params
from guildhall.server.local.stripe.objects import Object, listing
from guildhall.server.local.stripe.periods import period_end
from guildhall.server.local.stripe.routes import route
from guildhall.server.local.stripe.store import Space


@route("POST /v1/invoices/create_preview", "invoice_create_preview")
def preview(space: Space, params: Params) -> Object:
    """The invoice that would come next, with the change that `subscription_details` describes. Nothing is kept."""
    details = params.get("subscription_details", {})
    if "subscription" not in params:
        return _preview_new(space, params, details)
    subscription = space.get("subscription", params["subscription"], "subscription")
    now = space.now(subscription["customer"])
    if "proration_date" in details:
        now = details["proration_date"]
    return _preview_change(space, subscription, details, now)


def _preview_change(space: Space, subscription: Object, details: Params, at: int) -> Object:
    wanted = changed_items(space, subscription, details.get("items", []))
    pending = space.all("invoiceitem", customer=subscription["customer"], invoice=None)
    if details.get("proration_behavior") != "none" and subscription["status"] != "trialing":
        pending += [space.make("invoiceitem", **fields) for fields in prorations(subscription, wanted, at)]
    lines = [invoices.line_of_item(space, item) for item in pending]
    future = {**subscription, "items": listing([dict(item) for item in wanted], "")}
    if details.get("proration_behavior") != "always_invoice":
        subscriptions.set_period(future, subscriptions.current_period(subscription)[1])
        lines += subscriptions.period_lines(space, future)
    return subscriptions.invoice_for(space, future, "upcoming", lines, keep=False)


def _preview_new(space: Space, params: Params, details: Params) -> Object:
    customer = space.get("customer", params.get("customer", ""), "customer")
    invoice = invoices.make_invoice(space, customer, params.get("currency"), keep=False, billing_reason="upcoming")
    lines = []
    for index, wish in enumerate(details.get("items", [])):
        price = resolve_price(space, wish, f"subscription_details[items][{index}]")
        now = space.now(customer["id"])
        period = (now, period_end(now, price["recurring"]))
        lines.append(invoices.make_line(space, price, wish.get("quantity", 1), period))
    invoices.add_lines(space, invoice, lines)
    return invoice
