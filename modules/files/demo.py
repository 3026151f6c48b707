"""Files of a demo house."""

import io

from PIL import Image, ImageDraw

from guildhall.core.db import UnitOfWork
from guildhall.core.module import DemoContext
from modules.files.enums import Visibility
from modules.files.services.uploads import store_bytes
from modules.files.types import CSV, PNG, TEXT, FileType

_SHARED = "files.shared"
_TEXTS: dict[str, tuple[tuple[str, FileType, Visibility, str], ...]] = {
    "zh_Hans": (
        ("商会章程（2026年修订）.txt", TEXT, Visibility.PUBLIC, "第一条 本会是由会员自愿组成的非营利性社会团体。\n"),
        ("2026年度工作计划.txt", TEXT, Visibility.SIGNED_IN, "一、走访会员单位六十家\n二、举办供需对接会四场\n"),
        ("理事会名单.csv", CSV, Visibility.PRIVATE, "职务,姓名,单位\n会长,顾明远,碧螺春茶业\n秘书长,陆文静,秘书处\n"),
    ),
    "en": (
        ("Articles of association 2026.txt", TEXT, Visibility.PUBLIC, "Article 1. The association is non-profit.\n"),
        ("Work plan 2026.txt", TEXT, Visibility.SIGNED_IN, "1. Visit sixty members\n2. Four matching days\n"),
        ("Council members.csv", CSV, Visibility.PRIVATE, "office,name,company\nPresident,Ada Gu,Bluebell Tea\n"),
    ),
}
_PICTURES = {"zh_Hans": "年会合影.png", "en": "Annual meeting.png"}


def plant(session: UnitOfWork, context: DemoContext) -> None:
    """Three documents and a picture, each open to other people."""
    runtime = context.runtime
    locale = context.locale if context.locale in _TEXTS else "en"
    for name, kind, visibility, words in _TEXTS[locale]:
        store_bytes(session, runtime, words.encode(), name, kind, purpose=_SHARED, visibility=visibility)
    store_bytes(session, runtime, _picture(), _PICTURES[locale], PNG, purpose=_SHARED, visibility=Visibility.PUBLIC)


def _picture() -> bytes:
    """Rows of people, as a photographer would put them."""
    picture = Image.new("RGB", (1200, 700), "#e9e2d4")
    draw = ImageDraw.Draw(picture)
    for row in range(3):
        for seat in range(10 + row):
            x, y = 90 + seat * 104 - row * 40, 330 + (2 - row) * 100
            draw.ellipse((x, y - 70, x + 60, y - 10), fill="#b98d6e")
            draw.rounded_rectangle((x - 14, y, x + 74, y + 130), 20, fill=("#2f3b52", "#5a3a31", "#3d4a3a")[row])
    target = io.BytesIO()
    picture.save(target, "PNG", optimize=True)
    return target.getvalue()
