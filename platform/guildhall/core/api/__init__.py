"""The kit for REST resources: what a module's `api.py` is written with.

    blueprint = ApiBlueprint("people_api", __name__, url_prefix="/people", label=_l("People"))

    @blueprint.route("")
    class People(MethodView):
        @blueprint.operation(_l("List people"))
        @blueprint.arguments(PeopleQuery, location="query")
        @blueprint.response(200, page_of(PersonSchema))
        @allow(VIEW_PEOPLE)
        def get(self, query):
            return paginate(people(query), query, Person.name, Person.id)

All resources are under `/api/v1`, in snake_case, with moments as ISO 8601 in UTC. Errors are problem+json (RFC 9457).
A caller shows a token; cookies mean nothing here, so no form token is asked for.
"""

from guildhall.core.api.blueprint import ApiBlueprint
from guildhall.core.api.pagination import PageQuery, page_of, paginate
from guildhall.core.api.schema import Moment, Schema

__all__ = ["ApiBlueprint", "Moment", "PageQuery", "Schema", "page_of", "paginate"]
