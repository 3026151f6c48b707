"""One way to succeed at everything that can be changed in a house, in an order in which each finds what it needs."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from modules.accounts import public as accounts
from modules.accounts.models import Role
from modules.files.models import File
from tests.security.world import Home

PASSWORD = "a long walk by the canal"
HOOK = {"name": "ERP", "facts": "accounts.person_joined"}
UNMAPPED = {"email": "-1", "phone": "-1", "organization": "-1"}
Made = Callable[[Home], Any]


@dataclass(frozen=True)
class Deed:
    """A request that changes something.

    Attributes:
        who: whose browser; "" is somebody who has not signed in, "api" a program.
        form: what is sent; values may be made from the house.
        arguments: what the address names, where the planted row does not serve.
        page: where the form's token stands.
    """

    method_and_rule: str
    who: str = "admin"
    form: dict[str, Any] = field(default_factory=dict)
    arguments: dict[str, Made] = field(default_factory=dict)
    page: str = "/me/profile"

    def sent(self, home: Home) -> dict[str, Any]:
        return {name: value(home) if callable(value) else value for name, value in self.form.items()}

    def argument(self, home: Home) -> Callable[[str, str], Any]:
        return lambda endpoint, name: (
            self.arguments[name](home) if name in self.arguments else home.argument(endpoint, name)
        )


def person(address: str) -> Made:
    """The id of whoever has been given this address meanwhile."""

    def find(home: Home) -> Any:
        with home.process.runtime.db.begin(home.tenant) as session:
            return accounts.find_by_address(session, address.format(word=home.canary)).id

    return find


def newest(model: Any) -> Made:
    def find(home: Home) -> Any:
        with home.process.runtime.db.begin(home.tenant) as session:
            return session.scalars(select(model.id).order_by(model.id.desc())).first()

    return find


def planted(table: str) -> Made:
    """The key of the row that was planted in a table."""
    return lambda home: home.planted.row(table)


def minutes(_home: Home) -> Any:
    """A file to upload."""
    return io.BytesIO(b"Minutes"), "minutes.txt"


OWNER, API = "owner", "api"
LI = {"person_id": person("li@new.example")}
DEEDS = (
    # The vendor's visitor goes, and the association ends the visit.
    Deed("POST /-/support/end", "visitor", page="/admin"),
    Deed("POST /admin/support/<uuid:access_id>/end"),
    # Tokens and webhooks.
    Deed("POST /admin/api/new", form={"name": "ERP", "scopes": "accounts:people:view", "lifetime": "90"}),
    Deed("POST /admin/api/<uuid:token_id>/revoke"),
    Deed("POST /admin/webhooks/new", form={**HOOK, "url": "https://203.0.114.7/in"}),
    Deed(
        "POST /admin/webhooks/<uuid:endpoint_id>/edit",
        form={**HOOK, "url": "https://203.0.114.7/on", "active": "y"},
    ),
    Deed("POST /admin/webhooks/<uuid:endpoint_id>/ping"),
    Deed("POST /admin/webhooks/<uuid:endpoint_id>/secret"),
    Deed("POST /admin/webhooks/<uuid:endpoint_id>/deliveries/<uuid:delivery_id>/resend"),
    Deed("POST /admin/webhooks/<uuid:endpoint_id>/delete"),
    # Files and messages.
    Deed("POST /admin/files/upload", form={"file": minutes, "visibility": "private"}),
    Deed("POST /admin/files/<uuid:file_id>/delete"),
    Deed("POST /admin/files/delete", form={"ids": newest(File)}),
    Deed("POST /admin/messages/<uuid:message_id>/resend"),
    Deed("POST /admin/messages/addresses/unblock", form={"ids": planted("messaging_blocked_address")}),
    Deed("POST /admin/messages/new", form={"title": "Assembly", "text": "On 12 December."}),
    Deed("POST /admin/documents/<any(privacy, terms):kind>", form={"text": "## Our own terms"}),
    Deed("POST /admin/messages/templates/<kind>/<locale>", form={"title": "{{ title }}", "body": "{{ text }} Yours"}),
    Deed("POST /admin/messages/templates/<kind>/<locale>/reset"),
    # The association and its settings.
    Deed("POST /admin/checklist/dismiss"),
    Deed("POST /admin/settings/<name>", form={"bank_account_name": "Another account"}),
    Deed("POST /admin/settings/<name>/reset"),
    Deed(
        "POST /admin/settings/association",
        form={
            "name": lambda home: f"{home.canary} Society",
            "locale": "en",
            "locales": ["en", "zh_Hans"],
            "timezone": "Asia/Shanghai",
            "currency": "CNY",
            "colour": "#1f4e8c",
        },
    ),
    # People and roles.
    Deed("POST /admin/people/invite", form={"name": "Li Na", "email": "li@new.example", "locale": "en"}),
    Deed("POST /admin/people/<uuid:person_id>/edit", form={"name": "Li Xin", "email": "li@new.example"}, arguments=LI),
    Deed("POST /admin/people/<uuid:person_id>/invite", arguments=LI),
    Deed("POST /admin/people/<uuid:person_id>/roles", form={"roles": planted("accounts_role")}),
    Deed("POST /admin/people/<uuid:person_id>/sessions/end"),
    Deed("POST /admin/people/<uuid:person_id>/suspend", form={"reason": "Asked for"}),
    Deed("POST /admin/people/<uuid:person_id>/resume"),
    Deed("POST /admin/people/bulk/<any(invite, suspend):act>", form={"ids": lambda home: home.people["accountant"].id}),
    Deed("POST /admin/people/import", form={"pasted": "Name,E-mail\nWu Di,wu@new.example"}),
    Deed("POST /admin/people/import/<uuid:import_id>", form={"name": "0", **UNMAPPED}),
    Deed("POST /admin/people/import/<uuid:import_id>/run", form={"name": "0", **UNMAPPED}),
    Deed("POST /admin/roles/new", form={"name": "Treasurer", "permissions": "accounts:people:view"}),
    Deed("POST /admin/roles/<uuid:role_id>", form={"name": "Second treasurer"}, arguments={"role_id": newest(Role)}),
    Deed("POST /admin/roles/<uuid:role_id>/delete", arguments={"role_id": newest(Role)}),
    # What a member does.
    Deed("POST /me/address", OWNER, {"address": "moved@new.example"}),
    Deed("POST /me/notices/read", OWNER),
    Deed("POST /me/notifications", OWNER, {"wanted": "messaging.announcement@email"}),
    Deed("POST /me/privacy/consents", OWNER),
    Deed("POST /me/privacy/consents/<uuid:consent_id>/withdraw", OWNER),
    Deed("POST /me/privacy/deletion", "member", {"reason": "Moving away"}),
    Deed("POST /me/privacy/deletion/cancel", "member"),
    Deed("POST /me/privacy/download", OWNER),
    Deed("POST /me/profile", OWNER, {"name": "Wang Wei", "organization": "Wang & Sons", "locale": "en"}),
    Deed("POST /me/security/passkeys/<uuid:passkey_id>/delete", OWNER),
    Deed("POST /me/security/password", OWNER, {"password": PASSWORD}),
    Deed("POST /me/security/sessions/end", OWNER),
    Deed("POST /sign-out", "member"),
    # Those who have not signed in.
    Deed("POST /messages/unsubscribe/<token>", "", page="/sign-in"),
    Deed("POST /sign-in", "", {"address": lambda home: home.people["member"].email}, page="/sign-in"),
    Deed("POST /password", "", {"address": lambda home: home.people["member"].email}, page="/sign-in"),
    Deed("POST /invitations/<token>", "", {"name": "New", "consent": "y"}, page="/sign-in"),
    # Programs.
    Deed("POST /api/v1/people", API, {"name": "Zhao Yun", "email": "zhao@new.example"}),
    Deed("PATCH /api/v1/people/<uuid:person_id>", API, {"name": "Wang Yi"}),
    # At the end, the one who owned it all is forgotten.
    Deed("POST /admin/people/<uuid:person_id>/erase", form={"confirmation": "Wang Yi"}),
)

CONSOLE_DEEDS = (
    Deed("POST /associations/<uuid:tenant_id>/suspend", form={"reason": "Asked for by the board"}),
    Deed("POST /associations/<uuid:tenant_id>/resume"),
    Deed("POST /associations/<uuid:tenant_id>/domains", form={"host": lambda home: f"new.{home.canary}.example"}),
    Deed("POST /associations/<uuid:tenant_id>/domains/<uuid:host_id>/<any(verify, primary, remove):act>"),
    Deed("POST /associations/<uuid:tenant_id>/slug", form={"slug": "quiet-harbour"}),
    Deed("POST /associations/<uuid:tenant_id>/support", form={"reason": "The import does not end", "minutes": "30"}),
    Deed("POST /staff/", form={"name": "Sun Li", "email": "sun@vendor.example", "role": "viewer"}),
    Deed("POST /staff/<uuid:staff_id>/role", form={"role": "support"}),
    Deed("POST /staff/<uuid:staff_id>/<any(lock, unlock):act>"),
    Deed("POST /sign-out"),
)
"""The same for the console, done by an owner."""

CONSOLE_LEFT_OUT = {
    "POST /onboard/": "kept in the browser until the last step",
    "POST /onboard/administrator": "tried by test_onboarding_leaves_an_entry",
    "POST /onboard/offer": "kept in the browser until the last step",
    "POST /set-up/<secret>": "tried by test_a_new_member_of_the_staff_leaves_entries",
    "POST /sign-in": "a password alone opens nothing and is kept in the browser",
    "POST /sign-in/code": "tried by test_a_new_member_of_the_staff_leaves_entries",
    "POST /sign-in/second-factor": "tried by test_a_new_member_of_the_staff_leaves_entries",
}

LEFT_OUT = {
    "POST /admin/audit/verify": "reads the log",
    "POST /admin/files/<uuid:file_id>/link": "makes a link that is kept nowhere",
    "POST /admin/modules/<name>/off": "tests/modules/secretariat: every module of this installation is always on",
    "POST /admin/modules/<name>/on": "tests/modules/secretariat: every module of this installation is always on",
    "POST /me/address/code": "tests/modules/accounts: needs the code of a mail",
    "POST /me/security/passkeys": "tests/modules/accounts: needs an authenticator",
    "POST /me/security/passkeys/options": "asks a question that only the browser keeps",
    "POST /me/security/proof": "tests/modules/accounts: needs a password or an app's code",
    "POST /me/security/proof/code": "tests/modules/accounts: asks for a code by mail",
    "POST /me/security/totp": "tests/modules/accounts: needs the secret of the page",
    "POST /me/security/totp/<any(off, codes):act>": "tests/modules/accounts: needs the app's code",
    "POST /passkeys/sign-in": "tests/modules/accounts: needs an authenticator",
    "POST /passkeys/sign-in/options": "asks a question that only the browser keeps",
    "POST /password/<signed>": "tried by test_signing_in_leaves_an_entry",
    "POST /register": "tests/modules/accounts: needs the code of a mail",
    "POST /sign-in/code": "tests/modules/accounts: needs the code of a mail",
    "POST /sign-in/password": "tried by test_signing_in_leaves_an_entry",
    "POST /sign-in/totp": "tests/modules/accounts: needs the app's code",
}
"""Addresses that change nothing of the house, or that another test walks through; with which."""
