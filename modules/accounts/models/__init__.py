"""Tables of people, of how they come in, of what they may do, and of what they agreed to."""

from modules.accounts.models.credentials import Passkey, PasskeyChallenge, RecoveryCode, SignInCode, Totp
from modules.accounts.models.imports import PeopleImport
from modules.accounts.models.people import Invitation, Person
from modules.accounts.models.privacy import Consent, ConsentDocument, ErasureRequest
from modules.accounts.models.roles import Role, RoleAssignment
from modules.accounts.models.sessions import SignInSession

ALL = (
    Person,
    Invitation,
    Role,
    RoleAssignment,
    SignInSession,
    SignInCode,
    Passkey,
    PasskeyChallenge,
    Totp,
    RecoveryCode,
    ConsentDocument,
    Consent,
    ErasureRequest,
    PeopleImport,
)

__all__ = [
    "ALL",
    "Consent",
    "ConsentDocument",
    "ErasureRequest",
    "Invitation",
    "Passkey",
    "PasskeyChallenge",
    "PeopleImport",
    "Person",
    "RecoveryCode",
    "Role",
    "RoleAssignment",
    "SignInCode",
    "SignInSession",
    "Totp",
]
