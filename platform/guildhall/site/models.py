"""What the public site keeps."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from guildhall.core.clock import now
from guildhall.core.db import Keyed, PlatformBase, personal


class TrialRequest(Keyed, PlatformBase):
    """Somebody wants to try the product; nothing is made until the e-mail address is confirmed.

    Attributes:
        token_hash: fingerprint of the secret in the link that was mailed.
        wishes: name, slug, language and template as entered; they are checked again when the link is followed.
    """

    __tablename__ = "trial_request"

    email: Mapped[str] = personal()
    name: Mapped[str] = personal(default="")
    token_hash: Mapped[str] = mapped_column(unique=True)
    wishes: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    tenant_id: Mapped[UUID | None]
