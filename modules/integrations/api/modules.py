"""`/api/v1/modules`: what is switched on."""

from flask.views import MethodView
from marshmallow import fields

from guildhall.core.api import ApiBlueprint, Schema
from guildhall.core.i18n import _l
from guildhall.core.module import Module
from guildhall.core.permissions import signed_in
from guildhall.core.web.context import current_house, runtime


class ModuleSchema(Schema):
    name = fields.String(required=True)
    version = fields.String(required=True)
    label = fields.Function(lambda module: str(module.label), metadata={"type": "string"}, required=True)
    description = fields.Function(lambda module: str(module.description), metadata={"type": "string"}, required=True)


class ModulesSchema(Schema):
    data = fields.List(fields.Nested(ModuleSchema), required=True)


blueprint = ApiBlueprint("modules_api", __name__, url_prefix="/modules", label=_l("Modules"))


@blueprint.route("")
class Modules(MethodView):
    """All modules that the association has switched on; there are few, so they come in one page."""

    @blueprint.etag
    @blueprint.operation(_l("List the modules that are on"))
    @blueprint.response(200, ModulesSchema)
    @signed_in
    def get(self) -> dict[str, list[Module]]:
        return {"data": list(runtime().registry.active(current_house().modules))}
