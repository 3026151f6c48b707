"""`/api/v1/association`: what the association says of itself."""

from typing import cast

from flask.views import MethodView
from marshmallow import fields

from guildhall.core.api import ApiBlueprint, Schema
from guildhall.core.i18n import _l
from guildhall.core.permissions import signed_in
from guildhall.core.web.context import current_house
from tenants.profile import Profile
from tenants.registry import Tenant


class AssociationSchema(Schema):
    name = fields.String(required=True)
    short_name = fields.String(required=True)
    introduction = fields.String(required=True)
    locale = fields.String(required=True, metadata={"description": _l("The main language.")})
    locales = fields.List(fields.String(), required=True)
    timezone = fields.String(required=True, metadata={"description": _l("An IANA name.")})
    currency = fields.String(required=True, metadata={"description": _l("ISO 4217.")})
    contact_email = fields.String(required=True)
    contact_phone = fields.String(required=True)
    address = fields.String(required=True)


blueprint = ApiBlueprint("association_api", __name__, url_prefix="/association", label=_l("Association"))


@blueprint.route("")
class Association(MethodView):
    """The association itself."""

    @blueprint.etag
    @blueprint.operation(_l("Read the association's profile"))
    @blueprint.response(200, AssociationSchema)
    @signed_in
    def get(self) -> Profile:
        return cast("Tenant", current_house()).profile
