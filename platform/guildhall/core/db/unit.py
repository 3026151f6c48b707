"""The unit of work: one transaction in one house, and what leaves after it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Engine, event
from sqlalchemy.orm import ORMExecuteState, Session

from guildhall.core.db.scope import enter_statement
from guildhall.core.errors import NotFound
from guildhall.core.house import House
from guildhall.core.identity import SYSTEM, Actor

if TYPE_CHECKING:
    from guildhall.core.registry import Registry


@event.listens_for(Session, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    if isinstance(state.session, UnitOfWork) and (state.is_insert or state.is_update or state.is_delete):
        state.session.wrote = True


@event.listens_for(Session, "after_flush")
def _note_flush(session: Session, _context: object) -> None:
    if isinstance(session, UnitOfWork) and (session.new or session.dirty or session.deleted):
        session.wrote = True


class UnitOfWork(Session):
    """A SQLAlchemy session that knows whose house it is in and who acts.

    Services take it as `session`, flush, and return; whoever opened it commits. Callbacks registered with
    `after_commit_do` run once the commit has succeeded, and never otherwise.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        house: House,
        actor: Actor | None = None,
        registry: "Registry | None" = None,
        on_work: Callable[[UUID], None] = lambda _house_id: None,
    ) -> None:
        super().__init__(engine, expire_on_commit=False, autoflush=True)
        self.house = house
        self._actor = actor
        self._registry = registry
        self._on_work = on_work
        # Rows that are written only just before the commit, by who gathers them; forgotten with what is rolled back.
        self.gathered: dict[str, list[Any]] = {}
        self._before: list[Callable[[], None]] = []
        self._after: list[Callable[[], None]] = []
        self._houses_with_work: set[UUID] = set()
        self.wrote = False  # whether this transaction has changed a row; noted at each flush and statement

    @property
    def actor(self) -> Actor:
        """Who acts; the system itself where nobody was named."""
        return self._actor or SYSTEM

    @actor.setter
    def actor(self, actor: Actor) -> None:
        self._actor = actor

    @property
    def registry(self) -> "Registry":
        if self._registry is None:
            msg = "this unit of work was opened without modules"
            raise RuntimeError(msg)
        return self._registry

    def before_commit_do(self, callback: Callable[[], None]) -> None:
        """Run inside the transaction, as late as possible: for what takes a lock that others wait for."""
        if callback not in self._before:
            self._before.append(callback)

    def after_commit_do(self, callback: Callable[[], None]) -> None:
        """Run once the transaction is committed. The same callback registered twice runs once."""
        if callback not in self._after:
            self._after.append(callback)

    def note_work(self) -> None:
        """Jobs were written in this house: the relay is told after the commit."""
        self._houses_with_work.add(self.house.id)

    def commit(self) -> None:
        self._finish()
        super().commit()
        after, self._after = self._after, []
        for callback in after:
            callback()
        houses, self._houses_with_work = self._houses_with_work, set()
        for house_id in houses:
            self._on_work(house_id)

    def _finish(self) -> None:
        """Write what belongs to this house: all that is pending, then what was kept for the end."""
        self.flush()
        before, self._before = self._before, []
        for callback in before:
            callback()

    def rollback(self) -> None:
        self._before.clear()
        self._after.clear()
        self._houses_with_work.clear()
        self.gathered.clear()
        super().rollback()

    def enter(self, house: House) -> None:
        """Go on in another house within the same transaction; onboarding claims in one and seeds in the other."""
        self._finish()
        self.expunge_all()
        self.connection().exec_driver_sql(enter_statement(house.scope))
        self.house = house

    def get_or_404(self, entity: type[Any], ident: object) -> Any:
        """The row, or `NotFound`."""
        found = self.get(entity, ident)
        if found is None:
            raise NotFound
        return found
