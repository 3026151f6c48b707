"""The relay: hands the jobs of every house's outbox to the workers, and plants the schedules.

The truth is in the outbox. A bell tells the relay where new work is; what was rung while nobody listened, or was lost
with Redis, is found by a sweep over all houses. Any number of relays may run.
"""

import math
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import psycopg
import structlog
from redis import Redis, RedisError
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from guildhall.core.clock import now
from guildhall.core.house import House
from guildhall.core.jobs.handing import Claim, Claimed, claim_due, note_lost
from guildhall.core.jobs.run import timeout_of
from guildhall.core.jobs.schedules import Planter
from guildhall.core.jobs.wake import Bell
from guildhall.core.observability import metrics
from guildhall.server.process import Process
from guildhall.server.queue import HouseQueue, queue_redis

log = structlog.get_logger(__name__)
ALIVE_KEY = "guildhall:relay:alive"
ALIVE_SECONDS = 60
LONGEST_WAIT = 0.5  # between looks at the clock and at the wish to stop
LONGEST_BACKOFF = 5.0
OUTAGES = (RedisError, OperationalError, psycopg.OperationalError, OSError)


@dataclass(frozen=True, slots=True)
class Pace:
    """How a relay goes about it.

    Attributes:
        sweep: seconds in which it looks at each house once, asked or not.
        hand_again: seconds after which a job that nobody runs is taken for lost.
        in_flight: jobs of one house that are with the workers at once. The others wait in its outbox, so a house with
            ten thousand jobs is never more than these ahead of its neighbours.
        refill: seconds between looks at a house that has more jobs waiting.
    """

    sweep: float = 15.0
    hand_again: float = 30.0
    in_flight: int = 8
    refill: float = 0.02


class Rounds:
    """Every house once a period, spread evenly over it; the list is read anew for each period."""

    def __init__(self, load: Callable[[], list[House]], seconds: float) -> None:
        self._load = load
        self._seconds = seconds
        self._houses: list[House] = []
        self._next = 0
        self._began = -math.inf

    def due(self, moment: float) -> list[House]:
        """The houses whose turn has come by this moment of the monotonic clock."""
        if self._next >= len(self._houses) and moment >= self._began + self._seconds:
            self._houses, self._next, self._began = self._load(), 0, moment
        share = min(1.0, (moment - self._began) / self._seconds)
        until = max(1, math.ceil(share * len(self._houses)))
        found = self._houses[self._next : until]
        self._next = max(self._next, until)
        return found


class Relay:
    """One relay. `run` returns after `stop`, which may be called from a signal handler or another thread."""

    def __init__(self, process: Process, pace: Pace | None = None, redis: Redis | None = None) -> None:
        self._process = process
        self._pace = pace or Pace()
        redis = redis or queue_redis(process.runtime.settings)
        self._redis = redis
        self._bell = Bell(redis)
        self._queue = HouseQueue(redis)
        self._planter = Planter()
        self._rounds = Rounds(process.houses, self._pace.sweep)
        self._waiting: dict[UUID, int] = {}  # houses with more jobs than may be in flight
        self._stopping = threading.Event()
        self._reported = -math.inf
        self._name = f"{socket.gethostname()}:{os.getpid()}"

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        """Go round until stopped, waiting where PostgreSQL or Redis is away."""
        backoff = 0.0
        log.info("relay_started")
        while not self._stopping.is_set():
            try:
                self.turn()
                backoff = 0.0
            except OUTAGES as error:
                backoff = min(LONGEST_BACKOFF, backoff * 2 or 0.25)
                log.warning("relay_waits", error=type(error).__name__, seconds=backoff)
                self._stopping.wait(backoff)
        log.info("relay_stopped")

    def turn(self) -> None:
        """Wait for the bell or the next house's turn, and visit whoever has a claim, each once."""
        rung = self._bell.wait(self._pace.refill if self._waiting else LONGEST_WAIT)
        called = {house.id: house for house in self._rounds.due(time.monotonic())}
        for house_id in rung | self._waiting.keys():
            house = self._process.house(house_id)
            if house is None:
                self._waiting.pop(house_id, None)
            else:
                called[house_id] = house
        for house in called.values():
            self._visit(house)
        self._report()

    def _report(self) -> None:
        """Once a second: that it lives, and how much waits."""
        if time.monotonic() < self._reported + 1:
            return
        self._reported = time.monotonic()
        self._redis.set(ALIVE_KEY, self._name, ex=ALIVE_SECONDS)
        metrics.outbox_waiting.labels(self._name).set(sum(self._waiting.values()))

    def _visit(self, house: House) -> None:
        """A house whose schema is broken is reported and does not stop the others."""
        try:
            claim = self._claim(house)
            self._hand_over(house, claim.jobs)
        except OperationalError:
            raise
        except SQLAlchemyError:
            log.exception("relay_house_failed", house=str(house.id))
            self._waiting.pop(house.id, None)
            return
        if claim.waiting:
            self._waiting[house.id] = claim.waiting
        else:
            self._waiting.pop(house.id, None)

    def _claim(self, house: House) -> Claim:
        hand_again = timedelta(seconds=self._pace.hand_again)
        with self._process.runtime.db.begin(house) as session:
            self._planter.plant(session, now())
            return claim_due(session, in_flight=self._pace.in_flight, hand_again=hand_again)

    def _hand_over(self, house: House, jobs: list[Claimed]) -> None:
        """Only after the claim is committed: a worker would find the rows locked. What is lost here is handed again."""
        again = [job for job in jobs if job.again]
        skipped = self._already_dealt_with(house, again) if again else set()
        registry = self._process.runtime.registry
        chosen = [(job, timeout_of(registry, job.name)) for job in jobs if job.id not in skipped]
        if chosen:
            self._queue.push(house, chosen)
            metrics.jobs_handed.labels("relay").inc(len(chosen))

    def _already_dealt_with(self, house: House, again: list[Claimed]) -> set[UUID]:
        """Those that still wait in the queue, and those that have been lost once too often."""
        queued = self._queue.holds(house, again)
        lost = [job.id for job in again if job.id not in queued]
        if not lost:
            return queued
        log.warning("jobs_lost", house=str(house.id), count=len(lost))
        with self._process.runtime.db.begin(house) as session:
            return queued | (set(lost) - set(note_lost(session, lost)))


def run_relay(process: Process, pace: Pace) -> None:
    """Run until SIGTERM or Ctrl-C."""
    relay = Relay(process, pace)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: relay.stop())
    relay.run()
