"""Invitations, roles, and the last administrator."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from guildhall.core.clock import now
from guildhall.core.identity import Actor, ActorKind
from modules.accounts.errors import LastAdmin, RoleBeyondYours
from modules.accounts.models import Person, Role
from modules.accounts.services.invitations import invite
from modules.accounts.services.people import suspend
from modules.accounts.services.roles import assign_roles, create_role, roles_by_code


@pytest.fixture
def admin(visit, make_person):
    return visit().sign_in(make_person(name="Chief", roles=("admin",)))


@pytest.fixture
def links(mailbox, run_jobs, tenant):
    """The paths of the invitations that somebody was sent."""

    def read(address):
        run_jobs(tenant)
        words = [word for mail in mailbox.messages(to=address) for word in mail.text.split()]
        return [
            word.removeprefix(tenant.url("")) for word in words if "/invitations/" in word and word.startswith("http")
        ]

    return read


ACCEPT = {"name": "何丽萍", "consent": "y"}


def test_an_invitation_is_accepted_once(admin, visit, links, signed_in, session):
    form = {"name": "Grace", "email": "Grace@Example.com", "locale": "en"}
    person_page = admin.post("/admin/people/invite", form).location
    assert "Invited" in admin.get(person_page).text
    path, visitor = links("grace@example.com")[0], visit()
    assert "checked" not in str(visitor.soup(path).select_one("#consent"))
    assert visitor.post(path, {"name": "何丽萍"}).status_code == 422
    assert visitor.post(path, ACCEPT).location == "/me"
    assert signed_in(visitor)
    assert visit().get(path).status_code == 410
    person = session.scalar(select(Person).where(Person.email == "grace@example.com"))
    assert (person.status, person.name, person.email_verified_at is None) == ("active", "何丽萍", False)


def test_an_invitation_expires_and_a_newer_one_replaces_it(admin, visit, links):
    person = admin.post("/admin/people/invite", {"name": "G", "email": "g@example.com", "locale": "en"}).location
    first = links("g@example.com")[0]
    admin.post(f"{person}/invite", page="/admin/people")
    second = next(path for path in links("g@example.com") if path != first)
    assert visit().get(first).status_code == 410
    with time_machine.travel(now() + timedelta(days=15), tick=False):
        assert visit().get(second).status_code == 410
    assert visit().get(second).status_code == 200


def test_who_was_invited_may_come_by_code_too(admin, visit, code_of, run_jobs, tenant, mailbox, signed_in):
    admin.post("/admin/people/invite", {"name": "G", "email": "g@example.com", "locale": "en"})
    run_jobs(tenant)
    mailbox.clear()
    visitor = visit()
    visitor.post("/sign-in", {"address": "g@example.com"})
    path = visitor.post("/sign-in/code", {"code": code_of("g@example.com")}).location.removeprefix(tenant.url(""))
    assert path.startswith("/invitations/")
    visitor.post(path, ACCEPT)
    assert signed_in(visitor)


def test_the_first_admin_is_invited_with_a_link_to_the_stored_domain(session, tenant):
    invited = invite(session, "chief@example.com", "Chief", ["admin"], "en")
    assert invited.url.startswith(tenant.url("/invitations/"))


def test_the_last_administrator_stays(make_person, runtime, tenant):
    only = make_person(roles=("admin",))
    with runtime.db.begin(tenant) as session:
        person = session.get_one(Person, only.id)
        with pytest.raises(LastAdmin):
            assign_roles(session, person, [])
        with pytest.raises(LastAdmin):
            suspend(session, person)
    make_person(roles=("admin",))
    with runtime.db.begin(tenant) as session:
        suspend(session, session.get_one(Person, only.id))


def test_an_admin_does_not_suspend_themselves(visit, make_person):
    me = make_person(roles=("admin",))
    make_person(roles=("admin",))
    visitor = visit().sign_in(me)
    assert visitor.post(f"/admin/people/{me.id}/suspend", {}, page="/admin/people").status_code == 409


def test_nobody_gives_what_they_do_not_have(make_person, runtime, tenant):
    officer, other = make_person(roles=("officer",)), make_person()
    with runtime.db.begin(
        tenant, Actor(ActorKind.PERSON, officer.id, permissions=frozenset({"accounts:people:view"}))
    ) as session:
        with pytest.raises(RoleBeyondYours):
            create_role(session, "Helpers", "", ["accounts:people:erase"])
        with pytest.raises(RoleBeyondYours):
            assign_roles(session, session.get_one(Person, other.id), roles_by_code(session, ["admin"]))


def test_an_own_role_from_making_to_deleting(admin, visit, make_person, session):
    values = {"name": "Helpers", "description": "Look, do not touch", "permissions": ["accounts:people:view"]}
    assert admin.post("/admin/roles/new", values).location == "/admin/roles"
    assert admin.post("/admin/roles/new", values).status_code == 422, "the name is taken"
    role = session.scalar(select(Role).where(Role.name == "Helpers"))
    person = make_person()
    helper = visit().sign_in(person)
    assert helper.get("/admin/people").status_code == 403
    admin.post(f"/admin/people/{person.id}/roles", {"roles": [str(role.id)]})
    assert helper.get("/admin/people").status_code == 200
    assert helper.get("/admin/people/invite").status_code == 403
    assert admin.post(f"/admin/roles/{role.id}/delete", page="/admin/roles").status_code == 409
    admin.post(f"/admin/people/{person.id}/roles", {"roles": []})
    assert helper.get("/admin/people").status_code == 403
    assert admin.post(f"/admin/roles/{role.id}/delete", page="/admin/roles").location == "/admin/roles"


def test_a_role_of_the_product_is_fixed(admin, session):
    role = session.scalar(select(Role).where(Role.code == "officer"))
    values = {"name": "X", "permissions": ["accounts:people:view"]}
    assert admin.post(f"/admin/roles/{role.id}", values, page="/admin/roles").status_code == 403


def test_wrong_input_comes_back_at_the_field(admin, make_person):
    taken = make_person().email
    for email in (taken, "no address", ""):
        person = make_person()
        form = {"name": "X" * 5, "email": email, "phone": "", "organization": ""}
        answer = admin.post(f"/admin/people/{person.id}/edit", form)
        assert answer.status_code == 422
        assert 'value="XXXXX"' in answer.text


def test_lists_cost_the_same_for_one_and_for_many(admin, make_person, runtime):
    from sqlalchemy import event

    def count():
        statements = []
        listener = lambda *args: statements.append(args[2])  # noqa: E731
        event.listen(runtime.db.engine, "before_cursor_execute", listener)
        assert admin.get("/admin/people").status_code == 200
        event.remove(runtime.db.engine, "before_cursor_execute", listener)
        return sum("platform." not in statement for statement in statements)  # the registry is read when it wants

    few = count()
    for _person in range(3):
        make_person(roles=("officer",))
    assert count() == few


def test_the_list_as_a_file_carries_no_formula(admin, make_person):
    make_person(name="=HYPERLINK(1)")
    text = admin.get("/admin/people/export?format=csv").get_data().decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert admin.get("/admin/people/export?format=xlsx").data.startswith(b"PK")
    assert admin.get("/admin/people/export?format=exe").status_code == 404


def test_people_of_another_house_do_not_exist(admin, make_tenant, make_person):
    stranger = make_person(make_tenant(locale="en"))
    for page in ("", "/edit", "/roles", "/suspend"):
        assert admin.get(f"/admin/people/{stranger.id}{page}").status_code == 404


def test_a_new_address_is_proved_first(visit, make_person, code_of, mailbox, run_jobs, tenant):
    person = make_person()
    visitor = visit().sign_in(person)
    visitor.post("/me/address", {"address": "new@example.com"})
    assert "new@example.com" not in visitor.get("/me/profile").text
    visitor.post("/me/address/code", {"code": code_of("new@example.com")})
    assert "new@example.com" in visitor.get("/me/profile").text
    run_jobs(tenant)
    assert mailbox.wait_for(person.email), "the former address is told"


def test_registration_is_for_houses_that_allow_it(visit, code_of, runtime, tenant, mailbox, run_jobs, signed_in):
    from guildhall.core.config import ModuleSettings

    with runtime.db.begin(tenant) as session:
        ModuleSettings(session, "accounts").set({"self_registration": True})
    visitor = visit()
    visitor.post("/sign-in", {"address": "stranger@example.com"})
    assert visitor.post("/sign-in/code", {"code": code_of("stranger@example.com")}).location == "/register"
    assert visitor.post("/register", {"name": "Stranger"}).status_code == 422, "consent is asked for"
    assert visitor.post("/register", {"name": "Stranger", "consent": "y"}).location == "/me"
    assert signed_in(visitor)
    assert visit().get("/register").location == "/sign-in"
