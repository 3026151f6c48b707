"""Limits on attempts: by user, address, house and for all together (OWASP Authentication Cheat Sheet)."""

import hashlib
import threading
import time
from dataclasses import dataclass

import structlog
from redis import Redis, RedisError

from guildhall.core.errors import TooManyRequests

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` in any `seconds` (a fixed window: at its edge up to twice as many get through)."""

    name: str
    count: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a limit, and in how many seconds it is whole again."""

    remaining: int
    resets_in: int


class RateLimiter:
    """Counts in Redis. While Redis is away it counts in this process, so that the limit weakens and does not vanish."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._local: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def hit(self, limit: Limit, *subject: object) -> Allowance:
        """Count an attempt by a subject (house, address, account …). Returns what is left.

        Raises:
            TooManyRequests: the limit is reached.
        """
        window = int(time.time()) // limit.seconds
        key = _key(limit, window, subject)
        try:
            pipeline = self._redis.pipeline(transaction=False)
            pipeline.incr(key)
            pipeline.expire(key, limit.seconds)
            count = pipeline.execute()[0]
        except RedisError as error:
            log.warning("ratelimit_without_redis", error=str(error))
            count = self._count_here(key, limit)
        resets_in = (window + 1) * limit.seconds - int(time.time())
        if count > limit.count:
            raise TooManyRequests(retry_after=resets_in)
        return Allowance(limit.count - count, resets_in)

    def reset(self, limit: Limit, *subject: object) -> None:
        """Forget the attempts of the current window, after a success."""
        key = _key(limit, int(time.time()) // limit.seconds, subject)
        self._local.pop(key, None)
        try:
            self._redis.delete(key)
        except RedisError as error:
            log.warning("ratelimit_without_redis", error=str(error))

    def _count_here(self, key: str, limit: Limit) -> int:
        with self._lock:
            moment = time.time()
            self._local = {k: v for k, v in self._local.items() if v[0] > moment}
            _, count = self._local.get(key, (0.0, 0))
            self._local[key] = (moment + limit.seconds, count + 1)
            return count + 1


def _key(limit: Limit, window: int, subject: tuple[object, ...]) -> str:
    # Hashed: an address or an e-mail is personal data and does not lie readable in a cache.
    digest = hashlib.sha256("\0".join(str(part).lower() for part in subject).encode()).hexdigest()[:32]
    return f"guildhall:limit:{limit.name}:{window}:{digest}"
