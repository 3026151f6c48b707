"""Carriers of text messages and WeChat notices.

A package that knows one (a cloud's SMS service, an official account) offers an `Adapter` under the entry point group
`guildhall.message_adapters`; its name begins with the channel: "sms_tencent". An association chooses in its settings.
"""

from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points
from typing import Any, Protocol

import structlog

from guildhall.core.db import UnitOfWork
from guildhall.core.i18n import _l
from guildhall.core.messages import Channel

ENTRY_POINT_GROUP = "guildhall.message_adapters"
LOG = "log"
OFF = "off"

log = structlog.get_logger(__name__)


class Refused(Exception):
    """The carrier will never take this; the text says why."""


class TryLater(Exception):
    """The carrier does not answer; the text says what happened."""


class Adapter(Protocol):
    """One carrier."""

    label: Any

    def send(self, session: UnitOfWork, channel: Channel, address: str, text: str) -> None:
        """Hand a message over. Must return or raise within seconds.

        Raises:
            Refused: it will never be taken.
            TryLater: it may be taken later.
        """
        ...


class LogAdapter:
    """Writes messages to the log, where whoever runs the platform reads them: for trying things out."""

    label = _l("Write to the log only")

    def send(self, session: UnitOfWork, channel: Channel, address: str, text: str) -> None:
        log.info("message_logged", house=str(session.house.id), channel=channel.value, to=address, text=text)


@cache
def installed() -> dict[str, Adapter]:
    """Every adapter by name."""
    found: dict[str, Adapter] = {LOG: LogAdapter()}
    return found | {point.name: point.load()() for point in entry_points(group=ENTRY_POINT_GROUP)}


def choices(channel: Channel) -> Iterator[tuple[str, Any]]:
    """For the setting: those that fit the channel."""
    yield OFF, _l("Do not use")
    for name, adapter in installed().items():
        if name == LOG or name.startswith(f"{channel}_"):
            yield name, adapter.label
