"""What an association says of itself, changed by its own people: checked, noted, and seen at once on every page."""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any
from zoneinfo import available_timezones

from babel.numbers import list_currencies
from email_validator import EmailNotValidError, validate_email

from guildhall.core import audit
from guildhall.core.errors import Invalid
from guildhall.core.i18n import LOCALES, _l
from guildhall.core.identity import SYSTEM, Actor
from guildhall.core.runtime import Runtime
from tenants.events import locked, note
from tenants.profile import Profile
from tenants.registry import Tenant, TenantRegistry, snapshot

LONGEST = {"name": 80, "short_name": 16, "introduction": 2000, "address": 200, "icp": 60, "contact_email": 254}
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_PHONE = re.compile(r"[0-9+][0-9 ()+-]{4,29}")


def update_profile(
    runtime: Runtime, tenants: TenantRegistry, tenant: Tenant, changes: Mapping[str, Any], actor: Actor = SYSTEM
) -> Tenant:
    """Change fields of an association's profile; returns the association anew.

    Raises:
        Invalid: what does not fit, by field.
    """
    with runtime.db.begin(runtime.platform, actor) as session:
        row = locked(session, tenant.id)
        before = Profile.from_json(row.profile)
        after = checked(replace(before, **changes))
        different = differences(before, after)
        if not different:
            return tenant
        row.profile = after.to_json()
        note(session, row, "profile_changed", fields=sorted(different))
        changed = snapshot(runtime, row)
        session.enter(changed)
        audit.record(session, "tenants.profile_changed", label=after.name, changes=different)
    tenants.changed(tenant.id)
    return changed


def differences(before: Profile, after: Profile) -> dict[str, list[Any]]:
    """Field → [before, after], for the fields that differ."""
    pairs = {f.name: [getattr(before, f.name), getattr(after, f.name)] for f in fields(Profile)}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def checked(profile: Profile) -> Profile:
    """The profile with surplus space removed.

    Raises:
        Invalid: what does not fit, by field.
    """
    texts = {f.name: getattr(profile, f.name) for f in fields(Profile)}
    stripped: dict[str, Any] = {name: text.strip() for name, text in texts.items() if isinstance(text, str)}
    trimmed = replace(profile, **stripped)
    wrong = {name: message for name, fits, message in _RULES if not fits(trimmed)}
    wrong |= {
        name: _l("This is too long.") for name, longest in LONGEST.items() if len(getattr(trimmed, name)) > longest
    }
    if wrong:
        raise Invalid(fields=wrong)
    return trimmed


def _is_mail_address(text: str) -> bool:
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


_RULES: tuple[tuple[str, Callable[[Profile], object], Any], ...] = (
    ("name", lambda p: p.name, _l("An association needs a name.")),
    ("locales", lambda p: p.locales and set(p.locales) <= set(LOCALES), _l("Choose at least one language.")),
    ("locale", lambda p: p.locale in p.locales, _l("Choose one of the languages that are switched on.")),
    ("timezone", lambda p: p.timezone in available_timezones(), _l("There is no such time zone.")),
    ("currency", lambda p: p.currency in list_currencies(), _l("There is no such currency.")),
    ("colour", lambda p: _COLOUR.fullmatch(p.colour), _l("Write the colour as # and six digits, such as #C43D2B.")),
    (
        "contact_email",
        lambda p: not p.contact_email or _is_mail_address(p.contact_email),
        _l("This is not an e-mail address."),
    ),
    (
        "contact_phone",
        lambda p: not p.contact_phone or _PHONE.fullmatch(p.contact_phone),
        _l("Write the number in digits, such as 0512-6522 1234."),
    ),
)
