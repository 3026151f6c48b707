"""What every house begins with."""

from sqlalchemy.dialects.postgresql import insert

from guildhall.core.db import UnitOfWork
from modules.accounts.enums import DocumentKind
from modules.accounts.models import ConsentDocument
from modules.accounts.services.roles import seed_roles


def seed(session: UnitOfWork) -> None:
    """The roles, and the first version of each document to agree to. Runs again harmlessly."""
    seed_roles(session)
    documents = [{"kind": kind, "version": 1} for kind in DocumentKind]
    session.execute(insert(ConsentDocument).values(documents).on_conflict_do_nothing())
