"""How a WTForms field is shown: which of the kit's parts fits it."""

from typing import Literal

from wtforms import BooleanField, Field, FileField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields import ColorField

FieldKind = Literal["textarea", "select", "choices", "checkbox", "file", "colour", "input"]

_KINDS: tuple[tuple[type[Field], FieldKind], ...] = (
    (TextAreaField, "textarea"),
    (SelectMultipleField, "choices"),
    (RadioField, "choices"),
    (SelectField, "select"),
    (BooleanField, "checkbox"),
    (FileField, "file"),
    (ColorField, "colour"),
)
"""The first that fits wins, so the special ones stand before those they derive from."""


def field_kind(field: Field) -> FieldKind:
    """The part of the kit that shows this field."""
    return next((kind for field_type, kind in _KINDS if isinstance(field, field_type)), "input")


def described_by(field: Field, help_text: object) -> str | None:
    """The ids of the lines that explain the field, for those who hear the page."""
    ids = [f"{field.id}-help"] if help_text else []
    if field.errors:
        ids.append(f"{field.id}-error")
    return " ".join(ids) or None
