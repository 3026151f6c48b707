"""Messages to people: what a module declares of each kind that it sends. The module `messaging` brings them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Channel(StrEnum):
    """A way to reach somebody."""

    IN_APP = "in_app"  # in the association's own pages
    EMAIL = "email"
    SMS = "sms"
    WECHAT = "wechat"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A word that is filled in: `{{ event }}`. The sample stands for it in previews."""

    name: str
    label: Any
    sample: Any


@dataclass(frozen=True, slots=True)
class MessageKind:
    """A kind of message, such as "events.registration_confirmed". An association may put it in its own words.

    Attributes:
        title, body: the words, translatable, with places such as `{{ event }}`; an empty line begins a paragraph.
            `{{ person }}` and `{{ association }}` can be used in every kind.
        placeholders: what else the words may show; the sender gives exactly these.
        transactional: it answers what the person did, or they must know it; it cannot be switched off.
        channels: how it goes out, as far as the person can be reached that way.
        action: what the button says that leads to the message's address.
    """

    name: str
    label: Any
    title: Any
    body: Any
    placeholders: tuple[Placeholder, ...] = ()
    transactional: bool = True
    channels: tuple[Channel, ...] = (Channel.IN_APP, Channel.EMAIL)
    action: Any = ""
