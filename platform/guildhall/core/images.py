"""Pictures that people upload: made anew from their pixels, so that nothing else in the file survives."""

import io
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

from guildhall.core.errors import Invalid
from guildhall.core.i18n import _l

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MOST_PIXELS = 40_000_000  # a file of a few kB may unfold to gigabytes
_UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


class PictureRefused(Invalid):
    """An upload that cannot be used as a picture."""


class PictureUnreadable(PictureRefused):
    code = "picture_unreadable"
    message = _l("This is not a picture that can be read. Use PNG, JPEG or WebP.")


class PictureTooLarge(PictureRefused):
    code = "picture_too_large"
    message = _l("This picture has too many pixels. Make it smaller first.")


def as_png(source: IO[bytes], *, side: int) -> bytes:
    """The picture as PNG, turned upright, no side longer than `side`; transparency is kept.

    Raises:
        PictureUnreadable, PictureTooLarge
    """
    try:
        with Image.open(source, formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise PictureTooLarge
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except _UNREADABLE as error:
        raise PictureUnreadable from error
    upright.thumbnail((side, side), Image.Resampling.LANCZOS)
    return to_png(upright)


def to_png(picture: Image.Image) -> bytes:
    target = io.BytesIO()
    picture.save(target, "PNG", optimize=True)
    return target.getvalue()
