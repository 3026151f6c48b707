"""REST resources: the caller, and the association's people."""

from typing import Any
from uuid import UUID

from flask import url_for
from flask.views import MethodView
from sqlalchemy import select

from guildhall.core.api import ApiBlueprint, page_of, paginate
from guildhall.core.api.pagination import Page
from guildhall.core.errors import NotFound
from guildhall.core.i18n import _l
from guildhall.core.permissions import allow, signed_in
from guildhall.core.web.context import current_actor, db_session
from modules.accounts import queries
from modules.accounts.addresses import normal_email
from modules.accounts.current import current_person
from modules.accounts.enums import PersonStatus
from modules.accounts.errors import EmailTaken
from modules.accounts.models import Person
from modules.accounts.permissions import PEOPLE_MANAGE, PEOPLE_VIEW
from modules.accounts.schemas import MeSchema, PeopleQuery, PersonChange, PersonInvitation, PersonSchema
from modules.accounts.services.invitations import invite
from modules.accounts.services.people import change_person, find_by_address, get_person, set_locale

me = ApiBlueprint("me_api", __name__, url_prefix="/me", label=_l("The caller"))
people = ApiBlueprint("people_api", __name__, url_prefix="/people", label=_l("People"))
BLUEPRINTS = (me, people)


@me.route("")
class Me(MethodView):
    """Whom the token acts for."""

    @me.operation(_l("Read whom this token acts for, and what it may do"))
    @me.response(200, MeSchema)
    @signed_in
    def get(self) -> dict[str, Any]:
        person = current_person()
        shown = {name: getattr(person, name) for name in PersonSchema().fields}
        return shown | {"permissions": sorted(current_actor().permissions)}


@people.route("")
class People(MethodView):
    """Everybody the association knows, in the order in which they became known."""

    @people.operation(_l("List people"))
    @people.arguments(PeopleQuery, location="query")
    @people.response(200, page_of(PersonSchema))
    @allow(PEOPLE_VIEW)
    def get(self, query: dict[str, Any]) -> Page:
        statement = queries.matching(query["q"]) if query["q"] else queries.people()
        if query["status"]:
            statement = statement.where(Person.status == query["status"])
        return paginate(statement, query, Person.id)

    @people.etag
    @people.operation(_l("Invite a person"), _l("They get a mail with a link by which they come in."))
    @people.arguments(PersonInvitation)
    @people.response(201, PersonSchema)
    @allow(PEOPLE_MANAGE)
    def post(self, given: dict[str, Any]) -> tuple[Person, dict[str, str]]:
        session = db_session()
        if find_by_address(session, normal_email(given["email"])):
            raise EmailTaken(fields={"email": EmailTaken.message})
        invited = invite(session, given["email"], given["name"], given["roles"], given["locale"])
        address = url_for("people_api.OnePerson", person_id=invited.person_id)
        return get_person(session, invited.person_id), {"Location": address}


@people.route("/<uuid:person_id>")
class OnePerson(MethodView):
    """One person."""

    @people.etag
    @people.operation(_l("Read a person"))
    @people.response(200, PersonSchema)
    @allow(PEOPLE_VIEW)
    def get(self, person_id: UUID) -> Person:
        return get_person(db_session(), person_id)

    @people.etag
    @people.operation(_l("Change a person"), _l("What is left out stays as it is."))
    @people.arguments(PersonChange)
    @people.response(200, PersonSchema)
    @allow(PEOPLE_MANAGE)
    def patch(self, given: dict[str, Any], person_id: UUID) -> Person:
        session = db_session()
        person = _locked(person_id)
        people.check_unchanged(person, PersonSchema)
        set_locale(session, person, given.pop("locale", person.locale))
        kept = {name: getattr(person, name) for name in ("name", "email", "phone", "organization")}
        change_person(session, person, **kept | given)
        return person


def _locked(person_id: UUID) -> Person:
    """The person, kept from others until this request is done."""
    statement = select(Person).where(Person.id == person_id, Person.status != PersonStatus.ERASED)
    found = db_session().scalar(statement.with_for_update())
    if found is None:
        raise NotFound
    return found
