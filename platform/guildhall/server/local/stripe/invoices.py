"""Invoices, their lines and items, and how they are paid."""

from collections.abc import Callable
from typing import Any

from guildhall.server.local.stripe import payments
from guildhall.server.local.stripe.catalog import discount, discount_amount, resolve_price
from guildhall.server.local.stripe.contract import Params
from guildhall.server.local.stripe.customers import default_method, payment_method
from guildhall.server.local.stripe.errors import StripeError
from guildhall.server.local.stripe.objects import Object, listing
from guildhall.server.local.stripe.routes import PAGING, fields_of, page, resource, route, updated
from guildhall.server.local.stripe.store import Space

DAY = 86400
ON_PAID: list[Callable[[Space, Object], None]] = []  # what subscriptions do when their invoice is paid

resource("/v1/invoices", "invoice", "invoice", "retrieve", event="invoice")
resource("/v1/invoiceitems", "invoiceitem", "invoice_item", "list retrieve update delete", event="invoiceitem")
resource("/v1/invoice_payments", "invoice_payment", "invoice_payment", "list retrieve")


@route("GET /v1/invoices", "invoice_list")
def list_invoices(space: Space, params: Params) -> Object:
    wanted = {name: value for name, value in params.items() if name not in PAGING | {"subscription", "due_date"}}
    invoices = space.all("invoice", **wanted)
    if "subscription" in params:
        invoices = [invoice for invoice in invoices if subscription_of(invoice) == params["subscription"]]
    return page(invoices, params, "/v1/invoices")


@route("POST /v1/invoiceitems", "invoice_item_create")
def create_item(space: Space, params: Params) -> Object:
    """An item on a draft invoice, or waiting for the customer's next one."""
    customer = space.get("customer", params.get("customer", ""), "customer")
    item = make_item(space, customer["id"], params)
    if params.get("invoice"):
        invoice = space.get("invoice", params["invoice"], "invoice")
        _demand(invoice, {"draft"}, "edited")
        add_lines(space, invoice, [line_of_item(space, item)])
    space.emit("invoiceitem.created", item)
    return item


@route("POST /v1/invoices", "invoice_create")
def create_invoice(space: Space, params: Params) -> Object:
    """A draft. It takes the customer's waiting items with `pending_invoice_items_behavior=include`."""
    fields = fields_of(params, "pending_invoice_items_behavior", "discounts", "subscription", "currency", "customer")
    customer = space.get("customer", params.get("customer", ""), "customer")
    invoice = make_invoice(space, customer, params.get("currency"), billing_reason="manual", **fields)
    invoice["discounts"] = [
        discount(space, asked, invoice=invoice["id"])["id"] for asked in params.get("discounts") or []
    ]
    if params.get("pending_invoice_items_behavior") == "include":
        take_pending_items(space, invoice)
    total(space, invoice)
    space.emit("invoice.created", invoice)
    return invoice


@route("POST /v1/invoices/{id}", "invoice_update")
def update_invoice(space: Space, params: Params, invoice_id: str) -> Object:
    return updated(space, space.get("invoice", invoice_id), params, "invoice")


@route("DELETE /v1/invoices/{id}", "invoice_delete")
def delete_invoice(space: Space, _params: Params, invoice_id: str) -> Object:
    invoice = space.get("invoice", invoice_id)
    _demand(invoice, {"draft"}, "deleted")
    del space.table("invoice")[invoice_id]
    space.emit("invoice.deleted", invoice)
    return {"id": invoice_id, "object": "invoice", "deleted": True}


@route("GET /v1/invoices/{id}/lines", "invoice_line_item_list")
def list_lines(space: Space, params: Params, invoice_id: str) -> Object:
    lines = space.get("invoice", invoice_id)["lines"]["data"]
    return page(reversed(lines), params, f"/v1/invoices/{invoice_id}/lines")


@route("POST /v1/invoices/{id}/finalize", "invoice_finalize_invoice")
def finalize_invoice(space: Space, _params: Params, invoice_id: str) -> Object:
    invoice = space.get("invoice", invoice_id)
    finalize(space, invoice)
    return invoice


@route("POST /v1/invoices/{id}/pay", "invoice_pay")
def pay_invoice(space: Space, params: Params, invoice_id: str) -> Object:
    """Charge it, or note that it was paid elsewhere (`paid_out_of_band`)."""
    invoice = space.get("invoice", invoice_id)
    if invoice["status"] == "draft":
        finalize(space, invoice)
    if invoice["status"] == "paid":
        raise StripeError("Invoice is already paid", code="invoice_already_paid")
    _demand(invoice, {"open", "uncollectible"}, "paid")
    if params.get("paid_out_of_band"):
        invoice["amount_paid_off_stripe"] = invoice["amount_due"]
        _mark_paid(space, invoice)
    else:
        collect(space, invoice, params.get("payment_method"))
    return invoice


@route("POST /v1/invoices/{id}/send", "invoice_send_invoice")
def send_invoice(space: Space, _params: Params, invoice_id: str) -> Object:
    invoice = space.get("invoice", invoice_id)
    if invoice["status"] == "draft":
        finalize(space, invoice)
    space.emit("invoice.sent", invoice)
    return invoice


@route("POST /v1/invoices/{id}/void", "invoice_void_invoice")
def void_invoice(space: Space, _params: Params, invoice_id: str) -> Object:
    return _close(space, invoice_id, "void", "voided")


@route("POST /v1/invoices/{id}/mark_uncollectible", "invoice_mark_uncollectible")
def mark_uncollectible(space: Space, _params: Params, invoice_id: str) -> Object:
    return _close(space, invoice_id, "uncollectible", "marked_uncollectible")


def make_item(space: Space, customer_id: str, params: Params, **more: Any) -> Object:
    """An invoice item from an amount, or from a price and quantity. Waits for an invoice unless `invoice` is given."""
    quantity = params.get("quantity", 1)
    priced = {"price": params["pricing"]["price"]} if "pricing" in params else params
    price = resolve_price(space, priced, "pricing") if "amount" not in params else None
    amount = price["unit_amount"] * quantity if price else params["amount"]
    now = space.now(customer_id)
    fields = fields_of(params, "pricing", "price_data", "discounts", "period", "customer")
    fields |= {
        "customer": customer_id,
        "amount": amount,
        "quantity": quantity,
        "date": now,
        "period": params.get("period"),
    }
    fields["currency"] = price["currency"] if price else params.get("currency", "usd").lower()
    fields["period"] = fields["period"] or {"start": now, "end": now}
    fields["pricing"] = _pricing(price) if price else None
    return space.add("invoiceitem", **{"metadata": {}, "discountable": True, **fields, **more})


def make_invoice(
    space: Space, customer: Object, currency: str | None = None, *, keep: bool = True, **fields: Any
) -> Object:
    """A draft invoice without lines; `keep=False` makes a preview."""
    now = space.now(customer["id"])
    usual: Object = {
        "status": "draft",
        "currency": (currency or customer["currency"] or "usd").lower(),
        "collection_method": "charge_automatically",
        "auto_advance": False,
        "customer": customer["id"],
        "period_start": now,
        "period_end": now,
        "issuer": {"type": "self"},
        "payments": listing([], ""),
        "metadata": {},
        "account_name": "Guildhall",
    }
    usual |= {f"customer_{name}": customer[name] for name in ("email", "name", "phone", "address", "tax_exempt")}
    if "days_until_due" in fields:
        fields["due_date"] = now + fields.pop("days_until_due") * DAY
    invoice = (space.add if keep else space.make)("invoice", **{**usual, **fields})
    invoice["lines"] = listing([], f"/v1/invoices/{invoice['id']}/lines")
    customer["currency"] = customer["currency"] or invoice["currency"]
    return invoice


def make_line(space: Space, price: Object, quantity: int, period: tuple[int, int], **fields: Any) -> Object:
    """A line for `quantity` of a price. Its amount follows from them unless given."""
    amount = fields.pop("amount", (price["unit_amount"] or 0) * quantity)
    return space.make(
        "line_item",
        amount=amount,
        subtotal=amount,
        currency=price["currency"],
        discountable=True,
        period={"start": period[0], "end": period[1]},
        pricing=_pricing(price),
        quantity=quantity,
        quantity_decimal=str(quantity),
        **fields,
    )


def line_of_item(space: Space, item: Object) -> Object:
    """The invoice line that an item becomes."""
    details = {
        "invoice_item": item["id"],
        "proration": item["proration"],
        "subscription": None,
        "proration_details": None,
    }
    same = {
        name: item[name]
        for name in ("amount", "currency", "description", "discountable", "period", "pricing", "quantity")
    }
    same["metadata"] = dict(item["metadata"] or {})
    parent = {"type": "invoice_item_details", "invoice_item_details": details, "subscription_item_details": None}
    return space.make("line_item", **same, subtotal=item["amount"], parent=parent)


def take_pending_items(space: Space, invoice: Object) -> None:
    """Move the customer's waiting items onto a draft."""
    items = space.all("invoiceitem", customer=invoice["customer"], invoice=None)
    for item in items:
        item["invoice"] = invoice["id"]
    add_lines(space, invoice, [line_of_item(space, item) for item in items])


def add_lines(space: Space, invoice: Object, lines: list[Object]) -> None:
    """Put lines on a draft and reckon its total anew."""
    for line in lines:
        if line["currency"] != invoice["currency"]:
            message = (
                f"The currency of the item ({line['currency']}) is not that of the invoice ({invoice['currency']})."
            )
            raise StripeError(message, param="currency")
        line["invoice"] = invoice["id"]
    invoice["lines"]["data"].extend(lines)
    total(space, invoice)


def total(space: Space, invoice: Object) -> None:
    """Reckon subtotal, discounts and total from the lines."""
    subtotal = sum(line["amount"] for line in invoice["lines"]["data"])
    off = discount_amount(space, invoice["discounts"], subtotal) if subtotal > 0 else 0
    due = max(subtotal - off, 0)
    invoice.update(
        subtotal=subtotal, subtotal_excluding_tax=subtotal, total=subtotal - off, total_excluding_tax=subtotal - off
    )
    invoice.update(amount_due=due, amount_remaining=due - invoice["amount_paid"])
    invoice["total_discount_amounts"] = [{"amount": off, "discount": name} for name in invoice["discounts"][:1]]


def finalize(space: Space, invoice: Object) -> None:
    """Make it final: number, page, PDF. One of zero is paid at once."""
    _demand(invoice, {"draft"}, "finalized")
    customer = space.get("customer", invoice["customer"])
    sequence = customer["next_invoice_sequence"] or 1
    customer["next_invoice_sequence"] = sequence + 1
    now = space.now(customer["id"])
    page_url = f"{space.base_url}/i/{space.account or 'platform'}/{invoice['id']}"
    invoice.update(status="open", number=f"{customer['id'][-8:].upper()}-{sequence:04d}", effective_at=now)
    invoice.update(hosted_invoice_url=page_url, invoice_pdf=f"{page_url}/pdf")
    invoice["status_transitions"]["finalized_at"] = now
    space.emit("invoice.finalized", invoice)
    if invoice["amount_due"] == 0:
        _mark_paid(space, invoice)


def collect(space: Space, invoice: Object, method_id: str | None = None, *owners: Object) -> None:
    """Charge what is due. Raises `card_declined`, after noting the attempt and telling of it."""
    if invoice["status"] == "paid":
        return
    named = payment_method(space, method_id) if method_id else None
    method = named or default_method(space, invoice["customer"], *owners, invoice)
    invoice.update(attempted=True, attempt_count=invoice["attempt_count"] + 1)
    if method is None:
        space.emit("invoice.payment_failed", invoice)
        message = "There is no `default_payment_method` set on this Customer or Invoice."
        raise StripeError(message, code="invoice_no_payment_method_types")
    intent = payment_of(space, invoice)
    try:
        payments.confirm(space, intent, method["id"])
    except StripeError:
        space.emit("invoice.payment_failed", invoice)
        raise


def payment_of(space: Space, invoice: Object) -> Object:
    """The payment intent behind the invoice, made when first needed."""
    known = [paid["payment"]["payment_intent"] for paid in invoice["payments"]["data"]]
    if known:
        return space.get("payment_intent", known[0])
    fields = {"amount": invoice["amount_remaining"], "currency": invoice["currency"], "customer": invoice["customer"]}
    intent = payments.make_intent(space, {**fields, "description": f"Invoice {invoice['number']}"})
    payment = space.add(
        "invoice_payment",
        amount_requested=invoice["amount_remaining"],
        currency=invoice["currency"],
        invoice=invoice["id"],
        is_default=True,
        payment={"type": "payment_intent", "payment_intent": intent["id"]},
        status="open",
    )
    invoice["payments"]["data"].append(payment)
    invoice["confirmation_secret"] = {"client_secret": intent["client_secret"], "type": "payment_intent"}
    return intent


def subscription_of(invoice: Object) -> str | None:
    """The subscription that the invoice is for."""
    details = (invoice["parent"] or {}).get("subscription_details")
    return details["subscription"] if details else None


def _pricing(price: Object) -> Object:
    details = {"price": price["id"], "product": price["product"]}
    return {"type": "price_details", "price_details": details, "unit_amount_decimal": price["unit_amount_decimal"]}


def _mark_paid(space: Space, invoice: Object, *, paid: bool = False) -> None:
    now = space.now(invoice["customer"])
    invoice.update(status="paid", amount_remaining=0, next_payment_attempt=None, attempted=True)
    if paid:
        invoice["amount_paid"] = invoice["amount_due"]
        for payment in invoice["payments"]["data"]:
            payment.update(status="paid", amount_paid=payment["amount_requested"])
            payment["status_transitions"]["paid_at"] = now
            space.table("invoice_payment")[payment["id"]] = payment
    invoice["status_transitions"]["paid_at"] = now
    space.emit("invoice.paid", invoice)
    if not invoice["amount_paid_off_stripe"]:
        space.emit("invoice.payment_succeeded", invoice)
    for follow_up in ON_PAID:
        follow_up(space, invoice)


def _payment_succeeded(space: Space, intent: Object) -> None:
    """Pay the invoice behind the intent, whoever confirmed it."""
    for payment in space.table("invoice_payment").values():
        if payment["payment"]["payment_intent"] == intent["id"]:
            _mark_paid(space, space.get("invoice", payment["invoice"]), paid=True)
            return


def _close(space: Space, invoice_id: str, status: str, moment: str) -> Object:
    invoice = space.get("invoice", invoice_id)
    _demand(invoice, {"open", "uncollectible"}, moment.replace("_", " "))
    invoice.update(status=status, next_payment_attempt=None)
    invoice["status_transitions"][f"{moment}_at"] = space.now(invoice["customer"])
    space.emit(f"invoice.{moment}", invoice)
    return invoice


def _demand(invoice: Object, statuses: set[str], verb: str) -> None:
    if invoice["status"] not in statuses:
        message = f"This invoice cannot be {verb}: its status is {invoice['status']}."
        raise StripeError(message, code="invoice_not_editable")


payments.ON_SUCCESS.append(_payment_succeeded)
