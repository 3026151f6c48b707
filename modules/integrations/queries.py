"""Reads of tokens."""

from sqlalchemy import Select, select

from modules.accounts.public import Person
from modules.integrations.models import ApiToken


def tokens(words: str = "", state: str = "") -> Select[ApiToken]:
    """Tokens, the newest first; `state` is "active", "ended" or nothing for all."""
    statement = select(ApiToken).join(Person, Person.id == ApiToken.person_id).order_by(ApiToken.id.desc())
    if words:
        statement = statement.where(
            ApiToken.name.icontains(words, autoescape=True) | Person.name.icontains(words, autoescape=True)
        )
    if state == "active":
        statement = statement.where(ApiToken.revoked_at.is_(None))
    if state == "ended":
        statement = statement.where(ApiToken.revoked_at.is_not(None))
    return statement
