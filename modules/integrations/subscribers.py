"""Reactions to facts."""

from guildhall.core.facts import Subscription
from guildhall.core.jobs.contract import JobContext
from guildhall.core.mail import send_mail
from guildhall.core.permissions import DefaultRole
from guildhall.core.webhooks.facts import WebhookFailing
from modules.accounts.public import people_with_role
from modules.integrations.mails import WEBHOOK_FAILING


def tell_admins(context: JobContext, fact: WebhookFailing) -> None:
    """Administrators hear that an address has not answered for three days."""
    session = context.session
    address = session.house.url(f"/admin/webhooks/{fact.endpoint_id}")
    words = {"name": fact.endpoint_name, "url": fact.url, "page": address}
    for person in people_with_role(session, DefaultRole.ADMIN):
        if person.email:
            send_mail(session, WEBHOOK_FAILING.name, person.email, person.locale, words)


SUBSCRIPTIONS = (Subscription(WebhookFailing, tell_admins),)
