"""Schemas of what is sent and received."""

from datetime import UTC, datetime
from typing import Any

import marshmallow as ma
from marshmallow import fields

from guildhall.core.i18n import _l


class Schema(ma.Schema):
    """Base of all schemas. A key that it does not know is refused: it is more likely a slip than a wish."""

    class Meta:
        unknown = ma.RAISE


class Moment(fields.AwareDateTime):
    """A moment: read with its offset (UTC where none is given), written in UTC as `2026-11-22T08:30:00Z`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="iso", default_timezone=UTC, **options)

    def _serialize(self, value: datetime | None, *_args: Any, **_options: Any) -> str | None:
        if value is None:
            return None
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


class Problem(ma.Schema):
    """An error, as RFC 9457 writes it; for the documentation alone."""

    type = fields.String(required=True, metadata={"description": _l("A URI that names the kind of problem.")})
    title = fields.String(required=True, metadata={"description": _l("The kind of problem, for people.")})
    status = fields.Integer(required=True, metadata={"description": _l("The HTTP status.")})
    detail = fields.String(required=True, metadata={"description": _l("What is wrong this time, for people.")})
    code = fields.String(required=True, metadata={"description": _l("The kind of problem, for programs.")})
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": _l("What is wrong with each field, by its name.")},
    )
    request_id = fields.String(metadata={"description": _l("Names this request when you ask for help.")})
