"""Consents: what a person agreed to, in which version, and since when no more."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select

from guildhall.core import audit
from guildhall.core.clock import now
from guildhall.core.db import UnitOfWork
from guildhall.core.errors import NotFound
from modules.accounts.enums import DocumentKind
from modules.accounts.errors import DocumentUnchanged
from modules.accounts.models import Consent, ConsentDocument, Person


def current_versions(session: UnitOfWork) -> Mapping[str, int]:
    """The version in force of each document."""
    version = func.max(ConsentDocument.version).label("version")
    newest = select(ConsentDocument.kind, version).group_by(ConsentDocument.kind)
    return {row.kind: row.version for row in session.execute(newest)}


def current_document(session: UnitOfWork, kind: DocumentKind) -> ConsentDocument:
    """The version of a document that is in force; before the first, one without a text of its own."""
    newest = select(ConsentDocument).where(ConsentDocument.kind == kind).order_by(ConsentDocument.version.desc())
    return session.scalar(newest.limit(1)) or ConsentDocument(kind=kind, version=0, text="")


def publish_document(session: UnitOfWork, kind: DocumentKind, text: str) -> int:
    """Put a new text into force, in Markdown; empty for the standard one. Returns its version. People are asked to
    agree to it when they come back, and what they agreed to before stays readable.

    Raises:
        DocumentUnchanged: at the field `text`.
    """
    current = current_document(session, kind)
    text = text.replace("\r\n", "\n").strip()
    if current.version and text == current.text:
        raise DocumentUnchanged(fields={"text": DocumentUnchanged.message})
    version = current.version + 1
    session.add(ConsentDocument(kind=kind, version=version, text=text))
    session.flush()
    audit.record(session, "accounts.document_published", changes={"kind": kind, "version": version})
    return version


def give_consent(session: UnitOfWork, person: Person, source: str, address: str) -> None:
    """Note that a person agreed to every document in force; what they agreed to before is not written again."""
    missing = _missing(session, [one for one in consents_of(session, person.id) if not one.withdrawn_at])
    session.add_all(
        Consent(person_id=person.id, kind=kind, version=version, source=source, address=address)
        for kind, version in missing.items()
    )
    session.flush()
    if missing:
        audit.record(session, "accounts.consent_given", person, changes=missing)


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
    return bool(_missing(session, [one for one in consents_of(session, person_id) if not one.withdrawn_at]))


def unanswered_documents(session: UnitOfWork, person_id: UUID) -> Mapping[str, int]:
    """The documents in force, with their versions, that this person neither agreed to nor took a consent back from."""
    return _missing(session, consents_of(session, person_id))


def _missing(session: UnitOfWork, consents: Sequence[Consent]) -> dict[str, int]:
    given = {(consent.kind, consent.version) for consent in consents}
    return {kind: version for kind, version in current_versions(session).items() if (kind, version) not in given}
