"""The module contract: what a module says of itself.

`Module` is one frozen value that a module's `module.py` holds as `MODULE`. It is found by the entry point group
`guildhall.modules` and checked at start (`guildhall.core.registry`). Declaring does no I/O.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Blueprint

from guildhall.core.db.base import Base
from guildhall.core.facts import Fact, Subscription
from guildhall.core.jobs.contract import Job, Schedule
from guildhall.core.mail import MailHook, MailTemplate
from guildhall.core.messages import MessageKind
from guildhall.core.permissions import Permission
from guildhall.core.sms import SmsGateway, SmsTemplate
from guildhall.core.vetoes import Veto

if TYPE_CHECKING:
    from guildhall.core.db.unit import UnitOfWork
    from guildhall.core.runtime import Runtime


class Category(StrEnum):
    """Shelves of the module catalogue."""

    BASE = "base"
    MEMBERS = "members"
    SERVICES = "services"
    CONTENT = "content"
    GOVERNANCE = "governance"
    INSIGHT = "insight"


class Area(StrEnum):
    """Parts of a house that have a navigation of their own."""

    SITE = "site"
    PORTAL = "portal"
    ADMIN = "admin"
    CREATE = "create"  # the menu "new" on the secretariat's desk
    ACCOUNT = "account"  # the menu under one's own name
    NOTICES = "notices"  # the bell; the first entry is shown, with its count
    FOOTER = "footer"  # under public pages: what the law wants there


@dataclass(frozen=True, slots=True)
class NavEntry:
    """A place in a navigation. It is shown where the permission is held (empty: to everyone who gets that far)."""

    area: Area
    label: Any
    endpoint: str
    icon: str
    permission: Permission | None = None
    order: int = 100
    # A number beside the entry, such as applications that wait; asked once a page, so it must be cheap.
    count: "Callable[[UnitOfWork], int] | None" = None
    post: bool = False  # it changes something, so it is a button that posts
    # What it stands under, if not under its module's label; "" for nothing, as the first entry of all.
    heading: Any = None


class SettingType(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    EMAIL = "email"
    URL = "url"
    COLOUR = "colour"


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of a module, per house. The admin page is made from it; a secret is stored sealed and never shown."""

    key: str
    type: SettingType
    label: Any
    default: Any
    help: Any = ""
    secret: bool = False
    choices: tuple[tuple[str, Any], ...] = ()
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class SearchHit:
    title: str
    url: str
    detail: str = ""
    icon: str = "file"


@dataclass(frozen=True, slots=True)
class SearchProvider:
    """Answers the global search for one kind of thing. `find` returns at most `limit` hits that this actor may see."""

    label: Any
    permission: Permission | None
    find: "Callable[[UnitOfWork, str, int], Sequence[SearchHit]]"


@dataclass(frozen=True, slots=True)
class PersonalData:
    """How a module gives people their data and forgets them (个人信息保护法 art. 45 and 47, GDPR art. 15 and 17).

    Attributes:
        tables: names of the tables it covers. A table with a `personal` column that no module covers fails start-up.
        export: JSON-ready data of a person, by table or by topic.
        erase: removes or anonymises; what law demands to keep (tax, 10 years) stays and is named in the returned lines.
    """

    tables: frozenset[str]
    export: "Callable[[UnitOfWork, UUID], dict[str, Any]]"
    erase: "Callable[[UnitOfWork, UUID], list[str]]"


class Copying(StrEnum):
    """How an association came out of an archive."""

    RESTORED = "restored"  # in its own place, here or on another installation
    CLONED = "cloned"  # beside the original, which lives on


@dataclass(frozen=True, slots=True)
class Meter:
    """A quantity that plans limit and the vendor bills: counted in one cheap query."""

    key: str
    label: Any
    count: "Callable[[UnitOfWork], int]"


@dataclass(frozen=True, slots=True)
class SetupStep:
    """A step of a new association's set-up checklist. `done` is one cheap query."""

    key: str
    label: Any
    help: Any
    endpoint: str
    done: "Callable[[UnitOfWork], bool]"
    permission: Permission
    order: int = 100


@dataclass(frozen=True, slots=True)
class Figure:
    value: int | str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A figure on the secretariat's dashboard; a click leads to the list behind it."""

    label: Any
    icon: str
    endpoint: str
    permission: Permission
    figure: "Callable[[UnitOfWork], Figure]"
    order: int = 100


@dataclass(frozen=True, slots=True)
class PortalItem:
    title: str
    url: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PortalCard:
    """What is new for the member who looks, on their home: a few lines, and a way to all. Left out while empty."""

    label: Any
    endpoint: str
    items: "Callable[[UnitOfWork], Sequence[PortalItem]]"
    icon: str = "chevron-right"
    order: int = 100


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """Raises when something that the module needs does not work."""

    name: str
    check: "Callable[[UnitOfWork], None]"


@dataclass(frozen=True, kw_only=True)
class Module:
    """A part of the product that an association switches on.

    Attributes:
        name: identifier, Alembic branch label, and prefix of its tables, permissions, settings, jobs and facts.
        package: import name; its `templates/` and `translations/` are found there.
        requires: modules that must be on too, and whose `public.py` it may import.
        always_on: part of every house; cannot be switched off.
        site, portal, admin, api: blueprints. They are mounted at `/`, `/me`, `/admin` and `/api/v1`.
        migrations: folder of its Alembic revisions.
        messages: what it tells people through the module `messaging`, which it then requires.
        mails, sms: what it writes to people by itself. mail_hook, sms_gateway: its part in sending what others write.
        actions: what it notes in the audit log, in words: "accounts.role_assigned" → "Role assigned".
        front_page: the public home page, instead of the secretariat's plain one; None leaves that in place.
        copied: ends in a copy of an association what belongs to the original's address, and in a clone all by which the
            original acts or is entered: keys, invitations, connections.
        forget_module: removes what it keeps for another module, by name, whose rows are being removed for good.
        seed: rows that a house begins with, written in the transaction that onboards it; runs again harmlessly.
        demo: plants believable rows into a demo house.
    """

    name: str
    version: str
    package: str
    label: Any
    description: Any
    icon: str
    category: Category
    requires: tuple[str, ...] = ()
    always_on: bool = False
    site: tuple[Blueprint, ...] = ()
    portal: tuple[Blueprint, ...] = ()
    admin: tuple[Blueprint, ...] = ()
    api: tuple[Blueprint, ...] = ()
    permissions: tuple[Permission, ...] = ()
    navigation: tuple[NavEntry, ...] = ()
    models: tuple[type[Base], ...] = ()
    migrations: Path | None = None
    settings: tuple[Setting, ...] = ()
    jobs: tuple[Job, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    facts: tuple[type[Fact], ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    messages: tuple[MessageKind, ...] = ()
    mails: tuple[MailTemplate, ...] = ()
    mail_hook: MailHook | None = None
    sms: tuple[SmsTemplate, ...] = ()
    sms_gateway: SmsGateway | None = None
    cards: tuple[Card, ...] = ()
    portal_cards: tuple[PortalCard, ...] = ()
    actions: Mapping[str, Any] = field(default_factory=dict)
    front_page: "Callable[[UnitOfWork], str | None] | None" = None
    search: tuple[SearchProvider, ...] = ()
    personal_data: PersonalData | None = None
    meters: tuple[Meter, ...] = ()
    setup_steps: tuple[SetupStep, ...] = ()
    health: tuple[HealthCheck, ...] = ()
    copied: "Callable[[UnitOfWork, Copying], None] | None" = None
    forget_module: "Callable[[UnitOfWork, str], None] | None" = None
    seed: "Callable[[UnitOfWork], None] | None" = None
    demo: "Callable[[UnitOfWork, DemoContext], None] | None" = None

    @property
    def blueprints(self) -> Iterable[Blueprint]:
        return (*self.site, *self.portal, *self.admin, *self.api)


@dataclass(frozen=True, slots=True)
class DemoContext:
    """What a module's demo data may lean on: a seeded random source, and what earlier modules planted, by key."""

    runtime: "Runtime"
    locale: str
    seed: int
    planted: dict[str, Any] = field(default_factory=dict)
