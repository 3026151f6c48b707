"""Writing a new module as a project of its own, from the templates in `scaffold/`.

A template is named like the file that it becomes, with `.jinja` behind. `PACKAGE`, `NAME` and `TODAY` in its path, and
`<<…>>` in its text, stand for what the module is called.
"""

import importlib.util
import keyword
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import guildhall
from guildhall.core.clock import now
from guildhall.core.errors import DomainError
from guildhall.core.i18n import TRANSLATED, _l, update
from guildhall.core.registry import Registry

SCAFFOLD = Path(__file__).parent / "scaffold"
SUFFIX = ".jinja"
NAME_LENGTH = 20
LABEL_LENGTH = 40

# First words of addresses and prefixes of tables that are the platform's own.
RESERVED = frozenset(
    {"admin", "api", "console", "core", "house", "me", "platform", "privacy", "sign_in", "site", "static", "terms"}
)
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
# A label stands in Python, HTML, TOML and catalogues, so it holds nothing that any of them reads as its own.
_LABEL = re.compile(r"[^\W_](?:[\w ,.&()（）·—-]*[\w)）])?")


class NameRefused(DomainError):
    code = "module_name_refused"
    message = _l("“%(name)s” cannot be a module's name: %(reason)s.")


class LabelRefused(DomainError):
    code = "module_label_refused"
    message = _l("“%(label)s” cannot be a label: use up to %(most)s letters, digits, spaces and simple punctuation.")


class FolderRefused(DomainError):
    code = "module_folder_refused"
    message = _l("%(folder)s cannot take the module: %(reason)s.")
    status = HTTPStatus.CONFLICT


@dataclass(frozen=True, slots=True)
class NewModule:
    """What a new module is called."""

    name: str
    label: str
    label_zh: str

    @property
    def package(self) -> str:
        """Its import name."""
        return f"guildhall_{self.name}"

    @property
    def slug(self) -> str:
        """The word for it in addresses."""
        return self.name.replace("_", "-")

    @property
    def distribution(self) -> str:
        """Its project's name."""
        return f"guildhall-{self.slug}"

    @property
    def words(self) -> dict[str, str]:
        """What the templates put in."""
        return {
            "name": self.name,
            "package": self.package,
            "slug": self.slug,
            "distribution": self.distribution,
            "label": self.label,
            "label_zh": self.label_zh,
            "guildhall": version("guildhall"),
        }


def write_module(new: NewModule, folder: Path, registry: Registry) -> list[Path]:
    """Write a working module into a folder that is new or empty, outside our own checkout; returns its files.

    Raises:
        NameRefused, LabelRefused, FolderRefused: nothing was written.
    """
    check_name(new.name, registry)
    for label in (new.label, new.label_zh):
        if len(label) > LABEL_LENGTH or not _LABEL.fullmatch(label):
            raise LabelRefused(label=label, most=LABEL_LENGTH)
    check_folder(folder)
    written = [*_render(new, folder)]
    for locale in TRANSLATED:
        update(folder / "src" / new.package, locale)
    return written


def check_name(name: str, registry: Registry) -> None:
    """Refuse a name that is no identifier, is somebody's already, or would hide what Python or we call so.

    Raises:
        NameRefused
    """
    reason = _objection(name, registry)
    if reason:
        raise NameRefused(name=name, reason=reason)


def _objection(name: str, registry: Registry) -> object:
    if len(name) > NAME_LENGTH or not _NAME.fullmatch(name):
        return _l("use up to %(most)s small letters, digits and single underscores, a letter first", most=NAME_LENGTH)
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        return _l("Python reads it as its own word")
    if name in registry.by_name or name in registry.module_of_blueprint:
        return _l("an installed module has it")
    if name in RESERVED:
        return _l("the platform uses it")
    if name in sys.stdlib_module_names or importlib.util.find_spec(name):
        return _l("a Python package is called so")
    return None


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds something, or lies within our checkout.

    Raises:
        FolderRefused
    """
    ours = Path(guildhall.__file__).parents[2]
    if (ours / "pyproject.toml").exists() and folder.resolve().is_relative_to(ours):
        raise FolderRefused(
            folder=folder, reason=_l("it lies inside Guildhall's own checkout; choose another --folder")
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderRefused(folder=folder, reason=_l("it is not empty"))


def _render(new: NewModule, folder: Path) -> Iterator[Path]:
    environment = Environment(  # noqa: S701 - what comes out is source code
        loader=FileSystemLoader(SCAFFOLD),
        variable_start_string="<<",
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    for template in environment.list_templates(extensions=["jinja"]):
        path = folder / _path_of(template, new)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(environment.get_template(template).render(new.words), encoding="utf-8")
        yield path


def _path_of(template: str, new: NewModule) -> str:
    path = template.removesuffix(SUFFIX)
    for place, word in (("PACKAGE", new.package), ("NAME", new.name), ("TODAY", f"{now():%Y%m%d}")):
        path = path.replace(place, word)
    return path
