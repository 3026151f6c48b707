"""What other modules, and the floors above, may use of accounts."""

from modules.accounts.current import authenticate, current_person, sign_in, signed_in
from modules.accounts.enums import DocumentKind, PersonStatus, SignInMethod
from modules.accounts.facts import PersonErased, PersonErasing, PersonInvited, PersonJoined, RolesChanged, SignedIn
from modules.accounts.models import Person
from modules.accounts.queries import pick_people
from modules.accounts.services.consents import current_document, publish_document
from modules.accounts.services.invitations import Invited, invite
from modules.accounts.services.people import create_person, find_by_address, get_person
from modules.accounts.services.roles import assign_roles, granted_permissions, people_with_role, roles_by_code
from modules.accounts.services.sessions import start_session

__all__ = [
    "DocumentKind",
    "Invited",
    "Person",
    "PersonErased",
    "PersonErasing",
    "PersonInvited",
    "PersonJoined",
    "PersonStatus",
    "RolesChanged",
    "SignInMethod",
    "SignedIn",
    "assign_roles",
    "authenticate",
    "create_person",
    "current_document",
    "current_person",
    "find_by_address",
    "get_person",
    "granted_permissions",
    "invite",
    "people_with_role",
    "pick_people",
    "publish_document",
    "roles_by_code",
    "sign_in",
    "signed_in",
    "start_session",
]
