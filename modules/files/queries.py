"""Reads of files."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from guildhall.core.db import UnitOfWork
from modules.files.models import File


@dataclass(frozen=True, slots=True)
class Share:
    """What one module keeps."""

    module: str
    files: int
    size: int


def bytes_used(session: UnitOfWork) -> int:
    """What all files of the house take together."""
    return int(session.scalar(select(func.coalesce(func.sum(File.size), 0))) or 0)


def shares(session: UnitOfWork) -> Sequence[Share]:
    """How much each module keeps, the largest first."""
    module = func.split_part(File.purpose, ".", 1)
    size = func.sum(File.size)
    rows = session.execute(select(module, func.count(), size).group_by(module).order_by(size.desc(), module))
    return [Share(name, count, int(total)) for name, count, total in rows]


def files(*, search: str = "", module: str = "") -> Select[File]:
    """Files whose name holds the words, of one module or of all. Unordered."""
    statement = select(File)
    if search:
        statement = statement.where(File.name.icontains(search, autoescape=True))
    if module:
        statement = statement.where(File.purpose.startswith(f"{module}.", autoescape=True))
    return statement
