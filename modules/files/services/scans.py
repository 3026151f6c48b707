"""Looking for viruses after the upload: nobody waits for the scanner, nothing is handed out before it has spoken."""

from uuid import UUID

from guildhall.core import audit
from guildhall.core.db import UnitOfWork
from guildhall.core.facts import emit
from guildhall.core.jobs.contract import Job, JobContext
from guildhall.core.jobs.queue import enqueue
from modules.files.enums import ScanState
from modules.files.facts import InfectedFileFound
from modules.files.models import File
from modules.files.scanners import scanner_of


def enqueue_scan(session: UnitOfWork, file: File) -> None:
    enqueue(session, SCAN, file_id=file.id)


def _scan(context: JobContext, file_id: UUID) -> None:
    """Raises while the scanner does not answer; the job comes again and the file stays closed."""
    session, scanner = context.session, scanner_of(context.runtime.settings)
    file = session.get(File, file_id)
    if file is None or scanner is None:
        return
    with context.runtime.storage.open(file.storage_key) as content:
        finding = scanner.scan(content)
    file.scan_state, file.scan_finding = (ScanState.INFECTED if finding else ScanState.CLEAN), finding
    if finding:
        audit.record(session, "files.infected_file_found", file, changes={"finding": finding})
        emit(session, InfectedFileFound(file_id=file.id, owner_id=file.owner_id, finding=finding))


SCAN = Job("files.scan", _scan, max_attempts=20)
