"""Connected accounts, and the links that lead their owners through the onboarding."""

from guildhall.server.local.stripe.contract import Params
from guildhall.server.local.stripe.objects import Object
from guildhall.server.local.stripe.routes import fields_of, resource, route
from guildhall.server.local.stripe.store import PLATFORM, Space

resource("/v1/accounts", "account", "account", "list retrieve update delete", event="account")


@route("POST /v1/accounts", "account_create")
def create_account(space: Space, params: Params) -> Object:
    """An account that cannot take charges before its owner went through the link."""
    fields = {
        "type": "none",
        "country": "US",
        "business_type": None,
        "metadata": {},
        **fields_of(params, "capabilities"),
    }
    account = space.add("account", **fields, charges_enabled=False, payouts_enabled=False, details_submitted=False)
    account["capabilities"] = dict.fromkeys(params.get("capabilities", {}), "inactive")
    account["requirements"] = {"currently_due": ["external_account"], "disabled_reason": "requirements.past_due"}
    return account


@route("GET /v1/account", "account_retrieve_current")
def retrieve_own_account(space: Space, _params: Params) -> Object:
    if space.account != PLATFORM:
        return space.platform.get("account", space.account)
    return space.make(
        "account", id="acct_platform", type="standard", charges_enabled=True, payouts_enabled=True, country="US"
    )


@route("POST /v1/account_links", "account_link_create")
def create_link(space: Space, params: Params) -> Object:
    account = space.get("account", params["account"], "account")
    account["_return_url"] = params.get("return_url")
    link = space.make("account_link", expires_at=space.now() + 300, url=f"{space.base_url}/connect/{account['id']}")
    return {name: link[name] for name in ("object", "created", "expires_at", "url")}


def complete_onboarding(space: Space, account: Object) -> None:
    """What happens when the owner has filled in everything: charges and payouts are enabled."""
    account.update(charges_enabled=True, payouts_enabled=True, details_submitted=True)
    account["capabilities"] = dict.fromkeys(account["capabilities"] or {}, "active")
    account["requirements"] = {"currently_due": [], "disabled_reason": None}
    # Stripe tells the platform about it as an event of the connected account.
    Space(space.store, account["id"], space.request).emit("account.updated", account)
