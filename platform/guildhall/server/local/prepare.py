"""From an empty embedded stack to a platform that can onboard: roles, database, the vendor's schema."""

from psycopg.conninfo import conninfo_to_dict

from guildhall.core.db.bootstrap import Login, bootstrap
from guildhall.core.runtime import Runtime
from guildhall.server.local.stack import DATABASE, LocalStack
from tenants.platform_schema import migrate_platform


def prepare(stack: LocalStack, runtime: Runtime) -> None:
    """Bootstrap the cluster and migrate the vendor's schema; changes nothing that is already right."""
    environment = stack.environment
    app, owner = (_login(environment[f"GUILDHALL_{name}DATABASE_URL"]) for name in ("", "OWNER_"))
    bootstrap(stack.superuser_url, DATABASE, app, owner)
    migrate_platform(runtime)


def _login(url: str) -> Login:
    parts = conninfo_to_dict(url)
    return Login(str(parts["user"]), str(parts["password"]))
