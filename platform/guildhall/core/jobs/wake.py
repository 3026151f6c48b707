"""Telling the relay that a house has work. A hint only: what is lost with Redis is found by the relay's sweep."""

from typing import Any
from uuid import UUID

import structlog
from redis import Redis, RedisError

WAKE_KEY = "guildhall:jobs:houses"
BELL_KEY = "guildhall:jobs:bell"

log = structlog.get_logger(__name__)


class Bell:
    """Rung after a commit that wrote jobs."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def ring(self, house_id: UUID) -> None:
        """Never raises: pages work while Redis is away, and the jobs wait in the outbox."""
        try:
            pipeline = self._redis.pipeline(transaction=False)
            pipeline.sadd(WAKE_KEY, str(house_id))
            pipeline.lpush(BELL_KEY, "1")
            pipeline.ltrim(BELL_KEY, 0, 0)
            pipeline.execute()
        except RedisError as error:
            log.warning("bell_unheard", house=str(house_id), error=str(error))

    def wait(self, seconds: float) -> set[UUID]:
        """Houses that rang, waiting for the first. Empty after the time is over."""
        self._redis.blpop([BELL_KEY], timeout=seconds)
        rung: Any = self._redis.spop(WAKE_KEY, 10_000) or []
        return {UUID(item.decode() if isinstance(item, bytes) else item) for item in rung}
