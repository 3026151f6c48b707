"""What the platform's own house does again and again."""

from guildhall.core.jobs.contract import Job, JobContext, Schedule
from tenants.spares import replenish


def _replenish(context: JobContext) -> dict[str, int]:
    return {"ready": replenish(context.runtime)}


REPLENISH_SPARES = Job("tenants.replenish_spares", _replenish)

PLATFORM_SCHEDULES = (Schedule(REPLENISH_SPARES, "*/10 * * * *", spread_seconds=0),)
