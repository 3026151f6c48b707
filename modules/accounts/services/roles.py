"""Roles: what comes with the house, the association's own, and who has which."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from guildhall.core import audit
from guildhall.core.db import UnitOfWork
from guildhall.core.facts import emit
from guildhall.core.i18n import _l
from guildhall.core.permissions import DefaultRole
from guildhall.core.registry import Registry
from modules.accounts.enums import PersonStatus
from modules.accounts.errors import (
    LastAdmin,
    PersonBeyondYours,
    RoleBeyondYours,
    RoleFixed,
    RoleInUse,
    RoleNameTaken,
    UnknownRole,
)
from modules.accounts.facts import RolesChanged
from modules.accounts.models import Person, Role, RoleAssignment

LABELS = {
    DefaultRole.ADMIN: (_l("Administrator"), _l("Secretary-general: may do everything.")),
    DefaultRole.OFFICER: (_l("Officer"), _l("Secretariat: members, events, services.")),
    DefaultRole.ACCOUNTANT: (_l("Accountant"), _l("Dues, payments and invoices.")),
    DefaultRole.EDITOR: (_l("Editor"), _l("Website and news.")),
    DefaultRole.MEMBER: (_l("Member"), _l("Everybody who has an account.")),
}


def seed_roles(session: UnitOfWork) -> None:
    """The roles that each house begins with; those that are there stay."""
    roles = [{"code": code, "name": f"system:{code}"} for code in DefaultRole]
    session.execute(insert(Role).values(roles).on_conflict_do_nothing())


def label_of(role: Role) -> str:
    """The role's name in the reader's language."""
    return str(LABELS[DefaultRole(role.code)][0]) if role.code else role.name


def description_of(role: Role) -> str:
    """What the role is for."""
    return str(LABELS[DefaultRole(role.code)][1]) if role.code else role.description


def permissions_of(registry: Registry, code: str | None, own: Iterable[str] = ()) -> frozenset[str]:
    """What a role may do: a system role what the modules declare for it, any other what it was given."""
    if code is None:
        return frozenset(own) & registry.permissions.keys()
    if code == DefaultRole.ADMIN:
        return frozenset(registry.permissions)
    return frozenset(p.code for p in registry.permissions.values() if code in p.roles)


def create_role(session: UnitOfWork, name: str, description: str, permissions: Collection[str]) -> Role:
    """A role of the association's own.

    Raises:
        RoleNameTaken: at the field `name`. RoleBeyondYours: it would grant what the actor has not.
    """
    _check_grant(session, permissions)
    role = Role(name=name, description=description, permissions=sorted(permissions))
    session.add(role)
    _flush_name(session)
    audit.record(session, "accounts.role_created", role, changes={"permissions": [None, role.permissions]})
    return role


def change_role(session: UnitOfWork, role: Role, name: str, description: str, permissions: Collection[str]) -> None:
    """Change an own role; who has it has the new permissions with their next click.

    Raises:
        RoleFixed, RoleNameTaken, RoleBeyondYours.
    """
    if role.system:
        raise RoleFixed
    _check_grant(session, set(permissions) - set(role.permissions))
    before = {"name": role.name, "permissions": role.permissions}
    role.name, role.description, role.permissions = name, description, sorted(permissions)
    _flush_name(session)
    after = {"name": role.name, "permissions": role.permissions}
    changes = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    audit.record(session, "accounts.role_changed", role, changes=changes)


def delete_role(session: UnitOfWork, role: Role) -> None:
    """Remove an own role that nobody has.

    Raises:
        RoleFixed, RoleInUse.
    """
    if role.system:
        raise RoleFixed
    count = session.scalar(select(func.count()).where(RoleAssignment.role_id == role.id)) or 0
    if count:
        raise RoleInUse(count=count)
    session.delete(role)
    session.flush()
    audit.record(session, "accounts.role_deleted", role)


def roles_by_code(session: UnitOfWork, codes: Collection[str]) -> Sequence[Role]:
    """System roles by code. The member's role is left out: it is everybody's.

    Raises:
        UnknownRole: at the field `roles`.
    """
    wanted = set(codes) - {DefaultRole.MEMBER}
    found = session.scalars(select(Role).where(Role.code.in_(wanted))).all()
    if len(found) != len(wanted):
        raise UnknownRole(fields={"roles": UnknownRole.message})
    return found


def roles_by_id(session: UnitOfWork, ids: Collection[UUID]) -> Sequence[Role]:
    """Roles that can be assigned, by id.

    Raises:
        UnknownRole: at the field `roles`.
    """
    found = session.scalars(select(Role).where(Role.id.in_(ids), Role.code.is_distinct_from(DefaultRole.MEMBER))).all()
    if len(found) != len(set(ids)):
        raise UnknownRole(fields={"roles": UnknownRole.message})
    return found


def assign_roles(session: UnitOfWork, person: Person, roles: Sequence[Role]) -> None:
    """Give a person exactly these roles.

    Raises:
        LastAdmin: nobody would be left to administer. RoleBeyondYours: a role grants what the actor has not.
    """
    before = {role.id: role for role in roles_of(session, person.id)}
    after = {role.id: role for role in roles}
    if before.keys() == after.keys():
        return
    for role in after.values():
        if role.id not in before:
            _check_grant(session, permissions_of(session.registry, role.code, role.permissions))
    if any(role.code == DefaultRole.ADMIN for role in before.values() if role.id not in after):
        demand_another_admin(session, person)
    if before:
        session.execute(delete(RoleAssignment).where(RoleAssignment.person_id == person.id))
    session.add_all(RoleAssignment(person_id=person.id, role_id=role_id) for role_id in after)
    session.flush()
    names = [sorted(role.code or role.name for role in side.values()) for side in (before, after)]
    audit.record(session, "accounts.roles_assigned", person, changes={"roles": names})
    emit(session, RolesChanged(person.id))


def roles_of(session: UnitOfWork, person_id: UUID) -> Sequence[Role]:
    """The roles that a person was given."""
    joined = select(Role).join(RoleAssignment, RoleAssignment.role_id == Role.id)
    return session.scalars(joined.where(RoleAssignment.person_id == person_id).order_by(Role.id)).all()


def granted_permissions(session: UnitOfWork, person_id: UUID) -> frozenset[str]:
    """All that a person may do, by their roles and as a member."""
    given = [(role.code, role.permissions) for role in roles_of(session, person_id)]
    return frozenset().union(*(permissions_of(session.registry, *one) for one in (*given, (DefaultRole.MEMBER, ()))))


def people_with_role(session: UnitOfWork, code: DefaultRole) -> Sequence[Person]:
    """Everybody who was given a system role and may come in."""
    joined = select(Person).join(RoleAssignment).join(Role).order_by(Person.id)
    return session.scalars(joined.where(Role.code == code, Person.status == PersonStatus.ACTIVE)).all()


def may_act_on(session: UnitOfWork, person: Person) -> bool:
    """Whether the actor may do all that this person may, or is that person. Whoever sets the address that somebody
    signs in with, or keeps them out, has power over everything that they may do.
    """
    if person.id == session.actor.person_id:
        return True
    return all(session.actor.may(code) for code in granted_permissions(session, person.id))


def demand_no_more_than_actor(session: UnitOfWork, person: Person) -> None:
    """Object if this person may do more than the actor.

    Raises:
        PersonBeyondYours.
    """
    if not may_act_on(session, person):
        raise PersonBeyondYours


def demand_another_admin(session: UnitOfWork, person: Person) -> None:
    """Object if this person is the only one who administers and can sign in.

    Locks the role, so that two administrators cannot remove each other at the same moment.

    Raises:
        LastAdmin.
    """
    admin_id = session.scalar(select(Role.id).where(Role.code == DefaultRole.ADMIN).with_for_update())
    others = (
        select(func.count())
        .select_from(RoleAssignment)
        .join(Person, Person.id == RoleAssignment.person_id)
        .where(RoleAssignment.role_id == admin_id, Person.status == PersonStatus.ACTIVE)
    )
    is_admin = session.get(RoleAssignment, (person.id, admin_id)) is not None
    if is_admin and person.is_active and not session.scalar(others.where(Person.id != person.id)):
        raise LastAdmin


def _check_grant(session: UnitOfWork, permissions: Iterable[str]) -> None:
    if not all(session.actor.may(code) for code in permissions):
        raise RoleBeyondYours


def _flush_name(session: UnitOfWork) -> None:
    try:
        with session.begin_nested():
            session.flush()
    except IntegrityError as error:
        raise RoleNameTaken(fields={"name": RoleNameTaken.message}) from error
