"""From bytes to rows of text.

Files come from strangers, so nothing here trusts them: sizes are bounded before anything is opened, and workbooks are
read by a process of their own that cannot take more memory or time than it is given.
"""

import csv
import io
import json
import subprocess
import sys
import zipfile
from collections import Counter
from typing import NoReturn

from charset_normalizer import from_bytes

from modules.accounts.errors import ListEmpty, ListTooLarge, ListUnreadable

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 100
MOST_CELL = 500
MOST_UNPACKED = 100 * 1024 * 1024
MOST_PARTS = 1_000
SECONDS = 20

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_DELIMITERS = "\t,;，；|"

Rows = list[list[str]]


def read_list(content: bytes) -> Rows:
    """The rows of a workbook or of delimited text, whatever the file was called; empty ones stay, so that numbers fit.

    Raises:
        ListUnreadable, ListTooLarge, ListEmpty: at the field `file`.
    """
    if len(content) > MOST_BYTES:
        raise too_large()
    rows = _workbook(content) if content.startswith((_ZIP, _OLE)) else _text_rows(decode(content))
    rows = [[" ".join(cell.split())[:MOST_CELL] for cell in row] for row in rows]
    if not any(map(any, rows)):
        raise ListEmpty(fields={"file": ListEmpty.message})
    if len(rows) > MOST_ROWS or max(map(len, rows)) > MOST_COLUMNS:
        raise too_large()
    return rows


def decode(content: bytes) -> str:
    """Text in UTF-8, UTF-16, GBK (as GB 18030) or whatever it seems to be."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _strict(content, encoding) or _refuse()
    if b"\0" in content:
        _refuse()
    found = _strict(content, "utf-8") or _strict(content, "gb18030")
    if found is None:
        best = from_bytes(content).best()
        found = str(best) if best else None
    return found if found is not None else _refuse()


def too_large() -> ListTooLarge:
    """What is said of a list beyond the limits."""
    error = ListTooLarge(rows=MOST_ROWS, columns=MOST_COLUMNS)
    error.fields = {"file": str(error)}
    return error


def _strict(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _text_rows(text: str) -> Rows:
    lines = text.splitlines()
    if len(lines) > MOST_ROWS * 2:
        raise too_large()
    counts = Counter({mark: sum(line.count(mark) > 0 for line in lines[:50]) for mark in _DELIMITERS})
    delimiter = max(_DELIMITERS, key=lambda mark: (counts[mark], -_DELIMITERS.index(mark)))
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        _refuse()


def _workbook(content: bytes) -> Rows:
    if content.startswith(_ZIP):
        _check_archive(content)
    command = [sys.executable, "-m", "modules.accounts.importing.workbook"]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=True)  # noqa: S603 - our own
        rows: Rows = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise too_large() from error
    except (subprocess.CalledProcessError, ValueError) as error:
        raise ListUnreadable(fields={"file": ListUnreadable.message}) from error
    return rows


def _check_archive(content: bytes) -> None:
    """Refuse an archive that says it unpacks to too much; one that lies meets the child's limits."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError) as error:
        raise ListUnreadable(fields={"file": ListUnreadable.message}) from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise too_large()


def _refuse() -> NoReturn:
    raise ListUnreadable(fields={"file": ListUnreadable.message})
