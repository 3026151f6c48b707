"""Facts of files."""

from dataclasses import dataclass
from uuid import UUID

from guildhall.core.facts import Fact


@dataclass(frozen=True, slots=True)
class InfectedFileFound(Fact):
    """The virus scanner refused an uploaded file; nobody can open it. Sender: the scan job."""

    name = "files.infected_file_found"

    file_id: UUID
    owner_id: UUID | None
    finding: str
