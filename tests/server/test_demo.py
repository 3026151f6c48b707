"""One-click doors: there in the demonstration, impossible elsewhere."""

from dataclasses import replace

import pytest

from guildhall.core.settings import Mode
from guildhall.server.demo.doors import open_doors
from guildhall.server.demo.plant import steps
from guildhall.server.process import Process
from guildhall.server.testing import Visitor
from guildhall.server.wsgi import Doors

ADDRESSES = ("/-/demo/secretary", "/-/demo/member", "/-/demo/vendor", "/-/kit", "/product")


@pytest.fixture(scope="module")
def demo(settings, process):
    """A process in demo mode, on the same platform, planted."""
    running = Process.of(replace(settings, mode=Mode.DEMO))
    for step in steps(running):
        step.plant()
    yield running
    running.runtime.close()


@pytest.fixture(scope="module")
def demo_doors(demo):
    return Doors(demo)


def test_planted_twice_changes_nothing(demo):
    assert list(steps(demo)) == []


def test_the_start_page_lists_the_doors(demo_doors):
    page = Visitor(demo_doors, "localhost:8000").get("/").text
    for host in ("suzhou-tea", "delta-manufacturing", "alumni-founders"):
        assert f"http://{host}.localhost:8000/-/demo/secretary" in page
    assert "http://console.localhost:8000/-/demo/vendor" in page


@pytest.mark.parametrize(
    ("host", "door", "behind"),
    [
        ("suzhou-tea.localhost", "/-/demo/secretary", "/admin"),
        ("suzhou-tea.localhost", "/-/demo/member", "/me"),
        ("console.localhost", "/-/demo/vendor", "/"),
    ],
)
def test_one_click_lets_in(demo_doors, host, door, behind):
    browser = Visitor(demo_doors, f"{host}:8000")
    assert browser.get(behind).status_code == 302, "shut before"
    assert browser.get(door).headers["Location"] == behind
    assert browser.get(behind, follow_redirects=True).status_code == 200


@pytest.mark.parametrize("address", ADDRESSES)
def test_outside_the_demonstration_there_are_no_such_doors(visit, settings, address):
    for host in (None, settings.base_host, f"console.{settings.base_host}"):
        assert visit(host).get(address).status_code == 404


def test_the_doors_cannot_be_opened_in_another_mode(doors):
    with pytest.raises(RuntimeError):
        open_doors(doors.site, doors.console, doors.house)
