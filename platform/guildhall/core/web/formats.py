"""Money, dates and names as the reader's language and the association's time zone write them."""

from datetime import UTC, date, datetime

import segno
from babel.numbers import format_currency, get_currency_precision
from flask_babel import format_date, format_datetime, format_decimal, format_timedelta, get_locale
from markupsafe import Markup

DASH = "–"
"""Stands where a value is missing."""

LONGEST_PERSON = 4
"""Chinese names of people have at most four characters; what is longer is an organization."""


def money(amount: int | None, currency: str, *, whole: bool = False) -> str:
    """An amount in the currency's minor unit, such as fen, with its symbol: 120000, CNY → ¥1,200.00 in Chinese.

    A `whole` amount leaves out the minor unit, for figures that are read at a glance.
    """
    if amount is None:
        return DASH
    units = amount / 10 ** get_currency_precision(currency)
    pattern = "¤#,##0" if whole else None
    return str(format_currency(units, currency, pattern, get_locale() or "en", currency_digits=not whole))


def number(value: float | None) -> str:
    """A number with the locale's separators."""
    return DASH if value is None else str(format_decimal(value))


def day(value: date | datetime | None, pattern: str = "medium") -> str:
    """A date without its time, in full or as the pattern says, such as ``MMM`` for the month alone."""
    return DASH if value is None else str(format_date(value, pattern))


def moment(value: datetime | None) -> str:
    """A date with its time, to the minute, in the association's time zone."""
    return DASH if value is None else f"{format_date(value, 'medium')} {format_datetime(value, 'HH:mm')}"


def relative(value: datetime | None) -> str:
    """How long ago, or how long until: "3 hours ago", "2 天后"."""
    if value is None:
        return DASH
    return str(format_timedelta(value - datetime.now(UTC), add_direction=True))


def initials(name: str) -> str:
    """One or two characters that stand for a name: 王小明 → 小明, 江畔精密工具公司 → 江畔, Ada Lovelace → AL."""
    words = name.split()
    if not words:
        return "?"
    if words[0].isascii():
        return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()
    return words[0][:2] if len(words[0]) > LONGEST_PERSON else words[0][-2:]


def qr_svg(text: str) -> Markup:
    """A QR code as inline SVG that fits its box; dark on light in both themes, or scanners would miss it."""
    code = segno.make(text, error="m", micro=False)
    return Markup(  # noqa: S704 - drawn by segno, with nothing of the text in it
        code.svg_inline(border=0, omitsize=True, dark="#1c1b1a", svgclass=None, lineclass=None)
    )
