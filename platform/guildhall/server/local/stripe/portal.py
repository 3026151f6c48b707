"""Billing portal sessions and configurations."""

from guildhall.server.local.stripe.contract import Params
from guildhall.server.local.stripe.objects import Object
from guildhall.server.local.stripe.routes import fields_of, resource, route
from guildhall.server.local.stripe.store import Space

CONFIGURATION = "billing_portal.configuration"
PATH = "/v1/billing_portal/configurations"

resource(PATH, CONFIGURATION, "billing_portal/configuration", "list retrieve update", event=CONFIGURATION)


@route(f"POST {PATH}", "billing_portal/configuration_create")
def create_configuration(space: Space, params: Params) -> Object:
    made = space.add(
        CONFIGURATION, active=True, metadata={}, **fields_of(params, "metadata", "features", "business_profile")
    )
    made["metadata"].update(params.get("metadata") or {})
    made["business_profile"].update(params.get("business_profile") or {})
    for name, feature in params["features"].items():
        made["features"].setdefault(name, {}).update(feature)
    made.update(is_default=not space.all(CONFIGURATION, is_default=True), updated=made["created"])
    space.emit(f"{CONFIGURATION}.created", made)
    return made


@route("POST /v1/billing_portal/sessions", "billing_portal/session_create")
def create_session(space: Space, params: Params) -> Object:
    """A session with a page for the customer. Uses the default configuration unless one is named."""
    space.get("customer", params.get("customer", ""), "customer")
    if "configuration" in params:
        configuration = space.get(CONFIGURATION, params["configuration"], "configuration")
    else:
        configuration = _default(space)
    fields = fields_of(params, "configuration", "flow_data")
    session = space.add("billing_portal.session", **fields, configuration=configuration["id"])
    session["flow"] = params.get("flow_data")
    session["url"] = f"{space.base_url}/p/session/{space.account or 'platform'}/{session['id']}"
    return session


def _default(space: Space) -> Object:
    known = space.all(CONFIGURATION, is_default=True)
    features = {"invoice_history": {"enabled": True}, "subscription_cancel": {"enabled": True, "mode": "at_period_end"}}
    features |= {"payment_method_update": {"enabled": True}}
    return known[0] if known else create_configuration(space, {"features": features})
