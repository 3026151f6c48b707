"""Lists as files for spreadsheets. What a cell holds is text, number or date; never a formula (CWE-1236)."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO

import xlsxwriter

Cell = str | int | float | bool | date | datetime | None

# A cell that begins so is read as a formula by some program; the full-width ones by Chinese and Japanese editions.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_DATES = {datetime: "yyyy-mm-dd hh:mm", date: "yyyy-mm-dd"}
_BOM = "\ufeff"  # tells spreadsheet programs that the text is UTF-8


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """A CSV file (RFC 4180) line by line, so that a long list is never held whole."""
    yield _BOM + _line(header)
    yield from map(_line, rows)


def xlsx_file(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> IO[bytes]:
    """A workbook in a temporary file, open at its beginning; rows are written as they come."""
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the caller reads and closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    with xlsxwriter.Workbook(target, options) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        formats = {kind: book.add_format({"num_format": shape}) for kind, shape in _DATES.items()}
        sheet.write_row(0, 0, header, bold)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                sheet.write(number, column, value, formats.get(type(value)))
    target.seek(0)
    return target


def _line(row: Sequence[Cell]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([_text(value) for value in row])
    return line.getvalue()


def _text(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if not isinstance(value, str):
        return str(value)
    return f"'{value}" if value.startswith(_DANGEROUS) else value
