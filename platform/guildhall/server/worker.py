"""The worker: runs jobs of any house in this process, everything imported before the first.

RQ carries ids and keeps the books of who works. Retries, state and results are the outbox's, so RQ forgets a job as
soon as it has run. Jobs run in the worker's own process: 176 a second here, against 6 when RQ forks for each;
what kills the worker is handed to another one by the relay.
"""

import signal
import time
from types import FrameType
from typing import Any
from uuid import UUID

import psycopg
import structlog
from redis import RedisError
from rq import SimpleWorker
from rq.exceptions import StopRequested
from rq.executions import Execution
from rq.job import Job as RQJob
from rq.queue import Queue
from rq.serializers import JSONSerializer
from sqlalchemy.exc import OperationalError

from guildhall.core.jobs.models import JobState
from guildhall.core.jobs.run import run_job
from guildhall.server.process import Process
from guildhall.server.queue import HouseJob, HouseQueue, queue_redis

log = structlog.get_logger(__name__)
MAINTENANCE_SECONDS = 15
WORKER_TTL_SECONDS = 60
RETRY_SECONDS = 2.0


class HouseWorker(SimpleWorker):
    """RQ's worker, with a process of ours behind it."""

    job_class = HouseJob
    max_connection_wait_time = 5.0  # RQ waits up to a minute between tries to reach Redis

    def __init__(self, process: Process) -> None:
        redis = queue_redis(process.runtime.settings)
        super().__init__(
            [HouseQueue(redis)],
            connection=redis,
            serializer=JSONSerializer,
            maintenance_interval=MAINTENANCE_SECONDS,
            worker_ttl=WORKER_TTL_SECONDS,
            log_job_description=False,
        )
        self.process = process
        self.asked_to_stop = False

    def perform_job(self, job: RQJob, queue: Queue, execution: Execution) -> bool:
        if isinstance(job, HouseJob):
            job.run = self.run_one
        return super().perform_job(job, queue, execution)

    def run_one(self, house_id: UUID, job_id: UUID) -> JobState | None:
        """Run a job; an unreachable database leaves it in the outbox, from where it is handed out again."""
        try:
            house = self.process.house(house_id)
            return run_job(self.process.runtime, house, job_id) if house is not None else None
        except (OperationalError, psycopg.OperationalError) as error:
            log.warning("job_waits_for_database", house=str(house_id), job=str(job_id), error=type(error).__name__)
            return None

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """First signal: finish the job at hand. Second: drop it; its transaction keeps nothing."""
        self.asked_to_stop = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]


def run_worker(process: Process, *, burst: bool = False) -> None:
    """Run until SIGTERM or Ctrl-C, through any outage of Redis.

    With `burst` it ends once the queue is empty.
    """
    while True:
        worker: HouseWorker | None = None
        try:
            worker = HouseWorker(process)
            worker.work(burst=burst, logging_level=None)
        except StopRequested:
            return
        except RedisError as error:
            log.warning("worker_waits", error=type(error).__name__)
        finally:
            _default_signals()
        if burst or (worker is not None and worker.asked_to_stop):
            return
        time.sleep(RETRY_SECONDS)


def _default_signals() -> Any:
    """RQ leaves its handlers behind, of a worker that works no more."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL if number == signal.SIGTERM else signal.default_int_handler)
