"""A person's data in this module: given to them, and forgotten."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import delete, inspect, select, update

from guildhall.core.db import Base, UnitOfWork
from guildhall.core.i18n import _
from guildhall.core.module import PersonalData
from guildhall.core.payload import encode
from modules.accounts.enums import ImportState, PersonStatus
from modules.accounts.importing.forgetting import without
from modules.accounts.models import (
    Consent,
    ErasureRequest,
    Invitation,
    Passkey,
    PasskeyChallenge,
    PeopleImport,
    Person,
    RecoveryCode,
    RoleAssignment,
    SignInCode,
    SignInSession,
    Totp,
)
from modules.accounts.services.roles import label_of, roles_of

# Hashes, keys and fingerprints are about secrets, not about the person.
HIDDEN = frozenset({"password_hash", "fingerprint", "credential_id", "public_key", "secret", "code_hash"})


def export(session: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    """All that this module knows of a person, without their secrets."""
    person = session.get_one(Person, person_id)
    owned: dict[str, type[Any]] = {
        "sessions": SignInSession,
        "passkeys": Passkey,
        "consents": Consent,
        "deletion_requests": ErasureRequest,
    }
    found = {
        topic: [_plain(row) for row in session.scalars(select(model).where(model.person_id == person_id))]
        for topic, model in owned.items()
    }
    addresses = [address for address in (person.email, person.phone) if address]
    codes = session.scalars(select(SignInCode).where(SignInCode.address.in_(addresses)))
    roles = [label_of(role) for role in roles_of(session, person_id)]
    return {"person": _plain(person), "roles": roles, "sign_in_codes": [_plain(code) for code in codes], **found}


def erase(session: UnitOfWork, person_id: UUID) -> list[str]:
    """Leave a nameless row, so that what points at it still points somewhere."""
    person = session.get_one(Person, person_id)
    addresses = [address for address in (person.email, person.phone) if address]
    for model in (SignInSession, Passkey, PasskeyChallenge, Totp, RecoveryCode, Invitation, RoleAssignment):
        session.execute(delete(model).where(model.person_id == person_id))
    session.execute(delete(SignInCode).where(SignInCode.address.in_(addresses)))
    session.execute(update(Consent).where(Consent.person_id == person_id).values(address=""))
    session.execute(update(ErasureRequest).where(ErasureRequest.person_id == person_id).values(reason=""))
    _erase_from_lists(session, person.name, addresses)
    person.name, person.organization = "", ""
    person.email = person.phone = person.password_hash = person.last_seen_at = None
    person.status = PersonStatus.ERASED
    session.flush()
    return [
        _("Which versions of the privacy policy and the terms were agreed to, and when, as evidence."),
        _("The name in the audit log, which nobody can alter: what was done, when and by whom."),
        _("What finished work was about, such as the address of a mail that was sent; forgotten after 30 days."),
    ]


def _erase_from_lists(session: UnitOfWork, name: str, addresses: Collection[str]) -> None:
    """Take a person out of every list but one that is being brought in at this moment, which empties itself."""
    for one in session.scalars(select(PeopleImport).where(PeopleImport.state != ImportState.RUNNING)):
        one.rows, one.errors = without(one.rows, name, addresses), without(one.errors, name, addresses)


def _plain(row: Base) -> dict[str, Any]:
    keys = [column.key for column in inspect(type(row)).columns if column.key not in HIDDEN]
    return {key: encode(getattr(row, key)) for key in keys}


PERSONAL_DATA = PersonalData(
    tables=frozenset(
        {
            "accounts_person",
            "accounts_session",
            "accounts_sign_in_code",
            "accounts_passkey",
            "accounts_consent",
            "accounts_erasure_request",
            "accounts_people_import",
        }
    ),
    export=export,
    erase=erase,
)
