"""Money: a whole number of a currency's smallest unit. Never a float, never two currencies in one sum."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Self

from babel.numbers import format_currency, get_currency_precision, is_currency


class CurrencyMismatch(ValueError):
    """Amounts of two currencies were to be added or compared."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (fen, cents) of an ISO 4217 currency. How many make one unit is what the CLDR says.

    Raises:
        ValueError: there is no such currency.
        TypeError: the amount is no whole number.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"an amount is a whole number of minor units, not {self.minor!r}")
        if not is_currency(self.currency):
            raise ValueError(f"{self.currency!r} is not a currency")

    @classmethod
    def zero(cls, currency: str) -> Self:
        return cls(0, currency)

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str) -> Self:
        """From units as people write them: `Money.of("12.50", "CNY")`. Rounded half up to the minor unit.

        Raises:
            decimal.InvalidOperation: the text is no number.
            ValueError: it is infinite or not a number.
        """
        value = Decimal(amount)
        if not value.is_finite():
            raise ValueError(f"{amount!r} is not an amount")
        minor = value.scaleb(get_currency_precision(currency)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        return cls(int(minor), currency)

    @property
    def amount(self) -> Decimal:
        """In units: 12.50."""
        return Decimal(self.minor).scaleb(-get_currency_precision(self.currency))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __mul__(self, count: int) -> "Money":
        return Money(self.minor * count, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other).minor

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other).minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def split(self, parts: int) -> list["Money"]:
        """Equal shares that add up to the whole; the first ones carry what is left over."""
        return self.allocate([1] * parts)

    def allocate(self, weights: Sequence[int]) -> list["Money"]:
        """Shares in proportion to weights, that add up to the whole (method of the largest remainder; among equals the
        earlier gets the unit).

        Raises:
            ValueError: a weight is negative, or all of them are nothing.
        """
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise ValueError("weights are not negative, and at least one is positive")
        sign, whole = (-1 if self.minor < 0 else 1), abs(self.minor)
        shares = [whole * weight // total for weight in weights]
        by_remainder = sorted(range(len(weights)), key=lambda i: (-(whole * weights[i] % total), i))
        for index in by_remainder[: whole - sum(shares)]:
            shares[index] += 1
        return [Money(sign * share, self.currency) for share in shares]

    def format(self, locale: str) -> str:
        """As the locale writes it: ¥1,200.00, €12,50."""
        return format_currency(self.amount, self.currency, locale=locale)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def _same(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            raise TypeError(f"money goes with money, not with {other!r}")
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
        return other
