"""API tokens: made, shown, revoked."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from guildhall.core import audit
from guildhall.core.clock import now
from guildhall.core.crypto import fingerprint
from guildhall.core.db import UnitOfWork
from guildhall.core.identity import Actor, ActorKind
from guildhall.core.ids import token
from guildhall.core.module import Copying
from modules.accounts.public import Person, PersonStatus, granted_permissions
from modules.integrations.errors import ScopeBeyondYours, ScopeMissing, UnknownScope
from modules.integrations.models import ApiToken

# Recognised by scanners that look for secrets in published code.
TOKEN_PREFIX = "ghk_"  # noqa: S105 - the mark that all tokens begin with
SHOWN_CHARACTERS = 10
NOTED_EVERY = timedelta(minutes=1)


def create_token(
    session: UnitOfWork,
    person_id: UUID,
    name: str,
    scopes: Collection[str],
    *,
    expires_in: timedelta | None = None,
) -> tuple[ApiToken, str]:
    """A token with which a program acts for a person. Returns it with its secret, which is not shown again.

    Raises:
        ScopeMissing, UnknownScope, ScopeBeyondYours: at the field `scopes`.
    """
    _check_scopes(session, scopes)
    secret = TOKEN_PREFIX + token()
    row = ApiToken(
        person_id=person_id,
        name=name.strip(),
        fingerprint=fingerprint(secret),
        prefix=secret[:SHOWN_CHARACTERS],
        scopes=sorted(set(scopes)),
        expires_at=now() + expires_in if expires_in else None,
    )
    session.add(row)
    session.flush()
    changes = {"scopes": [None, row.scopes], "expires_at": [None, row.expires_at]}
    audit.record(session, "integrations.token_created", row, changes=changes)
    return row, secret


def revoke_token(session: UnitOfWork, row: ApiToken) -> None:
    """End a token, at once and for good. Revoking it again changes nothing."""
    if row.revoked_at is None:
        row.revoked_at = now()
        session.flush()
        audit.record(session, "integrations.token_revoked", row)


def settle_copy(session: UnitOfWork, copying: Copying) -> None:
    """In a clone, end the tokens: whoever holds one was given it for the original."""
    if copying is Copying.CLONED:
        session.execute(update(ApiToken).where(ApiToken.revoked_at.is_(None)).values(revoked_at=now()))


def authenticate_token(session: UnitOfWork, secret: str) -> Actor | None:
    """Whoever a token acts for, with the permissions that both it and its person have.

    None for a token that is unknown, expired or revoked, or whose person may not come in.
    """
    row = session.execute(_lookup.where(ApiToken.fingerprint == fingerprint(secret))).first()
    if row is None:
        return None
    held: ApiToken = row.ApiToken
    if held.revoked_at is not None or held.expired:
        return None
    _note_use(session, held)
    granted = granted_permissions(session, held.person_id) & set(held.scopes)
    return Actor(ActorKind.TOKEN, held.person_id, f"{row.name} · {held.name}", granted, session_id=held.id)


_lookup = (
    select(ApiToken, Person.name)
    .join(Person, Person.id == ApiToken.person_id)
    .where(Person.status == PersonStatus.ACTIVE)
)


def _note_use(session: UnitOfWork, row: ApiToken) -> None:
    """Note it at most once a minute, and never wait for another call of the same token that is noting it.

    Past the ORM, since it is no change that the audit log should hear of.
    """
    moment = now()
    if row.last_used_at is None or row.last_used_at < moment - NOTED_EVERY:
        free = select(ApiToken.id).where(ApiToken.id == row.id).with_for_update(skip_locked=True)
        statement = update(ApiToken).where(ApiToken.id.in_(free)).values(last_used_at=moment)
        session.connection().execute(statement)


def _check_scopes(session: UnitOfWork, scopes: Collection[str]) -> None:
    if not scopes:
        raise ScopeMissing(fields={"scopes": ScopeMissing.message})
    unknown = sorted(set(scopes) - session.registry.permissions.keys())
    if unknown:
        error = UnknownScope(scopes=", ".join(unknown))
        error.fields = {"scopes": str(error)}
        raise error
    if not all(session.actor.may(code) for code in scopes):
        raise ScopeBeyondYours(fields={"scopes": ScopeBeyondYours.message})
