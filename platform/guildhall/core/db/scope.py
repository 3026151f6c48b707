"""The SQL by which a transaction enters a schema."""

from guildhall.core.house import Scope


def enter_statement(scope: Scope) -> str:
    """Puts the running transaction into a schema, under its role; both end with the transaction."""
    quote = '"{}"'.format
    # NONE is the role that logged in: a transaction that goes on in the platform lays the tenant's role down again.
    role = quote(scope.role) if scope.role else "NONE"
    return f"SET LOCAL ROLE {role}; SET LOCAL search_path = {quote(scope.schema)}, extensions"
