"""The pages that people see at Stripe: checkout, billing portal, hosted invoice, receipt, onboarding."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import ParamSpec

from flask import Blueprint, Response, abort, redirect, render_template, request
from flask_babel import format_currency, format_date
from werkzeug.wrappers import Response as AnyResponse

from guildhall.server.local.stripe import checkout, connect, invoices
from guildhall.server.local.stripe.api import context
from guildhall.server.local.stripe.customers import make_card, make_wallet
from guildhall.server.local.stripe.errors import StripeError
from guildhall.server.local.stripe.objects import Object
from guildhall.server.local.stripe.pdf import text_pdf
from guildhall.server.local.stripe.routes import updated
from guildhall.server.local.stripe.store import PLATFORM, Space
from guildhall.server.local.stripe.subscriptions import ENDED, cancel_subscription, items_of, update_subscription

WALLETS = ("alipay", "wechat_pay")
ZERO_DECIMAL = {"jpy", "krw", "vnd", "clp", "xaf", "xof"}
P = ParamSpec("P")

blueprint = Blueprint("stripe_pages", __name__)


def _alone(view: Callable[P, "AnyResponse | str"]) -> Callable[P, "AnyResponse | str"]:
    """Run a view while no API request runs, and show Stripe's 404 as a page."""

    @wraps(view)
    def locked(*args: P.args, **kwargs: P.kwargs) -> "AnyResponse | str":
        with context().lock:
            context().store.dirty |= request.method != "GET"
            try:
                return view(*args, **kwargs)
            except StripeError as error:
                abort(error.status if error.status == 404 else 400, str(error))

    return locked


@blueprint.app_template_global()
def money(amount: int, currency: str) -> str:
    """An amount in minor units, in the reader's way."""
    return str(format_currency(amount / (1 if currency in ZERO_DECIMAL else 100), currency.upper()))


@blueprint.app_template_global()
def day(moment: int) -> str:
    """A date in the reader's way."""
    return str(format_date(datetime.fromtimestamp(moment, UTC)))


@blueprint.get("/c/pay/<account>/<session_id>")
@_alone
def show_checkout(account: str, session_id: str) -> AnyResponse | str:
    session = _space(account).get("checkout.session", session_id)
    return _checkout_page(session)


@blueprint.post("/c/pay/<account>/<session_id>")
@_alone
def pay_checkout(account: str, session_id: str) -> AnyResponse | str:
    space = _space(account)
    session = space.get("checkout.session", session_id)
    code = request.form.get("promotion_code", "")
    if code and not checkout.apply_promotion_code(space, session, code):
        return _checkout_page(session, wrong_code=True)
    if request.form.get("action") == "apply":
        return _checkout_page(session)
    try:
        checkout.complete(space, session, _method(space, session), request.form.get("email", ""))
    except StripeError as error:
        return _checkout_page(session, error=_reason(error))
    return redirect((session["success_url"] or "").replace("{CHECKOUT_SESSION_ID}", session_id), 303)


@blueprint.get("/p/session/<account>/<session_id>")
@_alone
def show_portal(account: str, session_id: str) -> AnyResponse | str:
    space, session = _portal(account, session_id)
    return _portal_page(space, session)


@blueprint.post("/p/session/<account>/<session_id>")
@_alone
def change_in_portal(account: str, session_id: str) -> AnyResponse | str:
    space, session = _portal(account, session_id)
    action, subscription_id = request.form.get("action"), request.form.get("subscription", "")
    try:
        if action == "card":
            _change_card(space, session)
        elif action in {"cancel", "resume"}:
            _cancel_or_resume(space, session, subscription_id, cancel=action == "cancel")
    except StripeError as error:
        return _portal_page(space, session, error=_reason(error))
    return redirect(request.path, 303)


@blueprint.get("/i/<account>/<invoice_id>")
@_alone
def show_invoice(account: str, invoice_id: str) -> AnyResponse | str:
    return render_template("stripe/invoice.html", invoice=_space(account).get("invoice", invoice_id))


@blueprint.post("/i/<account>/<invoice_id>")
@_alone
def pay_invoice(account: str, invoice_id: str) -> AnyResponse | str:
    space = _space(account)
    invoice = space.get("invoice", invoice_id)
    try:
        if invoice["status"] == "open":
            invoices.collect(space, invoice, make_card(space, _card_number())["id"])
    except StripeError as error:
        return render_template("stripe/invoice.html", invoice=invoice, error=_reason(error))
    return redirect(request.path, 303)


@blueprint.get("/i/<account>/<invoice_id>/pdf")
@_alone
def invoice_pdf(account: str, invoice_id: str) -> AnyResponse | str:
    invoice = _space(account).get("invoice", invoice_id)
    rows = [f"{line['description'] or ''}   {line['amount']}" for line in invoice["lines"]["data"]]
    total = f"Total {invoice['total']} {invoice['currency'].upper()} (minor units), {invoice['status']}"
    return Response(text_pdf([f"Invoice {invoice['number']}", "", *rows, "", total]), mimetype="application/pdf")


@blueprint.get("/receipts/<charge_id>")
@_alone
def show_receipt(charge_id: str) -> AnyResponse | str:
    store = context().store
    for account in store.spaces:
        charge = Space(store, account).table("charge").get(charge_id)
        if charge is not None:
            return render_template("stripe/receipt.html", charge=charge)
    return abort(404)


@blueprint.get("/connect/<account_id>")
@_alone
def show_onboarding(account_id: str) -> AnyResponse | str:
    return render_template("stripe/onboarding.html", account=Space(context().store).get("account", account_id))


@blueprint.post("/connect/<account_id>")
@_alone
def finish_onboarding(account_id: str) -> AnyResponse | str:
    space = Space(context().store)
    account = space.get("account", account_id)
    connect.complete_onboarding(space, account)
    return redirect(account.get("_return_url") or request.path, 303)


def _space(account: str) -> Space:
    return Space(context().store, PLATFORM if account == "platform" else account)


def _checkout_page(session: Object, error: str | None = None, *, wrong_code: bool = False) -> str:
    wallets = [name for name in WALLETS if name in session["payment_method_types"] and session["mode"] == "payment"]
    more = {"error": error, "wrong_code": wrong_code, "form": request.form}
    return render_template("stripe/checkout.html", session=session, wallets=wallets, **more)


def _method(space: Space, session: Object) -> Object:
    kind = request.form.get("method", "card")
    if kind in WALLETS and kind in session["payment_method_types"]:
        return make_wallet(space, kind)
    return make_card(space, _card_number(), {"email": request.form.get("email")})


def _reason(error: StripeError) -> str:
    """What the page's table of messages knows the error by."""
    details = error.body["error"]
    return str(details.get("decline_code") or details.get("code"))


def _card_number() -> str:
    return request.form.get("card", "").replace(" ", "")


def _portal(account: str, session_id: str) -> tuple[Space, Object]:
    space = _space(account)
    return space, space.get("billing_portal.session", session_id)


def _portal_page(space: Space, session: Object, error: str | None = None) -> str:
    customer = session["customer"]
    subscriptions = [one for one in space.all("subscription", customer=customer) if one["status"] not in ENDED]
    default = space.get("customer", customer)["invoice_settings"].get("default_payment_method")
    return render_template(
        "stripe/portal.html",
        session=session,
        error=error,
        features=space.get("billing_portal.configuration", session["configuration"])["features"],
        subscriptions=[(one, items_of(one), _names(space, one)) for one in subscriptions],
        invoices=[one for one in reversed(space.all("invoice", customer=customer)) if one["status"] != "draft"],
        card=(space.table("payment_method").get(default or "") or {}).get("card"),
    )


def _names(space: Space, subscription: Object) -> list[str]:
    return [space.get("product", item["price"]["product"])["name"] for item in items_of(subscription)]


def _change_card(space: Space, session: Object) -> None:
    method = make_card(space, _card_number())
    method["customer"] = session["customer"]
    settings = {"invoice_settings": {"default_payment_method": method["id"]}}
    updated(space, space.get("customer", session["customer"]), settings, "customer")
    for subscription in space.all("subscription", customer=session["customer"]):
        subscription["default_payment_method"] = None


def _cancel_or_resume(space: Space, session: Object, subscription_id: str, *, cancel: bool) -> None:
    subscription = space.get("subscription", subscription_id)
    if subscription["customer"] != session["customer"]:
        abort(404)
    features = space.get("billing_portal.configuration", session["configuration"])["features"]
    if cancel and features["subscription_cancel"].get("mode") == "immediately":
        cancel_subscription(space, {}, subscription_id)
    else:
        update_subscription(space, {"cancel_at_period_end": cancel}, subscription_id)
