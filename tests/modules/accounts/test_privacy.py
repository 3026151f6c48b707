"""What is kept of people: given to them, and forgotten."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import inspect, select

from guildhall.core import audit
from guildhall.core.clock import now
from modules.accounts import models
from modules.accounts.models import ErasureRequest, Passkey, Person, SignInCode, SignInSession
from modules.accounts.privacy import PERSONAL_DATA
from modules.accounts.services.consents import give_consent
from modules.accounts.services.takeout import takeout
from modules.accounts.services.totp import confirm_totp

CANARY = "canary-7f3a"


@pytest.fixture
def full_person(make_person, runtime, tenant):
    """Somebody of whom every table keeps something."""
    import pyotp

    person = make_person(name=CANARY, email=f"{CANARY}@example.com", organization=CANARY, phone="13800138000")
    with runtime.db.begin(tenant) as session:
        row = session.get_one(Person, person.id)
        give_consent(session, row, "portal", CANARY)
        values = {"credential_id": b"1", "public_key": b"2", "sign_count": 0, "transports": []}
        session.add(Passkey(person_id=row.id, name=CANARY, **values))
        session.add(
            SignInSession(
                person_id=row.id,
                fingerprint="f",
                method="password",
                user_agent=CANARY,
                address=CANARY,
                expires_at=now() + timedelta(days=1),
            )
        )
        session.add(SignInCode(address=row.email, expires_at=now()))
        session.add(ErasureRequest(person_id=row.id, reason=CANARY, due_at=now()))
        session.add(
            models.PeopleImport(
                name="list",
                header=[],
                rows=[{"cells": [CANARY]}],
                mapping={},
                errors=[{"cells": [CANARY]}],
                finished_at=now(),
            )
        )
        secret = pyotp.random_base32()
        confirm_totp(session, runtime.vault, row, secret, pyotp.TOTP(secret).now())
    return person


def personal_values(session):
    """Every personal column of every table of accounts, as text."""
    found = {}
    for model in models.ALL:
        for column in inspect(model).columns:
            if column.info.get("personal"):
                found[f"{model.__tablename__}.{column.key}"] = str(session.scalars(select(column)).all())
    return found


def test_the_copy_holds_every_table_and_no_secret(full_person, visit):
    answer = visit().sign_in(full_person).post("/me/privacy/download", page="/me/privacy")
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    data = json.loads(archive.read("accounts.json"))
    assert data["person"]["name"] == CANARY
    for topic in ("sessions", "passkeys", "consents", "deletion_requests", "sign_in_codes"):
        assert CANARY in json.dumps(data[topic]), topic
    text = json.dumps(data)
    assert not any(word in text for word in ("argon2", "fingerprint", "secret", "hash"))


def test_erasure_leaves_nothing_in_any_table(full_person, visit, make_person, runtime, tenant):
    admin = visit().sign_in(make_person(roles=("admin",)))
    with runtime.db.begin(tenant) as session:
        before = personal_values(session)
    assert sum(CANARY in values for values in before.values()) >= 9, "the fixture fills the tables"
    assert set(PERSONAL_DATA.tables) == {name.partition(".")[0] for name in before}
    path = f"/admin/people/{full_person.id}"
    assert admin.post(f"{path}/erase", {"confirmation": "wrong"}, page=path).location == path
    assert admin.post(f"{path}/erase", {"confirmation": CANARY}, page=path).status_code == 200
    with runtime.db.begin(tenant) as session:
        assert not [name for name, values in personal_values(session).items() if CANARY in values]
        assert audit.verify(session).intact
    assert admin.get(path).status_code == 404


def test_a_week_to_think_again(visit, make_person, runtime, tenant, run_jobs, mailbox):
    person = make_person()
    visitor, admin = visit().sign_in(person), visit().sign_in(make_person(roles=("admin",)))
    assert visitor.post("/me/privacy/deletion", {"reason": "moving"}).location == "/me/privacy"
    assert "May still be taken back" in admin.get("/admin/people/deletions").text
    visitor.post("/me/privacy/deletion/cancel", page="/me/privacy")
    assert "Nobody asked for deletion" in admin.get("/admin/people/deletions").text
    visitor.post("/me/privacy/deletion", {})
    run_jobs(tenant)
    assert "deleted" in mailbox.wait_for(person.email).subject


def test_requests_ripen(make_person, runtime, tenant, run_jobs, visit):
    from guildhall.core.jobs.queue import enqueue
    from modules.accounts.services.erasure import RIPEN_ERASURES, request_erasure

    person = make_person()
    with runtime.db.begin(tenant) as session:
        request_erasure(session, session.get_one(Person, person.id))
    for days, state in ((6, "cooling"), (8, "due")):
        with time_machine.travel(now() + timedelta(days=days), tick=False):
            with runtime.db.begin(tenant) as session:
                enqueue(session, RIPEN_ERASURES)
            run_jobs(tenant)
        with runtime.db.begin(tenant) as session:
            assert session.scalar(select(ErasureRequest.state)) == state


def test_a_module_may_object(make_person, runtime, tenant, monkeypatch):
    from guildhall.core.errors import Conflict
    from guildhall.core.registry import Registry
    from guildhall.core.vetoes import Veto
    from modules.accounts.facts import PersonErasing
    from modules.accounts.services.erasure import erase_person

    def object_to(_session, _question):
        raise Conflict

    monkeypatch.setattr(Registry, "vetoes_on", lambda *_: iter([Veto(PersonErasing, object_to)]))
    person = make_person()
    with pytest.raises(Conflict), runtime.db.begin(tenant) as session:
        erase_person(session, session.get_one(Person, person.id))
    with runtime.db.begin(tenant) as session:
        assert session.get_one(Person, person.id).email


def test_consents_are_given_and_withdrawn(visit, make_person):
    visitor = visit().sign_in(make_person())
    assert "not agreed to" in visitor.get("/me/privacy").text
    visitor.post("/me/privacy/consents", page="/me/privacy")
    page = visitor.soup("/me/privacy")
    assert "not agreed to" not in page.text
    action = page.select_one('form[action$="/withdraw"]')["action"]
    visitor.post(action, page="/me/privacy")
    assert "withdrawn" in visitor.get("/me/privacy").text
    assert visit().sign_in(make_person()).post(action, page="/me/privacy").status_code == 404


def test_modules_without_tables_in_this_house_are_not_asked(make_person, runtime, tenant):
    """One that was installed after the house was laid out, and never switched on there."""
    person = make_person()
    early = replace(tenant, revisions=tuple(one for one in tenant.revisions if one[0] != "files"))
    with runtime.db.begin(early) as session:
        assert "files" not in takeout(session, person.id)
        assert "accounts" in takeout(session, person.id)
    with runtime.db.begin(tenant) as session:
        assert "files" in takeout(session, person.id)


def test_a_new_version_is_in_force_and_everybody_is_asked_until_they_answer(visit, make_person):
    member, admin = visit().sign_in(make_person()), visit().sign_in(make_person(roles=("admin",)))
    member.post("/me/privacy/consents", page="/me/privacy")
    assert "Please read and agree" not in member.get("/me").text
    path = "/admin/documents/terms"
    assert admin.post(path, {"text": ""}).status_code == 422, "the standard text is in force already"
    assert admin.post(path, {"text": "## Our own terms"}).location == "/admin/documents"
    assert "version 2" in admin.get("/admin/documents").text
    assert visit().soup("/terms").article.h2.text == "Our own terms"
    assert "Please read and agree" in member.get("/me").text
    member.post("/me/privacy/consents", page="/me/privacy")
    assert "Please read and agree" not in member.get("/me").text
    action = member.soup("/me/privacy").select_one('form[action$="/withdraw"]')["action"]
    member.post(action, page="/me/privacy")
    assert "Please read and agree" not in member.get("/me").text, "who said no is not asked again"


def test_only_who_may_publish_sees_that_page(visit, make_person):
    assert visit().sign_in(make_person(roles=("officer",))).get("/admin/documents").status_code == 403
