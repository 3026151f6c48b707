"""The secretariat's pages of messages."""

from flask import Blueprint

blueprint = Blueprint("messaging_admin", __name__, url_prefix="/messages")

from modules.messaging.admin import addresses, announcements, log, templates  # noqa: E402, F401 - each adds its pages
