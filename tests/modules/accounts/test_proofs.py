"""Asked once more: who finds a browser open shall not make the account their own."""

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select, update

from guildhall.core.audit import AuditEntry
from guildhall.core.clock import now
from modules.accounts.models import Passkey, Person, SignInSession
from modules.accounts.services.passwords import _mark, _purpose
from modules.accounts.services.totp import confirm_totp

PROOF = "/me/security/proof"


@pytest.fixture
def stale(runtime, tenant, visit):
    """A browser that a person signed in with a while ago."""

    def open_for(person):
        visitor = visit().sign_in(person)
        with runtime.db.begin(tenant) as session:
            session.execute(update(SignInSession).values(proved_at=now() - timedelta(minutes=11)))
        return visitor

    return open_for


def test_fresh_from_signing_in_nobody_is_asked(visit, make_person):
    visitor = visit().sign_in(make_person())
    assert visitor.get("/me/address").status_code == 200
    assert "data-passkey" in visitor.get("/me/security").text


def test_the_password_leads_on_to_where_one_wanted_to_go(stale, make_person, give_password):
    person = make_person()
    password, visitor = give_password(person), stale(person)
    assert visitor.get("/me/address").location == PROOF
    assert visitor.post(PROOF, {"password": "wrong"}).status_code == 422
    assert visitor.get("/me/address").location == PROOF
    assert visitor.post(PROOF, {"password": password}).location == "/me/address"
    assert visitor.get("/me/address").status_code == 200


def test_a_code_serves_who_has_no_password(stale, make_person, code_of):
    person = make_person()
    visitor = stale(person)
    assert "Send me a code" in visitor.get(PROOF).text
    assert visitor.post(PROOF, {"code": "000000"}).status_code == 403, "nothing was sent yet"
    visitor.post(f"{PROOF}/code", page=PROOF)
    code = code_of(person.email)
    assert visitor.post(PROOF, {"code": "000000" if code != "000000" else "1"}).status_code == 422
    assert visitor.post(PROOF, {"code": code}).location == "/me/security"
    assert visitor.get("/me/address").status_code == 200


def test_the_app_is_asked_where_there_is_one(stale, make_person, give_password, runtime, tenant):
    person, secret = make_person(), pyotp.random_base32()
    password = give_password(person)
    with runtime.db.begin(tenant) as session:
        row = session.get_one(Person, person.id)
        spare = confirm_totp(session, runtime.vault, row, secret, pyotp.TOTP(secret).now())
    visitor = stale(person)
    assert visitor.post(PROOF, {"password": password, "code": "1"}).status_code == 422
    assert visitor.post(PROOF, {"code": spare[0]}).location == "/me/security"


def test_passkeys_are_neither_added_nor_removed_without_it(stale, make_person, runtime, tenant):
    person = make_person()
    with runtime.db.begin(tenant) as session:
        values = {"credential_id": b"1", "public_key": b"2", "sign_count": 0, "transports": [], "name": "Phone"}
        session.add(passkey := Passkey(person_id=person.id, **values))
    visitor = stale(person)
    assert "data-passkey" not in visitor.get("/me/security").text
    token = visitor.token("/me/security")
    for path in ("/me/security/passkeys/options", "/me/security/passkeys"):
        answer = visitor.open("POST", path, json={}, headers={"X-CSRFToken": token})
        assert (answer.status_code, answer.json["code"]) == (403, "proof_needed")
    assert visitor.post(f"/me/security/passkeys/{passkey.id}/delete", page="/me/security").location == PROOF
    with runtime.db.begin(tenant) as session:
        assert session.get(Passkey, passkey.id) is not None


def test_the_log_names_who_set_a_password_by_a_link_though_the_second_step_is_owed(
    visit, make_person, runtime, tenant, session
):
    person, secret = make_person(), pyotp.random_base32()
    with runtime.db.begin(tenant) as unit:
        row = unit.get_one(Person, person.id)
        confirm_totp(unit, runtime.vault, row, secret, pyotp.TOTP(secret).now())
        signed = runtime.vault.sign([str(row.id), _mark(row)], purpose=_purpose(tenant))
    answer = visit().post(f"/password/{signed}", {"password": "three-small-umbrellas"})
    assert answer.location == "/sign-in/totp"
    entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "accounts.password_set"))
    assert (entry.actor_id, entry.actor_label) == (person.id, person.name)
