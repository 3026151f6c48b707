"""What time does to subscriptions: trials end, periods renew, failed cards are tried again; and the test clocks."""

from collections.abc import Callable

from guildhall.server.local.stripe.contract import Params
from guildhall.server.local.stripe.errors import StripeError
from guildhall.server.local.stripe.objects import Object
from guildhall.server.local.stripe.routes import resource, route
from guildhall.server.local.stripe.store import Space
from guildhall.server.local.stripe.subscriptions import (
    ENDED,
    collect_or_fall_due,
    current_period,
    end,
    invoice_for,
    period_lines,
    set_period,
)

DAY = 86400
TRIAL_NOTICE = 3 * DAY
RETRIES = (3 * DAY, 5 * DAY, 7 * DAY)  # after the attempt before; then the subscription is canceled
INCOMPLETE_LIFE = 23 * 3600
Due = tuple[int, Callable[[Space, Object], None]]

resource("/v1/test_helpers/test_clocks", "test_helpers.test_clock", "test_helpers/test_clock", "list retrieve delete")


@route("POST /v1/test_helpers/test_clocks", "test_helpers/test_clock_create")
def create_clock(space: Space, params: Params) -> Object:
    fields = {"frozen_time": params["frozen_time"], "name": params.get("name"), "status": "ready"}
    clock = space.add("test_helpers.test_clock", **fields, deletes_after=params["frozen_time"] + 30 * DAY)
    space.emit("test_helpers.test_clock.created", clock)
    return clock


@route("POST /v1/test_helpers/test_clocks/{id}/advance", "test_helpers/test_clock_advance")
def advance_clock(space: Space, params: Params, clock_id: str) -> Object:
    """Let time pass for the clock's customers, event by event. It is ready when this returns."""
    clock = space.get("test_helpers.test_clock", clock_id)
    if params["frozen_time"] <= clock["frozen_time"]:
        raise StripeError("The test clock can only be advanced to a time after its own.", param="frozen_time")
    run_until(space, clock, params["frozen_time"])
    clock["frozen_time"] = params["frozen_time"]
    space.emit("test_helpers.test_clock.ready", clock)
    return clock


def run_until(space: Space, clock: Object | None, until: int) -> None:
    """Do what falls due up to `until`, in order of time, for the customers of `clock` (None: those in real time)."""
    clock_id = clock["id"] if clock else None
    while True:
        due = [
            (*when, subscription)
            for subscription in space.all("subscription", test_clock=clock_id)
            if (when := _next_due(space, subscription)) is not None and when[0] <= until
        ]
        if not due:
            return
        at, act, subscription = min(due, key=lambda entry: entry[0])
        if clock is not None:
            clock["frozen_time"] = max(clock["frozen_time"], at)
        act(space, subscription)


def _next_due(space: Space, subscription: Object) -> Due | None:
    if subscription["status"] in ENDED:
        return None
    if subscription["status"] == "incomplete":
        return subscription["created"] + INCOMPLETE_LIFE, _expire
    due: list[Due] = [(current_period(subscription)[1], _roll)]
    if subscription["cancel_at"]:
        due.append((subscription["cancel_at"], end))
    if subscription["status"] == "trialing" and not subscription.get("_trial_notice"):
        due.append((subscription["trial_end"] - TRIAL_NOTICE, _announce_trial_end))
    invoice = space.table("invoice").get(subscription["latest_invoice"] or "")
    if invoice is not None and invoice["next_payment_attempt"]:
        due.append((invoice["next_payment_attempt"], _retry))
    # At the same moment an ending comes before a renewal.
    return min(due, key=lambda entry: (entry[0], entry[1] is _roll))


def _announce_trial_end(space: Space, subscription: Object) -> None:
    subscription["_trial_notice"] = True
    space.emit("customer.subscription.trial_will_end", subscription)


def _roll(space: Space, subscription: Object) -> None:
    """A new period begins and is invoiced."""
    before = {"status": subscription["status"]}
    if subscription["status"] == "trialing":
        subscription["status"] = "active"
    set_period(subscription, current_period(subscription)[1])
    space.emit("customer.subscription.updated", subscription, before)
    invoice = invoice_for(space, subscription, "subscription_cycle", period_lines(space, subscription))
    if not collect_or_fall_due(space, subscription, invoice):
        _plan_retry(space, subscription, invoice)


def _retry(space: Space, subscription: Object) -> None:
    invoice = space.get("invoice", subscription["latest_invoice"])
    invoice["next_payment_attempt"] = None
    if invoice["status"] == "open" and not collect_or_fall_due(space, subscription, invoice):
        _plan_retry(space, subscription, invoice)


def _plan_retry(space: Space, subscription: Object, invoice: Object) -> None:
    attempt = invoice["attempt_count"]
    if attempt > len(RETRIES):
        subscription["cancellation_details"]["reason"] = "payment_failed"
        end(space, subscription)
    else:
        invoice["next_payment_attempt"] = space.now(subscription["customer"]) + RETRIES[attempt - 1]


def _expire(space: Space, subscription: Object) -> None:
    end(space, subscription, "incomplete_expired")
