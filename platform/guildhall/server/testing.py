"""The test kit: a pytest plugin for Guildhall's own tests and for those of modules that others write.

Add `pytest_plugins = ["guildhall.server.testing"]` to a conftest. Everything is real: PostgreSQL, Valkey, SMTP, and the
same three doors that serve people. A test has an association of its own; making one takes a few milliseconds.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, cast

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event, select
from werkzeug.test import Client, TestResponse

from guildhall.console.onboarding import furnish
from guildhall.core.clock import now
from guildhall.core.db import UnitOfWork
from guildhall.core.house import House
from guildhall.core.jobs.models import JobRow, JobState
from guildhall.core.jobs.run import run_job
from guildhall.core.runtime import Runtime
from guildhall.core.settings import Settings
from guildhall.core.web.cookies import HouseSessionInterface
from guildhall.server.local.mail import MailCatcher
from guildhall.server.local.prepare import prepare
from guildhall.server.local.stack import LocalStack
from guildhall.server.process import Process
from guildhall.server.wsgi import Doors
from modules.accounts import public as accounts
from modules.accounts.current import SECRET
from modules.accounts.enums import PersonStatus, SignInMethod
from modules.integrations import public as integrations
from modules.integrations.public import create_token
from tenants.profile import Profile
from tenants.provisioning import NewTenant, provision
from tenants.registry import Tenant

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """PostgreSQL and Valkey, empty, for this run alone."""
    with LocalStack(tmp_path_factory.mktemp("stack"), fresh=True, fsync=False) as running:
        yield running


@pytest.fixture(scope="session")
def mail_catcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailCatcher]:
    catcher = MailCatcher(tmp_path_factory.mktemp("mail")).start()
    yield catcher
    catcher.stop()


@pytest.fixture
def mailbox(mail_catcher: MailCatcher) -> MailCatcher:
    """Where every mail that the product sends arrives; empty at the start of the test."""
    mail_catcher.clear()
    return mail_catcher


@pytest.fixture(scope="session")
def settings(stack: LocalStack, mail_catcher: MailCatcher) -> Settings:
    environment = stack.environment | {"GUILDHALL_MODE": "test", "GUILDHALL_SMTP_URL": mail_catcher.smtp_url}
    return Settings.from_environ(environment)


@pytest.fixture(scope="session")
def process(stack: LocalStack, settings: Settings) -> Iterator[Process]:
    """A process of the product with a platform that is ready to onboard."""
    running = Process.of(settings)
    prepare(stack, running.runtime)
    yield running
    running.close()


@pytest.fixture(scope="session")
def runtime(process: Process) -> Runtime:
    return process.runtime


@pytest.fixture(scope="session")
def doors(process: Process) -> Doors:
    return Doors(process)


MakeTenant = Callable[..., Tenant]


@pytest.fixture(scope="session")
def make_tenant(process: Process) -> MakeTenant:
    """Onboards an association: `make_tenant(name="苏州商会", modules=("events",), locale="en")`.

    All installed modules are on unless named.
    """

    def make(name: str = "Test Chamber", *, modules: tuple[str, ...] | None = None, **profile: Any) -> Tenant:
        registry = process.runtime.registry
        wanted = tuple(registry.by_name) if modules is None else modules
        order = NewTenant(
            slug=f"house-{_letters(next(_numbers))}",
            profile=Profile(name=name, **profile),
            modules=tuple(name for name in wanted if name not in registry.always_on),
        )
        return provision(process.runtime, process.tenants, order, furnish).tenant

    return make


@pytest.fixture
def tenant(make_tenant: MakeTenant) -> Tenant:
    """A new association of this test's own, in English, with every module on."""
    return make_tenant(locale="en")


@pytest.fixture
def session(runtime: Runtime, tenant: Tenant) -> Iterator[UnitOfWork]:
    """A unit of work in that association. The test commits when others are to see."""
    with runtime.db.unit(tenant) as unit:
        yield unit


class Visitor:
    """A browser without JavaScript at one host: keeps cookies, and fills in the CSRF token that pages carry."""

    def __init__(self, doors: Doors, host: str) -> None:
        self.host = host
        self.doors = doors
        self.client = Client(doors)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.open("GET", path, **options)

    def post(
        self, path: str, data: dict[str, Any] | None = None, *, page: str | None = None, **options: Any
    ) -> TestResponse:
        """Send a form. The token is taken from `page` (default: the same path), as a browser would have it."""
        token = self.token(page or path)
        return self.open("POST", path, data={"csrf_token": token, **(data or {})}, **options)

    def token(self, path: str) -> str:
        found = re.search(r'name="csrf-token" content="([^"]+)"', self.get(path, follow_redirects=True).text)
        return found.group(1) if found else ""

    def open(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {"Host": self.host, **options.pop("headers", {})}
        options.setdefault("buffered", True)  # read to the end and closed, as a browser does
        return self.client.open(path, method=method, headers=headers, base_url=f"http://{self.host}", **options)

    def sign_in(self, person: accounts.Person) -> "Visitor":
        """Hold a session of a person of this house, as if they had signed in; returns this visitor."""
        door = self.doors.house
        house = door.extensions["tenants"].by_host(self.host.partition(":")[0])
        with door.runtime.db.begin(house) as session:
            secret = accounts.start_session(session, session.get_one(accounts.Person, person.id), SignInMethod.PASSWORD)
        seal = cast("HouseSessionInterface", door.session_interface).signer(door, house)
        name, value = door.config["SESSION_COOKIE_NAME"], str(seal.dumps({SECRET: secret}))
        self.client.set_cookie(name, value, domain=house.host)
        return self

    def soup(self, path: str) -> BeautifulSoup:
        return BeautifulSoup(self.get(path).text, "html.parser")


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(doors: Doors, tenant: Tenant, settings: Settings) -> Visit:
    """Opens a browser: `visit()` at the test's association, `visit(host)` elsewhere."""
    return lambda host=None: Visitor(doors, (host or tenant.host) + settings.port_suffix)


MakePerson = Callable[..., accounts.Person]


@pytest.fixture
def make_person(runtime: Runtime, tenant: Tenant) -> MakePerson:
    """A person who can sign in: `make_person(roles=("admin",))`, `make_person(other_tenant, email="li@a.example")`."""

    def make(
        house: Tenant = tenant, *, name: str = "", email: str = "", roles: tuple[str, ...] = (), **values: Any
    ) -> accounts.Person:
        number = next(_numbers)
        with runtime.db.begin(house) as session:
            options = {"status": PersonStatus.ACTIVE, "email": email or f"person-{number}@example.com", **values}
            person = accounts.create_person(session, name or f"Person {number}", **options)
            accounts.assign_roles(session, person, accounts.roles_by_code(session, roles))
        return person

    return make


class Caller:
    """A program that calls the API of one house with a token."""

    def __init__(self, doors: Doors, host: str, token: str) -> None:
        self.host = host
        self.token = token
        self.client = Client(doors, use_cookies=False)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.open("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self.open("POST", path, json=body, **options)

    def patch(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self.open("PATCH", path, json=body, **options)

    def open(self, method: str, path: str, **options: Any) -> TestResponse:
        """Send to a path below `/api/v1`."""
        headers = {"Host": self.host, "Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **options)


MakeCaller = Callable[..., Caller]


@pytest.fixture
def make_caller(
    runtime: Runtime, doors: Doors, tenant: Tenant, make_person: MakePerson, settings: Settings
) -> MakeCaller:
    """A program with a token: `make_caller("accounts:people:view")` acts for an administrator of the test's house.

    Without scopes it has all of them. `person` and `house` say whom it acts for, and where.
    """

    def make(*scopes: str, person: accounts.Person | None = None, house: Tenant = tenant, **options: Any) -> Caller:
        person = person or make_person(house, roles=("admin",))
        with runtime.db.begin(house) as session:
            wanted = scopes or tuple(runtime.registry.permissions)
            _row, secret = create_token(session, person.id, "Test", wanted, **options)
        return Caller(doors, house.host + settings.port_suffix, secret)

    return make


MakeToken = Callable[..., str]


@pytest.fixture
def make_token(runtime: Runtime, tenant: Tenant) -> MakeToken:
    """A key to the API: `make_token(person, VIEW_PEOPLE)` acts for that person, with these permissions alone."""

    def make(person: accounts.Person, *scopes: object, house: Tenant = tenant) -> str:
        with runtime.db.begin(house) as session:
            return integrations.create_token(session, person.id, "Test", [str(scope) for scope in scopes])[1]

    return make


@pytest.fixture
def count_queries(runtime: Runtime) -> Callable[[], AbstractContextManager[list[str]]]:
    """Gathers the statements that a block sends to the database.

    `with count_queries() as statements:` goes around it.
    """

    @contextmanager
    def counting() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            statements.append(statement)

        event.listen(runtime.db.engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(runtime.db.engine, "before_cursor_execute", note)

    return counting


@pytest.fixture
def run_jobs(process: Process) -> Callable[..., list[JobState]]:
    """Does all work that is due in a house, also what that work brings; returns the states."""

    def run(house: House) -> list[JobState]:
        states: list[JobState] = []
        while due := _due(process.runtime, house):
            states += [state for job_id in due if (state := run_job(process.runtime, house, job_id))]
        return states

    return run


def _due(runtime: Runtime, house: House) -> list[Any]:
    statement = select(JobRow.id).where(JobRow.state == JobState.PENDING, JobRow.run_at <= now()).order_by(JobRow.id)
    with runtime.db.begin(house) as session:
        return list(session.scalars(statement))


def _letters(number: int) -> str:
    """1 → "b", 26 → "ba": numbers that slugs do not take for look-alikes of each other."""
    alphabet = "bdfghjkmpqrtvxyz"
    text = ""
    while number:
        number, rest = divmod(number, len(alphabet))
        text = alphabet[rest] + text
    return text or alphabet[0]
