"""Pictures made anew, and the icons of houses."""

import io
import struct
import zlib

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from guildhall.core.images import PictureTooLarge, PictureUnreadable, as_png
from guildhall.core.web import icons


def png(size=(40, 20), **options):
    content = io.BytesIO()
    Image.new("RGBA", size, (200, 30, 30, 128)).save(content, "PNG", **options)
    content.seek(0)
    return content


def opened(content):
    return Image.open(io.BytesIO(content))


def test_nothing_but_pixels_survives():
    words = PngInfo()
    words.add_text("Comment", "where I live")
    made = as_png(png(pnginfo=words), side=512)
    assert b"where I live" not in made
    assert opened(made).getpixel((0, 0)) == (200, 30, 30, 128)


def test_a_large_picture_is_made_smaller_a_small_one_is_left():
    assert opened(as_png(png((1000, 500)), side=100)).size == (100, 50)
    assert opened(as_png(png((40, 20)), side=100)).size == (40, 20)


def test_a_turned_photograph_stands_upright():
    content, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    Image.new("RGB", (40, 20)).save(content, "JPEG", exif=exif)
    content.seek(0)
    assert opened(as_png(content, side=100)).size == (20, 40)


def test_a_small_file_that_unfolds_to_gigabytes_is_refused_unread():
    """A PNG header that promises 30,000 × 30,000 pixels, with none behind it."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 6, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    with pytest.raises((PictureTooLarge, PictureUnreadable)):
        as_png(io.BytesIO(bomb), side=512)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7"])
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(PictureUnreadable):
        as_png(io.BytesIO(content), side=512)


def corner(picture):
    return picture.getpixel((0, 0))[3]


@pytest.mark.parametrize("logo", [None, png((400, 100)).read()])
def test_a_maskable_icon_fills_its_square_and_a_plain_one_is_rounded(logo):
    for maskable, alpha in ((True, 255), (False, 0)):
        icon = opened(icons.icon_png(192, character="苏", colour="#1F6F54", logo=logo, maskable=maskable))
        assert icon.size == (192, 192)
        assert corner(icon) == alpha


def test_without_a_chinese_font_the_seal_carries_the_initial(monkeypatch):
    latin = icons.icon_png(192, character="S", colour="#1F6F54")
    monkeypatch.setattr(icons, "_chinese_font", lambda: None)
    assert icons.icon_png(192, character="苏", colour="#1F6F54") == latin


def test_a_seal_s_character_is_text_not_markup():
    assert "<script" not in icons.seal_svg("<script>", "#1F6F54")
