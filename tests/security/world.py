"""What these tests look at: two planted associations with people of every role, and the vendor's staff."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import select
from werkzeug.routing import Rule

from guildhall.console import staff as console_staff
from guildhall.console.models import Staff, StaffRole
from guildhall.console.onboarding import furnish
from guildhall.console.pages.sign_in import SESSION_KEY as STAFF_KEY
from guildhall.core.identity import Actor, ActorKind
from guildhall.core.ids import token
from guildhall.core.permissions import DefaultRole
from guildhall.core.web.door import Door
from guildhall.server.process import Process
from guildhall.server.support import SESSION_KEY as VISIT_KEY
from guildhall.server.testing import Caller, Visitor
from guildhall.server.wsgi import CONSOLE_LABEL, Doors
from modules.accounts import public as accounts
from modules.accounts.models import Role
from modules.accounts.services.passwords import _mark, _purpose
from modules.files.models import File
from modules.files.services.access import signed_url
from modules.integrations.public import create_token
from modules.messaging.services.preferences import unsubscribe_path
from tenants import domains, support
from tenants.profile import Profile
from tenants.provisioning import NewTenant, provision
from tenants.registry import Tenant
from tests.security.planting import Planted, plant

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Route:
    """One method of one address of one door."""

    door: str
    method: str
    rule: Rule = field(compare=False)

    @property
    def endpoint(self) -> str:
        return self.rule.endpoint

    @property
    def is_api(self) -> bool:
        return self.rule.rule.startswith("/api/")

    @property
    def arguments(self) -> list[str]:
        return sorted(self.rule.arguments)

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"

    def path(self, known: Callable[[str, str], Any]) -> str:
        """Its address; `known(endpoint, argument)` gives the values."""
        values = {name: known(self.endpoint, name) for name in self.rule.arguments}
        return self.rule.build(values, append_unknown=False)[1]


def routes(door: Door) -> list[Route]:
    """All that a door answers, in the order of the addresses."""
    found = (Route(door.kind, method, rule) for rule, method in door.endpoints())
    return sorted(found, key=lambda route: (route.rule.rule, route.method))


@dataclass
class Home:
    """A planted association with its people, and the secrets that were handed out there."""

    process: Process
    doors: Doors
    planted: Planted
    people: dict[str, accounts.Person]
    secrets: dict[str, str]

    @property
    def tenant(self) -> Tenant:
        return self.process.tenants.by_id(self.planted.tenant.id) or self.planted.tenant

    @property
    def canary(self) -> str:
        return self.planted.canary

    @property
    def host(self) -> str:
        return self.tenant.host + self.process.runtime.settings.port_suffix

    def visitor(self, role: str = "") -> Visitor:
        """A browser at this house, signed in if a role is named; "visitor" is the vendor's, for support."""
        browser = Visitor(self.doors, self.host)
        if role == "visitor":
            set_cookie(browser, self.doors.house, self.tenant, {VISIT_KEY: self.secrets["visit"]})
        elif role:
            browser.sign_in(self.people[role])
        return browser

    def caller(self, role: str = "admin") -> Caller:
        """A program with a token of that person."""
        return Caller(self.doors, self.host, self.secrets[f"token of {role}"])

    def argument(self, endpoint: str, name: str) -> Any:
        """What stands in an address of this house."""
        found = ARGUMENTS.get(f"{endpoint}:{name}", ARGUMENTS.get(name))
        assert found is not None, f"{endpoint} has an argument {name}: say in tests/security/world.py what it names"
        return found(self)


# "argument", or "endpoint:argument" where the same name means different things → its value in a house.
ARGUMENTS: dict[str, Callable[[Home], Any]] = {
    "access_id": lambda home: home.secrets["visit id"],
    "accounts.invitation:token": lambda home: home.secrets["invitation"],
    "accounts.reset:signed": lambda home: home.secrets["reset"],
    "consent_id": lambda home: home.planted.row("accounts_consent"),
    "delivery_id": lambda home: home.planted.row("core_webhook_delivery"),
    "endpoint_id": lambda home: home.planted.row("core_webhook_endpoint"),
    "file_id": lambda home: home.planted.row("files_file"),
    "files.shared:token": lambda home: home.secrets["file"],
    "import_id": lambda home: home.planted.row("accounts_people_import"),
    "job_id": lambda home: home.planted.row("core_job"),
    "message_id": lambda home: home.planted.row("messaging_message"),
    "messages_site.ask:token": lambda home: home.secrets["unsubscribe"],
    "messages_site.end:token": lambda home: home.secrets["unsubscribe"],
    "passkey_id": lambda home: home.planted.row("accounts_passkey"),
    "person_id": lambda home: home.planted.owner.id,
    "role_id": lambda home: home.planted.row("accounts_role"),
    "support.enter:secret": lambda home: home.secrets["visit"],
    "token_id": lambda home: home.planted.row("integrations_api_token"),
}

# Arguments that name nothing of an association.
WORDS: dict[str, Any] = {
    "accounts_documents.edit:kind": "terms",
    "accounts_me.totp_change:act": "off",
    "accounts_people.bulk:act": "suspend",
    "colour": "1f4e8c",
    "filename": "nothing.css",
    "kind": "messaging.announcement",
    "files.download:name": "minutes.txt",
    "installable.icon:kind": "any",
    "installable.icon:size": 192,
    "version": "1",
    "locale": "en",
    "number": 1,
    "secretariat_admin.module_settings:name": "payments",
    "secretariat_admin.reset_settings:name": "payments",
    "secretariat_admin.turn_off:name": "payments",
    "secretariat_admin.turn_on:name": "payments",
}
ARGUMENTS |= {name: lambda _home, word=word: word for name, word in WORDS.items()}


def names_something(route: Route) -> bool:
    """Whether its address names a row or holds a secret of one association."""
    return any(f"{route.endpoint}:{name}" not in WORDS and name not in WORDS for name in route.rule.arguments)


class World:
    """Two associations, `a` and `b`, and the vendor."""

    def __init__(self, process: Process, doors: Doors) -> None:
        self.process, self.doors = process, doors
        self.runtime = process.runtime
        self.staff = {role: self._staff(role) for role in StaffRole}

    @cached_property
    def a(self) -> "Home":
        return self.home()

    @cached_property
    def b(self) -> "Home":
        return self.home()

    def home(self) -> Home:
        """A new association, planted."""
        word = f"kanari{token(9).lower()}".replace("-", "x").replace("_", "y")
        order = NewTenant(
            slug=f"house-{word[6:18]}".replace("1", "i").replace("0", "o"),
            profile=Profile(name=f"{word} Chamber", locale="en", contact_email=f"{word}@office.example"),
            modules=tuple(m.name for m in self.runtime.registry.modules if not m.always_on),
        )
        tenant = provision(self.runtime, self.process.tenants, order, furnish).tenant
        planted = plant(self.runtime, tenant, word)
        people = {"owner": planted.owner, **{role.value: self._person(tenant, word, role) for role in DefaultRole}}
        return Home(self.process, self.doors, planted, people, self._secrets(planted, people))

    def _person(self, tenant: Tenant, word: str, role: DefaultRole) -> accounts.Person:
        with self.runtime.db.begin(tenant) as session:
            values = {"email": f"{role}@{word}.example", "status": accounts.PersonStatus.ACTIVE}
            person = accounts.create_person(session, f"{word} {role}", **values)
            if role is not DefaultRole.MEMBER:
                accounts.assign_roles(session, person, accounts.roles_by_code(session, [role]))
            if role is DefaultRole.OFFICER:
                own = session.scalar(select(Role).where(Role.name == word))
                accounts.assign_roles(session, person, [*accounts.roles_by_code(session, [role]), own])
        return person

    def _secrets(self, planted: Planted, people: dict[str, accounts.Person]) -> dict[str, str]:
        """Links and tokens as they are handed out, with no trace but their own."""
        runtime, tenant = self.runtime, planted.tenant
        with runtime.db.begin(tenant) as session:
            invited = accounts.invite(session, "newcomer@a.example", "Newcomer")
            file = session.get_one(File, planted.row("files_file"))
            owner = session.get_one(accounts.Person, planted.owner.id)
            reset = runtime.vault.sign([str(owner.id), _mark(owner)], purpose=_purpose(tenant))
            unsubscribe = unsubscribe_path(tenant, runtime.vault, owner.email, owner.id, "messaging.announcement")
            tokens = {
                f"token of {role}": create_token(session, person.id, "Test", list(runtime.registry.permissions))[1]
                for role, person in people.items()
            }
            secrets = {
                "invitation": _last(invited.url),
                "file": _last(signed_url(tenant, runtime.vault, file, timedelta(days=1))),
                "unsubscribe": _last(unsubscribe),
                "reset": reset,
            }
        return tokens | secrets | self._visit(planted)

    def _visit(self, planted: Planted) -> dict[str, str]:
        """A support visit that goes on."""
        staff = self.staff[StaffRole.SUPPORT]
        actor = Actor(ActorKind.STAFF, staff.id, staff.name)
        with self.runtime.db.begin(self.runtime.platform, actor) as session:
            reason = f"{planted.canary} asked for help"
            access, secret = support.open_access(session, planted.tenant.id, reason, timedelta(hours=1))
        return {"visit": secret, "visit id": str(access.id)}

    # --- the vendor ---

    def console_visitor(self, role: StaffRole | None = None) -> Visitor:
        """A browser at the console, signed in if a role is named."""
        settings = self.runtime.settings
        browser = Visitor(self.doors, f"{CONSOLE_LABEL}.{settings.base_host}{settings.port_suffix}")
        if role is not None:
            with self.runtime.db.begin(self.runtime.platform) as session:
                staff = session.get_one(Staff, self.staff[role].id)
                secret = console_staff.open_session(session, staff, "127.0.0.1", "test")
            set_cookie(browser, self.doors.console, self.runtime.platform, {STAFF_KEY: secret})
        return browser

    def site_visitor(self) -> Visitor:
        settings = self.runtime.settings
        return Visitor(self.doors, settings.base_host + settings.port_suffix)

    def vendor_argument(self, home: Home) -> Callable[[str, str], Any]:
        """What stands in addresses of console and site."""
        domain = f"www.{home.canary}.example"
        host_id = domains.add_domain(self.runtime, self.process.tenants, home.tenant, domain).id
        known = {
            "tenant_id": home.tenant.id,
            "host_id": host_id,
            "staff_id": self.staff[StaffRole.VIEWER].id,
            "secret": "made-up",
            "associations.domain:act": "remove",
            "staff.lock:act": "lock",
        }

        def find(endpoint: str, name: str) -> Any:
            found = known.get(f"{endpoint}:{name}", known.get(name, WORDS.get(name)))
            assert found is not None, f"{endpoint} has an argument {name}: say in tests/security/world.py what it names"
            return found

        return find

    def _staff(self, role: StaffRole) -> Staff:
        with self.runtime.db.begin(self.runtime.platform) as session:
            return console_staff.invite(session, f"{role}-{token(6)}@vendor.example", f"Staff {role}", role)[0]


def set_cookie(browser: Visitor, door: Door, house: Any, values: dict[str, str]) -> None:
    """Give a browser the session cookie that a house would have given it."""
    sealed = str(door.session_interface.signer(door, house).dumps(values))
    browser.client.set_cookie(door.config["SESSION_COOKIE_NAME"], sealed, domain=browser.host.partition(":")[0])


def cookie_of(browser: Visitor, door: Door) -> str:
    """The session cookie that a browser holds."""
    cookie = browser.client.get_cookie(door.config["SESSION_COOKIE_NAME"], domain=browser.host.partition(":")[0])
    return cookie.value if cookie else ""


def _last(url: str) -> str:
    return url.rsplit("/", 1)[1]


__all__ = ["SAFE", "Home", "Route", "World", "cookie_of", "names_something", "routes", "set_cookie"]
