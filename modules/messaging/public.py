"""What other modules may use of messaging. They declare their `MessageKind`s in their `Module.messages`."""

from modules.messaging.enums import Status
from modules.messaging.facts import AddressBounced, MessageFailed
from modules.messaging.models import Message
from modules.messaging.queries import unread_count
from modules.messaging.services.sending import send

__all__ = ["AddressBounced", "Message", "MessageFailed", "Status", "send", "unread_count"]
