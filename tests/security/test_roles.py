"""Nobody does what their role may not."""

from guildhall.core.permissions import AccessKind, access_of
from tests.security.roles import TABLE, table
from tests.security.world import routes


def test_who_may_call_what_is_as_written(world):
    """A difference is a change of permissions, or a new address: look at it, then `python -m tests.security.roles`."""
    found, written = table(world).splitlines(), TABLE.read_text(encoding="utf-8").splitlines()
    assert [line for line in found if line not in written] == []
    assert [line for line in written if line not in found] == []


def test_the_table_says_what_the_marks_say(world):
    """The control: what is public is open to anybody, and what is not is closed to who has not signed in."""
    for door, part in zip((world.doors.house, world.doors.console), TABLE.read_text().split("\n\n")[2:4], strict=True):
        for route, line in zip(routes(door), part.splitlines()[1:], strict=True):
            is_public = access_of(door.view_functions[route.endpoint], route.method).kind is AccessKind.PUBLIC
            assert line.startswith(str(route))
            anonymous = line.removeprefix(str(route)).split("  ")
            first = next(word.strip() for word in anonymous if word.strip())
            # A file is public by its address, and asks who is there by its own visibility.
            assert (first == "yes") == is_public or route.endpoint == "files.download", line


def test_the_vendors_visitor_takes_nothing_that_outlives_the_visit(world):
    """Whoever visits may do what administrators may, and has no account for a token to act for."""
    visitor = world.a.visitor("visitor")
    form = {"name": "ERP", "scopes": "accounts:people:view", "lifetime": "0"}
    assert visitor.post("/admin/api/new", form).status_code == 403
    assert visitor.get("/me/profile").status_code == 302
