"""Running one job: its effects and the note that it is done commit together."""

from datetime import timedelta
from time import perf_counter
from uuid import UUID

import structlog
from sqlalchemy import func, select
from structlog.contextvars import bound_contextvars

from guildhall.core.clock import now
from guildhall.core.db import UnitOfWork
from guildhall.core.facts import Subscription, run_subscription
from guildhall.core.house import House
from guildhall.core.jobs.contract import DEFAULT_MAX_ATTEMPTS, DEFAULT_TIMEOUT_SECONDS, Job, JobContext
from guildhall.core.jobs.models import JobRow, JobState
from guildhall.core.observability import metrics
from guildhall.core.payload import decode_for, encode
from guildhall.core.registry import Registry
from guildhall.core.runtime import Runtime

log = structlog.get_logger(__name__)
FIRST_RETRY = timedelta(seconds=10)
LONGEST_RETRY = timedelta(hours=6)
Outcome = tuple[str, JobState]  # the job's name, and how it stands now


def run_job(runtime: Runtime, house: House, job_id: UUID) -> JobState | None:
    """Run a pending job of a house.

    Returns its state afterwards, or None when there is nothing to do: another worker has it, or it has ended.
    """
    started = perf_counter()
    with bound_contextvars(house=str(house.id), job=str(job_id)):
        try:
            outcome = _run(runtime, house, job_id)
        except Exception as error:
            log.exception("job_failed")
            outcome = _note_failure(runtime, house, job_id, error)
    if outcome is None:
        return None
    name, state = outcome
    metrics.jobs.labels(name, state).inc()
    metrics.job_seconds.labels(name).observe(perf_counter() - started)
    return state


def _run(runtime: Runtime, house: House, job_id: UUID) -> Outcome | None:
    with runtime.db.begin(house) as session:
        row = session.scalar(
            select(JobRow)
            .where(JobRow.id == job_id, JobRow.state == JobState.PENDING)
            .with_for_update(skip_locked=True, key_share=True)  # so that its progress may refer to it
        )
        if row is None:
            return None
        _allow(session, timeout_of(runtime.registry, row.name))
        row.state = _execute(runtime, row, JobContext(session, runtime, row.id, row.attempts + 1))
        row.attempts += 1
        row.finished_at = now()
        return row.name, JobState(row.state)


def _execute(runtime: Runtime, row: JobRow, context: JobContext) -> JobState:
    module, work = runtime.registry.jobs[row.name]
    if module and module not in context.session.house.modules:
        return JobState.SKIPPED
    with runtime.speaking(context.session.house):
        if isinstance(work, Subscription):
            run_subscription(work, context, row.payload)
        else:
            result = work.handler(context, **decode_for(work.handler, row.payload))
            row.result = encode(result) if isinstance(result, dict) else None
    return JobState.DONE


def timeout_of(registry: Registry, name: str) -> int:
    """Longest run of a job in seconds; the usual one for reactions to facts and for names that are gone."""
    _module, work = registry.jobs.get(name, ("", None))
    return work.timeout_seconds if isinstance(work, Job) else DEFAULT_TIMEOUT_SECONDS


def max_attempts_of(registry: Registry, name: str) -> int:
    _module, work = registry.jobs.get(name, ("", None))
    return work.max_attempts if isinstance(work, Job) else DEFAULT_MAX_ATTEMPTS


def _allow(session: UnitOfWork, seconds: int) -> None:
    """A job's statements, and the pauses between them, may take as long as the job: a request's limits are short."""
    limit = f"{seconds}s"
    session.execute(
        select(
            func.set_config("statement_timeout", limit, True),  # noqa: FBT003 - is_local, as PostgreSQL names it
            func.set_config("idle_in_transaction_session_timeout", limit, True),  # noqa: FBT003
        )
    )


def _note_failure(runtime: Runtime, house: House, job_id: UUID, error: Exception) -> Outcome | None:
    with runtime.db.begin(house) as session:
        row = session.get(JobRow, job_id, with_for_update=True)
        if row is None or row.state != JobState.PENDING:
            return None
        metrics.job_failures.labels(str(house.id), row.name).inc()
        row.attempts += 1
        row.error = f"{type(error).__name__}: {error}"[:2000]
        if row.attempts >= max_attempts_of(runtime.registry, row.name):
            row.state, row.finished_at = JobState.FAILED, now()
            _give_up(runtime, row, JobContext(session, runtime, row.id, row.attempts))
        else:
            row.run_at = now() + min(FIRST_RETRY * 2 ** (row.attempts - 1), LONGEST_RETRY)
            row.handed_at = None
        return row.name, JobState(row.state)


def _give_up(runtime: Runtime, row: JobRow, context: JobContext) -> None:
    """Tell the job's module that nobody will try again; that it failed is noted whatever becomes of this."""
    _module, work = runtime.registry.jobs.get(row.name, ("", None))
    if not isinstance(work, Job) or work.gave_up is None:
        return
    try:
        with context.session.begin_nested(), runtime.speaking(context.session.house):
            work.gave_up(context, **decode_for(work.handler, row.payload))
    except Exception:
        log.exception("job_gave_up_badly")
