"""Fresh proofs: whoever finds a browser open shall not make the account their own (OWASP Authentication Cheat Sheet,
"Require Re-authentication for Sensitive Features").
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from guildhall.core import audit
from guildhall.core.clock import now
from guildhall.core.db import UnitOfWork
from modules.accounts.models import Person, SignInSession

FRESH = timedelta(minutes=10)


def is_fresh(session: UnitOfWork, session_id: UUID | None) -> bool:
    """Whether the person proved in this browser, within the last ten minutes, who they are."""
    proved = select(SignInSession.id).where(SignInSession.id == session_id, SignInSession.proved_at > now() - FRESH)
    return session.scalar(proved) is not None


def note_proof(session: UnitOfWork, person: Person, session_id: UUID | None) -> None:
    """The person has just proved in this browser, once more, who they are."""
    session.execute(update(SignInSession).where(SignInSession.id == session_id).values(proved_at=now()))
    audit.record(session, "accounts.proved", person)
