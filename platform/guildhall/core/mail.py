"""E-mail: declared by modules, written into the outbox with the transaction, sent by a job.

A mail is one HTML template; its text part is made from that. `accounts.sign_in_code` is declared by the module accounts
and lies at `templates/accounts/mail/sign_in_code.html`; it extends `layouts/mail.html`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import render_template

from guildhall.core import smtp
from guildhall.core.jobs.contract import Job, JobContext
from guildhall.core.jobs.models import JobRow
from guildhall.core.jobs.queue import enqueue

if TYPE_CHECKING:
    from guildhall.core.db.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class MailTemplate:
    """A kind of mail. `subject` may hold `%(name)s` places, filled from the mail's words and `house`, its name.

    `transactional` mails answer something that the recipient did or must know; they cannot be unsubscribed.
    """

    name: str
    label: Any
    subject: Any
    transactional: bool = True

    @property
    def path(self) -> str:
        """Its template's name."""
        module, _, name = self.name.partition(".")
        return f"{module}/mail/{name}.html"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail about to go. `id` is its job's, so that a repeated attempt carries the same Message-ID."""

    id: UUID
    template: str
    to: str
    locale: str
    subject: str
    html: str
    headers: dict[str, str] = field(default_factory=dict)


def _unchanged(_session: "UnitOfWork", mail: Mail, _words: dict[str, Any]) -> Mail | None:
    return mail


def _unnoted(_session: "UnitOfWork", _mail: Mail, _refusal: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class MailHook:
    """A module's part in every mail of a house where it is on.

    Attributes:
        prepare: may change a mail, given the words it was made from, or hold it back by returning None. Runs in the
            recipient's language.
        delivered: told afterwards, with why the address was refused for good, or nothing.
    """

    prepare: "Callable[[UnitOfWork, Mail, dict[str, Any]], Mail | None]" = _unchanged
    delivered: "Callable[[UnitOfWork, Mail, str], None]" = _unnoted


def send_mail(session: "UnitOfWork", template: str, to: str, locale: str, words: dict[str, Any]) -> UUID:
    """Send a mail once this transaction has committed; returns the job's id.

    `template` names a declared `MailTemplate`; `words` are plain values that it and its subject show.

    Raises:
        KeyError: no module declares the template.
    """
    declared = session.registry.mails[template]
    return enqueue(session, SEND_MAIL, template=declared.name, to=to, locale=locale, words=words)


def render(template: MailTemplate, mail_id: UUID, to: str, locale: str, words: dict[str, Any]) -> Mail:
    """A mail in the language that is spoken at this moment (see `Runtime.speaking`)."""
    subject = str(template.subject) % words
    return Mail(mail_id, template.name, to, locale, " ".join(subject.split()), render_template(template.path, **words))


def _send(context: JobContext, template: str, to: str, locale: str, words: dict[str, Any]) -> dict[str, Any]:
    session, house = context.session, context.session.house
    hooks = [module.mail_hook for module in session.registry.active(house.modules) if module.mail_hook]
    with context.runtime.speaking(house, locale):
        words = {"house": house.name, **words}
        mail: Mail | None = render(session.registry.mails[template], context.job_id, to, locale, words)
        for hook in hooks:
            mail = hook.prepare(session, mail, words) if mail else None
    if mail is None:
        return {"held_back": True}
    refusal = smtp.deliver(context.runtime.settings, house, mail)
    for hook in hooks:
        hook.delivered(session, mail, refusal)
    _forget_words(context)
    return {"refused": refusal} if refusal else {}


def _forget_words(context: JobContext) -> None:
    """A mail that has gone leaves no code, link or address in the outbox."""
    row = context.session.get(JobRow, context.job_id)
    if row is not None:
        row.payload = {"template": row.payload["template"]}


SEND_MAIL = Job("core.send_mail", _send, timeout_seconds=60)
