"""Pictures from people: decoded within limits and encoded anew, so that nothing but the picture survives."""

import io
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

from modules.files.errors import PictureTooBig, PictureUnreadable
from modules.files.types import JPEG, PNG, FileType

MAX_MEGAPIXELS = 40
_QUALITY = 85
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


def reencode(content: IO[bytes], *, max_side: int, field: str = "file") -> tuple[IO[bytes], FileType]:
    """The picture upright, at most `max_side` pixels long, without metadata (a photo's GPS position among it).

    What has transparency or was drawn stays PNG, the rest becomes JPEG. An animation keeps its first frame.

    Raises:
        PictureTooBig: before a pixel is decoded.
        PictureUnreadable: it is broken or no picture.
    """
    try:
        with Image.open(content, formats=_FORMATS) as picture:
            _check_size(picture, field)
            drawn = picture.format in {"PNG", "GIF"} or picture.has_transparency_data
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((max_side, max_side))
            return _encode(upright, drawn=drawn)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureTooBig(field=field, megapixels=MAX_MEGAPIXELS) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise PictureUnreadable(field=field) from error


def _check_size(picture: Image.Image, field: str) -> None:
    if picture.width * picture.height > MAX_MEGAPIXELS * 1_000_000:
        raise PictureTooBig(field=field, megapixels=MAX_MEGAPIXELS)


def _encode(picture: Image.Image, *, drawn: bool) -> tuple[IO[bytes], FileType]:
    target = io.BytesIO()
    if drawn:
        picture.convert("RGBA" if picture.has_transparency_data else "RGB").save(target, "PNG", optimize=True)
    else:
        picture.convert("RGB").save(target, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    target.seek(0)
    return target, PNG if drawn else JPEG
