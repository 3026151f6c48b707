"""Products, prices, coupons, promotion codes."""

import secrets

from guildhall.server.local.stripe.contract import Params
from guildhall.server.local.stripe.errors import StripeError
from guildhall.server.local.stripe.objects import Object
from guildhall.server.local.stripe.routes import fields_of, page, resource, route, updated
from guildhall.server.local.stripe.store import Space

resource("/v1/products", "product", "product", "list retrieve update delete", event="product")
resource("/v1/prices", "price", "price", "retrieve", event="price")
resource("/v1/coupons", "coupon", "coupon", "list retrieve update delete", event="coupon")
resource("/v1/promotion_codes", "promotion_code", "promotion_code", "list retrieve update", event="promotion_code")


@route("POST /v1/products", "product_create")
def create_product(space: Space, params: Params) -> Object:
    fields = {"active": True, "type": "service", **fields_of(params, "default_price_data")}
    if "id" in fields and fields["id"] in space.table("product"):
        raise StripeError("Product already exists.", code="resource_already_exists", param="id")
    product = space.add("product", **fields, updated=space.now())
    space.emit("product.created", product)
    if "default_price_data" in params:
        price = create_price(space, {**params["default_price_data"], "product": product["id"]})
        product["default_price"] = price["id"]
    return product


@route("POST /v1/prices", "price_create")
def create_price(space: Space, params: Params) -> Object:
    """A price of a product that exists, or of one described in `product_data`."""
    if "product_data" in params:
        product = create_product(space, params["product_data"])
    else:
        product = space.get("product", params.get("product", ""), "product")
    amount = params.get("unit_amount", params.get("unit_amount_decimal"))
    if amount is None and "custom_unit_amount" not in params and params.get("billing_scheme") != "tiered":
        raise StripeError("You must specify either `unit_amount` or `unit_amount_decimal`.", param="unit_amount")
    price = space.add("price", **_price_fields(space, params), product=product["id"])
    space.emit("price.created", price)
    return price


@route("GET /v1/prices", "price_list")
def list_prices(space: Space, params: Params) -> Object:
    wanted = {name: params[name] for name in ("active", "currency", "product", "type") if name in params}
    keys = params.get("lookup_keys")
    prices = [price for price in space.all("price", **wanted) if keys is None or price["lookup_key"] in keys]
    return page(prices, params, "/v1/prices")


@route("POST /v1/prices/{id}", "price_update")
def update_price(space: Space, params: Params, price_id: str) -> Object:
    price = space.get("price", price_id)
    _claim_lookup_key(space, params)
    changes = {name: value for name, value in params.items() if name != "transfer_lookup_key"}
    return updated(space, price, changes, "price")


@route("POST /v1/coupons", "coupon_create")
def create_coupon(space: Space, params: Params) -> Object:
    if ("percent_off" in params) == ("amount_off" in params):
        raise StripeError("You must pass exactly one of `percent_off` and `amount_off`.", param="percent_off")
    if "amount_off" in params and "currency" not in params:
        raise StripeError("You must pass `currency` when passing `amount_off`.", param="currency")
    coupon = space.add("coupon", **{"duration": "once", "valid": True, **fields_of(params)})
    space.emit("coupon.created", coupon)
    return coupon


@route("POST /v1/promotion_codes", "promotion_code_create")
def create_promotion_code(space: Space, params: Params) -> Object:
    space.get("coupon", params["promotion"].get("coupon", ""), "promotion[coupon]")
    code = params.get("code") or secrets.token_hex(4).upper()
    if space.all("promotion_code", code=code, active=True):
        raise StripeError("An active promotion code with that code already exists.", param="code")
    made = space.add("promotion_code", **{"active": True, **fields_of(params), "code": code})
    space.emit("promotion_code.created", made)
    return made


def discount(space: Space, asked: Params, **owner: str) -> Object:
    """A discount from `{coupon}`, `{promotion_code}` or `{discount}`, as in the parameter `discounts`."""
    if "discount" in asked:
        return space.get("discount", asked["discount"], "discounts")
    promotion = space.get("promotion_code", asked["promotion_code"], "discounts") if "promotion_code" in asked else None
    coupon_id = promotion["promotion"]["coupon"] if promotion else asked.get("coupon", "")
    coupon = space.get("coupon", coupon_id, "discounts")
    for redeemed in (coupon, promotion):
        if redeemed is not None:
            redeemed["times_redeemed"] += 1
    return space.add(
        "discount",
        source={"type": "coupon", "coupon": coupon["id"]},
        _coupon=dict(coupon),  # a discount outlives the deletion of its coupon
        promotion_code=promotion["id"] if promotion else None,
        start=space.now(),
        **owner,
    )


def discount_amount(space: Space, discount_ids: list[str], subtotal: int) -> int:
    """What the discounts take off `subtotal`, one after the other, never more than there is. Minor units."""
    left = subtotal
    for discount_id in discount_ids:
        coupon = space.get("discount", discount_id)["_coupon"]
        left -= coupon["amount_off"] or round(left * (coupon["percent_off"] or 0) / 100)
    return subtotal - max(left, 0)


def resolve_price(space: Space, asked: Params, param: str) -> Object:
    """The price that a line names by `price`, or describes by `price_data`."""
    if "price" in asked:
        return space.get("price", asked["price"], f"{param}[price]")
    if "price_data" not in asked:
        raise StripeError(f"Missing required param: {param}[price].", code="parameter_missing", param=f"{param}[price]")
    price = create_price(space, asked["price_data"])
    price["active"] = False
    return price


def _price_fields(space: Space, params: Params) -> Object:
    _claim_lookup_key(space, params)
    fields = fields_of(params, "product_data", "product", "transfer_lookup_key")
    defaults = {"active": True, "billing_scheme": "per_unit", "tax_behavior": "unspecified"}
    fields = {**defaults, **fields, "type": "recurring" if "recurring" in params else "one_time"}
    fields["currency"] = fields["currency"].lower()
    if "recurring" in params:
        usual = {"interval_count": 1, "meter": None, "usage_type": "licensed", "trial_period_days": None}
        fields["recurring"] = {**usual, **params["recurring"]}
    if fields.get("unit_amount") is not None:
        fields["unit_amount_decimal"] = str(fields["unit_amount"])
    return fields


def _claim_lookup_key(space: Space, params: Params) -> None:
    """A lookup key names one price; it moves only when the request says so."""
    for other in space.all("price", lookup_key=params.get("lookup_key") or object()):
        if not params.get("transfer_lookup_key"):
            raise StripeError(f"A price (`{other['id']}`) already uses that lookup key.", param="lookup_key")
        other["lookup_key"] = None
