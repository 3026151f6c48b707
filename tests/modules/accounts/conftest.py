"""What tests of accounts share."""

import re

import pytest

from modules.accounts.models import Person
from modules.accounts.services.passwords import set_password

PASSWORD = "blau-7-regen-schirm"


@pytest.fixture
def code_of(mailbox, run_jobs, tenant):
    """The code that was mailed to an address."""

    def read(address):
        run_jobs(tenant)
        return re.search(r"\b\d{6}\b", mailbox.wait_for(address).subject).group()

    return read


@pytest.fixture
def give_password(runtime, tenant):
    """A person's password, set without a browser."""

    def give(person, password=PASSWORD):
        with runtime.db.begin(tenant) as session:
            set_password(session, session.get_one(Person, person.id), password)
        return password

    return give


@pytest.fixture
def signed_in():
    """Whether a visitor is let in."""
    return lambda visitor: visitor.get("/me/profile").status_code == 200
