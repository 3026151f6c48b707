"""What a change to a subscription costs: its items afterwards, and the prorations between."""

from guildhall.server.local.stripe.catalog import resolve_price
from guildhall.server.local.stripe.contract import Params
from guildhall.server.local.stripe.errors import StripeError, missing
from guildhall.server.local.stripe.objects import Object
from guildhall.server.local.stripe.periods import share
from guildhall.server.local.stripe.store import Space


def changed_items(space: Space, subscription: Object, asked: list[Params]) -> list[Object]:
    """The items after an update: those named by id are changed or deleted, the others added, the rest stay."""
    items = {item["id"]: dict(item) for item in subscription["items"]["data"]}
    period = next(iter(items.values()), {"current_period_start": 0, "current_period_end": 0})
    for index, wish in enumerate(asked):
        if "id" not in wish:
            item = _new_item(space, subscription, wish, f"items[{index}]")
            item |= {name: period[name] for name in ("current_period_start", "current_period_end")}
            items[item["id"]] = item
        elif wish["id"] not in items:
            raise missing("subscription_item", wish["id"], f"items[{index}][id]")
        elif wish.get("deleted"):
            del items[wish["id"]]
        else:
            _change(space, items[wish["id"]], wish, f"items[{index}]")
    return list(items.values())


def prorate(space: Space, subscription: Object, wanted: list[Object], at: int) -> None:
    """Leave credits and charges for the rest of the period as items for the next invoice."""
    for fields in prorations(subscription, wanted, at):
        space.emit("invoiceitem.created", space.add("invoiceitem", **fields))


def prorations(subscription: Object, wanted: list[Object], at: int) -> list[Object]:
    """Fields of the items that credit what is given up and charge what is new, from `at` to the period's end."""
    old = {item["id"]: item for item in subscription["items"]["data"]}
    new = {item["id"]: item for item in wanted}
    parts = []
    for item_id in old | new:
        before, after = old.get(item_id), new.get(item_id)
        if before and after and _terms(before) == _terms(after):
            continue
        if before:
            parts.append(_proration(subscription, before, -1, at, "Unused time on"))
        if after:
            parts.append(_proration(subscription, after, 1, at, "Remaining time on"))
    return parts


def _proration(subscription: Object, item: Object, sign: int, at: int, words: str) -> Object:
    price, quantity, end = item["price"], item["quantity"] or 1, item["current_period_end"]
    amount = sign * share((price["unit_amount"] or 0) * quantity, at, item["current_period_start"], end)
    details = {"subscription": subscription["id"], "subscription_item": item["id"]}
    return {
        "amount": amount,
        "currency": price["currency"],
        "customer": subscription["customer"],
        "date": at,
        "description": f"{words} {quantity} × {price['nickname'] or price['id']}",
        "parent": {"type": "subscription_details", "subscription_details": details},
        "period": {"start": at, "end": end},
        "pricing": {"type": "price_details", "price_details": {"price": price["id"], "product": price["product"]}},
        "proration": True,
        "quantity": quantity,
        "metadata": {},
    }


def _new_item(space: Space, subscription: Object, wish: Params, param: str) -> Object:
    price = resolve_price(space, wish, param)
    if price["type"] != "recurring":
        raise StripeError(
            "The price specified is set to `type=one_time`, but this field takes `type=recurring`.", param=param
        )
    quantity = wish.get("quantity", 1)
    metadata = wish.get("metadata") or {}
    item = space.make(
        "subscription_item", price=price, quantity=quantity, subscription=subscription["id"], metadata=metadata
    )
    item["created"] = space.now(subscription["customer"])
    return item


def _change(space: Space, item: Object, wish: Params, param: str) -> None:
    if "price" in wish or "price_data" in wish:
        item["price"] = resolve_price(space, wish, param)
    item["quantity"] = wish.get("quantity", item["quantity"])
    item["metadata"] = {**item["metadata"], **(wish.get("metadata") or {})}


def _terms(item: Object) -> tuple[str, int]:
    return item["price"]["id"], item["quantity"]
