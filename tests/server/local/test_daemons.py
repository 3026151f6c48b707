"""PostgreSQL and Valkey as we run them: they start, keep what they hold, and recover from a crash."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from guildhall.server.local.daemon import AlreadyRunningError, DaemonError
from guildhall.server.local.postgres import EmbeddedPostgres
from guildhall.server.local.valkey import EmbeddedValkey


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(tmp_path_factory.mktemp("stack") / "postgres", fsync=False).start()
    yield server
    server.stop()


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    server = EmbeddedValkey(tmp_path / "valkey").start()
    yield server
    server.stop()


def value(server: EmbeddedPostgres, query: str) -> object:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        return connection.execute(query).fetchone()[0]


def test_postgres_is_tuned_for_many_schemas(postgres: EmbeddedPostgres) -> None:
    assert int(value(postgres, "SHOW server_version_num")) >= 180000
    assert int(value(postgres, "SHOW max_locks_per_transaction")) >= 1024
    assert value(postgres, "SHOW max_connections") == "200"
    assert value(postgres, "SHOW fsync") == "off"
    assert value(postgres, "SHOW timezone") == "UTC"


@pytest.mark.parametrize("extension", ["pg_trgm", "unaccent", "btree_gist", "ltree", "vector", "pg_stat_statements"])
def test_postgres_has_the_extensions_we_use(postgres: EmbeddedPostgres, extension: str) -> None:
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")


def test_postgres_keeps_rows_over_restart_and_crash(postgres: EmbeddedPostgres) -> None:
    with psycopg.connect(postgres.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
    address = postgres.url()
    postgres.restart()
    postgres.kill()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address)
    postgres.start()
    assert value(postgres, "SELECT number FROM kept") == 1
    assert postgres.url() == address


def test_postgres_starts_warm_within_a_second(postgres: EmbeddedPostgres) -> None:
    postgres.stop()
    started = time.monotonic()
    postgres.start()
    assert time.monotonic() - started < 1


def test_postgres_asks_for_a_password(postgres: EmbeddedPostgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(postgres.url(password="guess"))


def test_a_second_server_on_the_same_folder_is_refused(
    postgres: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guildhall.server.local.daemon.LOCK_PATIENCE", 0)
    second = EmbeddedPostgres(postgres.folder)
    assert second.in_use()
    with pytest.raises(AlreadyRunningError, match=str(postgres.pid)):
        second.start()
    assert value(postgres, "SELECT 1") == 1


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "postgres", fsync=False).start()
    server.stop()
    (server.data / "postgresql.conf").write_text("no_such_setting = 1")
    with pytest.raises(DaemonError, match="no_such_setting"):
        server.start()
    assert server.pid is None


def test_a_folder_name_too_long_for_a_socket_works(tmp_path: Path) -> None:
    server = EmbeddedValkey(tmp_path / ("long" * 25) / "valkey").start()
    try:
        assert redis.from_url(server.url()).ping()
    finally:
        server.stop()


def test_valkey_keeps_keys_over_restart_and_crash(valkey: EmbeddedValkey) -> None:
    client = redis.from_url(valkey.url())
    client.set("kept", "1")
    valkey.restart()
    assert client.get("kept") == b"1"
    valkey.kill()
    with pytest.raises(redis.ConnectionError):
        client.get("kept")
    valkey.start()
    assert client.get("kept") == b"1"


def test_servers_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    """Even by kill -9 of that process; and the folder can be used again at once."""
    program = f"""
import sys, time
from pathlib import Path
from guildhall.server.local.stack import LocalStack
with LocalStack(Path({str(tmp_path)!r}), fsync=False):
    print("up", flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as starter:
        assert starter.stdout.readline() == b"up\n"
        starter.kill()
    servers = EmbeddedPostgres(tmp_path / "postgres", fsync=False), EmbeddedValkey(tmp_path / "valkey")
    for server in servers:
        server.start()
        server.stop()
        assert not server.in_use()
