"""The installed modules, found once and checked at start."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import entry_points
from itertools import chain
from typing import Any

from guildhall.core.audit import CORE_ACTIONS
from guildhall.core.db.base import Base
from guildhall.core.facts import Fact, Subscription
from guildhall.core.house import PLATFORM_ID, House
from guildhall.core.jobs.contract import Job, Schedule
from guildhall.core.mail import MailTemplate
from guildhall.core.messages import MessageKind
from guildhall.core.module import Module, Setting
from guildhall.core.permissions import Permission
from guildhall.core.sms import SmsTemplate
from guildhall.core.vetoes import Question, Veto

ENTRY_POINT_GROUP = "guildhall.modules"


class ContractError(Exception):
    """A module breaks the contract; the process does not start."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


@dataclass(frozen=True, eq=False)
class Registry:
    """All installed modules, each after those it requires; and the work of the platform's own house."""

    modules: tuple[Module, ...]
    platform_schedules: tuple[Schedule, ...] = ()
    platform_mails: tuple[MailTemplate, ...] = ()

    @classmethod
    def load(
        cls, platform_schedules: tuple[Schedule, ...] = (), platform_mails: tuple[MailTemplate, ...] = ()
    ) -> "Registry":
        """Find modules by entry point, order and check them.

        Raises:
            ContractError: with all problems at once.
        """
        points = sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda p: p.name)
        return cls.of([point.load() for point in points], platform_schedules, platform_mails)

    @classmethod
    def of(
        cls,
        modules: Iterable[Module],
        platform_schedules: tuple[Schedule, ...] = (),
        platform_mails: tuple[MailTemplate, ...] = (),
    ) -> "Registry":
        found = list(modules)
        problems = list(chain(_name_problems(found), _requirement_problems(found), *(_own_problems(m) for m in found)))
        problems += list(_privacy_problems(found))
        if problems:
            raise ContractError(problems)
        return cls(tuple(_in_order(found)), platform_schedules, platform_mails)

    @cached_property
    def by_name(self) -> dict[str, Module]:
        return {module.name: module for module in self.modules}

    @cached_property
    def always_on(self) -> frozenset[str]:
        return frozenset(module.name for module in self.modules if module.always_on)

    @cached_property
    def permissions(self) -> dict[str, Permission]:
        return {p.code: p for module in self.modules for p in module.permissions}

    @cached_property
    def messages(self) -> dict[str, MessageKind]:
        return {kind.name: kind for module in self.modules for kind in module.messages}

    @cached_property
    def mails(self) -> dict[str, MailTemplate]:
        mails = (mail for module in self.modules for mail in module.mails)
        return {mail.name: mail for mail in (*self.platform_mails, *mails)}

    @cached_property
    def sms_templates(self) -> dict[str, SmsTemplate]:
        return {sms.name: sms for module in self.modules for sms in module.sms}

    @cached_property
    def actions(self) -> dict[str, Any]:
        """The audit log's actions in words."""
        return {**CORE_ACTIONS, **{code: label for module in self.modules for code, label in module.actions.items()}}

    @cached_property
    def module_of_blueprint(self) -> dict[str, str]:
        return {blueprint.name: module.name for module in self.modules for blueprint in module.blueprints}

    @cached_property
    def jobs(self) -> dict[str, tuple[str, Job | Subscription]]:
        """Everything that a worker can be asked to run, by name, with the module it belongs to ("" for the core)."""
        from guildhall.core.jobs.core import CORE_JOBS

        found: dict[str, tuple[str, Job | Subscription]] = {job.name: ("", job) for job in CORE_JOBS}
        found |= {schedule.job.name: ("", schedule.job) for schedule in self.platform_schedules}
        for module in self.modules:
            found |= {job.name: (module.name, job) for job in module.jobs}
            found |= {s.job_name: (module.name, s) for s in module.subscriptions}
        return found | {s.job_name: ("", s) for s in self._webhook_subscriptions}

    @cached_property
    def public_facts(self) -> dict[str, type[Fact]]:
        """Facts that an association's webhooks can hear of, by name."""
        return {fact.name: fact for module in self.modules for fact in module.facts if fact.public}

    @cached_property
    def _webhook_subscriptions(self) -> list[Subscription]:
        from guildhall.core.webhooks.deliveries import tell_endpoints

        return [Subscription(fact, tell_endpoints) for fact in self.public_facts.values()]

    def schedules_of(self, house: House) -> Iterator[tuple[str, Schedule]]:
        """What a house runs again and again, with the module it belongs to ("" for the core and the platform)."""
        from guildhall.core.jobs.core import CORE_SCHEDULES

        own = self.platform_schedules if house.id == PLATFORM_ID else ()
        yield from (("", schedule) for schedule in (*CORE_SCHEDULES, *own))
        yield from ((module.name, s) for module in self.active(house.modules) for s in module.schedules)

    def active(self, names: frozenset[str]) -> Iterator[Module]:
        """The modules that are on, in order."""
        return (module for module in self.modules if module.name in names)

    def subscriptions_to(self, fact: type[Fact]) -> list[tuple[str, Subscription]]:
        return self._subscriptions.get(fact, [])

    @cached_property
    def _subscriptions(self) -> dict[type[Fact], list[tuple[str, Subscription]]]:
        found: dict[type[Fact], list[tuple[str, Subscription]]] = {}
        for module in self.modules:
            for subscription in module.subscriptions:
                found.setdefault(subscription.fact, []).append((module.name, subscription))
        for subscription in self._webhook_subscriptions:
            found.setdefault(subscription.fact, []).append(("", subscription))
        return found

    def vetoes_on(self, question: type[Question], names: frozenset[str]) -> Iterator[Veto]:
        return (veto for module in self.active(names) for veto in module.vetoes if veto.question is question)

    def keeping(self, house: House) -> Iterator[Module]:
        """The modules that may keep something in a house, those that are off included. One that was installed later and
        never switched on has no tables there, so there is nothing to ask it for.
        """
        return (module for module in self.modules if not module.models or module.name in house.laid_out)

    def setting(self, module: str, key: str) -> Setting:
        """The declaration of a setting.

        Raises:
            KeyError: it was not declared; reading an undeclared setting is a mistake in code.
        """
        return next((s for s in self.by_name[module].settings if s.key == key), None) or _undeclared(module, key)

    def closure(self, names: Iterable[str]) -> frozenset[str]:
        """These modules, all that they require, and the always-on ones."""
        wanted = set(self.always_on)
        stack = list(names)
        while stack:
            name = stack.pop()
            if name not in wanted:
                wanted.add(name)
                stack += self.by_name[name].requires
        return frozenset(wanted)

    def dependants(self, name: str, names: frozenset[str]) -> list[Module]:
        """The active modules that need this one."""
        return [module for module in self.active(names) if name in module.requires]


def _undeclared(module: str, key: str) -> Any:
    msg = f"setting {module}.{key} is not declared"
    raise KeyError(msg)


def _name_problems(modules: list[Module]) -> Iterator[str]:
    for label, names in (
        ("module name", [m.name for m in modules]),
        ("permission", [p.code for m in modules for p in m.permissions]),
        ("blueprint", [b.name for m in modules for b in m.blueprints]),
        ("job", [j.name for m in modules for j in m.jobs]),
        ("mail", [mail.name for m in modules for mail in m.mails]),
        ("message", [kind.name for m in modules for kind in m.messages]),
        ("table", [model.__tablename__ for m in modules for model in m.models]),
    ):
        yield from (f"{label} {name} is declared twice" for name in {n for n in names if names.count(n) > 1})


def _requirement_problems(modules: list[Module]) -> Iterator[str]:
    names = {module.name for module in modules}
    for module in modules:
        yield from (f"{module.name} requires {r}, which is not installed" for r in module.requires if r not in names)


def _own_problems(module: Module) -> Iterator[str]:
    prefix = f"{module.name}:"
    yield from (
        f"permission {p.code} must begin with {prefix}" for p in module.permissions if not p.code.startswith(prefix)
    )
    prefix = f"{module.name}."
    named: list[tuple[str, Callable[[], Iterable[str]]]] = [
        ("job", lambda: (j.name for j in module.jobs)),
        ("fact", lambda: (f.name for f in module.facts)),
        ("mail", lambda: (mail.name for mail in module.mails)),
        ("message", lambda: (kind.name for kind in module.messages)),
        ("action", lambda: module.actions),
    ]
    for label, names in named:
        yield from (f"{label} {name} must begin with {prefix}" for name in names() if not name.startswith(prefix))
    tables = (model.__tablename__ for model in module.models)
    yield from (f"table {t} must begin with {module.name}_" for t in tables if not t.startswith(f"{module.name}_"))
    if module.models and module.migrations is None:
        yield f"{module.name} has tables and no migrations"


def _privacy_problems(modules: list[Module]) -> Iterator[str]:
    covered = {table for m in modules if m.personal_data for table in m.personal_data.tables}
    for module in modules:
        for model in module.models:
            if is_personal(model) and model.__tablename__ not in covered:
                yield f"table {model.__tablename__} holds personal data and has no export and erasure"


def is_personal(model: type[Base]) -> bool:
    """Whether a model has a column of personal data."""
    return any(column.info.get("personal") for column in model.__table__.columns)


def _in_order(modules: list[Module]) -> Iterator[Module]:
    """Depth first by requirement; a circle is an error."""
    by_name = {module.name: module for module in modules}
    done: dict[str, bool] = {}

    def visit(module: Module) -> Iterator[Module]:
        if module.name in done:
            if not done[module.name]:
                raise ContractError([f"{module.name} requires itself in a circle"])
            return
        done[module.name] = False
        for name in module.requires:
            yield from visit(by_name[name])
        done[module.name] = True
        yield module

    for module in sorted(modules, key=lambda m: (not m.always_on, m.name)):
        yield from visit(module)
