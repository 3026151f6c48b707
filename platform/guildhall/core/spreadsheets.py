"""Lists as files for spreadsheet programs. No cell is ever a formula (CWE-1236)."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import xlsxwriter

# What makes a program take a text for a formula, full-width forms included.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class SheetFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"

    @property
    def content_type(self) -> str:
        """The media type."""
        if self is SheetFormat.CSV:
            return "text/csv; charset=utf-8"
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def write_sheet(file_format: SheetFormat, titles: Sequence[object], rows: Iterable[Sequence[Any]]) -> bytes:
    """A list as a file."""
    return (_csv if file_format is SheetFormat.CSV else _xlsx)([str(title) for title in titles], rows)


def _csv(titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with a byte order mark, without which Excel takes Chinese for something else."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(titles)
    writer.writerows([_harmless(_text(cell)) for cell in row] for row in rows)
    return target.getvalue().encode("utf-8-sig")


def _xlsx(titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for column, title in enumerate(titles):
            sheet.write_string(0, column, title, bold)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                _write(sheet, number, column, cell)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return target.getvalue()


def _write(sheet: Any, row: int, column: int, cell: Any) -> None:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        sheet.write_number(row, column, cell)
    else:
        sheet.write_string(row, column, _text(cell))


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    return "" if cell is None else str(cell)


def _harmless(text: str) -> str:
    """A quotation mark before what a program might run; numbers such as -5 or +86… are texts too."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text
