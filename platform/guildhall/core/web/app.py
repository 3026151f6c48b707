"""Making a door: modules mounted, languages, components, and what every page is given."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from flask import request, session, url_for
from jinja2 import ChoiceLoader, PackageLoader
from werkzeug.local import LocalProxy

from guildhall.core.i18n import LOCALES, init_i18n
from guildhall.core.module import Area, Module, NavEntry
from guildhall.core.permissions import is_signed_by_link
from guildhall.core.runtime import Runtime
from guildhall.core.web.context import current_actor, current_house, db_session
from guildhall.core.web.door import IDENTIFIER, Door
from guildhall.core.web.language import blueprint as language_pages
from guildhall.core.web.ui import register_ui
from guildhall.core.web.view import Entry, Group, Language

PREFIXES = {Area.SITE: "", Area.PORTAL: "/me", Area.ADMIN: "/admin"}
CORE_PACKAGE = "guildhall.core"


def make_door(
    name: str, runtime: Runtime, identify: IDENTIFIER, packages: Sequence[str], context: Callable[[], dict[str, Any]]
) -> Door:
    """A door that speaks every language and has the kit of components.

    Args:
        name: of the door; its cookie is named after it.
        runtime: what the process holds.
        identify: finds out who asks.
        packages: import names whose `templates/` and `translations/` it uses, beside the core's.
        context: what its layouts are given; see `templates/layouts/base.html`.
    """
    door = Door(name, runtime, identify)
    door.jinja_loader = template_loader(packages)
    init_i18n(door, [CORE_PACKAGE, *packages], choose_locale, lambda: current_house().timezone)
    register_ui(door)
    door.register_blueprint(language_pages)
    door.context_processor(_common)
    door.context_processor(context)
    return door


def mount(door: Door, modules: Iterable[Module]) -> None:
    """Register every module's pages. What is off in a house is refused at the gate."""
    for module in modules:
        for area, blueprints in ((Area.SITE, module.site), (Area.PORTAL, module.portal), (Area.ADMIN, module.admin)):
            for blueprint in blueprints:
                door.register_blueprint(blueprint, url_prefix=(PREFIXES[area] + (blueprint.url_prefix or "")) or None)
    for view in filter(is_signed_by_link, door.view_functions.values()):
        door.csrf.exempt(view)


def navigation(door: Door, area: Area, *, only_permitted: bool = False) -> list[Group]:
    """The entries of an area that this house has on and this actor may open, under their headings, in order.

    With `only_permitted` entries that demand no permission are left out.
    """
    found: dict[str, list[NavEntry]] = {}
    for module in door.runtime.registry.active(current_house().modules):
        for entry in module.navigation:
            if entry.area is area and _shown(entry, only_permitted=only_permitted):
                heading = module.label if entry.heading is None else entry.heading
                found.setdefault(str(heading), []).append(entry)
    groups = [(heading, sorted(entries, key=_order)) for heading, entries in found.items()]
    here = _here(door, area, [entry for _heading, entries in groups for entry in entries])
    return [
        Group(heading, [_entry(entry, active=entry is here) for entry in entries])
        for heading, entries in sorted(groups, key=lambda g: _order(g[1][0]))
    ]


def has_work(door: Door, area: Area) -> bool:
    """Whether this actor has a permission that opens anything in an area; asks the database nothing."""
    modules = door.runtime.registry.active(current_house().modules)
    entries = (entry for module in modules for entry in module.navigation if entry.area is area)
    return any(_shown(entry, only_permitted=True) for entry in entries)


def _order(entry: NavEntry) -> int:
    return entry.order


def choose_locale() -> str:
    """The person's choice, else what the browser prefers, else the house's own."""
    house = current_house()
    chosen = session.get("locale")
    if chosen in house.locales:
        return str(chosen)
    tags = {locale.replace("_", "-"): locale for locale in house.locales} | {"zh": "zh_Hans", "zh-CN": "zh_Hans"}
    best = request.accept_languages.best_match([tag for tag, locale in tags.items() if locale in house.locales])
    return tags[best] if best else house.locale


def languages() -> list[Language]:
    """The languages of this house, each leading to this same page."""
    here = request.full_path.rstrip("?") if request.method == "GET" else "/"
    current = choose_locale()
    address = partial(url_for, "language.choose", next=here)
    return [Language(code, LOCALES[code], address(locale=code), code == current) for code in current_house().locales]


def _common() -> dict[str, Any]:
    """The actor is looked for only by pages that ask who it is: public ones need no query for it."""
    return {
        "locale": choose_locale(),
        "locales": languages(),
        "house": current_house(),
        "actor": LocalProxy(current_actor),
    }


def template_loader(packages: Sequence[str]) -> ChoiceLoader:
    """Templates of these packages, then the core's."""
    return ChoiceLoader([*_loaders(packages), PackageLoader(CORE_PACKAGE, "web/templates")])


def _loaders(packages: Sequence[str]) -> list[PackageLoader]:
    loaders = []
    for package in packages:
        try:
            loaders.append(PackageLoader(package))
        except ValueError:  # it has no templates
            continue
    return loaders


def _shown(entry: NavEntry, *, only_permitted: bool = False) -> bool:
    return not only_permitted if entry.permission is None else current_actor().may(entry.permission)


def _here(door: Door, area: Area, entries: list[NavEntry]) -> NavEntry | None:
    """The entry that this page belongs to: the one with the longest address that the page's own begins with.

    On the phone's few entries a module has one for all its pages, wherever they lie.
    """
    above = [entry for entry in entries if _covers(url_for(entry.endpoint))]
    if above:
        return max(above, key=lambda entry: len(url_for(entry.endpoint)))
    if area is not Area.PORTAL:
        return None
    module_of = door.runtime.registry.module_of_blueprint
    module = module_of.get(request.blueprint or "")
    return next((entry for entry in entries if module and module_of[entry.endpoint.partition(".")[0]] == module), None)


def _covers(url: str) -> bool:
    # A part's first page, such as /admin, covers itself alone: everything else in that part begins with its address.
    return request.path == url or (url not in PREFIXES.values() and request.path.startswith(url.rstrip("/") + "/"))


def _entry(entry: NavEntry, *, active: bool) -> Entry:
    badge = entry.count(db_session()) if entry.count else None
    return Entry(entry.label, url_for(entry.endpoint), entry.icon, active=active, badge=badge, post=entry.post)
