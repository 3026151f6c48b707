"""Answering with a list as a file."""

from collections.abc import Iterable, Sequence

from flask import Response, abort, send_file

from guildhall.core.sheets import Cell, csv_lines, xlsx_file

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def list_file(name: str, file_format: str, header: Sequence[object], rows: Iterable[Sequence[Cell]]) -> Response:
    """The rows as `csv` or `xlsx`, to be saved under `name`; any other format is not found.

    Rows are read before the answer leaves, while the request's session is open.
    """
    titles = [str(title) for title in header]
    if file_format == "xlsx":
        return send_file(xlsx_file(titles, rows), XLSX, as_attachment=True, download_name=f"{name}.xlsx")
    if file_format == "csv":
        response = Response("".join(csv_lines(titles, rows)), mimetype="text/csv")
        response.headers.set("Content-Disposition", "attachment", filename=f"{name}.csv")
        return response
    abort(404)
