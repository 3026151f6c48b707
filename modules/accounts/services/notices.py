"""Telling people when the way into their account has changed, so that a thief does not go unnoticed."""

from guildhall.core.db import UnitOfWork
from guildhall.core.mail import send_mail
from modules.accounts import mails
from modules.accounts.models import Person


def tell_of_change(session: UnitOfWork, person: Person, change: str, to: str | None = None) -> None:
    """Write to the person's address, or to the one that they had: `change` is password, passkey, totp or address."""
    address = to or person.email
    if address and "@" in address:
        words = {"name": person.name, "change": change, "url": session.house.url("/me/security")}
        send_mail(session, mails.SECURITY_NOTICE.name, address, person.locale, words)
