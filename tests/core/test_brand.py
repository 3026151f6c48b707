"""An association's colour, whatever it is, gives readable pages."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guildhall.core.web.brand import (
    DARK_SURFACE,
    GUILDHALL,
    PAPER,
    READABLE,
    brand_css,
    contrast,
    dark_shades,
    light_shades,
    to_hex,
    to_oklch,
)

colours = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


@given(colours)
@example("#ffffff")
@example("#000000")
@example("#ffd600")
@example("#808080")
@example(GUILDHALL)
def test_text_on_the_brand_and_the_brand_as_text_can_be_read(colour: str) -> None:
    for shades, ground in ((light_shades(colour), PAPER), (dark_shades(colour), DARK_SURFACE)):
        assert contrast(shades["brand"], shades["brand-content"]) >= READABLE
        assert contrast(shades["brand-text"], ground) >= READABLE
        assert contrast(shades["brand-text"], shades["brand-soft"]) >= READABLE


@given(colours)
def test_a_colour_survives_the_way_there_and_back(colour: str) -> None:
    there_and_back = to_hex(to_oklch(colour))
    assert all(abs(int(colour[i : i + 2], 16) - int(there_and_back[i : i + 2], 16)) <= 1 for i in (1, 3, 5))


def test_a_readable_colour_is_kept_as_it_is() -> None:
    assert light_shades(GUILDHALL)["brand"] == GUILDHALL.lower()


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    "colour", ["", "red", "#12345", "#1234567", "#12345g", "#c43d2b;}body{display:none", "#c43d2b\n"]
)
def test_what_is_not_a_colour_is_refused(colour: str) -> None:
    with pytest.raises(ValueError, match="not a colour"):
        brand_css(colour)
