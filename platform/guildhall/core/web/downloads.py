"""Files to take away."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from flask import Response, abort, request

from guildhall.core.clock import now
from guildhall.core.spreadsheets import SheetFormat, write_sheet


def sheet_response(name: str, titles: Sequence[object], rows: Iterable[Sequence[Any]]) -> Response:
    """A list in the format that the address asks for (`?format=csv`, the default, or `xlsx`), named with the day."""
    try:
        file_format = SheetFormat(request.args.get("format", SheetFormat.CSV))
    except ValueError:
        abort(404)
    response = Response(write_sheet(file_format, titles, rows), content_type=file_format.content_type)
    filename = f"{name}-{now():%Y-%m-%d}.{file_format}"
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename)}"
    return response
