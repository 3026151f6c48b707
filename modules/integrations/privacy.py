"""A person's tokens: given to them, and forgotten."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from guildhall.core.api.idempotency import IdempotencyKey
from guildhall.core.db import UnitOfWork
from guildhall.core.module import PersonalData
from guildhall.core.payload import encode
from modules.integrations.models import ApiToken

_SHOWN = ("name", "prefix", "scopes", "created_at", "last_used_at", "expires_at", "revoked_at")


def export(session: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    """The person's tokens, without their fingerprints."""
    rows = session.scalars(select(ApiToken).where(ApiToken.person_id == person_id))
    return {"api_tokens": [{key: encode(getattr(row, key)) for key in _SHOWN} for row in rows]}


def erase(session: UnitOfWork, person_id: UUID) -> list[str]:
    """Tokens stop working and are gone, and so is what their calls were answered."""
    session.execute(delete(ApiToken).where(ApiToken.person_id == person_id))
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.caller_id == person_id))
    return []


PERSONAL_DATA = PersonalData(
    tables=frozenset({ApiToken.__tablename__, IdempotencyKey.__tablename__}), export=export, erase=erase
)
