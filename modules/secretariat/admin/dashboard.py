"""The first page of the office: what is left to set up, the figures, and what happened."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from guildhall.core import audit
from guildhall.core.db import UnitOfWork
from guildhall.core.module import Card, Figure, SetupStep
from guildhall.core.permissions import allow
from guildhall.core.web.context import current_actor, db_session
from guildhall.core.web.view import Happening, Task
from modules.secretariat.admin.blueprint import blueprint
from modules.secretariat.here import settings_of
from modules.secretariat.permissions import AUDIT_VIEW, DASHBOARD_VIEW, SETTINGS_MANAGE
from modules.secretariat.words import happening

LATEST = 8


@blueprint.get("")
@allow(DASHBOARD_VIEW)
def dashboard() -> ResponseReturnValue:
    session = db_session()
    shown = settings_of().get("show_checklist")
    return render_template(
        "secretariat/dashboard.html",
        tasks=[*_tasks(session)] if shown else [],
        figures=[*_figures(session)],
        happenings=_latest(session) if current_actor().may(AUDIT_VIEW) else None,
        may_dismiss=current_actor().may(SETTINGS_MANAGE),
    )


@blueprint.post("/checklist/dismiss")
@allow(SETTINGS_MANAGE)
def dismiss_checklist() -> ResponseReturnValue:
    """Put the checklist away; the settings bring it back."""
    settings_of().set({"show_checklist": False})
    return redirect(url_for(".dashboard"))


def _tasks(session: UnitOfWork) -> Iterator[Task]:
    """The steps of all modules that this actor may take."""
    steps = [step for module in session.registry.active(session.house.modules) for step in module.setup_steps]
    for step in sorted(steps, key=_order):
        if current_actor().may(step.permission):
            yield Task(step.label, step.help, step.done(session), url_for(step.endpoint))


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure with the list behind it."""

    label: Any
    url: str
    figure: Figure


def _figures(session: UnitOfWork) -> Iterator[Shown]:
    cards = [card for module in session.registry.active(session.house.modules) for card in module.cards]
    for card in sorted(cards, key=_order):
        if current_actor().may(card.permission):
            yield Shown(card.label, url_for(card.endpoint), card.figure(session))


def _order(one: Card | SetupStep) -> int:
    return one.order


def _latest(session: UnitOfWork) -> list[Happening]:
    return [happening(session.registry, entry) for entry in session.scalars(audit.entries().limit(LATEST))]
