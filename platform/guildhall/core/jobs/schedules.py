"""When a house's schedules fire, and writing that into its outbox ahead of time."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from croniter import croniter

from guildhall.core.db import UnitOfWork
from guildhall.core.jobs.contract import Schedule
from guildhall.core.jobs.queue import enqueue_named


@dataclass(frozen=True, slots=True)
class Slot:
    """One firing: the moment that the cron line names, and the moment that is this house's own."""

    at: datetime
    run_at: datetime

    def key(self, schedule: Schedule) -> str:
        """The same from whichever process plants it, so that it is planted once."""
        return f"{schedule.job.name}@{self.at:%Y-%m-%dT%H:%MZ}"


def next_slot(schedule: Schedule, house_id: UUID, timezone: str, moment: datetime) -> Slot:
    """The first firing after a moment, in the house's time zone, moved by the house's own share of the spread."""
    offset = _offset(schedule, house_id)
    base = (moment - offset).astimezone(ZoneInfo(timezone))
    at = croniter(schedule.cron, base).get_next(datetime).astimezone(UTC)
    return Slot(at, at + offset)


def _offset(schedule: Schedule, house_id: UUID) -> timedelta:
    if not schedule.spread_seconds:
        return timedelta()
    digest = hashlib.blake2b(schedule.job.name.encode() + house_id.bytes, digest_size=8).digest()
    return timedelta(seconds=int.from_bytes(digest) % schedule.spread_seconds)


class Planter:
    """Keeps the next firing of each schedule of each house in its outbox.

    It stays one firing ahead, so one that falls into an outage runs when the outage ends. Any number of planters may
    work at once: a slot's key lets only one in.
    """

    def __init__(self) -> None:
        self._planted: dict[tuple[UUID, str], datetime] = {}

    def plant(self, session: UnitOfWork, moment: datetime) -> None:
        """Write the firings of this session's house that are not there yet; most times nothing, at no cost."""
        house = session.house
        for module, schedule in session.registry.schedules_of(house):
            mark = house.id, schedule.job.name
            if self._planted.get(mark, moment) > moment:
                continue
            slot = next_slot(schedule, house.id, house.timezone, moment)
            key = slot.key(schedule)
            enqueue_named(session, schedule.job.name, module=module, payload={}, run_at=slot.run_at, unique_key=key)
            session.after_commit_do(partial(self._planted.__setitem__, mark, slot.run_at))
