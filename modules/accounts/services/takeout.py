"""A person's data from every module (GDPR art. 15 and 20, 个人信息保护法 art. 45)."""

from typing import Any
from uuid import UUID

from guildhall.core.db import UnitOfWork


def takeout(session: UnitOfWork, person_id: UUID) -> dict[str, dict[str, Any]]:
    """Module → what it keeps of the person. Modules that are switched off keep their data, so they give it too."""
    return {
        module.name: module.personal_data.export(session, person_id)
        for module in session.registry.keeping(session.house)
        if module.personal_data is not None
    }
