"""Signatures of the Standard Webhooks specification, version 1: HMAC-SHA256 over id, time and body."""

import base64
import hmac
import secrets
from datetime import datetime
from uuid import UUID

SECRET_PREFIX = "whsec_"  # noqa: S105 - the mark that all secrets begin with
SECRET_BYTES = 32


def new_secret() -> str:
    """A secret as receivers keep it: `whsec_` and base64."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def headers(secret: str, message_id: UUID, moment: datetime, body: bytes) -> dict[str, str]:
    """The headers by which a receiver knows that a message is ours, new, and whole."""
    name, timestamp = f"msg_{message_id.hex}", str(int(moment.timestamp()))
    signed = f"{name}.{timestamp}.".encode() + body
    digest = hmac.digest(base64.b64decode(secret.removeprefix(SECRET_PREFIX)), signed, "sha256")
    return {
        "webhook-id": name,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
