"""The module catalogue: what each module does and needs, and switching it on and off."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from guildhall.core.i18n import _, _l
from guildhall.core.module import Category, Module
from guildhall.core.permissions import allow
from guildhall.core.web.context import current_actor, runtime
from guildhall.core.web.view import State
from modules.secretariat.admin.blueprint import blueprint
from modules.secretariat.here import association, tenants
from modules.secretariat.permissions import MODULES_MANAGE
from tenants.modules import find, switch_off, switch_on

SHELVES = {
    Category.MEMBERS: _l("Members"),
    Category.SERVICES: _l("Services"),
    Category.CONTENT: _l("Content"),
    Category.GOVERNANCE: _l("Governance"),
    Category.INSIGHT: _l("Insight and income"),
    Category.BASE: _l("Part of every house"),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A module as the catalogue shows it.

    Attributes:
        needs: labels of the modules that come on with it. needed_by: of those that are on and require it.
    """

    module: Module
    state: State
    on: bool
    needs: list[Any]
    needed_by: list[Any]
    in_plan: bool

    @property
    def can_switch_on(self) -> bool:
        return not self.on and self.in_plan

    @property
    def can_switch_off(self) -> bool:
        return self.on and not self.module.always_on and not self.needed_by


@blueprint.get("/modules")
@allow(MODULES_MANAGE)
def catalogue() -> ResponseReturnValue:
    offers = [*_offers()]
    shelves = [(label, [o for o in offers if o.module.category is category]) for category, label in SHELVES.items()]
    return render_template("secretariat/catalogue.html", shelves=[shelf for shelf in shelves if shelf[1]])


@blueprint.post("/modules/<name>/on")
@allow(MODULES_MANAGE)
def turn_on(name: str) -> ResponseReturnValue:
    before = association()
    changed = switch_on(runtime(), tenants(), before, name, current_actor())
    labels = [str(module.label) for module in runtime().registry.active(changed.modules - before.modules)]
    flash(_("Switched on: %(modules)s", modules=", ".join(labels)), "success")
    return redirect(url_for(".catalogue"))


@blueprint.post("/modules/<name>/off")
@allow(MODULES_MANAGE)
def turn_off(name: str) -> ResponseReturnValue:
    switch_off(runtime(), tenants(), association(), name, current_actor())
    label = find(runtime(), name).label
    flash(_("“%(module)s” is off. Its data is kept.", module=label), "success")
    return redirect(url_for(".catalogue"))


def _offers() -> Iterator[Offer]:
    registry, house = runtime().registry, association()
    for module in registry.modules:
        on = module.name in house.modules
        in_plan = all(tenants().includes(house.plan, name) for name in registry.closure([module.name]) - house.modules)
        yield Offer(
            module,
            _state(module, on=on, in_plan=in_plan),
            on,
            [registry.by_name[name].label for name in module.requires if not registry.by_name[name].always_on],
            [dependant.label for dependant in registry.dependants(module.name, house.modules)],
            in_plan,
        )


def _state(module: Module, *, on: bool, in_plan: bool) -> State:
    if module.always_on:
        return State(_("Always on"), "neutral", "lock")
    if on:
        return State(_("Switched on"), "good")
    return State(_("Switched off")) if in_plan else State(_("Not in your plan"), "waiting", "lock")
