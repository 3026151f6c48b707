"""Vetoes: a question asked inside the transaction, to which any module may object by raising a domain error."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from guildhall.core.db.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class Question:
    """Base of all questions: a frozen dataclass that names what is about to happen ("a person is being erased")."""


@dataclass(frozen=True, slots=True)
class Veto:
    """A module's say in a question. The handler returns to consent and raises a `DomainError` to object."""

    question: type[Question]
    handler: Callable[["UnitOfWork", Any], None]


def ask(session: "UnitOfWork", question: Question) -> None:
    """Ask every module that is on in this house.

    Raises:
        DomainError: the first objection.
    """
    for veto in session.registry.vetoes_on(type(question), session.house.modules):
        veto.handler(session, question)
