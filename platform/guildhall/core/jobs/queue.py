"""Putting work into the outbox."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from guildhall.core.clock import now
from guildhall.core.ids import uuid7
from guildhall.core.jobs.contract import Job
from guildhall.core.jobs.models import JobProgress, JobRow
from guildhall.core.payload import encode

if TYPE_CHECKING:
    from guildhall.core.db.unit import UnitOfWork


def enqueue(
    session: "UnitOfWork", job: Job, *, run_at: datetime | None = None, unique_key: str | None = None, **payload: Any
) -> UUID:
    """Write a job into the outbox: it runs once this transaction has committed, or at `run_at`.

    With a `unique_key` that was used before nothing is written. Returns the job's id, to show its progress.
    """
    module = session.registry.jobs[job.name][0]
    return enqueue_named(session, job.name, module=module, payload=payload, run_at=run_at, unique_key=unique_key)


def enqueue_named(
    session: "UnitOfWork",
    name: str,
    *,
    module: str,
    payload: Mapping[str, Any],
    run_at: datetime | None = None,
    unique_key: str | None = None,
) -> UUID:
    """The same for what has a name and no `Job`: a subscription to a fact, a schedule's slot."""
    job_id = uuid7()
    row = {
        "id": job_id,
        "name": name,
        "module": module,
        "payload": encode(payload),
        "run_at": run_at or now(),
        "unique_key": unique_key,
        "created_by": session.actor.id,
    }
    session.execute(insert(JobRow).values(row).on_conflict_do_nothing(index_elements=["unique_key"]))
    if run_at is None:
        session.note_work()
    return job_id


def write_progress(session: "UnitOfWork", job_id: UUID, done: int, total: int, note: str) -> None:
    values = {"done": done, "total": total, "note": note, "updated_at": now()}
    statement = insert(JobProgress).values(job_id=job_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["job_id"], set_=values))
