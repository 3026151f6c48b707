"""The steps of the set-up checklist that are the office's own."""

from typing import cast

from guildhall.core.db import UnitOfWork
from guildhall.core.i18n import _l
from guildhall.core.module import SetupStep
from modules.secretariat.permissions import ASSOCIATION_MANAGE, MODULES_MANAGE
from tenants.profile import Profile
from tenants.registry import Tenant


def _profile(session: UnitOfWork) -> Profile:
    return cast("Tenant", session.house).profile


def _profile_is_complete(session: UnitOfWork) -> bool:
    profile = _profile(session)
    return bool(profile.introduction and (profile.contact_email or profile.contact_phone))


def _has_logo(session: UnitOfWork) -> bool:
    return bool(_profile(session).logo)


def _modules_are_chosen(session: UnitOfWork) -> bool:
    """Some are on, or there is nothing to choose."""
    registry = session.registry
    return len(session.house.modules) > len(registry.always_on) or len(registry.modules) == len(registry.always_on)


STEPS = (
    SetupStep(
        "profile",
        _l("Introduce the association"),
        _l("Name, a few sentences and how to reach you: the home page is made from them."),
        "secretariat_admin.association",
        _profile_is_complete,
        ASSOCIATION_MANAGE,
        order=10,
    ),
    SetupStep(
        "logo",
        _l("Set logo and colour"),
        _l("Pages, mails and the icon on the phone will carry them."),
        "secretariat_admin.association",
        _has_logo,
        ASSOCIATION_MANAGE,
        order=20,
    ),
    SetupStep(
        "modules",
        _l("Choose modules"),
        _l("Begin with one. More can be switched on at any time."),
        "secretariat_admin.catalogue",
        _modules_are_chosen,
        MODULES_MANAGE,
        order=30,
    ),
)
