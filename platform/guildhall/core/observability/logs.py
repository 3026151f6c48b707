"""Logs: one line an event, JSON for machines or coloured for people, on standard error.

What is bound to the context (house, request, actor, job: ids, never names) is on every line. PostgreSQL's DETAIL line
quotes the row that was refused, so it is left out.
"""

import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from guildhall.core.observability import sentry
from guildhall.core.settings import Settings

QUIET = {"rq.worker": "WARNING", "rq.job": "WARNING", "sqlalchemy": "WARNING", "mail.log": "WARNING"}


def configure_logging(settings: Settings) -> None:
    """Send this process's logs, and those of the libraries in it, out in one form."""
    level = logging.getLevelNamesMapping().get(settings.log_level.upper(), logging.INFO)
    before = _before(settings)
    render = _renderer(settings)
    structlog.configure(
        processors=[*before, render],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    cleaned: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, render]
    foreign: list[Processor] = [structlog.stdlib.add_logger_name, *before]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=cleaned, foreign_pre_chain=foreign))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name, quiet in QUIET.items():
        logging.getLogger(name).setLevel(quiet)


def _before(settings: Settings) -> list[Processor]:
    processors: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    if sentry.start(settings):
        processors.append(sentry.report)
    return [*processors, structlog.processors.format_exc_info, _without_details]


def _renderer(settings: Settings) -> Processor:
    if settings.log_format == "console":
        return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), timestamp_key="at")
    return structlog.processors.JSONRenderer(ensure_ascii=False)


def _without_details(_logger: WrappedLogger, _name: str, line: EventDict) -> EventDict:
    for key in ("exception", "error"):
        value: Any = line.get(key)
        if isinstance(value, str):
            line[key] = sentry.without_details(value)
    return line
