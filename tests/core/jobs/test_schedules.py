"""When schedules fire, and that each firing is planted once."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from guildhall.core.jobs.contract import Job, Schedule
from guildhall.core.jobs.core import SWEEP_FINISHED
from guildhall.core.jobs.models import JobRow
from guildhall.core.jobs.schedules import Planter, next_slot

HOUSE = UUID(int=7)
NIGHTLY = Job("probe.nightly", lambda _context: None)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("timezone", "moment", "fires"),
    [
        ("Asia/Shanghai", "2026-11-22T00:00", "2026-11-22T19:00"),  # 3:00 in the morning there
        ("UTC", "2026-11-22T00:00", "2026-11-22T03:00"),
        ("Europe/Berlin", "2026-03-28T12:00", "2026-03-29T01:00"),  # summer time has begun at 2:00
        ("UTC", "2026-11-22T03:00", "2026-11-23T03:00"),  # strictly after
    ],
)
def test_cron_is_read_in_the_time_zone_of_the_house(timezone, moment, fires):
    slot = next_slot(Schedule(NIGHTLY, "0 3 * * *", spread_seconds=0), HOUSE, timezone, at(moment))
    assert slot.run_at == slot.at == at(fires)


def test_houses_are_spread_and_each_keeps_its_place():
    schedule = Schedule(NIGHTLY, "0 3 * * *", spread_seconds=600)
    moment = at("2026-11-22T00:00")
    offsets = {next_slot(schedule, uuid4(), "UTC", moment).run_at - at("2026-11-22T03:00") for _ in range(50)}
    assert len(offsets) > 30
    assert all(timedelta() <= offset < timedelta(seconds=600) for offset in offsets)
    assert next_slot(schedule, HOUSE, "UTC", moment) == next_slot(schedule, HOUSE, "UTC", moment)


def test_a_slot_that_the_spread_moved_is_not_lost_between_cron_moment_and_run():
    schedule = Schedule(NIGHTLY, "0 3 * * *", spread_seconds=600)
    slot = next_slot(schedule, HOUSE, "UTC", at("2026-11-22T00:00"))
    just_before = slot.run_at - timedelta(seconds=1)
    assert next_slot(schedule, HOUSE, "UTC", just_before) == slot
    assert next_slot(schedule, HOUSE, "UTC", slot.run_at).at == slot.at + timedelta(days=1)


def planted(session):
    return session.scalars(select(JobRow).where(JobRow.name == SWEEP_FINISHED.name)).all()


def test_two_planters_plant_a_firing_once(runtime, tenant, session):
    moment = at("2026-11-22T00:00")
    for planter in (Planter(), Planter()):
        for _ in range(2):
            with runtime.db.begin(tenant) as unit:
                planter.plant(unit, moment)
    (row,) = planted(session)
    assert row.run_at > moment
    assert row.unique_key.startswith("core.sweep_finished@2026-11-")


def test_the_next_firing_follows_when_one_has_passed(runtime, tenant, session):
    planter, moment = Planter(), at("2026-11-22T00:00")
    for days in (0, 1, 2):
        with runtime.db.begin(tenant) as unit:
            planter.plant(unit, moment + timedelta(days=days))
    assert len(planted(session)) == 3


def test_what_was_rolled_back_is_planted_again(runtime, tenant, session):
    planter, moment = Planter(), at("2026-11-22T00:00")
    with runtime.db.unit(tenant) as unit:
        planter.plant(unit, moment)
        unit.rollback()
    with runtime.db.begin(tenant) as unit:
        planter.plant(unit, moment)
    assert len(planted(session)) == 1
