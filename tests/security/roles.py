"""Who may call what: the table in `roles.txt`, found by asking. `python -m tests.security.roles` writes it anew.

Every method of every address is called as everybody. Forms are sent without their token: permission is judged before
the token is, so that nothing is changed by asking.
"""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from guildhall.console.models import StaffRole
from guildhall.core.permissions import DefaultRole
from guildhall.core.settings import Settings
from guildhall.server.local.prepare import prepare
from guildhall.server.local.stack import LocalStack
from guildhall.server.process import Process
from guildhall.server.testing import Visitor
from guildhall.server.wsgi import Doors
from tests.security.world import Home, Route, World, cookie_of, routes

TABLE = Path(__file__).with_name("roles.txt")
HOUSE_ROLES = ("anonymous", *(role.value for role in reversed(DefaultRole)), "visitor")
PEOPLE_OF_A_HOUSE = ("member", "admin")
CONSOLE_ROLES = ("anonymous", *PEOPLE_OF_A_HOUSE, *(role.value for role in reversed(StaffRole)))
HEAD = """Who may call what. Written by `python -m tests.security.roles`.
Read each change of it as a change of permissions.

yes: may call. no: refused for lack of permission. sign in: is asked to sign in first.
The visitor is the vendor's, in the house for support. In the console, member and admin hold a cookie of their house.
"""

Ask = Callable[[Route], TestResponse]


def table(world: World) -> str:
    """The whole table, as text."""
    doors, site = world.doors, {"anonymous": _site_caller(world)}
    house, console = _part(doors.house, _house_callers(world.a)), _part(doors.console, _console_callers(world))
    return "\n".join([HEAD, house, console, _part(doors.site, site)])


def _part(door: Any, callers: dict[str, Ask]) -> str:
    rows = [(door.kind.upper(), *callers)]
    rows += [(str(route), *(_word(ask(route)) for ask in callers.values())) for route in routes(door)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "".join("  ".join(map(str.ljust, row, widths)).rstrip() + "\n" for row in rows)


def _word(answer: TestResponse) -> str:
    if answer.status_code == 401 or (answer.status_code == 302 and "/sign-in?" in answer.location):
        return "sign in"
    assert answer.status_code < 500, f"{answer.request.path}: {answer.status}"
    return "no" if answer.status_code == 403 else "yes"


def _house_callers(home: Home) -> dict[str, Ask]:
    return {role: _house_caller(home, "" if role == "anonymous" else role) for role in HOUSE_ROLES}


def _house_caller(home: Home, role: str) -> Ask:
    browser = home.visitor(role)
    caller = home.caller(role) if f"token of {role}" in home.secrets else None
    kept = cookie_of(browser, home.doors.house)

    def ask(route: Route) -> TestResponse:
        path = route.path(home.argument)
        if route.is_api and caller:
            return caller.open(route.method, path.removeprefix("/api/v1"), json={})
        return _open(browser, home, kept, route.method, path)

    return ask


def _open(browser: Visitor, home: Home, kept: str, method: str, path: str) -> TestResponse:
    """Ask with the cookie as it was at first: some pages begin another session."""
    name, host = home.doors.house.config["SESSION_COOKIE_NAME"], home.tenant.host
    browser.client.delete_cookie(name, domain=host)
    if kept:
        browser.client.set_cookie(name, kept, domain=host)
    return browser.open(method, path)


def _console_callers(world: World) -> dict[str, Ask]:
    return {role: _console_caller(world, role) for role in CONSOLE_ROLES}


def _console_caller(world: World, role: str) -> Ask:
    console, known = world.doors.console, world.vendor_argument(world.b)
    browser = world.console_visitor(StaffRole(role) if role in set(StaffRole) else None)
    if role in PEOPLE_OF_A_HOUSE:
        sealed = cookie_of(world.a.visitor(role), world.doors.house)
        browser.client.set_cookie(console.config["SESSION_COOKIE_NAME"], sealed, domain=browser.host.partition(":")[0])
    return lambda route: browser.open(route.method, route.path(known))


def _site_caller(world: World) -> Ask:
    browser, known = world.site_visitor(), world.vendor_argument(world.b)
    return lambda route: browser.open(route.method, route.path(known))


def main() -> None:
    """Write the table."""
    for process in _process():
        TABLE.write_text(table(World(process, Doors(process))), encoding="utf-8")
    print(f"{TABLE}: written")


def _process() -> Iterator[Process]:
    with tempfile.TemporaryDirectory() as folder, LocalStack(Path(folder), fresh=True, fsync=False) as stack:
        process = Process.of(Settings.from_environ(stack.environment | {"GUILDHALL_MODE": "test"}))
        prepare(stack, process.runtime)
        yield process
        process.runtime.close()


if __name__ == "__main__":
    main()
