"""Money keeps every cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.core.money import CurrencyMismatch, Money

CURRENCIES = st.sampled_from(["CNY", "EUR", "JPY", "KWD", "USD"])
MINOR = st.integers(-(10**15), 10**15)
AMOUNTS = st.builds(Money, MINOR, CURRENCIES)
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(any)


@given(AMOUNTS, st.integers(1, 50))
def test_shares_add_up_and_differ_by_one_at_most(whole, parts):
    shares = whole.split(parts)
    assert len(shares) == parts
    assert sum(shares, Money.zero(whole.currency)) == whole
    assert max(s.minor for s in shares) - min(s.minor for s in shares) <= 1


@given(AMOUNTS, WEIGHTS)
def test_weighted_shares_add_up_and_are_fair(whole, weights):
    shares = whole.allocate(weights)
    assert sum(share.minor for share in shares) == whole.minor
    for share, weight in zip(shares, weights, strict=True):
        # Within one unit of the exact share, in whole numbers: |share·total − whole·weight| < total.
        assert abs(share.minor * sum(weights) - whole.minor * weight) < sum(weights)


@given(MINOR, MINOR, CURRENCIES)
def test_sums_can_be_undone(first, second, currency):
    a, b = Money(first, currency), Money(second, currency)
    assert a + b - b == a
    assert a + b == b + a
    assert -(a - b) == b - a
    assert (a < b) == (first < second)


@given(AMOUNTS)
def test_units_and_minor_units_agree(money):
    assert Money.of(money.amount, money.currency) == money


@given(MINOR, MINOR)
def test_currencies_do_not_mix(first, second):
    yuan, euro = Money(first, "CNY"), Money(second, "EUR")
    for act in (yuan.__add__, yuan.__sub__, yuan.__lt__, yuan.__le__):
        with pytest.raises(CurrencyMismatch):
            act(euro)
    assert yuan != euro


@pytest.mark.parametrize(
    ("money", "locale", "text"),
    [
        (Money(120_000, "CNY"), "zh_Hans", "¥1,200.00"),
        (Money(120_000, "CNY"), "en", "CN¥1,200.00"),
        (Money(-5, "EUR"), "de", "-0,05\xa0€"),
        (Money(1200, "JPY"), "en", "¥1,200"),
        (Money(10**17 + 1, "CNY"), "zh_Hans", "¥1,000,000,000,000,000.01"),
    ],
)
def test_written_as_the_locale_does(money, locale, text):
    assert money.format(locale) == text


def test_read_from_what_people_write():
    assert Money.of("12.5", "CNY") == Money(1250, "CNY")
    assert Money.of("0.005", "CNY") == Money(1, "CNY")
    assert Money.of(12, "JPY") == Money(12, "JPY")
    assert Money(1250, "CNY").amount == Decimal("12.50")


@pytest.mark.parametrize(("minor", "currency"), [(1.5, "CNY"), (True, "CNY"), ("1", "CNY"), (1, "XYZ"), (1, "yuan")])
def test_what_is_no_money(minor, currency):
    with pytest.raises((TypeError, ValueError)):
        Money(minor, currency)


@pytest.mark.parametrize("text", ["NaN", "Infinity"])
def test_no_amount(text):
    with pytest.raises(ValueError):
        Money.of(text, "CNY")


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1, 3]])
def test_weights_that_share_nothing(weights):
    with pytest.raises(ValueError):
        Money(10, "CNY").allocate(weights)
