"""Templates: the product's words, or the association's own."""

from sqlalchemy import delete, select

from guildhall.core import audit
from guildhall.core.db import UnitOfWork
from guildhall.core.messages import MessageKind
from modules.messaging.models import OwnWords
from modules.messaging.words import Words, check, placeholders


def own_words(session: UnitOfWork, kind: str, locale: str) -> OwnWords | None:
    """What the association has written for a kind in a language."""
    return session.scalar(select(OwnWords).where(OwnWords.kind == kind, OwnWords.locale == locale))


def words_of(session: UnitOfWork, kind: MessageKind, locale: str) -> Words:
    """The words that are used: the association's own, else the product's in the language spoken at this moment."""
    own = own_words(session, kind.name, locale)
    return Words(own.title, own.body) if own else product_words(kind)


def product_words(kind: MessageKind) -> Words:
    """The words that the kind was declared with, in the language spoken at this moment."""
    return Words(str(kind.title), str(kind.body))


def set_words(session: UnitOfWork, kind: MessageKind, locale: str, words: Words) -> None:
    """Use the association's own words from now on.

    Raises:
        WordsUnusable: they cannot be filled in; the field says why.
    """
    check_words(kind, words)
    own = own_words(session, kind.name, locale)
    before = [own.title, own.body] if own else ["", ""]
    if own is None:
        own = OwnWords(kind=kind.name, locale=locale)
        session.add(own)
    own.title, own.body = words.title, words.body
    session.flush()
    changes = {"title": [before[0], words.title], "body": [before[1], words.body]}
    audit.record(session, "messaging.template_changed", own, label=f"{kind.name} · {locale}", changes=changes)


def check_words(kind: MessageKind, words: Words) -> None:
    """That title and body show no other placeholders than the kind has.

    Raises:
        WordsUnusable: at the fields `title` or `body`.
    """
    names = [one.name for one in placeholders(kind)]
    check(words.title, names, field="title")
    check(words.body, names, field="body")


def reset_words(session: UnitOfWork, kind: MessageKind, locale: str) -> None:
    """Use the product's words again."""
    session.execute(delete(OwnWords).where(OwnWords.kind == kind.name, OwnWords.locale == locale))
    audit.record(session, "messaging.template_reset", label=f"{kind.name} · {locale}")
