"""The secretariat: the association's own office and front page."""

from guildhall.core.i18n import _l
from guildhall.core.module import Area, Category, Module, NavEntry
from modules.secretariat import admin, permissions, portal, search, settings, setup, site

MODULE = Module(
    name="secretariat",
    version="1.0.0",
    package="modules.secretariat",
    label=_l("Secretariat"),
    description=_l("The front page, the office with its settings, the module catalogue and the audit log."),
    icon="house",
    category=Category.BASE,
    requires=("accounts",),
    always_on=True,
    site=(site.blueprint,),
    portal=(portal.blueprint,),
    admin=(admin.blueprint,),
    permissions=permissions.ALL,
    navigation=(
        NavEntry(Area.FOOTER, _l("Privacy policy"), "secretariat.privacy", "shield", order=10),
        NavEntry(Area.FOOTER, _l("Terms of use"), "secretariat.terms", "file-text", order=20),
        NavEntry(Area.PORTAL, _l("Home"), "secretariat_portal.home", "house", order=10),
        *admin.NAVIGATION,
    ),
    settings=settings.ALL,
    search=search.PROVIDERS,
    setup_steps=setup.STEPS,
)
