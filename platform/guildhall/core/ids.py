"""Identifiers. Rows carry UUIDv7 made here (RFC 9562 §5.7): ordered by time, and they stay when a tenant moves."""

import secrets
from uuid import UUID

from uuid_utils.compat import uuid7 as _uuid7


def uuid7() -> UUID:
    """A new time-ordered identifier."""
    return _uuid7()


def token(bytes_: int = 32) -> str:
    """A secret for a link, cookie or API key: URL-safe, 256 bits unless told otherwise."""
    return secrets.token_urlsafe(bytes_)


def digits(count: int = 6) -> str:
    """A one-time code of decimal digits, leading zeros kept."""
    return f"{secrets.randbelow(10**count):0{count}d}"
