"""Handing a mail to an SMTP server."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formataddr, formatdate, parseaddr
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from guildhall.core.house import House
from guildhall.core.html_text import as_text
from guildhall.core.settings import Settings

if TYPE_CHECKING:
    from guildhall.core.mail import Mail

TIMEOUT_SECONDS = 10
SUBMISSION_PORT = 587  # RFC 6409; there TLS is begun by STARTTLS and demanded (RFC 8314)
PERMANENT = range(500, 600)  # RFC 5321 §4.2.1: asking again will not help


def deliver(settings: Settings, house: House, mail: "Mail") -> str:
    """Send a mail; returns why the address was refused for good, or nothing.

    Raises:
        OSError, smtplib.SMTPException: for the moment it cannot be sent; try again later.
    """
    try:
        with _connection(settings.smtp_url) as server:
            server.send_message(compose(settings, house, mail))
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        if code not in PERMANENT:
            raise
        return f"{code} {answer.decode(errors='replace')}"
    return ""


def compose(settings: Settings, house: House, mail: "Mail") -> EmailMessage:
    """The message: from the association by name, through the platform's address."""
    message = EmailMessage()
    message["From"] = formataddr((house.name, parseaddr(settings.mail_from)[1]))
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{mail.id}@{urlsplit(house.url()).hostname}>"
    message["Content-Language"] = mail.locale.replace("_", "-")
    message["Auto-Submitted"] = "auto-generated"
    for name, value in mail.headers.items():
        message[name] = value
    message.set_content(as_text(mail.html))
    message.add_alternative(mail.html, subtype="html")
    return message


@contextmanager
def _connection(url: str) -> Iterator[smtplib.SMTP]:
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port or 25
    tls = ssl.create_default_context()
    server = (
        smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=tls)
        if parts.scheme == "smtps"
        else smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    )
    with server:
        if parts.scheme == "smtp" and port == SUBMISSION_PORT:
            server.starttls(context=tls)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server
