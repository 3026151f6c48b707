"""The stack as a whole: its environment, its secrets, its doors."""

import socket
import urllib.request
from pathlib import Path

import psycopg
import pytest
import redis
import stripe

from guildhall.server.local.daemon import AlreadyRunningError
from guildhall.server.local.environment import running_environment
from guildhall.server.local.stack import LocalStack, Ports


def test_everything_answers_at_the_addresses_in_the_environment(tmp_path: Path) -> None:
    with LocalStack(tmp_path, fsync=False) as stack:
        environment = stack.environment
        psycopg.connect(stack.superuser_url).close()
        assert redis.from_url(environment["GUILDHALL_REDIS_URL"]).ping()
        base = {"api": environment["GUILDHALL_STRIPE_API_BASE"]}
        client = stripe.StripeClient(environment["GUILDHALL_STRIPE_SECRET_KEY"], base_addresses=base)
        assert client.v1.customers.list().data == []
        with urllib.request.urlopen(stack.mail.web_url) as inbox:
            assert inbox.status == 200


def test_secrets_and_state_outlive_a_restart_and_fresh_forgets_them(tmp_path: Path) -> None:
    folder = tmp_path / "stack"
    with LocalStack(folder, fsync=False) as stack:
        first = stack.credentials
        redis.from_url(stack.valkey.url()).set("kept", 1)
    with LocalStack(folder, fsync=False) as stack:
        assert stack.credentials == first
        assert redis.from_url(stack.valkey.url()).get("kept") == b"1"
    with LocalStack(folder, fresh=True, fsync=False) as stack:
        assert stack.credentials != first
        assert redis.from_url(stack.valkey.url()).get("kept") is None


def test_secrets_are_for_this_user_alone(tmp_path: Path) -> None:
    with LocalStack(tmp_path, fsync=False):
        for name in ("credentials.json", "environment.json", "postgres/superuser-password"):
            assert (tmp_path / name).stat().st_mode & 0o077 == 0


def test_commands_beside_a_running_stack_find_it_and_a_second_stack_is_refused(tmp_path: Path) -> None:
    assert running_environment(tmp_path) is None
    with LocalStack(tmp_path, fsync=False) as stack:
        assert running_environment(tmp_path) == stack.environment
        with pytest.raises(AlreadyRunningError, match="already runs"):
            LocalStack(tmp_path, fresh=True)
        assert redis.from_url(stack.valkey.url()).ping()
    assert running_environment(tmp_path) is None


def test_a_port_that_is_taken_becomes_a_free_one(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with LocalStack(tmp_path, fsync=False, ports=Ports(inbox=port)) as stack:
            assert stack.mail.web_url != f"http://127.0.0.1:{port}"
            with urllib.request.urlopen(stack.mail.web_url) as inbox:
                assert inbox.status == 200
