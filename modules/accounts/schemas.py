"""What the API says and takes about people."""

from marshmallow import fields, validate

from guildhall.core.api import Moment, PageQuery, Schema
from guildhall.core.i18n import LOCALES, _l
from guildhall.core.permissions import DefaultRole
from modules.accounts.enums import PersonStatus

_NAME = [validate.Length(min=1, max=120), validate.Regexp(r"\s*\S", error=_l("A name is needed."))]
_STATUSES = [PersonStatus.INVITED, PersonStatus.ACTIVE, PersonStatus.SUSPENDED]
_ROLES = [role.value for role in DefaultRole if role is not DefaultRole.MEMBER]


class PersonSchema(Schema):
    """A person as it is read. Nothing in it changes by mere use, so that its ETag lasts."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True, metadata={"description": _l("As E.164: +8613800000000.")})
    organization = fields.String(required=True)
    locale = fields.String(required=True, metadata={"description": _l("The language of mails to this person.")})
    status = fields.String(required=True, validate=validate.OneOf([status.value for status in _STATUSES]))
    joined_at = Moment(required=True, allow_none=True)
    created_at = Moment(required=True)


class PeopleQuery(PageQuery):
    q = fields.String(
        load_default="",
        validate=validate.Length(max=100),
        metadata={"description": _l("Words in the name, an address or the organization.")},
    )
    status = fields.String(load_default="", validate=validate.OneOf([status.value for status in _STATUSES]))


class PersonInvitation(Schema):
    """Whom to invite."""

    name = fields.String(required=True, validate=_NAME)
    email = fields.Email(required=True, validate=validate.Length(max=254))
    locale = fields.String(load_default="", validate=validate.OneOf(list(LOCALES)))
    roles = fields.List(
        fields.String(validate=validate.OneOf(_ROLES)),
        load_default=list,
        metadata={"description": _l("Roles beside the one that every member has.")},
    )


class PersonChange(Schema):
    """What to change; what is left out stays."""

    name = fields.String(validate=_NAME)
    email = fields.Email(allow_none=True, validate=validate.Length(max=254))
    phone = fields.String(allow_none=True, validate=validate.Length(max=32))
    organization = fields.String(validate=validate.Length(max=200))
    locale = fields.String(validate=validate.OneOf(list(LOCALES)))


class MeSchema(PersonSchema):
    permissions = fields.List(
        fields.String(), required=True, metadata={"description": _l("What this token may do: its codes.")}
    )
