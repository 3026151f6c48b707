"""Consents: what a person agreed to, in which version, and since when no more."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select

from guildhall.core import audit
from guildhall.core.clock import now
from guildhall.core.db import UnitOfWork
from guildhall.core.errors import NotFound
from modules.accounts.enums import DocumentKind
from modules.accounts.models import Consent, ConsentDocument, Person


def current_versions(session: UnitOfWork) -> Mapping[str, int]:
    """The version in force of each document."""
    version = func.max(ConsentDocument.version).label("version")
    newest = select(ConsentDocument.kind, version).group_by(ConsentDocument.kind)
    return {row.kind: row.version for row in session.execute(newest)}


def publish_document(session: UnitOfWork, kind: DocumentKind) -> int:
    """Note that a document has a new text; returns its version. People are asked to agree to it when they come back."""
    version = current_versions(session).get(kind, 0) + 1
    session.add(ConsentDocument(kind=kind, version=version))
    session.flush()
    audit.record(session, "accounts.document_published", changes={"kind": kind, "version": version})
    return version


def give_consent(session: UnitOfWork, person: Person, source: str, address: str) -> None:
    """Note that a person agreed to every document in force; what they agreed to before is not written again."""
    given = {(consent.kind, consent.version) for consent in consents_of(session, person.id) if not consent.withdrawn_at}
    missing = [item for item in current_versions(session).items() if item not in given]
    session.add_all(
        Consent(person_id=person.id, kind=kind, version=version, source=source, address=address)
        for kind, version in missing
    )
    session.flush()
    if missing:
        audit.record(session, "accounts.consent_given", person, changes=dict(missing))


def withdraw_consent(session: UnitOfWork, person: Person, consent_id: UUID) -> None:
    """Take a consent back; it stays on record that it was given (个人信息保护法 art. 15).

    Raises:
        NotFound: it is none of this person's.
    """
    consent = session.get_or_404(Consent, consent_id)
    if consent.person_id != person.id:
        raise NotFound
    if consent.withdrawn_at is None:
        consent.withdrawn_at = now()
        session.flush()
        audit.record(session, "accounts.consent_withdrawn", person, changes={consent.kind: consent.version})


def consents_of(session: UnitOfWork, person_id: UUID) -> Sequence[Consent]:
    """What a person agreed to, the newest first."""
    return session.scalars(select(Consent).where(Consent.person_id == person_id).order_by(Consent.id.desc())).all()


def lacks_consent(session: UnitOfWork, person_id: UUID) -> bool:
    """Whether a document in force waits for this person's consent."""
    given = {(consent.kind, consent.version) for consent in consents_of(session, person_id) if not consent.withdrawn_at}
    return any(item not in given for item in current_versions(session).items())
