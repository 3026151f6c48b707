"""What goes through Redis: which job of which house to run, and nothing of what is in it."""

from collections.abc import Callable, Iterable
from typing import Any, NewType
from uuid import UUID

from redis import Redis
from rq import Queue
from rq import Worker as RQWorker
from rq.job import Job as RQJob
from rq.serializers import JSONSerializer

from guildhall.core.house import House
from guildhall.core.jobs.handing import Claimed
from guildhall.core.settings import Settings

QUEUE = "guildhall"
RUN = "guildhall.core.jobs.run.run_job"
# RQ's note of a job that raised, which happens only when the database went away under it.
KEEP_FAILED_SECONDS = 300
QueueId = NewType("QueueId", str)
Runner = Callable[[UUID, UUID], object]


def queue_redis(settings: Settings) -> Redis:
    """A connection that may block while it waits for work, unlike that of a request."""
    return Redis.from_url(settings.redis_url, socket_connect_timeout=2.0, health_check_interval=30)


class HouseJob(RQJob):
    """RQ's job, run by what the worker holds instead of by an import."""

    run: Runner

    def perform(self) -> Any:
        house_id, job_id = self.args
        return self.run(UUID(house_id), UUID(job_id))


class HouseQueue(Queue):
    """The one queue. JSON, never pickle: whoever can write to Redis must not be able to run code here."""

    job_class = HouseJob

    def __init__(self, redis: Redis) -> None:
        super().__init__(QUEUE, connection=redis, serializer=JSONSerializer)

    def holds(self, house: House, jobs: Iterable[Claimed]) -> set[UUID]:
        """Those of these jobs that still wait in the queue."""
        found = list(jobs)
        pipeline = self.connection.pipeline(transaction=False)
        for job in found:
            pipeline.lpos(self.key, queue_id(house.id, job.id))
        return {job.id for job, place in zip(found, pipeline.execute(), strict=True) if place is not None}

    def push(self, house: House, jobs: Iterable[tuple[Claimed, int]]) -> None:
        """Add jobs with their longest run in seconds. The id is stable: RQ keeps one entry for a job."""
        pipeline = self.connection.pipeline(transaction=False)
        for job, timeout in jobs:
            self.enqueue_job(self._entry(house, job, timeout), pipeline=pipeline)
        pipeline.execute()

    def _entry(self, house: House, job: Claimed, timeout: int) -> RQJob:
        return HouseJob.create(
            RUN,
            args=[str(house.id), str(job.id)],
            connection=self.connection,
            serializer=JSONSerializer,
            id=queue_id(house.id, job.id),
            description=job.name,
            timeout=timeout,
            result_ttl=0,
            failure_ttl=KEEP_FAILED_SECONDS,
        )


def queue_id(house_id: UUID, job_id: UUID) -> QueueId:
    return QueueId(f"{house_id.hex}-{job_id.hex}")


def workers_alive(redis: Redis) -> int:
    """How many workers have told of themselves lately; RQ forgets one that is silent."""
    return sum(bool(redis.exists(key)) for key in RQWorker.all_keys(connection=redis))
