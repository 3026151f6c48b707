"""The most that this machine gives a page of two ORM queries: no session, tenant, permission, language or layout.

`python -m bench.limit PORT` serves it as the product is served: granian, the same number of processes and threads, the
same settings of the engine. What the product's own pages reach is told as a share of it.
"""

import os
import sys
from datetime import UTC, datetime

from flask import Flask, render_template_string
from granian import Granian
from granian.constants import Interfaces
from sqlalchemy import DateTime, Engine, MetaData, create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from guildhall.core.db.engine import CONNECT_TIMEOUT_SECONDS
from guildhall.server.local.ports import LOOPBACK
from guildhall.server.web import QUIET_LOG

DATABASE = "BENCH_LIMIT_DATABASE_URL"
ROWS = 20
PROCESSES, THREADS, POOL_SIZE = 2, 1, 4
PAGE = """<!doctype html><title>People</title><h1>{{ total }} people</h1>
<table>{% for p in people %}<tr><td>{{ p.id }}<td>{{ p.name }}<td>{{ p.email }}<td>{{ p.joined_at }}{% endfor %}</table>
"""


class Base(DeclarativeBase):
    metadata = MetaData(schema="bench")


class Person(Base):
    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    joined_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


def connect(url: str) -> Engine:
    arguments = {"autocommit": True, "prepare_threshold": None, "connect_timeout": CONNECT_TIMEOUT_SECONDS}
    driver = url.replace("postgresql://", "postgresql+psycopg://", 1)
    return create_engine(driver, pool_size=POOL_SIZE, max_overflow=0, connect_args=arguments)


def fill(url: str) -> None:
    """Make the table and its rows."""
    engine = connect(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS bench")
        Base.metadata.create_all(connection)
    with Session(engine) as session:
        numbers = range(ROWS - (session.scalar(select(func.count()).select_from(Person)) or 0))
        session.add_all(
            Person(name=f"Person {n}", email=f"person-{n}@example.com", joined_at=datetime.now(UTC)) for n in numbers
        )
        session.commit()
    engine.dispose()


def create_app() -> Flask:
    app, engine = Flask(__name__), connect(os.environ[DATABASE])

    @app.get("/")
    def people() -> str:
        with Session(engine) as session:
            total = session.scalar(select(func.count()).select_from(Person))
            rows = session.scalars(select(Person).order_by(Person.name).limit(ROWS)).all()
            return render_template_string(PAGE, total=total, people=rows)

    return app


def main(port: int) -> None:
    Granian(
        "bench.limit:create_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=LOOPBACK,
        port=port,
        workers=PROCESSES,
        blocking_threads=THREADS,
        log_dictconfig=QUIET_LOG,
        websockets=False,
    ).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]))
