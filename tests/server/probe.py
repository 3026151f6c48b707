"""A module with jobs to watch, and the processes that run them: `python -m tests.server.probe worker|relay [pace]`."""

import os
import sys
import time

from guildhall.core import audit
from guildhall.core.jobs.contract import Job, JobContext
from guildhall.core.module import Category, Module
from guildhall.core.observability.logs import configure_logging
from guildhall.core.registry import Registry
from guildhall.core.runtime import Runtime
from guildhall.core.settings import Settings
from guildhall.server.process import Process
from guildhall.server.relay import Pace, run_relay
from guildhall.server.worker import run_worker

EFFECT = "probe.done"


def _note(context: JobContext, seconds: float = 0.0) -> dict[str, int]:
    """Leaves its effect before it dawdles, so that whoever kills it kills it with the effect uncommitted."""
    audit.record(context.session, EFFECT, changes={"job": str(context.job_id)})
    context.progress(1, 2, "half-way")
    time.sleep(seconds)
    return {"pid": os.getpid()}


def _quick(context: JobContext) -> None:
    pass


def _fail(context: JobContext) -> None:
    raise ValueError("on purpose")


def _die(context: JobContext) -> None:
    os.kill(os.getpid(), 9)


def _overrun(context: JobContext) -> None:
    time.sleep(30)


NOTE = Job("probe.note", _note)
QUICK = Job("probe.quick", _quick)
FAIL = Job("probe.fail", _fail, max_attempts=2)
DIE = Job("probe.die", _die, max_attempts=2)
OVERRUN = Job("probe.overrun", _overrun, max_attempts=1, timeout_seconds=1)

MODULE = Module(
    name="probe",
    version="1",
    package="tests.server",
    label="Probe",
    description="Jobs to watch",
    icon="file",
    category=Category.BASE,
    always_on=True,
    jobs=(NOTE, QUICK, FAIL, DIE, OVERRUN),
)


def make_process(settings: Settings) -> Process:
    """A process that has only this module."""
    return Process(Runtime.build(settings, Registry.of([MODULE])))


def main(kind: str, *pace: str) -> None:
    settings = Settings.from_environ(os.environ)
    configure_logging(settings)
    process = make_process(settings)
    if kind == "worker":
        run_worker(process)
    else:
        sweep, hand_again = (float(number) for number in pace)
        run_relay(process, Pace(sweep=sweep, hand_again=hand_again))


if __name__ == "__main__":
    main(*sys.argv[1:])
