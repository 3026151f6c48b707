"""What the database cluster must have before the first migration: two login roles, two schemas, the extensions.

Run once by a superuser: `guildhall bootstrap`. It changes nothing that is already right.
"""

from dataclasses import dataclass

import psycopg
from psycopg import sql

EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist", "ltree", "vector")
SHARED_TENANT_ROLE = "guildhall_tenant"


# PostgreSQL's own collation: the same order on every machine, whatever its C library (PostgreSQL 17 and later).
_CREATE_DATABASE = """
CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'
LC_COLLATE 'C' LC_CTYPE 'C' OWNER {}
"""


@dataclass(frozen=True, slots=True)
class Login:
    role: str
    password: str


def bootstrap(superuser_url: str, database: str, app: Login, owner: Login) -> None:
    """Make database, roles, schemas and extensions.

    `owner` owns every schema and table and may make roles; `app` serves requests, owns nothing, and reaches a tenant's
    rows only by taking that tenant's role inside a transaction.
    """
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        for login, options in ((owner, "CREATEROLE"), (app, "")):
            _ensure_login(connection, login, options)
        _ensure_role(connection, SHARED_TENANT_ROLE)
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            connection.execute(sql.SQL(_CREATE_DATABASE).format(sql.Identifier(database), sql.Identifier(owner.role)))
    with psycopg.connect(superuser_url, dbname=database, autocommit=True) as connection:
        _prepare(connection, database, app.role, owner.role)


def _ensure_login(connection: psycopg.Connection, login: Login, options: str) -> None:
    _ensure_role(connection, login.role)
    connection.execute(
        sql.SQL("ALTER ROLE {} LOGIN NOINHERIT {} PASSWORD {}").format(
            sql.Identifier(login.role), sql.SQL(options), sql.Literal(login.password)
        )
    )


def _ensure_role(connection: psycopg.Connection, role: str) -> None:
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
        connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))


def _prepare(connection: psycopg.Connection, database: str, app: str, owner: str) -> None:
    names = {
        "database": sql.Identifier(database),
        "app": sql.Identifier(app),
        "owner": sql.Identifier(owner),
        "tenant": sql.Identifier(SHARED_TENANT_ROLE),
    }
    for statement in (
        "GRANT CREATE ON DATABASE {database} TO {owner}",
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {app}, {owner}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "CREATE SCHEMA IF NOT EXISTS extensions AUTHORIZATION {owner}",
        "GRANT USAGE ON SCHEMA extensions TO PUBLIC",
        "CREATE SCHEMA IF NOT EXISTS platform AUTHORIZATION {owner}",
        "GRANT USAGE ON SCHEMA platform TO {app}",
        (
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA platform "
            "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}"
        ),
        "GRANT {tenant} TO {app} WITH INHERIT FALSE, SET TRUE",
        "GRANT {tenant} TO {owner} WITH ADMIN TRUE, INHERIT FALSE, SET TRUE",
        "ALTER ROLE {app} SET idle_in_transaction_session_timeout = '60s'",
    ):
        connection.execute(sql.SQL(statement).format(**names))
    for name in EXTENSIONS:
        connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {} SCHEMA extensions").format(sql.Identifier(name)))
    connection.execute(_APPEND_ONLY)


# Rows of a log are never changed: this trigger function refuses it, for the owner too.
_APPEND_ONLY = """
CREATE OR REPLACE FUNCTION extensions.guildhall_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table %% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
""".replace("%%", "%")
