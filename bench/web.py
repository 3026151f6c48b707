"""Pages as people get them: the product's own web command under load, beside a bare page on the same machine."""

import os
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.response import addinfourl

from sqlalchemy import select

from bench import crowd, limit
from bench.crowd import Ask, Seen
from bench.rows import Row, row
from bench.world import QUICK, World
from guildhall.core.clock import now
from guildhall.core.db import UnitOfWork
from guildhall.core.messages import Channel
from guildhall.server.local.ports import LOOPBACK, free_port
from guildhall.server.local.stack import DATABASE
from guildhall.server.testing import Visitor
from guildhall.server.wsgi import Doors
from modules.accounts import public as accounts
from modules.messaging.enums import Status
from modules.messaging.models import Message
from tenants.registry import Tenant

MEMBER_PAGE, OFFICE_PAGE = "/me/notices", "/admin/people"
ROWS = 20
RUNS, SECONDS = (3, 1.5) if QUICK else (5, 5.0)  # each figure is the median of so many runs, so long each
WARM_SECONDS = 1.0
LEAST_SHARE = 0.45  # of what the bare page reaches
START_SECONDS = 30.0
FEW = 10


@row
def pages(world: World) -> Iterator[Row]:
    """Signed-in pages and the public one, and the memory of the processes that served them."""
    world.grow(FEW)
    asks = _Asks(world)
    house = world.tenants[0]
    with _limit_page(world) as limit_port, _web(world) as server:
        for name, path in (("member page", MEMBER_PAGE), ("office page", OFFICE_PAGE)):
            seen, best = _beside(server.port, [asks.signed_in(house, path)], limit_port)
            target = LEAST_SHARE * best
            yield Row(f"[page] {name}, {ROWS} rows", seen.per_second, "req/s", target, best, at_most=False)
            yield Row(f"[page] {name}, p99 of {crowd.CONNECTIONS} connections", seen.p99_ms, "ms", 60)
        yield from _public_page(server.port, house)
        yield from _many_associations(world, server.port, asks)
        yield Row("[worker memory] web process after the load, PSS", max(server.memory_mb()), "MB", 150)


def _public_page(port: int, house: Tenant) -> Iterator[Row]:
    seen = _load(port, [Ask(house.host, "/")])
    yield Row("[public] home page, warm", seen.per_second, "req/s", 3000, at_most=False)
    fresh = _load(port, [Ask(house.host, "/", {"If-None-Match": _etag(port, house)})], status="304")
    yield Row("[public] home page, nothing new: 304", fresh.per_second, "req/s", at_most=False)


def _many_associations(world: World, port: int, asks: "_Asks") -> Iterator[Row]:
    """The same number of requests a second meets ever other schemas."""
    many = world.fleet_size
    few, all_ = ([asks.signed_in(house, MEMBER_PAGE) for house in world.grow(size)] for size in (FEW, many))
    base, seen = _load(port, few), _load(port, all_)
    ratio = seen.p99_ms / base.p99_ms
    yield Row(f"[page] p99 at {many} associations against {FEW}", ratio, "times", 1.3)


def _beside(port: int, asks: list[Ask], limit_port: int) -> tuple[Seen, float]:
    """Runs of a page and of the limit by turns, since others may use the machine too; the limit's requests a second."""
    bare = [Ask(LOOPBACK, "/")]
    crowd.send(port, asks, WARM_SECONDS)
    crowd.send(limit_port, bare, WARM_SECONDS)
    turns = [(crowd.send(port, asks, SECONDS), crowd.send(limit_port, bare, SECONDS)) for _ in range(RUNS)]
    ordered = sorted(turns, key=lambda turn: turn[0].per_second / turn[1].per_second)
    seen, best = ordered[len(ordered) // 2]
    assert set(seen.statuses) == {"200"} == set(best.statuses), (seen.statuses, best.statuses)
    return seen, best.per_second


def _load(port: int, asks: list[Ask], status: str = "200") -> Seen:
    """The run in the middle, by requests a second, after a short one that warms up."""
    crowd.send(port, asks, WARM_SECONDS)
    runs = [crowd.send(port, asks, SECONDS) for _ in range(RUNS)]
    for seen in runs:
        assert set(seen.statuses) == {status}, seen.statuses
    middle = statistics.median_low(seen.per_second for seen in runs)
    return next(seen for seen in runs if seen.per_second == middle)


class _Asks:
    """Requests of somebody who is signed in, with a house full of people and a box full of notices."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._doors = Doors(world.process)
        self._cookies: dict[str, str] = {}

    def signed_in(self, house: Tenant, path: str) -> Ask:
        if house.host not in self._cookies:
            self._cookies[house.host] = self._sign_in(house)
        return Ask(house.host, path, {"Cookie": self._cookies[house.host]})

    def _sign_in(self, house: Tenant) -> str:
        with self._world.runtime.db.begin(house) as session:
            secretary = _people(session)
            session.add_all(_notice(secretary, number) for number in range(ROWS))
        name = str(self._doors.house.config["SESSION_COOKIE_NAME"])
        cookie = Visitor(self._doors, house.host).sign_in(secretary).client.get_cookie(name, house.host)
        assert cookie is not None
        return f"{name}={cookie.value}"


def _people(session: UnitOfWork) -> accounts.Person:
    """As many as a page shows; the one who asks is returned."""
    present = len(session.scalars(select(accounts.Person.id)).all())
    options = {"status": accounts.PersonStatus.ACTIVE}
    people = [
        accounts.create_person(session, f"Person {number}", email=f"person-{number}@example.com", **options)
        for number in range(ROWS - present)
    ]
    accounts.assign_roles(session, people[0], accounts.roles_by_code(session, ["admin"]))
    return people[0]


def _notice(person: accounts.Person, number: int) -> Message:
    return Message(
        kind="messaging.notice",
        channel=Channel.IN_APP,
        person_id=person.id,
        locale="en",
        title=f"The general assembly, part {number}",
        body="You are invited.",
        status=Status.SENT,
        sent_at=now(),
        read_at=now() if number % 2 else None,
    )


class _Server:
    """A web server of ours and its processes."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self._process = process
        self.port = port

    def memory_mb(self) -> list[float]:
        """What each process that answers takes, its share of shared pages included (PSS)."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        return [_pss_mb(int(pid)) for pid in children]


def _pss_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


@contextmanager
def _web(world: World) -> Iterator[_Server]:
    """`guildhall web` as it is delivered; its log of requests is written, to nowhere."""
    command = [sys.executable, "-m", "guildhall.server.cli", "web", "--port"]
    with _served(command, world.environment | {"GUILDHALL_LOG_LEVEL": "INFO"}, world.tenants[0].host) as server:
        yield server


@contextmanager
def _limit_page(world: World) -> Iterator[int]:
    url = world.stack.postgres.url(database=DATABASE)
    limit.fill(url)
    with _served([sys.executable, "-m", "bench.limit"], {limit.DATABASE: url}, LOOPBACK) as server:
        yield server.port


@contextmanager
def _served(command: list[str], environment: dict[str, str], host: str) -> Iterator[_Server]:
    port = free_port()
    output = subprocess.DEVNULL
    with subprocess.Popen([*command, str(port)], env=os.environ | environment, stdout=output, stderr=output) as process:  # noqa: S603 - ours
        try:
            _wait(port, host)
            yield _Server(process, port)
        finally:
            process.terminate()


def _wait(port: int, host: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            _get(port, host).close()
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


def _get(port: int, host: str) -> addinfourl:
    request = urllib.request.Request(f"http://{LOOPBACK}:{port}/", headers={"Host": host, "Accept-Language": "en"})
    found: addinfourl = urllib.request.urlopen(request, timeout=10)  # noqa: S310 - loopback
    return found


def _etag(port: int, house: Tenant) -> str:
    with _get(port, house.host) as answer:
        return str(answer.headers["ETag"])
