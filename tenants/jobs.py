"""What the platform's own house does again and again."""

from guildhall.core.jobs.contract import Job, JobContext, Schedule
from tenants.provisioning import REPLENISH_SPARES
from tenants.spares import replenish


def _replenish(context: JobContext) -> dict[str, int]:
    return {"ready": replenish(context.runtime)}


REPLENISH = Job(REPLENISH_SPARES, _replenish)

PLATFORM_SCHEDULES = (Schedule(REPLENISH, "*/10 * * * *", spread_seconds=0),)
