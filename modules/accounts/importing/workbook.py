"""Reads the first sheet of a workbook from standard input and writes its cells as JSON.

Run as a process of its own: a workbook of a few kilobytes can claim billions of cells.
"""

import io
import json
import resource
import sys

MEMORY_BYTES = 768 * 1024 * 1024
CPU_SECONDS = 15


def main() -> None:
    """Any trouble ends the process with an error, which the caller takes for an unreadable file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    json.dump([[_text(cell) for cell in row] for row in rows], sys.stdout)


def _text(cell: object) -> str:
    """A cell as it was typed: a phone number that became a number gets no decimal point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


if __name__ == "__main__":
    main()
