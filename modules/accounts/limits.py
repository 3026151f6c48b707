"""How often somebody may try: per address typed, per caller, per house, and for all together."""

from guildhall.core.house import House
from guildhall.core.ratelimit import Limit, RateLimiter

QUARTER = 15 * 60


class Attempts:
    """Limits of one kind of attempt, from the narrowest to the widest."""

    def __init__(self, name: str, *, subject: int, address: int, house: int, everybody: int) -> None:
        self._subject = Limit(f"{name}-subject", subject, QUARTER)
        self._address = Limit(f"{name}-address", address, QUARTER)
        self._house = Limit(f"{name}-house", house, QUARTER)
        self._all = Limit(f"{name}-all", everybody, QUARTER)

    def count(self, limiter: RateLimiter, house: House, subject: object, address: str) -> None:
        """Count an attempt on `subject` (what was typed, or whom it is about) by a caller's network address.

        Raises:
            TooManyRequests.
        """
        limiter.hit(self._subject, house.id, str(subject).strip().lower())
        limiter.hit(self._address, house.id, address)
        limiter.hit(self._house, house.id)
        limiter.hit(self._all)

    def forgive(self, limiter: RateLimiter, house: House, subject: object) -> None:
        """After a success the subject begins anew; the caller's count stays."""
        limiter.reset(self._subject, house.id, str(subject).strip().lower())


CODES = Attempts("code", subject=5, address=60, house=1_000, everybody=20_000)
GUESSES = Attempts("guess", subject=10, address=100, house=2_000, everybody=40_000)
CHALLENGES = Attempts("challenge", subject=60, address=60, house=2_000, everybody=40_000)
RESETS = Attempts("reset", subject=3, address=30, house=300, everybody=5_000)
