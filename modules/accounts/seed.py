"""What every house begins with."""

from sqlalchemy import select

from guildhall.core.db import UnitOfWork
from modules.accounts.enums import DocumentKind
from modules.accounts.models import ConsentDocument
from modules.accounts.services.roles import seed_roles


def seed(session: UnitOfWork) -> None:
    """The roles, and the first version of each document to agree to. Runs again harmlessly."""
    seed_roles(session)
    present = set(session.scalars(select(ConsentDocument.kind)))
    session.add_all(ConsentDocument(kind=kind, version=1) for kind in DocumentKind if kind not in present)
    session.flush()
