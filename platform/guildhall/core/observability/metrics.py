"""Figures for Prometheus. Every one has a label, so that its value is made only at its first use; see `share`."""

import os
from pathlib import Path

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
    values,
)
from sqlalchemy import Engine, event

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the library's own variable, so no GUILDHALL_ before it
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15)
LONG_SECONDS = (0.01, 0.05, 0.25, 1, 5, 15, 60, 300, 1800)

requests = Counter("guildhall_http_requests", "Requests answered", ["door", "endpoint", "status"])
request_seconds = Histogram("guildhall_http_request_seconds", "Time to answer", ["door", "endpoint"], buckets=SECONDS)
request_queries = Counter("guildhall_http_request_queries", "Database statements of requests", ["door", "endpoint"])
jobs = Counter("guildhall_jobs", "Runs of jobs by how they ended", ["name", "state"])
job_seconds = Histogram("guildhall_job_seconds", "Time that a job ran", ["name"], buckets=LONG_SECONDS)
job_failures = Counter("guildhall_job_failures", "Runs that failed, by house", ["house", "name"])
jobs_handed = Counter("guildhall_jobs_handed", "Jobs handed to workers", ["process"])
outbox_waiting = Gauge(
    "guildhall_outbox_waiting", "Jobs due beyond those in flight", ["relay"], multiprocess_mode="livemax"
)
connections = Gauge("guildhall_db_connections", "Database connections in use", ["role"], multiprocess_mode="livesum")
provision_seconds = Histogram(
    "guildhall_provision_seconds", "Time to onboard an association", ["from_spare"], buckets=SECONDS
)
migrations = Counter("guildhall_tenant_migrations", "Schemas brought to their heads, by result", ["result"])


def share(folder: Path) -> None:
    """Keep the values in files there, so that any process of this machine can answer for all of them.

    The library looks for its variable when it is imported, which is too early for a server that learns only from its
    command line that it will have several processes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    os.environ[FOLDER] = str(folder)
    values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]


def exposition() -> tuple[bytes, str]:
    """All figures as Prometheus reads them, and the media type."""
    if FOLDER not in os.environ:
        return generate_latest(REGISTRY), CONTENT_TYPE_LATEST
    everybody = CollectorRegistry()
    multiprocess.MultiProcessCollector(everybody)  # type: ignore[no-untyped-call]
    return generate_latest(everybody), CONTENT_TYPE_LATEST


def watch_pool(engine: Engine, role: str) -> None:
    """Count the connections that are out of the pool."""
    gauge = connections.labels(role)
    event.listen(engine, "checkout", lambda *_: gauge.inc())
    event.listen(engine, "checkin", lambda *_: gauge.dec())
