"""A secretary-general, and a house with a module that can be switched on and off."""

import pytest

from guildhall.core.module import Category, Module, Setting, SettingType
from guildhall.core.registry import Registry
from guildhall.core.runtime import Runtime
from guildhall.server.process import Process
from guildhall.server.testing import Visitor
from guildhall.server.wsgi import Doors

FRONT_PAGE = "<h1>Made by another module</h1>"
TEAROOM = Module(
    name="tearoom",
    version="1",
    package="modules",
    label="Tea room",
    description="Books the tea room.",
    icon="calendar",
    category=Category.SERVICES,
    settings=(
        Setting("seats", SettingType.INTEGER, "Seats", 8, minimum=1, maximum=20),
        Setting("secret", SettingType.TEXT, "Key of the door", "", secret=True),
        Setting("mode", SettingType.CHOICE, "Mode", "open", choices=(("open", "Open"), ("closed", "Closed"))),
        Setting("contact", SettingType.EMAIL, "Contact", ""),
    ),
    front_page=lambda _session: FRONT_PAGE,
)
KITCHEN = Module(
    name="kitchen",
    version="1",
    package="modules",
    label="Kitchen",
    description="Cooks.",
    icon="calendar",
    category=Category.SERVICES,
    requires=("tearoom",),
)


@pytest.fixture
def admin(visit, make_person):
    """The secretary-general's browser."""
    return visit().sign_in(make_person(name="Chen Hua", roles=("admin",)))


@pytest.fixture(scope="module")
def wider_doors(settings, process):
    """The same houses, in a process that has two optional modules more; they have no tables."""
    runtime = Runtime.build(settings, Registry.of([*process.runtime.registry.modules, TEAROOM, KITCHEN]))
    yield Doors(Process(runtime))
    runtime.close()


@pytest.fixture
def wider_admin(wider_doors, tenant, make_person, settings):
    visitor = Visitor(wider_doors, tenant.host + settings.port_suffix)
    return visitor.sign_in(make_person(name="Chen Hua", roles=("admin",)))
