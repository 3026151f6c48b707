"""Which line holds the titles, and what each column means. Pure functions over rows of text."""

import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from modules.accounts.addresses import normal_email, normal_phone
from modules.accounts.errors import AddressMissing, EmailInvalid, PhoneInvalid
from modules.accounts.importing.reading import Rows

LOOK_AT = 15


class PersonField(StrEnum):
    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    ORGANIZATION = "organization"


# Titles as lists have them, in order of preference; compared without spaces, signs and case.
TITLES: Mapping[PersonField, tuple[str, ...]] = {
    PersonField.NAME: (
        "姓名", "名字", "联系人", "联系人姓名", "会员代表",
        "name", "fullname", "contact", "contactperson",
    ),
    PersonField.PHONE: (
        "手机", "手机号", "手机号码", "联系电话", "联系方式", "电话",
        "phone", "mobile", "mobilephone", "tel", "telephone",
    ),
    PersonField.EMAIL: ("邮箱", "电子邮箱", "邮件", "电子邮件", "email", "emailaddress", "mail"),
    PersonField.ORGANIZATION: (
        "单位", "单位名称", "公司", "公司名称", "企业", "企业名称", "工作单位", "会员单位",
        "company", "companyname", "organization", "organisation", "employer",
    ),
}  # fmt: skip
_SIGNS = re.compile(r"[\W_]+")


def find_header(rows: Rows) -> tuple[list[str], Rows, int]:
    """The titles, the rows below them, and the number of the first of these rows (from 1, as the file has them).

    Lines above, such as a merged title or a date, are left out. A list without titles gets none: its columns are told
    by what is in them.
    """
    known = [sum(_meaning(cell) is not None for cell in row) for row in rows[:LOOK_AT]]
    best = max(range(len(known)), key=lambda index: (known[index], -index))
    if known[best]:
        return rows[best], rows[best + 1 :], best + 2
    width = max(map(len, rows))
    return [""] * width, rows, 1


def guess_columns(header: Sequence[str], rows: Rows) -> dict[PersonField, int]:
    """Field → column, by title first, then by content."""
    found: dict[PersonField, int] = {}
    for field, titles in TITLES.items():
        places = {_plain(title): index for index, title in reversed(list(enumerate(header)))}
        column = next((places[title] for title in titles if title in places), None)
        if column is not None:
            found[field] = column
    for field, fits in ((PersonField.EMAIL, _is_email), (PersonField.PHONE, _is_phone), (PersonField.NAME, _is_name)):
        if field not in found:
            column = _by_content(rows, len(header), fits, set(found.values()))
            if column is not None:
                found[field] = column
    return found


def read_person(cells: Sequence[str], mapping: Mapping[str, int]) -> dict[str, str | None]:
    """The values of one row, addresses in their normal form.

    Raises:
        EmailInvalid, PhoneInvalid, AddressMissing: the row cannot be taken.
    """
    raw = {field: _cell(cells, mapping.get(field)) for field in PersonField}
    email = normal_email(raw[PersonField.EMAIL]) if raw[PersonField.EMAIL] else None
    phone = normal_phone(raw[PersonField.PHONE]) if raw[PersonField.PHONE] else None
    if not email and not phone:
        raise AddressMissing
    name = raw[PersonField.NAME] or (email or "").partition("@")[0] or phone
    return {"name": name, "email": email, "phone": phone, "organization": raw[PersonField.ORGANIZATION]}


def _cell(cells: Sequence[str], column: int | None) -> str:
    return cells[column].strip() if column is not None and column < len(cells) else ""


def _meaning(cell: str) -> PersonField | None:
    return next((field for field, titles in TITLES.items() if _plain(cell) in titles), None)


def _plain(title: str) -> str:
    return _SIGNS.sub("", title).lower()


def _by_content(rows: Rows, width: int, fits: Callable[[str], bool], taken: set[int]) -> int | None:
    """The column where most of the first cells fit; more than half of them must."""
    sample = rows[:LOOK_AT]
    scores = {
        column: sum(fits(row[column]) for row in sample if column < len(row))
        for column in range(width)
        if column not in taken
    }
    best = max(scores, key=lambda column: (scores[column], -column), default=None)
    return best if best is not None and scores[best] * 2 > len(sample) else None


def _is_email(cell: str) -> bool:
    try:
        return bool(normal_email(cell))
    except EmailInvalid:
        return False


def _is_phone(cell: str) -> bool:
    try:
        return bool(normal_phone(cell))
    except PhoneInvalid:
        return False


def _is_name(cell: str) -> bool:
    return bool(re.fullmatch(r"[\u4e00-\u9fff·]{2,12}|[A-Za-z.'-]+( [A-Za-z.'-]+){1,3}", cell))
