"""What the global search finds in the office: pages of settings, and modules by what they do."""

from collections.abc import Iterator

from flask import url_for

from guildhall.core.db import UnitOfWork
from guildhall.core.i18n import _, _l
from guildhall.core.module import SearchHit, SearchProvider
from guildhall.core.pinyin import matches
from modules.secretariat.permissions import MODULES_MANAGE, SETTINGS_MANAGE


def _find_settings(session: UnitOfWork, query: str, limit: int) -> list[SearchHit]:
    """Each setting by its words, leading to its module's page."""
    return [*_setting_hits(session, query)][:limit]


def _setting_hits(session: UnitOfWork, query: str) -> Iterator[SearchHit]:
    for module in session.registry.active(session.house.modules):
        for setting in module.settings:
            if matches(f"{setting.label} {module.label}", query):
                url = url_for("secretariat_admin.module_settings", name=module.name) + f"#{setting.key}"
                yield SearchHit(str(setting.label), url, _("Settings of %(module)s", module=module.label), "settings")


def _find_modules(session: UnitOfWork, query: str, limit: int) -> list[SearchHit]:
    found = [m for m in session.registry.modules if matches(f"{m.label} {m.description}", query)]
    url = url_for("secretariat_admin.catalogue")
    return [SearchHit(str(m.label), f"{url}#{m.name}", str(m.description), m.icon) for m in found[:limit]]


PROVIDERS = (
    SearchProvider(_l("Settings"), SETTINGS_MANAGE, _find_settings),
    SearchProvider(_l("Modules"), MODULES_MANAGE, _find_modules),
)
