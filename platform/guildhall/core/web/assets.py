"""The built front end: where its hashed files are, and the icons it holds."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Literal

from markupsafe import Markup

DIST = Path(__file__).parent / "static" / "dist"
ADDRESS = "/-/static/"  # where every door serves them

IconSize = Literal["sm", "md", "lg"]


class AssetMissingError(LookupError):
    """A page asks for a file or an icon that the build does not have."""


@cache
def _manifest() -> dict[str, str]:
    """Source name, such as ``app.css``, to the hashed file that was built from it."""
    path = DIST / "manifest.json"
    if not path.exists():
        msg = f"The front end is not built: {path} is missing. `make setup` builds it."
        raise AssetMissingError(msg)
    entries = json.loads(path.read_text())
    return {Path(source).name: entry["file"] for source, entry in entries.items()}


@cache
def icon_names() -> frozenset[str]:
    """The icons in the built sprite, which holds those that ``frontend/src/icons.txt`` lists."""
    sprite = (DIST / _manifest()["icons.svg"]).read_text()
    return frozenset(re.findall(r'<symbol id="([^"]+)"', sprite))


def asset_url(name: str) -> str:
    """The address of a built file by its source's name; it changes whenever the content does."""
    if name not in _manifest():
        msg = f"{name!r} is not part of the front end's build."
        raise AssetMissingError(msg)
    return ADDRESS + _manifest()[name]


@cache  # a page has dozens, always the same
def icon(name: str, size: IconSize = "md") -> Markup:
    """An icon as decoration: the words beside it, or the button's label, say what it means."""
    if name not in icon_names():
        msg = f"The icon {name!r} is not in frontend/src/icons.txt."
        raise AssetMissingError(msg)
    css = "icon" if size == "md" else f"icon icon-{size}"
    return Markup('<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
        css, asset_url("icons.svg"), name
    )
