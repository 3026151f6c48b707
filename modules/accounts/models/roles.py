"""Roles: what people may do."""

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from guildhall.core.db import Base, Keyed, Timestamps


class Role(Keyed, Timestamps, Base):
    """A set of permissions with a name.

    Attributes:
        code: of the roles that come with the house (`guildhall.core.permissions.DefaultRole`). Their names are
            translated and their permissions follow what the modules declare, so a later module's are theirs too.
        permissions: codes; of the association's own roles.
    """

    __tablename__ = "accounts_role"

    code: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str] = mapped_column(default="")
    permissions: Mapped[list[str]] = mapped_column(default=list)

    @property
    def system(self) -> bool:
        return self.code is not None


class RoleAssignment(Base):
    """Who has which role. The role of a plain member is everybody's and never assigned."""

    __tablename__ = "accounts_role_assignment"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("accounts_person.id", ondelete="CASCADE"), primary_key=True)
    role_id: Mapped[UUID] = mapped_column(ForeignKey("accounts_role.id"), primary_key=True, index=True)
