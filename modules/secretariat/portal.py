"""The member's home on the phone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from guildhall.core.clock import now
from guildhall.core.db import UnitOfWork
from guildhall.core.i18n import _
from guildhall.core.module import Area, PortalCard, PortalItem
from guildhall.core.permissions import signed_in
from guildhall.core.web.app import navigation
from guildhall.core.web.context import current_actor, db_session, door
from guildhall.core.web.view import Entry
from modules.secretariat.here import association

blueprint = Blueprint("secretariat_portal", __name__)

NOON, EVENING, NIGHT = 12, 18, 5
BAR_HOLDS = 5
"""Entries of the portal's layout."""


@blueprint.get("")
@signed_in
def home() -> ResponseReturnValue:
    return render_template(
        "secretariat/portal.html", greeting=_greeting(), tiles=[*_tiles()], news=[*_news(db_session())]
    )


def _greeting() -> str:
    """By the hour at the association's place."""
    hour, name = now().astimezone(ZoneInfo(association().timezone)).hour, current_actor().label
    if NIGHT <= hour < NOON:
        return str(_("Good morning, %(name)s", name=name))
    if NOON <= hour < EVENING:
        return str(_("Good afternoon, %(name)s", name=name))
    return str(_("Good evening, %(name)s", name=name))


def _tiles() -> Iterator[Entry]:
    """All that a member can go to, where the bar at the bottom of the phone cannot hold it."""
    entries = [entry for group in navigation(door(), Area.PORTAL) for entry in group.entries]
    if len(entries) > BAR_HOLDS:
        yield from (entry for entry in entries if not entry.active)


@dataclass(frozen=True, slots=True)
class News:
    label: Any
    url: str
    icon: str
    items: list[PortalItem]


def _news(session: UnitOfWork) -> Iterator[News]:
    cards = [card for module in session.registry.active(session.house.modules) for card in module.portal_cards]
    for card in sorted(cards, key=_order):
        items = list(card.items(session))
        if items:
            yield News(card.label, url_for(card.endpoint), card.icon, items)


def _order(card: PortalCard) -> int:
    return card.order
