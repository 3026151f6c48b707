"""Within one house: nobody reaches what is another's, and nobody becomes more than they are."""

import pytest
from sqlalchemy import select

from guildhall.core.permissions import AccessKind, access_of
from modules.accounts import public as accounts
from modules.accounts.models import Role, SignInSession
from modules.accounts.services import roles as service
from tests.security.test_nothing_crosses import leaks
from tests.security.world import names_something, routes


@pytest.fixture(scope="module")
def home(world):
    return world.a


@pytest.fixture(scope="module")
def admin_role(world, home):
    with world.runtime.db.begin(home.tenant) as session:
        return session.scalar(select(Role.id).where(Role.code == "admin"))


def roles_of(world, home, address) -> set[str]:
    with world.runtime.db.begin(home.tenant) as session:
        person = accounts.find_by_address(session, address)
        return {role.code for role in service.roles_of(session, person.id)} if person else set()


def test_a_member_reaches_nothing_that_is_another_members(world, home):
    """Everything planted belongs to the owner; what is marked for whoever has signed in is for their own."""
    member, reached = home.visitor("member"), []
    token = member.token("/me/profile")
    for route in filter(names_something, routes(world.doors.house)):
        access = access_of(world.doors.house.view_functions[route.endpoint], route.method)
        if access.kind is AccessKind.SIGNED_IN or route.endpoint == "files.download":
            answer = member.open(route.method, route.path(home.argument), headers={"X-CSRFToken": token})
            if answer.status_code != 404 or leaks(answer, f"{home.canary}@a.example"):
                reached.append(f"{route}: {answer.status}")
    assert reached == []


def test_a_member_ends_no_session_of_another(world, home):
    session_id = home.planted.row("accounts_session")
    home.visitor("member").post("/me/security/sessions/end", {"session": session_id}, page="/me/profile")
    with world.runtime.db.begin(home.tenant) as session:
        assert session.get(SignInSession, session_id) is not None


def test_an_officer_makes_nobody_an_administrator(world, home, admin_role):
    officer, member = home.visitor("officer"), home.people["member"]
    form = {"name": "Li Na", "email": "li@escalate.example", "locale": "en", "roles": admin_role}
    officer.post("/admin/people/invite", form)
    home.caller("officer").post("/people", {"name": "Li", "email": "li2@escalate.example", "roles": ["admin"]})
    officer.post(f"/admin/people/{member.id}/roles", {"roles": admin_role}, page="/me/profile")
    for address in ("li@escalate.example", "li2@escalate.example", member.email):
        assert "admin" not in roles_of(world, home, address)


def test_an_officer_does_not_take_over_an_administrators_account(world, home):
    """Whoever sets the address that codes go to can sign in: that is not for somebody who may do less."""
    officer, admin = home.visitor("officer"), home.people["admin"]
    officer.post(f"/admin/people/{admin.id}/edit", {"name": "Admin", "email": "mine@escalate.example"})
    caller = home.caller("officer")
    etag = caller.get(f"/people/{admin.id}").headers["ETag"]
    caller.patch(f"/people/{admin.id}", {"email": "mine@escalate.example"}, headers={"If-Match": etag})
    with world.runtime.db.begin(home.tenant) as session:
        assert session.get_one(accounts.Person, admin.id).email == admin.email


def test_a_list_of_people_is_no_way_into_an_administrators_account(world, home, run_jobs):
    """Its rows fill what is empty in people who are known: not the telephone that a code could go to."""
    officer, admin = home.visitor("officer"), home.people["admin"]
    pasted = f"Name,E-mail,Phone\nAdmin,{admin.email},13800138000\nMember,{home.people['member'].email},13900139000"
    page = officer.post("/admin/people/import", {"pasted": pasted}).location
    officer.post(f"{page}/run", {"name": 0, "email": 1, "phone": 2, "organization": -1}, page=page)
    run_jobs(home.tenant)
    with world.runtime.db.begin(home.tenant) as session:
        assert session.get_one(accounts.Person, admin.id).phone is None
        assert session.get_one(accounts.Person, home.people["member"].id).phone == "+8613900139000"


def test_an_officer_does_not_shut_an_administrator_out(world, home):
    """Also where another one is left."""
    officer, admin = home.visitor("officer"), home.people["admin"]
    with world.runtime.db.begin(home.tenant) as session:
        second = accounts.create_person(
            session, "Second", email="second@a.example", status=accounts.PersonStatus.ACTIVE
        )
        accounts.assign_roles(session, second, accounts.roles_by_code(session, ["admin"]))
    officer.post(f"/admin/people/{admin.id}/suspend", {"reason": "no"})
    officer.post("/admin/people/bulk/suspend", {"ids": admin.id}, page="/me/profile")
    with world.runtime.db.begin(home.tenant) as session:
        assert session.get_one(accounts.Person, admin.id).is_active


def test_a_token_may_no_more_than_its_person(home):
    assert home.caller("member").get("/people").status_code == 403
    assert home.caller("officer").get("/people").status_code == 200
