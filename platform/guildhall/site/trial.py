"""A trial without the vendor's hand: ask, confirm by mail, and the house stands."""

from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from sqlalchemy import select

from guildhall.console.onboarding import Onboarded, Order, onboard
from guildhall.core import audit
from guildhall.core.clock import now
from guildhall.core.crypto import fingerprint
from guildhall.core.db import UnitOfWork
from guildhall.core.errors import NotFound
from guildhall.core.i18n import _l
from guildhall.core.ids import token
from guildhall.core.mail import MailTemplate, send_mail
from guildhall.core.runtime import Runtime
from guildhall.site.models import TrialRequest
from tenants.provisioning import check_slug
from tenants.registry import TenantRegistry

LIFETIME = timedelta(days=2)
CONFIRM = MailTemplate("site.confirm_trial", _l("Confirm a trial"), _l("Your house on Guildhall: one more step"))
PLATFORM_MAILS = (CONFIRM,)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody asked for on the public site."""

    name: str
    slug: str
    locale: str
    template: str


def request_trial(session: UnitOfWork, email: str, name: str, wishes: Wishes, locale: str) -> None:
    """Keep the wishes and mail a link; nothing is made yet, so that nobody can make houses with a stranger's address.

    Raises:
        SlugInvalid, SlugReserved, SlugTaken
    """
    check_slug(session, wishes.slug)
    secret = token()
    session.add(
        TrialRequest(
            email=email, name=name, token_hash=fingerprint(secret), wishes=asdict(wishes), expires_at=now() + LIFETIME
        )
    )
    link = session.house.url(f"/trial/{secret}")
    send_mail(session, CONFIRM.name, email, locale, {"link": link, "association": wishes.name})


def find_request(session: UnitOfWork, secret: str) -> TrialRequest:
    """The request that a link belongs to, locked: a second click waits for the first.

    Raises:
        NotFound: it has expired, or never was.
    """
    statement = select(TrialRequest).where(TrialRequest.token_hash == fingerprint(secret)).with_for_update()
    found = session.scalar(statement)
    if found is None or found.expires_at < now():
        raise NotFound
    return found


def confirm(runtime: Runtime, tenants: TenantRegistry, session: UnitOfWork, request: TrialRequest) -> Onboarded | None:
    """Onboard what was asked for; None if it was done already.

    Raises:
        SlugTaken: somebody was quicker; the wishes stay, another address can be chosen.
    """
    if request.tenant_id is not None:
        return None
    order = Order(admin_email=request.email, admin_name=request.name, plan="trial", modules=(), **request.wishes)
    done = onboard(runtime, tenants, order, replace(session.actor, label=request.name))
    request.tenant_id = done.tenant.id
    audit.record(session, "site.trial_confirmed", label=str(done.tenant.id))
    return done
