"""The global search (⌘K): places to go, and what modules find; each only if it may be opened."""

from collections.abc import Iterator, Sequence

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from guildhall.core.db import UnitOfWork
from guildhall.core.i18n import _
from guildhall.core.module import Area, SearchProvider
from guildhall.core.permissions import signed_in
from guildhall.core.pinyin import matches
from guildhall.core.web.app import navigation
from guildhall.core.web.context import current_actor, current_house, db_session, door, wants_fragment
from guildhall.core.web.view import Group, Result, Results

LONGEST_QUERY = 100
MOST_PLACES = 6
MOST_OF_A_KIND = 5
AREAS = (Area.CREATE, Area.ADMIN, Area.PORTAL, Area.ACCOUNT)

blueprint = Blueprint("search", __name__)


@blueprint.get("/-/search")
@signed_in
def search() -> ResponseReturnValue:
    """What fits `q`, by kind: a fragment for the palette, a page for those without scripts."""
    query = request.args.get("q", "").strip()[:LONGEST_QUERY]
    template = "search/results.html" if wants_fragment() else "search/page.html"
    return render_template(template, query=query, kinds=find(db_session(), query))


def find(session: UnitOfWork, query: str) -> list[Results]:
    """Everything that fits, by kind. Without a query: the first places to go."""
    kinds = [Results(_("Go to"), places(query))]
    if query:
        kinds += (Results(provider.label, _hits(session, provider, query)) for provider in _providers())
    return [kind for kind in kinds if kind.results]


def places(query: str) -> list[Result]:
    """Entries of the navigation that fit by their words or their pinyin."""
    found = []
    for area in AREAS:
        for group in _groups(area):
            found += [
                Result(entry.label, entry.url, group.label, entry.icon)
                for entry in group.entries
                if not entry.post and (not query or matches(f"{entry.label} {group.label}", query))
            ]
    return found[:MOST_PLACES]


def _groups(area: Area) -> Sequence[Group]:
    """The office is shown to those alone who may do something there."""
    return navigation(door(), area, only_permitted=area in {Area.ADMIN, Area.CREATE})


def _providers() -> Iterator[SearchProvider]:
    for module in door().runtime.registry.active(current_house().modules):
        for provider in module.search:
            if provider.permission is None or current_actor().may(provider.permission):
                yield provider


def _hits(session: UnitOfWork, provider: SearchProvider, query: str) -> list[Result]:
    hits = provider.find(session, query, MOST_OF_A_KIND)
    return [Result(hit.title, hit.url, hit.detail, hit.icon) for hit in hits[:MOST_OF_A_KIND]]
