"""Passkeys (W3C Web Authentication): bound to the house's own host, so that no other site can ask for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from sqlalchemy import delete, select
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from guildhall.core import audit
from guildhall.core.clock import now
from guildhall.core.db import UnitOfWork
from guildhall.core.errors import NotFound
from guildhall.core.house import House
from guildhall.core.runtime import Runtime
from modules.accounts.errors import PasskeyRefused
from modules.accounts.models import Passkey, PasskeyChallenge, Person
from modules.accounts.services.notices import tell_of_change

PATIENCE = timedelta(minutes=10)
_TRANSPORTS = frozenset(AuthenticatorTransport)


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What the browser is asked, and the id under which the house remembers the question."""

    options: str
    challenge_id: UUID


def begin_registration(session: UnitOfWork, person: Person) -> Ceremony:
    """Ask for a new passkey of this person, one that the device finds without a name being typed."""
    known = [PublicKeyCredentialDescriptor(id=one.credential_id) for one in passkeys_of(session, person.id)]
    options = webauthn.generate_registration_options(
        rp_id=_host(session.house),
        rp_name=session.house.name,
        user_id=person.id.bytes,
        user_name=person.address,
        user_display_name=person.name,
        exclude_credentials=known,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    return _remembered(session, options, person.id)


def finish_registration(
    session: UnitOfWork, person: Person, challenge: bytes, answer: dict[str, Any], name: str
) -> Passkey:
    """Keep the passkey that the browser made.

    Raises:
        PasskeyRefused: the answer is to another question, from another site, or forged.
    """
    try:
        verified = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host(session.house),
            expected_origin=_origin(session.house),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise PasskeyRefused from error
    given = answer.get("response", {}).get("transports") or []
    passkey = Passkey(
        person_id=person.id,
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        transports=[one for one in given if one in _TRANSPORTS],
        name=name[:80],
    )
    session.add(passkey)
    session.flush()
    audit.record(session, "accounts.passkey_added", person)
    tell_of_change(session, person, "passkey")
    return passkey


def begin_sign_in(session: UnitOfWork) -> Ceremony:
    """Ask for any passkey of this house."""
    options = webauthn.generate_authentication_options(
        rp_id=_host(session.house), user_verification=UserVerificationRequirement.REQUIRED
    )
    return _remembered(session, options)


def spend_challenge(runtime: Runtime, house: House, challenge_id: UUID, person_id: UUID | None = None) -> bytes:
    """The question that a browser was asked, about this person. It is forgotten in a transaction of its own, so that
    a wrong answer uses it up too.

    Raises:
        PasskeyRefused: nothing was asked, it was answered already, or it is too old.
    """
    asked = delete(PasskeyChallenge).where(
        PasskeyChallenge.id == challenge_id,
        PasskeyChallenge.person_id.is_not_distinct_from(person_id),
        PasskeyChallenge.expires_at > now(),
    )
    with runtime.db.begin(house) as session:
        challenge: bytes | None = session.scalar(asked.returning(PasskeyChallenge.challenge))
    if challenge is None:
        raise PasskeyRefused
    return challenge


def sweep_challenges(session: UnitOfWork) -> None:
    """Forget questions that nobody answered."""
    session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at < now()))


def finish_sign_in(session: UnitOfWork, challenge: bytes, answer: dict[str, Any]) -> Person:
    """The person whose passkey answered.

    Raises:
        PasskeyRefused: it is unknown, or the answer is to another question, from another site, or forged.
    """
    passkey = _find(session, answer)
    person = session.get_one(Person, passkey.person_id)
    try:
        verified = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host(session.house),
            expected_origin=_origin(session.house),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise PasskeyRefused from error
    if not person.is_active:
        raise PasskeyRefused
    passkey.sign_count, passkey.used_at = verified.new_sign_count, now()
    session.flush()
    return person


def remove_passkey(session: UnitOfWork, person: Person, passkey_id: UUID) -> None:
    """Forget a passkey of this person.

    Raises:
        NotFound.
    """
    passkey = session.get(Passkey, passkey_id)
    if passkey is None or passkey.person_id != person.id:
        raise NotFound
    session.delete(passkey)
    session.flush()
    audit.record(session, "accounts.passkey_removed", person)
    tell_of_change(session, person, "passkey")


def passkeys_of(session: UnitOfWork, person_id: UUID) -> Sequence[Passkey]:
    """A person's passkeys, the oldest first."""
    return session.scalars(select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id)).all()


def _remembered(session: UnitOfWork, options: Any, person_id: UUID | None = None) -> Ceremony:
    row = PasskeyChallenge(challenge=options.challenge, person_id=person_id, expires_at=now() + PATIENCE)
    session.add(row)
    session.flush()
    return Ceremony(webauthn.options_to_json(options), row.id)


def _find(session: UnitOfWork, answer: dict[str, Any]) -> Passkey:
    try:
        credential_id = base64url_to_bytes(str(answer["rawId"]))
    except (KeyError, ValueError) as error:
        raise PasskeyRefused from error
    found = session.scalar(select(Passkey).where(Passkey.credential_id == credential_id))
    if found is None:
        raise PasskeyRefused
    return found


def _host(house: House) -> str:
    return urlsplit(house.url()).hostname or ""


def _origin(house: House) -> str:
    return house.url("").rstrip("/")
