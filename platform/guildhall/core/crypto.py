"""Secrets: encrypting what must be read again, hashing what must only be recognised, signing what travels."""

import base64
import hashlib
import hmac
from typing import cast

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.fernet import Fernet
from itsdangerous import BadData, URLSafeTimedSerializer

# OWASP Password Storage Cheat Sheet, Argon2id: 19 MiB, 2 passes, 1 lane.
_PASSWORDS = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Verified when there is no account, so that an unknown name takes as long as a wrong password.
_NOBODY = _PASSWORDS.hash("nobody has this password")


def hash_password(password: str) -> str:
    return _PASSWORDS.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Whether the password fits. Takes the same time when nothing is stored."""
    try:
        return _PASSWORDS.verify(stored or _NOBODY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    return _PASSWORDS.check_needs_rehash(stored)


def fingerprint(secret: str) -> str:
    """SHA-256 of a random secret, to find it again without storing it. Not for passwords: those are guessable."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Vault:
    """Keys derived from the process's secret, one a purpose."""

    def __init__(self, secret_key: str) -> None:
        self._secret = secret_key.encode()
        self._fernet = Fernet(base64.urlsafe_b64encode(self.key("encrypt")))

    def key(self, purpose: str) -> bytes:
        """32 bytes for one purpose."""
        return hmac.digest(self._secret, f"guildhall/{purpose}".encode(), "sha256")

    def encrypt(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def decrypt(self, sealed: str) -> str:
        return self._fernet.decrypt(sealed.encode()).decode()

    def sign(self, value: object, *, purpose: str) -> str:
        """A URL-safe signed value. The purpose must name the house where the value is one house's."""
        return self._serializer(purpose).dumps(value)

    def unsign(self, signed: str, *, purpose: str, max_age_seconds: int | None = None) -> object | None:
        """The value, or None if it was altered, made for another purpose, or is too old."""
        try:
            return cast("object", self._serializer(purpose).loads(signed, max_age=max_age_seconds))
        except BadData:
            return None

    def _serializer(self, purpose: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.key("sign"), salt=purpose)
