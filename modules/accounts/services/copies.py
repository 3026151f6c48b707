"""What a copy of an association does not take over: who is signed in, and the ways in that were sent to people."""

from sqlalchemy import delete, update

from guildhall.core.clock import now
from guildhall.core.db import UnitOfWork
from guildhall.core.module import Copying
from modules.accounts.enums import ImportState
from modules.accounts.models import Invitation, PasskeyChallenge, PeopleImport, SignInCode, SignInSession


def settle_copy(session: UnitOfWork, copying: Copying) -> None:
    """Sign everybody out, since the copy has another address; in a clone, void the codes and invitations that lead into
    the original, and end the imports whose jobs stay with it.
    """
    session.execute(delete(SignInSession))
    if copying is not Copying.CLONED:
        return
    session.execute(delete(SignInCode))
    session.execute(delete(PasskeyChallenge))
    session.execute(delete(Invitation).where(Invitation.accepted_at.is_(None)))
    running = update(PeopleImport).where(PeopleImport.state == ImportState.RUNNING)
    session.execute(running.values(state=ImportState.FAILED, rows=[], finished_at=now()))
