"""Who is signed in, and for how long."""

from datetime import timedelta

import pytest
import time_machine

from guildhall.core.clock import now
from modules.accounts.enums import SignInMethod
from modules.accounts.models import Person
from modules.accounts.services.sessions import find_session, start_session


@pytest.fixture
def find(runtime, tenant):
    def look(secret):
        with runtime.db.begin(tenant) as session:
            return find_session(session, secret)

    return look


@pytest.fixture
def begin(runtime, tenant):
    def start(person):
        with runtime.db.begin(tenant) as session:
            return start_session(session, session.get_one(Person, person.id), SignInMethod.PASSWORD)

    return start


def test_an_admin_may_do_everything_and_a_member_little(make_person, begin, find, runtime):
    admin, member = find(begin(make_person(roles=("admin",)))), find(begin(make_person()))
    assert admin.permissions == frozenset(runtime.registry.permissions)
    assert not any(code.startswith("accounts:") for code in member.permissions)
    assert (admin.is_staff, member.is_staff) == (True, False)


def test_staff_rest_half_a_day_and_members_two_weeks(make_person, begin, find):
    admin, member = begin(make_person(roles=("admin",))), begin(make_person())
    for hours, expected in ((11, (True, True)), (24, (False, True)), (24 * 16, (False, False))):
        with time_machine.travel(now() + timedelta(hours=hours), tick=False):
            assert (find(admin) is not None, find(member) is not None) == expected


def test_no_session_outlives_a_month(make_person, begin, find):
    secret = begin(make_person())
    for day in range(0, 31, 7):
        with time_machine.travel(now() + timedelta(days=day), tick=False):
            assert find(secret) is not None
    with time_machine.travel(now() + timedelta(days=32), tick=False):
        assert find(secret) is None


def test_a_forged_secret_is_nobody(find):
    assert find("made-up") is None
