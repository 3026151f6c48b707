"""The browser's side of a sign-in: which secret it holds, and who that is."""

from typing import cast

from flask import g, request
from flask import session as cookie

from guildhall.core.db import UnitOfWork
from guildhall.core.errors import SignInRequired
from guildhall.core.identity import ANONYMOUS, Actor, ActorKind
from guildhall.core.web.context import client_address, current_actor, db_session
from modules.accounts.enums import SignInMethod
from modules.accounts.models import Person
from modules.accounts.services.people import get_person
from modules.accounts.services.sessions import Device, SignedInPerson, end_session, find_session, start_session

SECRET = "sign_in"  # noqa: S105 - the name of the cookie's entry
KEPT = frozenset({"locale"})


def authenticate(session: UnitOfWork) -> Actor:
    """Who the request's cookie belongs to; the anonymous actor for none, an ended or a forged one."""
    secret = cookie.get(SECRET)
    found = find_session(session, str(secret)) if secret else None
    if found is None:
        return ANONYMOUS
    g.signed_in = found
    return Actor(
        ActorKind.PERSON, found.person_id, found.name, permissions=found.permissions, session_id=found.session_id
    )


def signed_in() -> SignedInPerson | None:
    """What the session's one query told of the person who is signed in with this browser."""
    current_actor()
    return cast("SignedInPerson | None", g.get("signed_in"))


def current_person() -> Person:
    """The person who asks.

    Raises:
        SignInRequired: nobody is signed in, or it is not a person of this house.
    """
    person_id = current_actor().person_id
    if person_id is None:
        raise SignInRequired
    return get_person(db_session(), person_id)


def sign_in(person: Person, method: SignInMethod) -> None:
    """Sign a person in with this browser. Whatever the cookie held before is dropped (session fixation, CWE-384)."""
    act_as(person)
    secret = start_session(db_session(), person, method, this_device())
    _empty_cookie()
    cookie[SECRET] = secret
    cookie.permanent = True


def act_as(person: Person) -> None:
    """From here on the log names this person: they have proved who they are, whether or not they are signed in yet."""
    session = db_session()
    session.actor = Actor(ActorKind.PERSON, person.id, person.name).at(client_address(), session.actor.request_id)


def sign_out() -> None:
    """End this browser's session, here and in the house."""
    actor = current_actor()
    if actor.person_id and actor.session_id:
        end_session(db_session(), actor.person_id, actor.session_id)
    _empty_cookie()


def this_device() -> Device:
    """The browser that asks."""
    return Device(request.headers.get("User-Agent", ""), client_address())


def _empty_cookie() -> None:
    kept = {key: value for key, value in cookie.items() if key in KEPT}
    cookie.clear()
    cookie.update(kept)
