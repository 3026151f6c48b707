"""One-click sign-in and the start page of the demonstration.

`open_doors` registers them, and only `guildhall.server.wsgi` calls it, only in demo mode. Outside it neither the
addresses nor this module exist for the running process; a test holds it to that.
"""

from typing import NoReturn

from flask import Blueprint, abort, redirect, render_template, session
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from guildhall.console import staff as console_staff
from guildhall.console.models import Staff
from guildhall.console.pages.sign_in import SESSION_KEY
from guildhall.core.permissions import public
from guildhall.core.settings import Mode
from guildhall.core.web import kit
from guildhall.core.web.context import client_address, db_session, door, runtime
from guildhall.core.web.door import Door
from guildhall.server.demo.houses import HOUSES, MEMBER_EMAIL, SECRETARY_EMAIL, VENDOR_EMAIL
from modules.accounts import public as accounts

house_doors = Blueprint("demo", __name__, url_prefix="/-/demo", template_folder="../templates")
console_doors = Blueprint("demo", __name__, url_prefix="/-/demo")
start_page = Blueprint("demo", __name__, template_folder="../templates")


def open_doors(site: Door, console: Door, house: Door) -> None:
    """Let anybody in as anybody.

    Raises:
        RuntimeError: the process does not run in demo mode.
    """
    if site.runtime.settings.mode is not Mode.DEMO:
        raise RuntimeError("one-click sign-in exists in demo mode alone")
    site.register_blueprint(start_page)
    site.view_functions["site.index"] = start
    console.register_blueprint(console_doors)
    house.register_blueprint(house_doors)
    for each in (site, console, house):
        each.register_blueprint(kit.blueprint)


@public
def start() -> str:
    """The start page stands where the product's page is; that one moves to /product."""
    tenants = door().extensions["tenants"]
    planted = [tenant for house in HOUSES if (tenant := tenants.by_slug(house.slug))]
    settings = runtime().settings
    console_url = settings.url_of(f"console.{settings.base_host}")
    return render_template("demo/start.html", tenants=planted, console_url=console_url.rstrip("/"))


@start_page.get("/product")
@public
def product() -> ResponseReturnValue:
    from guildhall.site.pages import index

    return index()


@console_doors.get("/vendor")
@public
def vendor() -> ResponseReturnValue:
    staff = db_session().scalar(select(Staff).where(Staff.email == VENDOR_EMAIL))
    if staff is None:
        _nobody()
    session.clear()
    session[SESSION_KEY] = console_staff.open_session(db_session(), staff, client_address(), "demo")
    return redirect("/")


@house_doors.get("/<any(secretary, member):who>")
@public
def enter(who: str) -> ResponseReturnValue:
    address, way = (SECRETARY_EMAIL, "/admin") if who == "secretary" else (MEMBER_EMAIL, "/me")
    person = accounts.find_by_address(db_session(), address)
    if person is None:
        _nobody()
    accounts.sign_in(person, accounts.SignInMethod.DEMO)
    return redirect(way)


def _nobody() -> NoReturn:
    abort(404)
