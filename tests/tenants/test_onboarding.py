"""Onboarding as the command line, the console and the site do it, and the houses that come of it."""

import json
import re

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from werkzeug.test import Client

from guildhall.console.onboarding import Order, onboard
from guildhall.core.errors import DomainError
from guildhall.core.jobs.models import JobRow
from guildhall.core.mail import SEND_MAIL
from guildhall.server.cli import cli
from modules.accounts.models import Person, RoleAssignment
from tenants.errors import NotInPlan, SlugTaken, UnknownModule, UnknownPlan, UnknownTemplate
from tenants.models import TenantRow
from tenants.spares import replenish


@pytest.fixture
def order():
    return Order(name="苏州市茶业商会", slug="suzhou-cha", admin_email="wang@example.org", admin_name="王秘书长")


@pytest.fixture
def command(settings, monkeypatch, stack, mail_catcher):
    """Runs `guildhall …` in this process, in the environment of an operator's shell."""
    for name, value in (stack.environment | {"GUILDHALL_SMTP_URL": mail_catcher.smtp_url}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GUILDHALL_MODE", "test")
    return lambda *arguments: CliRunner().invoke(cli, arguments)


def test_the_house_answers_and_its_first_administrator_is_invited(process, doors, order):
    done = onboard(process.runtime, process.tenants, order)
    page = Client(doors).get("/", headers={"Host": done.tenant.host})
    assert page.status_code == 200
    assert order.name in page.text
    assert order.name in done.tenant.profile.introduction
    with process.runtime.db.begin(done.tenant) as session:
        person = session.scalars(select(Person)).one()
        assert (person.name, person.email) == (order.admin_name, order.admin_email)
        assert session.scalars(select(RoleAssignment)).all()
        mails = session.scalars(select(JobRow.payload).where(JobRow.name == SEND_MAIL.name)).all()
    assert [(mail["to"], mail["words"]["url"]) for mail in mails] == [(order.admin_email, done.invitation_url)]
    assert Client(doors).get(done.invitation_url, headers={"Host": done.tenant.host}).status_code == 200


@pytest.mark.parametrize(
    ("change", "error", "field"),
    [
        ({"plan": "gold"}, UnknownPlan, "plan"),
        ({"template": "circus"}, UnknownTemplate, "template"),
        ({"modules": ("philately",)}, UnknownModule, "modules"),
        ({"admin_email": "nobody"}, DomainError, "email"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_made(process, inventory, change, error, field):
    before = inventory()
    wrong = Order(**{"name": "X", "slug": "wrongly-ordered", "admin_email": "a@example.org"} | change)
    with pytest.raises(error) as refused:
        onboard(process.runtime, process.tenants, wrong)
    assert field in refused.value.fields
    after = inventory()
    assert after["tenants"] == before["tenants"]
    assert after["events"] == before["events"]


def test_a_plan_limits_what_an_association_begins_with(process, monkeypatch):
    optional = [m.name for m in process.runtime.registry.modules if not m.always_on]
    monkeypatch.setattr("guildhall.console.onboarding.includes", lambda _plan, _module: False)
    for name in optional:
        with pytest.raises(NotInPlan):
            onboard(
                process.runtime,
                process.tenants,
                Order(name="X", slug="too-much", admin_email="a@example.org", modules=(name,)),
            )


def test_the_command_prints_what_a_script_needs(command, process, doors):
    replenish(process.runtime)
    result = command(
        "tenant", "create", "--name", "Harbour Chamber", "--slug", "harbour-chamber", "--admin-email", "h@example.org",
        "--locale", "en", "--json",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    made = json.loads(result.output)
    assert set(made) == {"id", "slug", "url", "invitation_url", "schema", "elapsed_ms"}
    assert re.fullmatch(r"t_[0-9a-f]{32}", made["schema"])
    assert made["invitation_url"].startswith(made["url"])
    assert Client(doors).get("/", headers={"Host": "harbour-chamber.localhost"}).status_code == 200
    again = command("tenant", "create", "--name", "H", "--slug", "harbour-chamber", "--admin-email", "h@example.org")
    assert isinstance(again.exception, SlugTaken)
    assert "taken" in str(again.exception)


def test_an_associations_life_by_commands(command, process, tenant, tmp_path):
    archive = str(tmp_path / "house.zip")
    steps = [
        ("tenant", "activate", tenant.slug, "--reason", "paid"),
        ("tenant", "suspend", tenant.slug, "--reason", "unpaid"),
        ("tenant", "resume", tenant.slug, "--reason", "paid"),
        ("tenant", "slug", tenant.slug, "by-command"),
        ("tenant", "domain", "add", "by-command", "by-command.example"),
        ("tenant", "domain", "remove", "by-command", "by-command.example"),
        ("tenant", "modules", "by-command"),
        ("tenant", "show", "by-command"),
        ("tenant", "list"),
        ("tenant", "export", "by-command", archive),
        ("tenant", "clone", "by-command", "--slug", "copied-by-command"),
        ("tenant", "restore", archive, "--slug", "restored-by-command", "--beside"),
        ("tenant", "close", "by-command", "--reason", "leaves"),
        ("tenant", "purge", "by-command", "--confirm", "by-command"),
        ("migrate", "--json"),
    ]
    for step in steps:
        result = command(*step)
        assert result.exit_code == 0, (step, result.output, result.exception)
    with process.runtime.db.begin(process.runtime.platform) as session:
        assert session.get_one(TenantRow, tenant.id).status == "purged"
    left = command("tenant", "list", "--json").output
    assert {"restored-by-command", "copied-by-command"} <= {one["slug"] for one in json.loads(left)}
    assert "by-command" not in {one["slug"] for one in json.loads(left)}


def test_a_house_whose_schema_is_missing_says_so_and_the_others_go_on(process, doors, make_tenant, superuser):
    damaged, whole = make_tenant(), make_tenant()
    superuser.execute(f"DROP SCHEMA {damaged.scope.schema} CASCADE")
    for path in ("/", "/sign-in", "/me", "/admin", "/api/v1/openapi.json", "/nowhere"):
        answer = Client(doors).get(path, headers={"Host": damaged.host})
        assert answer.status_code == 503 or answer.status_code < 500, path
        assert Client(doors).get(path, headers={"Host": whole.host}).status_code < 500
    # The public home page needs no row of the house; the first page that does says what is the matter.
    refused = Client(doors).get("/invitations/unknown", headers={"Host": damaged.host})
    assert refused.status_code == 503
    assert "repaired" in refused.text or "修复" in refused.text
