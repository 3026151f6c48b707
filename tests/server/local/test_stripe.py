"""The Stripe simulator, driven by stripe-python alone, as the product drives it."""

import json
import queue
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import stripe

from guildhall.server.local.stripe import StripeSimulator

SECRET = "whsec_test"
DAY = 86400
START = 1_800_000_000


class Listener:
    """A webhook endpoint that verifies signatures and keeps what it got; `failures` answers are 500."""

    def __init__(self) -> None:
        self.events: queue.Queue[stripe.Event] = queue.Queue()
        self.failures = 0
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if listener.failures:
                    listener.failures -= 1
                    self.send_response(500)
                else:
                    signature = self.headers["Stripe-Signature"]
                    listener.events.put(stripe.Webhook.construct_event(body, signature, SECRET))
                    self.send_response(200)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://console.localhost:{self.server.server_port}/webhooks/stripe"

    def until(self, event_type: str) -> list[stripe.Event]:
        """Events up to the first of that type."""
        seen: list[stripe.Event] = []
        while not seen or seen[-1].type != event_type:
            seen.append(self.events.get(timeout=5))
        return seen


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[StripeSimulator]:
    running = StripeSimulator(tmp_path / "stripe.json").start()
    yield running
    running.stop()


@pytest.fixture
def client(simulator: StripeSimulator) -> stripe.StripeClient:
    return connect(simulator)


@pytest.fixture
def listener(simulator: StripeSimulator) -> Iterator[Listener]:
    listening = Listener()
    simulator.add_webhook(listening.url, SECRET)
    yield listening
    listening.server.shutdown()
    listening.server.server_close()


def connect(simulator: StripeSimulator, **options: Any) -> stripe.StripeClient:
    return stripe.StripeClient("sk_test_guildhall", base_addresses={"api": simulator.url}, **options)


def post(url: str, **form: str) -> tuple[str, str]:
    """Submit a form as a browser would, without following to other hosts: where it leads, or the page it shows."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    try:
        with urllib.request.build_opener(Stay).open(url, urllib.parse.urlencode(form).encode()) as response:
            return "", response.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.headers["Location"], answer.read().decode()


def plan(client: stripe.StripeClient, amount: int = 10000, interval: str = "month", **more: Any) -> stripe.Price:
    data = {"currency": "cny", "unit_amount": amount, "recurring": {"interval": interval}}
    return client.v1.prices.create({**data, "product_data": {"name": "Standard"}, **more})


def customer(client: stripe.StripeClient, card: str = "pm_card_visa", **more: Any) -> stripe.Customer:
    made = client.v1.customers.create({"email": "office@example.cn", "name": "商会", **more})
    method = client.v1.payment_methods.attach(card, {"customer": made.id})
    return client.v1.customers.update(made.id, {"invoice_settings": {"default_payment_method": method.id}})


def subscribe(
    client: stripe.StripeClient, price: stripe.Price, payer: stripe.Customer, **more: Any
) -> stripe.Subscription:
    return client.v1.subscriptions.create({"customer": payer.id, "items": [{"price": price.id}], **more})


def set_faults(simulator: StripeSimulator, **faults: float) -> None:
    body = json.dumps(faults).encode()
    headers = {"Content-Type": "application/json"}
    urllib.request.urlopen(urllib.request.Request(f"{simulator.url}/_sim/faults", body, headers, method="PUT")).close()


# Objects and the contract


def test_objects_have_their_documented_fields(client: stripe.StripeClient) -> None:
    product = client.v1.products.create({"name": "Guildhall", "metadata": {"plan": "standard"}})
    price = client.v1.prices.create({"product": product.id, "currency": "CNY", "unit_amount": 500, "lookup_key": "std"})
    assert (price.type, price.currency, price.unit_amount, price.active) == ("one_time", "cny", 500, True)
    for name in stripe.Price.__annotations__.keys() - {"OBJECT_NAME", "deleted", "currency_options"}:
        assert name in price
    assert client.v1.prices.list({"lookup_keys": ["std"]}).data[0].id == price.id
    updated = client.v1.products.update(product.id, {"metadata": {"plan": "", "tier": "1"}})
    assert updated.metadata.to_dict() == {"tier": "1"}


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({"nmae": "x"}, "parameter_unknown", "nmae"),
        ({"address": {"stret": "x"}}, "parameter_unknown", "address[stret]"),
        ({"balance": "much"}, "parameter_invalid_integer", "balance"),
        ({"tax_exempt": "maybe"}, None, "tax_exempt"),
    ],
)
def test_wrong_parameters_are_refused(
    client: stripe.StripeClient, params: dict[str, Any], code: str, param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.customers.create(params)
    assert (refused.value.http_status, refused.value.code, refused.value.param) == (400, code, param)


def test_missing_parameters_and_objects(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as missing:
        client.v1.prices.create({"unit_amount": 1})
    assert missing.value.code == "parameter_missing"
    with pytest.raises(stripe.InvalidRequestError) as unknown:
        client.v1.customers.retrieve("cus_none")
    assert (unknown.value.http_status, unknown.value.code) == (404, "resource_missing")


def test_a_live_or_missing_key_is_refused(simulator: StripeSimulator) -> None:
    stranger = stripe.StripeClient("sk_live_x", base_addresses={"api": simulator.url})
    with pytest.raises(stripe.AuthenticationError):
        stranger.v1.customers.list()


def test_lists_are_paged_newest_first(client: stripe.StripeClient) -> None:
    made = [client.v1.customers.create({"name": str(number)}).id for number in range(5)]
    first = client.v1.customers.list({"limit": 2})
    assert [one.id for one in first.data] == made[:2:-1]
    assert first.has_more
    second = client.v1.customers.list({"limit": 2, "starting_after": first.data[-1].id})
    assert [one.id for one in second.data] == [made[2], made[1]]
    assert [one.id for one in first.auto_paging_iter()] == made[::-1]


def test_expansion_unfolds_and_hidden_fields_must_be_asked_for(client: stripe.StripeClient) -> None:
    subscription = subscribe(client, plan(client), customer(client), expand=["latest_invoice.payments"])
    payment = subscription.latest_invoice.payments.data[0]
    assert payment.payment.payment_intent.startswith("pi_")
    assert "payments" not in client.v1.invoices.retrieve(subscription.latest_invoice.id)
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        client.v1.customers.retrieve(subscription.customer, {"expand": ["nothing"]})


def test_idempotency_keys_replay_and_refuse_other_parameters(client: stripe.StripeClient) -> None:
    first = client.v1.customers.create({"name": "A"}, {"idempotency_key": "one"})
    again = client.v1.customers.create({"name": "A"}, {"idempotency_key": "one"})
    assert again.id == first.id
    assert len(client.v1.customers.list().data) == 1
    with pytest.raises(stripe.IdempotencyError):
        client.v1.customers.create({"name": "B"}, {"idempotency_key": "one"})


def test_state_outlives_the_simulator(simulator: StripeSimulator, client: stripe.StripeClient) -> None:
    made = client.v1.customers.create({"name": "A"}, {"idempotency_key": "one"})
    simulator.stop()
    second = StripeSimulator(simulator.store.path).start()
    try:
        assert connect(second).v1.customers.create({"name": "A"}, {"idempotency_key": "one"}).id == made.id
    finally:
        second.stop()


# Payments


def test_a_payment_its_fee_and_refunds(client: stripe.StripeClient) -> None:
    intent = client.v1.payment_intents.create(
        {
            "amount": 10000,
            "currency": "cny",
            "payment_method": "pm_card_visa",
            "confirm": True,
            "expand": ["latest_charge"],
        }
    )
    charge = intent.latest_charge
    assert (intent.status, charge.paid, charge.amount_captured) == ("succeeded", True, 10000)
    balance = client.v1.balance_transactions.retrieve(charge.balance_transaction)
    assert (balance.amount, balance.fee, balance.net) == (10000, 320, 9680)
    client.v1.refunds.create({"payment_intent": intent.id, "amount": 4000})
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded"):
        client.v1.refunds.create({"charge": charge.id, "amount": 6001})
    client.v1.refunds.create({"charge": charge.id})
    refunded = client.v1.charges.retrieve(charge.id)
    assert (refunded.amount_refunded, refunded.refunded) == (10000, True)
    with pytest.raises(stripe.InvalidRequestError) as twice:
        client.v1.refunds.create({"charge": charge.id})
    assert twice.value.code == "charge_already_refunded"


def test_a_declined_card_leaves_a_failed_charge(client: stripe.StripeClient) -> None:
    intent = client.v1.payment_intents.create({"amount": 100, "currency": "cny"})
    with pytest.raises(stripe.CardError) as declined:
        client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_chargeDeclined"})
    assert (declined.value.http_status, declined.value.code) == (402, "card_declined")
    after = client.v1.payment_intents.retrieve(intent.id)
    assert (after.status, after.last_payment_error.decline_code) == ("requires_payment_method", "generic_decline")
    assert client.v1.charges.list({"payment_intent": intent.id}).data[0].status == "failed"
    assert client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"}).status == "succeeded"


def test_capture_later(client: stripe.StripeClient) -> None:
    params = {
        "amount": 900,
        "currency": "cny",
        "capture_method": "manual",
        "payment_method": "pm_card_visa",
        "confirm": True,
    }
    intent = client.v1.payment_intents.create(params)
    assert intent.status == "requires_capture"
    captured = client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 500})
    assert (captured.status, captured.amount_received) == ("succeeded", 500)


def test_connect_takes_an_application_fee_on_a_direct_charge(client: stripe.StripeClient, listener: Listener) -> None:
    account = client.v1.accounts.create({"type": "standard", "email": "office@example.cn"})
    assert not account.charges_enabled
    link = client.v1.account_links.create(
        {"account": account.id, "type": "account_onboarding", "refresh_url": "http://a", "return_url": "http://back"}
    )
    assert post(link.url)[0] == "http://back"
    assert client.v1.accounts.retrieve(account.id).charges_enabled
    params = {"amount": 10000, "currency": "cny", "payment_method": "pm_card_visa", "confirm": True}
    on_account = {"stripe_account": account.id}
    intent = client.v1.payment_intents.create({**params, "application_fee_amount": 200}, on_account)
    charge = client.v1.charges.retrieve(intent.latest_charge, {"expand": ["balance_transaction"]}, on_account)
    assert charge.balance_transaction.net == 10000 - 320 - 200
    assert client.v1.application_fees.retrieve(charge.application_fee).amount == 200
    assert listener.until("application_fee.created")
    assert client.v1.charges.list().data == []
    with pytest.raises(stripe.InvalidRequestError, match="direct payment"):
        client.v1.payment_intents.create({**params, "application_fee_amount": 200})


# Checkout and portal


def test_checkout_takes_a_payment(client: stripe.StripeClient, listener: Listener) -> None:
    line = {"quantity": 2, "price_data": {"currency": "cny", "unit_amount": 5000, "product_data": {"name": "年会门票"}}}
    session = client.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "line_items": [line],
            "success_url": "http://a.localhost/done?s={CHECKOUT_SESSION_ID}",
            "metadata": {"order": "1"},
            "payment_intent_data": {"metadata": {"order": "1"}},
        }
    )
    with urllib.request.urlopen(urllib.request.Request(session.url, headers={"Accept-Language": "zh-CN"})) as page:
        shown = page.read().decode()
    assert "年会门票" in shown
    assert "¥100.00" in shown
    assert "付款" in shown
    assert "The card was declined" in post(session.url, email="a@example.cn", card="4000000000000002")[1]
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    leads_to, _ = post(session.url, email="a@example.cn", method="wechat_pay")
    assert leads_to == f"http://a.localhost/done?s={session.id}"
    event = listener.until("checkout.session.completed")[-1]
    assert (event.data.object.payment_status, event.data.object.metadata.order) == ("paid", "1")
    intent = client.v1.payment_intents.retrieve(event.data.object.payment_intent, {"expand": ["latest_charge"]})
    assert (intent.amount, intent.metadata["order"]) == (10000, "1")
    assert intent.latest_charge.payment_method_details.type == "wechat_pay"


def test_checkout_to_a_paid_subscription_with_a_promotion_code(client: stripe.StripeClient, listener: Listener) -> None:
    coupon = client.v1.coupons.create({"percent_off": 20, "duration": "once"})
    client.v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "WELCOME"})
    session = client.v1.checkout.sessions.create(
        {
            "mode": "subscription",
            "customer": customer(client).id,
            "line_items": [{"price": plan(client).id, "quantity": 1}],
            "allow_promotion_codes": True,
            "success_url": "http://a.localhost/done",
        }
    )
    assert "is not valid" in post(session.url, email="a@b.cn", promotion_code="NONE", action="apply")[1]
    post(session.url, email="a@b.cn", promotion_code="WELCOME", card="4242 4242 4242 4242")
    done = listener.until("checkout.session.completed")[-1].data.object
    subscription = client.v1.subscriptions.retrieve(done.subscription, {"expand": ["latest_invoice"]})
    assert subscription.status == "active"
    assert (subscription.latest_invoice.status, subscription.latest_invoice.amount_paid) == ("paid", 8000)
    assert subscription.latest_invoice.parent.subscription_details.subscription == subscription.id


def test_the_portal_cancels_and_changes_the_card(client: stripe.StripeClient) -> None:
    payer = customer(client)
    subscription = subscribe(client, plan(client), payer)
    portal = client.v1.billing_portal.sessions.create({"customer": payer.id, "return_url": "http://a.localhost/"})
    with urllib.request.urlopen(portal.url) as page:
        assert "Standard" in page.read().decode()
    post(portal.url, action="cancel", subscription=subscription.id)
    assert client.v1.subscriptions.retrieve(subscription.id).cancel_at_period_end
    post(portal.url, action="card", card="5555 5555 5555 4444")
    method = client.v1.customers.retrieve(payer.id).invoice_settings.default_payment_method
    assert client.v1.payment_methods.retrieve(method).card.brand == "mastercard"


# Invoices and subscriptions


def test_an_invoice_paid_out_of_band(client: stripe.StripeClient) -> None:
    payer = client.v1.customers.create({"email": "a@example.cn"})
    terms = {"customer": payer.id, "collection_method": "send_invoice", "days_until_due": 30, "currency": "cny"}
    invoice = client.v1.invoices.create(terms)
    item = {"customer": payer.id, "invoice": invoice.id, "amount": 30000, "currency": "cny", "description": "会费"}
    client.v1.invoice_items.create(item)
    invoice = client.v1.invoices.finalize_invoice(invoice.id)
    assert (invoice.status, invoice.amount_due, invoice.currency) == ("open", 30000, "cny")
    with urllib.request.urlopen(invoice.hosted_invoice_url) as page:
        assert "会费" in page.read().decode()
    with urllib.request.urlopen(invoice.invoice_pdf) as pdf:
        assert pdf.read().startswith(b"%PDF-")
    paid = client.v1.invoices.pay(invoice.id, {"paid_out_of_band": True})
    assert (paid.status, paid.amount_remaining, paid.amount_paid_off_stripe) == ("paid", 0, 30000)
    with pytest.raises(stripe.InvalidRequestError, match="already paid"):
        client.v1.invoices.pay(invoice.id)


def test_a_subscription_waits_until_its_first_payment_is_confirmed(client: stripe.StripeClient) -> None:
    payer = client.v1.customers.create({"email": "a@example.cn"})
    expand = ["latest_invoice.payments"]
    waiting = subscribe(client, plan(client), payer, payment_behavior="default_incomplete", expand=expand)
    assert (waiting.status, waiting.latest_invoice.status) == ("incomplete", "open")
    intent = waiting.latest_invoice.payments.data[0].payment.payment_intent
    client.v1.payment_intents.confirm(intent, {"payment_method": "pm_card_visa"})
    assert client.v1.subscriptions.retrieve(waiting.id).status == "active"
    assert client.v1.invoices.retrieve(waiting.latest_invoice.id).amount_paid == 10000


def test_a_discount_outlives_its_coupon(client: stripe.StripeClient) -> None:
    clock = client.v1.test_helpers.test_clocks.create({"frozen_time": START})
    coupon = client.v1.coupons.create({"amount_off": 2500, "currency": "cny", "duration": "forever"})
    payer = customer(client, test_clock=clock.id, preferred_locales=["zh"])
    subscription = subscribe(client, plan(client), payer, discounts=[{"coupon": coupon.id}])
    client.v1.coupons.delete(coupon.id)
    client.v1.test_helpers.test_clocks.advance(clock.id, {"frozen_time": START + 32 * DAY})
    invoices = client.v1.invoices.list({"subscription": subscription.id}).data
    assert [invoice.amount_paid for invoice in invoices] == [7500, 7500]


def test_changing_a_plan_is_previewed_and_prorated(client: stripe.StripeClient) -> None:
    clock = client.v1.test_helpers.test_clocks.create({"frozen_time": START})
    small, large = plan(client, 10000), plan(client, 30000)
    subscription = subscribe(client, small, customer(client, test_clock=clock.id))
    item = subscription["items"].data[0]
    half = (item.current_period_start + item.current_period_end) // 2
    client.v1.test_helpers.test_clocks.advance(clock.id, {"frozen_time": half})
    change = [{"id": item.id, "price": large.id}]
    preview = client.v1.invoices.create_preview(
        {
            "subscription": subscription.id,
            "subscription_details": {"items": change, "proration_behavior": "always_invoice"},
        }
    )
    assert [line.amount for line in preview.lines.data] == [-5000, 15000]
    assert preview.total == 10000
    assert len(client.v1.invoices.list({"subscription": subscription.id}).data) == 1
    changed = client.v1.subscriptions.update(
        subscription.id, {"items": change, "proration_behavior": "always_invoice", "expand": ["latest_invoice"]}
    )
    assert changed["items"].data[0].price.id == large.id
    assert (changed.latest_invoice.amount_paid, changed.latest_invoice.status) == (10000, "paid")


def test_a_clock_ends_the_trial_and_renews(client: stripe.StripeClient, listener: Listener) -> None:
    clock = client.v1.test_helpers.test_clocks.create({"frozen_time": START})
    payer = customer(client, test_clock=clock.id)
    subscription = subscribe(client, plan(client), payer, trial_period_days=14)
    assert subscription.status == "trialing"
    client.v1.test_helpers.test_clocks.advance(clock.id, {"frozen_time": START + 70 * DAY})
    renewed = client.v1.subscriptions.retrieve(subscription.id)
    assert renewed.status == "active"
    invoices = client.v1.invoices.list({"subscription": subscription.id}).data
    assert [invoice.amount_paid for invoice in invoices] == [10000, 10000, 0]
    types = [event.type for event in listener.until("test_helpers.test_clock.ready")]
    assert types.index("customer.subscription.trial_will_end") < types.index("customer.subscription.updated")
    assert renewed["items"].data[0].current_period_end > START + 70 * DAY


def test_a_card_that_fails_at_renewal_is_tried_again_then_the_subscription_ends(client: stripe.StripeClient) -> None:
    clock = client.v1.test_helpers.test_clocks.create({"frozen_time": START})
    payer = customer(client, test_clock=clock.id)
    subscription = subscribe(client, plan(client), payer)
    bad = client.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": payer.id})
    client.v1.customers.update(payer.id, {"invoice_settings": {"default_payment_method": bad.id}})

    def after(days: int) -> stripe.Subscription:
        client.v1.test_helpers.test_clocks.advance(clock.id, {"frozen_time": START + days * DAY})
        return client.v1.subscriptions.retrieve(subscription.id, {"expand": ["latest_invoice"]})

    failed = after(32)
    assert (failed.status, failed.latest_invoice.status, failed.latest_invoice.attempt_count) == ("past_due", "open", 1)
    assert after(36).latest_invoice.attempt_count == 2
    ended = after(60)
    assert (ended.status, ended.cancellation_details.reason) == ("canceled", "payment_failed")


def test_a_failed_renewal_recovers_when_the_invoice_is_paid(client: stripe.StripeClient) -> None:
    clock = client.v1.test_helpers.test_clocks.create({"frozen_time": START})
    payer = customer(client, card="pm_card_chargeCustomerFail", test_clock=clock.id)
    subscription = subscribe(client, plan(client), payer, trial_period_days=1)
    client.v1.test_helpers.test_clocks.advance(clock.id, {"frozen_time": START + 2 * DAY})
    due = client.v1.subscriptions.retrieve(subscription.id)
    assert due.status == "past_due"
    client.v1.invoices.pay(due.latest_invoice, {"payment_method": "pm_card_visa"})
    assert client.v1.subscriptions.retrieve(subscription.id).status == "active"


def test_cancelling_at_the_periods_end(client: stripe.StripeClient) -> None:
    clock = client.v1.test_helpers.test_clocks.create({"frozen_time": START})
    payer = customer(client, test_clock=clock.id)
    subscription = subscribe(client, plan(client, interval="year"), payer)
    client.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    client.v1.test_helpers.test_clocks.advance(clock.id, {"frozen_time": START + 366 * DAY})
    assert client.v1.subscriptions.retrieve(subscription.id).status == "canceled"
    assert client.v1.subscriptions.list({"customer": payer.id}).data == []
    assert len(client.v1.subscriptions.list({"customer": payer.id, "status": "all"}).data) == 1


# Webhooks and faults


def test_events_are_signed_listed_and_delivered_again_after_an_error(
    client: stripe.StripeClient, listener: Listener
) -> None:
    listener.failures = 1
    made = client.v1.customers.create({"name": "A"})
    event = listener.until("customer.created")[-1]
    assert event.data.object.id == made.id
    assert client.v1.events.retrieve(event.id).type == "customer.created"
    assert [one.id for one in client.v1.events.list({"type": "customer.created"}).data] == [event.id]


def test_an_endpoint_made_by_the_api_gets_its_own_secret_and_types(client: stripe.StripeClient) -> None:
    params = {"url": "http://127.0.0.1:9/hook", "enabled_events": ["invoice.paid"]}
    endpoint = client.v1.webhook_endpoints.create(params)
    assert endpoint.secret.startswith("whsec_")
    assert not client.v1.webhook_endpoints.retrieve(endpoint.id).secret


def test_deliveries_are_dropped_doubled_and_reordered(
    simulator: StripeSimulator, client: stripe.StripeClient, listener: Listener
) -> None:
    set_faults(simulator, webhook_drop=1, webhook_duplicate=1)
    for name in "ABC":
        client.v1.customers.create({"name": name})
    assert [listener.events.get(timeout=5).data.object.name for _ in range(3)] == ["B", "B", "C"]
    set_faults(simulator, webhook_reorder=3)
    for name in "DEF":
        client.v1.customers.create({"name": name})
    assert [listener.events.get(timeout=5).data.object.name for _ in range(3)] == ["F", "E", "D"]


def test_a_failure_after_commit_is_healed_by_the_key(simulator: StripeSimulator) -> None:
    set_faults(simulator, api_fail_after_commit=1)
    impatient = connect(simulator, max_network_retries=0)
    with pytest.raises(stripe.APIError):
        impatient.v1.customers.create({"name": "A"}, {"idempotency_key": "one"})
    impatient.v1.customers.create({"name": "A"}, {"idempotency_key": "one"})
    assert len(impatient.v1.customers.list().data) == 1


def test_failures_before_commit_and_latency(simulator: StripeSimulator) -> None:
    set_faults(simulator, api_fail=1, api_latency=0.2)
    impatient = connect(simulator, max_network_retries=0)
    started = time.monotonic()
    with pytest.raises(stripe.APIError):
        impatient.v1.customers.create({"name": "A"})
    assert time.monotonic() - started > 0.2
    assert impatient.v1.customers.list().data == []


def test_an_unknown_fault_is_refused(simulator: StripeSimulator) -> None:
    with pytest.raises(urllib.error.HTTPError, match="400"):
        set_faults(simulator, webhook_vanish=1)
