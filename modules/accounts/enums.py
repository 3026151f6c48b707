"""The states and kinds of things that this module keeps. Their values are in the database and in the API."""

from enum import StrEnum


class PersonStatus(StrEnum):
    INVITED = "invited"  # known to the association; has not come in yet
    ACTIVE = "active"
    SUSPENDED = "suspended"  # cannot sign in; everything is kept
    ERASED = "erased"  # a nameless row that others may still point at


class SignInMethod(StrEnum):
    EMAIL_CODE = "email_code"
    SMS_CODE = "sms_code"
    PASSWORD = "password"  # noqa: S105 - a way of signing in, not a secret
    PASSKEY = "passkey"
    INVITATION = "invitation"
    DEMO = "demo"  # one click; in demo mode alone


class Proof(StrEnum):
    """How somebody who is signed in proves once more who they are."""

    PASSWORD = "password"  # noqa: S105 - a way of proving, not a secret
    APP = "app"
    CODE = "code"


class DocumentKind(StrEnum):
    PRIVACY = "privacy"
    TERMS = "terms"


class ErasureState(StrEnum):
    COOLING = "cooling"  # the person may still take it back
    DUE = "due"  # the secretariat carries it out
    DONE = "done"
    CANCELLED = "cancelled"


class ImportState(StrEnum):
    MAPPING = "mapping"  # read; the columns are being matched
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
