"""States of messages."""

from enum import StrEnum


class Status(StrEnum):
    """How far a message is."""

    QUEUED = "queued"  # waits for its first or next attempt
    SENT = "sent"  # handed over to the carrier
    FAILED = "failed"  # refused for good, or every attempt failed
    HELD = "held"  # not sent: the address bounces, or its owner wants no such messages


class BlockReason(StrEnum):
    """Why an address gets no more messages that it did not ask for."""

    BOUNCED = "bounced"
    UNSUBSCRIBED = "unsubscribed"
