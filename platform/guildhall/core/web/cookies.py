"""The browser's session cookie: signed for one house, so that a cookie of one host is nothing on another."""

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.wrappers import Response
from itsdangerous import BadSignature, URLSafeTimedSerializer

from guildhall.core.house import House
from guildhall.core.web.context import HOUSE_KEY

LIFETIME_SECONDS = 60 * 60 * 24 * 31


class HouseSessionInterface(SecureCookieSessionInterface):
    """Flask's cookie session with a key for each house and door.

    It holds what a browser may know: the CSRF token, the chosen language, messages, and the secret of the sign-in
    session, whose truth is in the house's schema.
    """

    def __init__(self, purpose: str) -> None:
        self._purpose = purpose

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        value = request.cookies.get(self.get_cookie_name(app))
        if not value:
            return self.session_class()
        try:
            return self.session_class(
                self.signer(app, request.environ[HOUSE_KEY]).loads(value, max_age=LIFETIME_SECONDS)
            )
        except BadSignature:
            return self.session_class()

    def save_session(self, app: Flask, session: SecureCookieSession, response: Response) -> None:  # type: ignore[override]
        from flask import request

        name = self.get_cookie_name(app)
        if session.accessed:
            response.vary.add("Cookie")
        if not session:
            if session.modified:
                response.delete_cookie(
                    name, path="/", secure=app.config["SESSION_COOKIE_SECURE"], samesite="Lax", httponly=True
                )
            return
        if self.should_set_cookie(app, session):
            value = self.signer(app, request.environ[HOUSE_KEY]).dumps(dict(session))
            response.set_cookie(
                name,
                value,
                max_age=LIFETIME_SECONDS,
                path="/",
                httponly=True,
                secure=app.config["SESSION_COOKIE_SECURE"],
                samesite="Lax",
            )

    def signer(self, app: Flask, house: House) -> URLSafeTimedSerializer:
        """What seals the cookies of one house."""
        return URLSafeTimedSerializer(app.secret_key, salt=f"session/{self._purpose}/{house.id}")  # type: ignore[arg-type]
