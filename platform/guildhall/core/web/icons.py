"""The icon that a house has on the phone: its logo on paper, or its seal: the first character on its colour."""

import io
from functools import cache
from pathlib import Path

from markupsafe import escape
from PIL import Image, ImageDraw, ImageFont

from guildhall.core.images import to_png
from guildhall.core.pinyin import initial
from guildhall.core.web.brand import PAPER, light_shades

SIZES = (180, 192, 512)
SAFE_ZONE = 0.8  # of a maskable icon's width, as the W3C's Web App Manifest says; what lies outside may be cut off
ROUNDING = 0.2
LETTER = 0.56

# Where systems keep a font with Chinese characters. Without one the seal carries the pinyin's initial in Latin.
CHINESE_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "/System/Library/Fonts/STHeiti Medium.ttc",
)
_SIMPLIFIED = 2  # Noto's collections begin with Japanese and Korean


def seal_svg(character: str, colour: str) -> str:
    """The seal for any size; the device's own fonts draw the character."""
    shades = light_shades(colour)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
        f'<rect width="100" height="100" rx="20" fill="{shades["brand"]}"/>'
        f'<text x="50" y="52" fill="{shades["brand-content"]}" font-size="56" font-weight="700" text-anchor="middle" '
        "dominant-baseline=\"central\" font-family=\"'PingFang SC','HarmonyOS Sans SC','Noto Sans SC',sans-serif\">"
        f"{escape(character)}</text></svg>"
    )


def icon_png(size: int, *, character: str, colour: str, logo: bytes | None = None, maskable: bool = False) -> bytes:
    """A square PNG. A maskable one fills its square and keeps what matters inside the safe zone."""
    picture = Image.new("RGBA", (size, size))
    if logo is None:
        _draw_seal(picture, character, colour, maskable=maskable)
    else:
        _draw_logo(picture, logo, maskable=maskable)
    return to_png(picture)


def _draw_seal(picture: Image.Image, character: str, colour: str, *, maskable: bool) -> None:
    size, shades, draw = picture.width, light_shades(colour), ImageDraw.Draw(picture)
    draw.rounded_rectangle((0, 0, size - 1, size - 1), 0 if maskable else size * ROUNDING, fill=shades["brand"])
    letter = character if character.isascii() or _chinese_font() else initial(character).upper()
    height = round(size * LETTER * (SAFE_ZONE if maskable else 1))
    draw.text((size / 2, size / 2), letter, fill=shades["brand-content"], font=_font(letter, height), anchor="mm")


def _draw_logo(picture: Image.Image, logo: bytes, *, maskable: bool) -> None:
    size = picture.width
    ground = 0 if maskable else size * ROUNDING
    ImageDraw.Draw(picture).rounded_rectangle((0, 0, size - 1, size - 1), ground, fill=PAPER)
    with Image.open(io.BytesIO(logo), formats=("PNG",)) as source:
        mark = source.convert("RGBA")
    side = round(size * (SAFE_ZONE**2 if maskable else SAFE_ZONE))
    scale = side / max(mark.size)
    mark = mark.resize((max(1, round(mark.width * scale)), max(1, round(mark.height * scale))))
    picture.alpha_composite(mark, ((size - mark.width) // 2, (size - mark.height) // 2))


def _font(letter: str, height: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    path = _chinese_font()
    if letter.isascii() or path is None:
        return ImageFont.load_default(height)
    return ImageFont.truetype(path, height, index=_SIMPLIFIED if "Noto" in path else 0)


@cache
def _chinese_font() -> str | None:
    return next((path for path in CHINESE_FONTS if Path(path).exists()), None)
