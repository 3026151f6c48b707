"""The world of these tests; one for each file, since some of them change it."""

import psycopg
import pytest

from guildhall.server.local.stack import DATABASE
from tests.security.world import World


@pytest.fixture(scope="module")
def world(process, doors):
    return World(process, doors)


@pytest.fixture(scope="session")
def superuser(stack):
    with psycopg.connect(stack.postgres.url(database=DATABASE), autocommit=True) as connection:
        yield connection
