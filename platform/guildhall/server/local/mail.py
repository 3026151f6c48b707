"""The mail catcher: takes every message over SMTP, sends none on, and shows them in a web inbox."""

import contextlib
import email
import email.policy
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from guildhall.server.local.ports import LOOPBACK, free_port

ID = re.compile(r"\d{20}-[0-9a-f]{8}")
NOBODY = "@nobody.example"  # addresses there are refused for good, so that bounces can be seen
LARGEST_MESSAGE = 50 * 1024 * 1024


@dataclass(frozen=True)
class CaughtMail:
    """One message as it came over SMTP, one file."""

    path: Path

    @property
    def id(self) -> str:
        """Sorts by arrival."""
        return self.path.stem

    @property
    def arrived(self) -> datetime:
        return datetime.fromtimestamp(int(self.id.split("-", maxsplit=1)[0]) / 1e9, UTC)

    @cached_property
    def source(self) -> bytes:
        return self.path.read_bytes()

    @cached_property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.source, _class=EmailMessage, policy=email.policy.default)

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def sender(self) -> str:
        return str(self.message["From"] or "")

    @property
    def recipients(self) -> list[str]:
        """Addresses that it was really sent to, blind copies included, whatever its own headers say."""
        return str(self.message["X-Envelope-To"]).split(", ")

    @property
    def text(self) -> str:
        """The plain text, or an empty string."""
        return self._body("plain")

    @property
    def html(self) -> str:
        """The HTML, or an empty string."""
        return self._body("html")

    @property
    def attachments(self) -> list[EmailMessage]:
        return [part for part in self.message.iter_attachments() if isinstance(part, EmailMessage)]

    @property
    def inline_parts(self) -> Iterator[tuple[str, str, bytes]]:
        """Pictures that the HTML shows: content id, media type, bytes."""
        for part in self.message.walk():
            if part["Content-ID"] and not part.is_multipart():
                content = part.get_payload(decode=True)
                yield (
                    part["Content-ID"].strip("<>"),
                    part.get_content_type(),
                    content if isinstance(content, bytes) else b"",
                )

    def matches(self, to: str | None = None, words: str | None = None) -> bool:
        """Whether it went to the address `to` and holds `words` somewhere in subject, people or text."""
        if to is not None and to.lower() not in (recipient.lower() for recipient in self.recipients):
            return False
        haystack = "\n".join([self.subject, self.sender, *self.recipients, self.text, self.html])
        return words is None or words.lower() in haystack.lower()

    def as_json(self) -> dict[str, Any]:
        """What the inbox's API says about it."""
        return {
            "id": self.id,
            "arrived": self.arrived.isoformat(),
            "from": self.sender,
            "to": self.recipients,
            "subject": self.subject,
            "text": self.text,
            "html": self.html,
            "attachments": [
                {"filename": part.get_filename(), "content_type": part.get_content_type()} for part in self.attachments
            ],
        }

    def _body(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return str(part.get_content()) if part is not None else ""


class Mailbox:
    """Messages in a folder, a file each. Any number of processes may read one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, envelope: Envelope) -> None:
        """Keep a message; it is seen whole or not at all."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        headers = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n"
        name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
        unfinished = self.folder / f"{name}.part"
        unfinished.write_bytes(headers.encode() + content)
        unfinished.rename(self.folder / f"{name}.eml")

    def messages(self, to: str | None = None, words: str | None = None) -> list[CaughtMail]:
        """Newest first; only those sent to the address `to` and holding `words`, where given."""
        paths = sorted(self.folder.glob("*.eml"), reverse=True)
        caught = [CaughtMail(path) for path in paths]
        return [mail for mail in caught if mail.matches(to, words)] if to or words else caught

    def get(self, message_id: str) -> CaughtMail | None:
        """The message of that id."""
        path = self.folder / f"{message_id}.eml"
        return CaughtMail(path) if ID.fullmatch(message_id) and path.exists() else None

    def wait_for(self, to: str, subject: str | None = None, seconds: float = 5.0) -> CaughtMail:
        """The newest message to that address (whose subject holds `subject`). Raises TimeoutError after `seconds`."""
        deadline = time.monotonic() + seconds
        while True:
            for mail in self.messages(to=to):
                if subject is None or subject in mail.subject:
                    return mail
            if time.monotonic() > deadline:
                seen = [(mail.recipients, mail.subject) for mail in self.messages()]
                raise TimeoutError(f"No mail to {to} with subject {subject!r} within {seconds} s; there is {seen}.")
            time.sleep(0.02)

    def clear(self) -> None:
        """Delete all messages."""
        for path in self.folder.glob("*.eml"):
            path.unlink(missing_ok=True)


class MailCatcher(Mailbox):
    """A mailbox that an SMTP server fills and a web page shows. Ports already taken are replaced by free ones."""

    def __init__(self, folder: Path, smtp_port: int = 0, web_port: int = 0) -> None:
        from guildhall.server.local.inbox import create_inbox
        from guildhall.server.local.web import BackgroundServer

        super().__init__(folder)
        self._controller = Controller(
            _Keep(self), LOOPBACK, free_port(smtp_port), data_size_limit=LARGEST_MESSAGE, enable_SMTPUTF8=True
        )
        self._web = BackgroundServer(create_inbox(self), web_port)

    @property
    def smtp_url(self) -> str:
        return f"smtp://{LOOPBACK}:{self._controller.port}"

    @property
    def web_url(self) -> str:
        return self._web.url

    def start(self) -> Self:
        """Take mail and show it, from now on."""
        self._controller.start()
        self._web.start()
        return self

    def stop(self) -> None:
        """Stop both; the messages stay."""
        with contextlib.suppress(AssertionError):  # the controller's way to say that it never started
            self._controller.stop()
        self._web.stop()


class _Keep:
    """The handler that aiosmtpd calls for each message."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.lower().endswith(NOBODY):
            return "550 5.1.1 There is no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self._mailbox.add(envelope)
        return "250 Message kept"
