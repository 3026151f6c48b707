"""Permissions: what a role can be given. Nothing is allowed unless an endpoint says to whom."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


class DefaultRole(StrEnum):
    """Roles that each new house has. An association adds its own beside them.

    `admin` has every permission, also those of modules that come later.
    """

    ADMIN = "admin"  # secretary-general 秘书长
    OFFICER = "officer"  # officer of the secretariat 干事
    ACCOUNTANT = "accountant"  # 财务
    EDITOR = "editor"  # 编辑
    MEMBER = "member"  # everyone who has an account


@dataclass(frozen=True, slots=True)
class Permission:
    """One thing that a role may do. `code` reads scope:resource:action."""

    code: str
    label: Any
    help: Any = ""
    roles: frozenset[DefaultRole] = field(default_factory=frozenset)

    def __str__(self) -> str:
        return self.code


class AccessKind(StrEnum):
    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    PERMISSION = "permission"


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call an endpoint. With several permissions any one of them opens it."""

    kind: AccessKind
    permissions: tuple[str, ...] = ()


PUBLIC = Access(AccessKind.PUBLIC)
SIGNED_IN = Access(AccessKind.SIGNED_IN)

_ATTRIBUTE = "__guildhall_access__"
_BY_LINK = "__guildhall_signed_by_link__"


def _mark(access: Access) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        setattr(view, _ATTRIBUTE, access)
        return view

    return decorate


def allow(*permissions: Permission) -> Callable[[View], View]:
    """Mark an endpoint: whoever has one of these permissions may call it. Put it innermost, on the function itself."""
    return _mark(Access(AccessKind.PERMISSION, tuple(p.code for p in permissions)))


def public(view: View) -> View:
    """Mark an endpoint: anybody may call it."""
    return _mark(PUBLIC)(view)


def signed_in(view: View) -> View:
    """Mark an endpoint: anybody who is signed in may call it, for what is their own."""
    return _mark(SIGNED_IN)(view)


def signed_by_link(view: View) -> View:
    """Mark an endpoint that other systems post to: its address carries a signature, so no form token is demanded."""
    setattr(view, _BY_LINK, True)
    return view


def is_signed_by_link(view: Callable[..., Any]) -> bool:
    return getattr(view, _BY_LINK, False)


def access_of(view: Callable[..., Any], method: str) -> Access | None:
    """The mark of a view function, or of the method of a class-based view."""
    view_class = getattr(view, "view_class", None)
    if view_class is not None:
        handler = getattr(
            view_class, "get" if method == "HEAD" and not hasattr(view_class, "head") else method.lower(), None
        )
        return getattr(handler, _ATTRIBUTE, None) or getattr(view_class, _ATTRIBUTE, None)
    return getattr(view, _ATTRIBUTE, None)
