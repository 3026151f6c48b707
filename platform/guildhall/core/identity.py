"""Who acts, and what they may do."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    ANONYMOUS = "anonymous"
    PERSON = "person"  # a person of the house, in a browser
    TOKEN = "token"  # noqa: S105 - a kind of actor, not a secret
    STAFF = "staff"  # the vendor's staff, in the console
    SUPPORT = "support"  # the vendor's staff, inside a house for a limited time
    SYSTEM = "system"  # a job, the command line


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever a request or a job acts for.

    Attributes:
        permissions: codes granted here; an API token's are those of its person that are also in its scopes.
        reason: why the vendor's staff are in a house; shown in the audit log.
    """

    kind: ActorKind
    id: UUID | None = None
    label: str = ""
    permissions: frozenset[str] = field(default_factory=frozenset)
    session_id: UUID | None = None
    address: str = ""
    request_id: str = ""
    reason: str = ""

    @property
    def signed_in(self) -> bool:
        return self.kind is not ActorKind.ANONYMOUS

    @property
    def person_id(self) -> UUID | None:
        """The person of the house that acts, in a browser or by a token."""
        return self.id if self.kind in {ActorKind.PERSON, ActorKind.TOKEN} else None

    def may(self, permission: object) -> bool:
        """Whether a permission (or its code) is granted. The system may do everything."""
        return self.kind is ActorKind.SYSTEM or str(permission) in self.permissions

    def at(self, address: str, request_id: str) -> "Actor":
        return replace(self, address=address, request_id=request_id)


SYSTEM = Actor(ActorKind.SYSTEM, label="system")
ANONYMOUS = Actor(ActorKind.ANONYMOUS)
