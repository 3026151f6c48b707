"""What happens to people, told to other modules and to webhooks."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from guildhall.core.facts import Fact
from guildhall.core.i18n import _l
from guildhall.core.vetoes import Question


@dataclass(frozen=True, slots=True)
class PersonInvited(Fact):
    """Somebody was invited, for the first time or again."""

    label: ClassVar[Any] = _l("Somebody was invited")
    name: ClassVar[str] = "accounts.person_invited"
    public: ClassVar[bool] = True
    person_id: UUID


@dataclass(frozen=True, slots=True)
class PersonJoined(Fact):
    """A person accepted the invitation or registered: the account is theirs."""

    label: ClassVar[Any] = _l("Somebody has joined")
    name: ClassVar[str] = "accounts.person_joined"
    public: ClassVar[bool] = True
    person_id: UUID


@dataclass(frozen=True, slots=True)
class PersonErased(Fact):
    """A person's data is gone; the id stays, nameless."""

    label: ClassVar[Any] = _l("Somebody's data was erased")
    name: ClassVar[str] = "accounts.person_erased"
    public: ClassVar[bool] = True
    person_id: UUID


@dataclass(frozen=True, slots=True)
class RolesChanged(Fact):
    """A person has other roles than before."""

    name: ClassVar[str] = "accounts.roles_changed"
    person_id: UUID


@dataclass(frozen=True, slots=True)
class SignedIn(Fact):
    """A person signed in with a browser."""

    name: ClassVar[str] = "accounts.signed_in"
    person_id: UUID
    method: str


@dataclass(frozen=True, slots=True)
class PersonErasing(Question):
    """A person is about to be erased. A module objects while it cannot let go, such as before an unpaid invoice."""

    person_id: UUID


FACTS = (PersonInvited, PersonJoined, PersonErased, RolesChanged, SignedIn)
