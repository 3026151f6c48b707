"""Staff in the console."""

import itertools
from collections.abc import Callable

import pyotp
import pytest

from guildhall.console import staff as service
from guildhall.console.models import Staff, StaffRole
from guildhall.core.crypto import hash_password

PASSWORD = "correct horse battery staple"
SECRET = pyotp.random_base32()
_numbers = itertools.count(1)


@pytest.fixture
def make_staff(runtime) -> Callable[..., Staff]:
    """Somebody who works for the vendor, set up with a password and a second factor."""

    def make(role: StaffRole = StaffRole.OWNER, *, enrolled: bool = True) -> Staff:
        with runtime.db.begin(runtime.platform) as session:
            staff, _secret = service.invite(session, f"staff{next(_numbers)}@vendor.example", "Staff", role)
            staff.password_hash = hash_password(PASSWORD)
            staff.totp_secret = runtime.vault.encrypt(SECRET) if enrolled else ""
        return staff

    return make


@pytest.fixture
def console(visit, settings):
    """A browser at the console's host."""
    return visit(f"console.{settings.base_host}")


@pytest.fixture
def sign_in(console):
    """Through the front door: password, then a code."""

    def enter(staff: Staff):
        console.post("/sign-in", {"email": staff.email, "password": PASSWORD})
        code = pyotp.TOTP(SECRET).now()
        answer = console.post("/sign-in/code", {"code": code})
        assert answer.status_code == 302
        return console

    return enter
