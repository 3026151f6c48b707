"""What a module's own tests ask of it as a whole."""

from importlib.resources import files
from pathlib import Path
from typing import Any

from guildhall.core.db import Base
from guildhall.core.db.revisions import differences
from guildhall.core.house import Scope
from guildhall.core.i18n import TRANSLATED, problems
from guildhall.core.module import Module
from guildhall.core.runtime import Runtime
from tenants.registry import Tenant


def schema_differences(runtime: Runtime, tenant: Tenant, module: Module) -> list[Any]:
    """What a module's models and the tables that its migrations made do not agree on."""
    tables = {model.__tablename__ for model in module.models}
    with runtime.owner_db.connect(Scope(tenant.scope.schema, None)) as connection:
        return differences(connection, Base.metadata, tables)


def words_that_lack(module: Module) -> list[str]:
    """Words of a module that a language of the product does not have, or no longer needs."""
    package = Path(str(files(module.package)))
    return [f"{locale}: {problem}" for locale in TRANSLATED for problem in problems(package, locale)]
