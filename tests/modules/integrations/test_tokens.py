"""API tokens: a key that can do no more than its person, and no more than it was given."""

import json
from datetime import timedelta

import pytest
import time_machine
from click.testing import CliRunner
from sqlalchemy import select

from guildhall.core.audit import AuditEntry
from guildhall.core.clock import now
from guildhall.server.cli import cli
from modules.accounts.models import Person
from modules.accounts.public import assign_roles, roles_by_code
from modules.accounts.services.people import suspend
from modules.integrations.errors import ScopeBeyondYours, ScopeMissing, UnknownScope
from modules.integrations.models import ApiToken
from modules.integrations.privacy import PERSONAL_DATA
from modules.integrations.services.tokens import create_token, revoke_token

VIEW, MANAGE = "accounts:people:view", "accounts:people:manage"


@pytest.fixture
def admin(visit, make_person):
    return visit().sign_in(make_person(roles=("admin",)))


def stored(runtime, tenant):
    with runtime.db.begin(tenant) as session:
        return list(session.scalars(select(ApiToken)))


def test_a_token_holds_what_it_and_its_person_both_may(make_caller, make_person, runtime, tenant):
    officer = make_person(roles=("officer",))
    caller = make_caller(VIEW, "accounts:roles:manage", person=officer)
    assert caller.get("/me").json["permissions"] == [VIEW]
    with runtime.db.begin(tenant) as session:  # the person loses the role, and so does the token
        assign_roles(session, session.get_one(Person, officer.id), [])
    assert caller.get("/me").json["permissions"] == []
    assert caller.get("/people").status_code == 403
    with runtime.db.begin(tenant) as session:
        assign_roles(session, session.get_one(Person, officer.id), roles_by_code(session, ["admin"]))
    assert caller.get("/me").json["permissions"] == [VIEW, "accounts:roles:manage"]


def test_a_token_ends(make_caller, make_person, runtime, tenant):
    person, _other = make_person(roles=("admin",)), make_person(roles=("admin",))
    short = make_caller(person=person, expires_in=timedelta(days=1))
    long = make_caller(person=person)
    assert short.get("/me").status_code == long.get("/me").status_code == 200
    with time_machine.travel(now() + timedelta(days=1, seconds=1)):
        assert short.get("/me").status_code == 401
        assert long.get("/me").status_code == 200
    with runtime.db.begin(tenant) as session:
        revoke_token(session, session.scalars(select(ApiToken).where(ApiToken.expires_at.is_(None))).one())
    assert long.get("/me").status_code == 401
    with runtime.db.begin(tenant) as session:
        suspend(session, session.get_one(Person, person.id))
    assert short.get("/me").status_code == 401


def test_only_a_fingerprint_is_kept(make_caller, runtime, tenant):
    caller = make_caller()
    (row,) = stored(runtime, tenant)
    assert caller.token.startswith(row.prefix)
    assert caller.token not in json.dumps({c.key: str(getattr(row, c.key)) for c in ApiToken.__table__.columns})
    assert len(row.prefix) < len(caller.token) / 4


def test_its_use_is_noted_at_most_once_a_minute(make_caller, runtime, tenant):
    caller = make_caller()
    assert stored(runtime, tenant)[0].last_used_at is None
    start = now()
    with time_machine.travel(start, tick=False) as clock:
        caller.get("/me")
        clock.move_to(start + timedelta(seconds=30))
        caller.get("/me")
        assert stored(runtime, tenant)[0].last_used_at == start
        clock.move_to(start + timedelta(seconds=61))
        caller.get("/me")
        assert stored(runtime, tenant)[0].last_used_at == start + timedelta(seconds=61)


def test_reading_leaves_no_trace_in_the_audit_log(make_caller, runtime, tenant):
    caller = make_caller()
    with runtime.db.begin(tenant) as session:
        before = session.scalars(select(AuditEntry)).all()
    caller.get("/people")
    with runtime.db.begin(tenant) as session:
        assert len(session.scalars(select(AuditEntry)).all()) == len(before)


def test_the_audit_log_names_person_and_token(make_caller, make_person, runtime, tenant):
    caller = make_caller(person=make_person(name="Chen Jing", roles=("admin",)))
    caller.post("/people", {"name": "Li Na", "email": "li@a.example"})
    with runtime.db.begin(tenant) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "accounts.person_invited")).one()
    assert (entry.actor_kind, entry.actor_label) == ("token", "Chen Jing · Test")


@pytest.mark.parametrize(
    ("scopes", "error"), [([], ScopeMissing), (["a:b:c"], UnknownScope), ([VIEW, MANAGE], ScopeBeyondYours)]
)
def test_scopes_that_cannot_be_given(session, make_person, scopes, error):
    from guildhall.core.identity import Actor, ActorKind

    person = make_person()
    session.actor = Actor(ActorKind.PERSON, person.id, permissions=frozenset({VIEW}))
    with pytest.raises(error) as refused:
        create_token(session, person.id, "x", scopes)
    assert refused.value.fields.keys() == {"scopes"}


def test_the_page_shows_a_token_once(admin, doors, settings):
    page = admin.post("/admin/api/new", {"name": "ERP", "scopes": [VIEW], "lifetime": "30"})
    assert page.status_code == 200
    from bs4 import BeautifulSoup

    secret = BeautifulSoup(page.text, "html.parser").select_one("[data-copy]").text
    answer = admin.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
    assert answer.json["permissions"] == [VIEW]
    listed = admin.get("/admin/api/").text
    assert "ERP" in listed
    assert secret not in listed
    assert page.headers["Cache-Control"] == "no-store"


def test_the_form_says_at_the_field_what_is_missing(admin):
    page = admin.post("/admin/api/new", {"name": "", "lifetime": "30"})
    assert page.status_code == 422
    page = admin.post("/admin/api/new", {"name": "ERP", "lifetime": "30"})
    assert page.status_code == 422
    assert 'id="scopes-error"' in page.text
    assert 'value="ERP"' in page.text


def test_a_person_cannot_pass_on_what_they_have_not(visit, make_person, runtime, tenant):
    """A scope that the form does not offer is refused, though it is sent."""
    from modules.accounts.services.roles import create_role

    with runtime.db.begin(tenant) as session:
        role = create_role(session, "Integrator", "", ["integrations:tokens:manage"])
        person = session.merge(make_person(), load=False)
        assign_roles(session, person, [role])
    visitor = visit().sign_in(person)
    page = visitor.post("/admin/api/new", {"name": "x", "scopes": [MANAGE], "lifetime": "0"})
    assert page.status_code == 422
    assert stored(runtime, tenant) == []


def test_the_page_revokes(admin, make_caller, runtime, tenant):
    caller = make_caller()
    path = f"/admin/api/{stored(runtime, tenant)[0].id}/"
    assert admin.get(path).status_code == 200
    assert admin.post(f"{path}revoke", page=path).status_code == 302
    assert caller.get("/me").status_code == 401


def test_pages_are_for_those_who_may(visit, make_person):
    member = visit().sign_in(make_person())
    for path in ("/admin/api/", "/admin/api/new", "/admin/webhooks/", "/admin/webhooks/new"):
        assert member.get(path).status_code == 403
        assert visit().get(path).status_code == 302


def test_a_persons_tokens_are_given_to_them_and_forgotten(make_caller, make_person, runtime, tenant):
    person = make_person(roles=("admin",))
    caller = make_caller(person=person)
    caller.post("/people", {"name": "Li", "email": "li@a.example"}, headers={"Idempotency-Key": "a"})
    with runtime.db.begin(tenant) as session:
        exported = PERSONAL_DATA.export(session, person.id)
        assert [token["name"] for token in exported["api_tokens"]] == ["Test"]
        assert "fingerprint" not in exported["api_tokens"][0]
        PERSONAL_DATA.erase(session, person.id)
    assert caller.get("/me").status_code == 401
    with runtime.db.begin(tenant) as session:
        assert PERSONAL_DATA.export(session, person.id) == {"api_tokens": []}


@pytest.fixture
def run(stack, settings, process, monkeypatch):
    """The command line, on the test's own stack."""
    monkeypatch.setattr("guildhall.server.cli.token.Process.from_environ", lambda: process)
    return lambda *arguments: CliRunner().invoke(cli, arguments)


def test_the_command_line_makes_tokens(run, tenant, make_person, visit):
    person = make_person(roles=("admin",))
    given = (
        "token",
        "create",
        "--tenant",
        tenant.slug,
        "--email",
        person.email.upper(),
        "--scopes",
        f"{VIEW}, {MANAGE}",
    )
    made = json.loads(run(*given, "--expires-days", "7", "--json").output)
    assert made.keys() == {"id", "token", "scopes", "expires_at"}
    answer = visit().get("/api/v1/me", headers={"Authorization": f"Bearer {made['token']}"})
    assert answer.json["permissions"] == [MANAGE, VIEW]
    assert run(*given).output.startswith("ghk_")


@pytest.mark.parametrize(
    "wrong", [{"--tenant": "nobody"}, {"--email": "x@y.example"}, {"--scopes": "a:b:c"}, {"--expires-days": "0"}]
)
def test_the_command_line_says_what_is_wrong(run, tenant, make_person, wrong):
    given = {"--tenant": tenant.slug, "--email": make_person().email, "--scopes": VIEW} | wrong
    result = run("token", "create", *(part for pair in given.items() for part in pair))
    assert result.exit_code != 0
    assert "ghk_" not in result.output
