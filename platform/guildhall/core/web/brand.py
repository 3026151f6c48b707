"""An association's colour made readable: shades in OKLCH for the light and the dark theme.

The colour is never trusted as given. Text on it, and it as text, reach 4.5:1 (WCAG 2.2, 1.4.3), by moving lightness
and keeping the hue. OKLab: Björn Ottosson, "A perceptual color space for image processing" (2020).
"""

import math
import re
from collections.abc import Callable
from typing import NamedTuple

GUILDHALL = "#C43D2B"
"""Vermilion, the colour of the seal: Guildhall's own, and that of an association that has set none."""

READABLE = 4.5
ALMOST_READABLE = 3
WHITE = "#ffffff"
INK = "#1c1b1a"
PAPER = "#fbfaf7"
DARK_SURFACE = "#1e1c1a"

_ROUNDING = 0.0005
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


class Oklch(NamedTuple):
    """Lightness 0–1, chroma from 0, hue in radians."""

    lightness: float
    chroma: float
    hue: float


def brand_css(colour: str) -> str:
    """The stylesheet that gives a page the association's colour, ``#RRGGBB``, in both themes.

    Raises ValueError when the colour is not six hexadecimal digits after a ``#``.
    """
    light = _declarations(light_shades(colour))
    dark = _declarations(dark_shades(colour))
    system = ":root:not([data-theme=light], [data-theme=dark])"
    return (
        f":root{{{light}}}\n"
        f":root[data-theme=dark]{{{dark}}}\n"
        f"@media (prefers-color-scheme: dark){{{system}{{{dark}}}}}\n"
    )


def light_shades(colour: str) -> dict[str, str]:
    """The variables on paper, by name: fill, what stands on it, the colour as text, and a tint behind text."""
    base = to_oklch(colour)
    fill, content = _fill(base)
    soft = to_hex(Oklch(0.955, min(base.chroma, 0.016), base.hue))
    text = _move(Oklch(min(base.lightness, 0.6), base.chroma, base.hue), -0.01, _readable_on(PAPER, soft))
    return {"brand": fill, "brand-content": content, "brand-text": text, "brand-soft": soft}


def dark_shades(colour: str) -> dict[str, str]:
    """The same variables in the dark theme."""
    base = to_oklch(colour)
    fill, content = _fill(Oklch(max(base.lightness, 0.5), base.chroma, base.hue))
    soft = to_hex(Oklch(0.29, min(base.chroma, 0.035), base.hue))
    text = _move(Oklch(max(base.lightness, 0.7), base.chroma, base.hue), 0.01, _readable_on(DARK_SURFACE, soft))
    return {"brand": fill, "brand-content": content, "brand-text": text, "brand-soft": soft}


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _declarations(shades: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in shades.items())


def _fill(base: Oklch) -> tuple[str, str]:
    """The fill nearest to the colour on which white, or else ink, can be read; and which of the two."""
    given = to_hex(base)
    # White on a strong colour looks right even where ink would win by a little, so white goes first.
    if contrast(given, WHITE) >= ALMOST_READABLE:
        return _move(base, -0.01, _readable_on(WHITE)), WHITE
    return _move(base, 0.01, _readable_on(INK)), INK


def _readable_on(*others: str) -> Callable[[str], bool]:
    return lambda colour: all(contrast(colour, other) >= READABLE for other in others)


def _move(colour: Oklch, step: float, is_enough: Callable[[str], bool]) -> str:
    """Changes lightness step by step until the shade is enough; black or white is the last one tried."""
    lightness, chroma, hue = colour
    while 0 < lightness < 1:
        shade = to_hex(Oklch(lightness, chroma, hue))
        if is_enough(shade):
            return shade
        lightness += step
    return to_hex(Oklch(min(max(lightness, 0), 1), 0, hue))


def to_oklch(colour: str) -> Oklch:
    """Reads ``#RRGGBB``."""
    if not _HEX.fullmatch(colour):
        msg = f"{colour!r} is not a colour of the form #RRGGBB."
        raise ValueError(msg)
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return Oklch(lightness, math.hypot(a, b), math.atan2(b, a))


def to_hex(colour: Oklch) -> str:
    """Writes ``#rrggbb``; a colour that no screen can show loses chroma until one can."""
    lightness, chroma, hue = colour
    channels = _channels(lightness, chroma, hue)
    while chroma > 0 and not all(-_ROUNDING <= channel <= 1 + _ROUNDING for channel in channels):
        chroma = chroma * 0.97 if chroma > _ROUNDING else 0
        channels = _channels(lightness, chroma, hue)
    return "#" + "".join(f"{round(255 * _gamma(min(max(channel, 0), 1))):02x}" for channel in channels)


def _channels(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return _ungamma(red), _ungamma(green), _ungamma(blue)


def _ungamma(channel: float) -> float:
    """The curve of sRGB (IEC 61966-2-1), as `_gamma` is its inverse."""
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _gamma(channel: float) -> float:
    return 12.92 * channel if channel <= 0.0031308 else float(1.055 * channel ** (1 / 2.4) - 0.055)
