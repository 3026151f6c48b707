"""Languages: marking words, choosing the reader's language, and keeping the catalogues complete.

Words in the source are English; each package holds its own catalogues in ``translations/``. From the repository's
root, ``python -m guildhall.core.i18n update`` collects the words of every package and merges them into its
catalogues; ``check`` lists what is missing, doubtful or no longer used, and fails if there is any.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import click
from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from flask import Flask
from flask_babel import Babel, gettext, lazy_gettext, lazy_pgettext, ngettext, pgettext

_ = gettext
_l = lazy_gettext

LOCALES = {"en": "English", "zh_Hans": "简体中文"}
"""The languages of the product, each named in itself. English is the language of the source."""

TRANSLATED = tuple(locale for locale in LOCALES if locale != "en")

PACKAGES = (
    "platform/guildhall/core",
    "platform/guildhall/console",
    "platform/guildhall/site",
    "platform/guildhall/server",
    "tenants",
    "billing",
    "modules/*",
)
"""Where the repository's own catalogues live; a path may be a pattern."""

_METHODS = [("**/templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
_KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "lazy_pgettext": ((1, "c"), 2)}
_TEMPLATE_OPTIONS = {"**/templates/**.html": {"silent": "false", "trimmed": "true"}}


def init_i18n(
    app: Flask,
    packages: Iterable[str],
    select_locale: Callable[[], str | None],
    select_timezone: Callable[[], str | None],
) -> Babel:
    """Lets the app speak every language: the catalogues of all these packages, merged, the later ones winning.

    The selectors run once a request and name one of LOCALES and an IANA time zone; None leaves the default, English
    and UTC.
    """
    folders = [str(files(package) / "translations") for package in packages]
    return Babel(
        app,
        default_locale="en",
        default_timezone="UTC",
        default_translation_directories=";".join(folders),
        locale_selector=select_locale,
        timezone_selector=select_timezone,
    )


def language_tag(locale: str) -> str:
    """A locale as HTML's ``lang`` writes it: zh_Hans → zh-Hans."""
    return locale.replace("_", "-")


def extract(package: Path) -> Catalog:
    """All words of a package, in Python and in templates."""
    catalog = Catalog()
    found = extract_from_dir(package, _METHODS, _TEMPLATE_OPTIONS, _KEYWORDS, comment_tags=("i18n:",))
    for name, line, message, comments, context in found:
        catalog.add(message, None, [(name, line)], auto_comments=comments, context=context)
    return catalog


def update(package: Path, locale: str) -> None:
    """Merges a package's words into its catalogue, keeps what is translated, and compiles it."""
    template = extract(package)
    path = catalogue_path(package, locale)
    if not len(template) and not path.exists():
        return
    catalog = _read(path, locale)
    created = catalog.creation_date
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.creation_date = created  # so that the file changes only where the words do
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        write_po(
            target, catalog, width=120, omit_header=False, no_location=True, sort_output=True, ignore_obsolete=True
        )
    with path.with_suffix(".mo").open("wb") as target:
        write_mo(target, catalog)


def problems(package: Path, locale: str) -> Iterator[str]:
    """What keeps a package's catalogue from being complete, one line each."""
    template, catalog = extract(package), _read(catalogue_path(package, locale), locale)
    for message in template:
        if not message.id:
            continue
        known = catalog.get(message.id, message.context)
        if known is None or not all(known.string if isinstance(known.string, tuple) else [known.string]):
            yield f"missing: {message.id!r}"
        elif known.fuzzy:
            yield f"doubtful: {message.id!r}"
    for message in catalog:
        if message.id and template.get(message.id, message.context) is None:
            yield f"no longer used: {message.id!r}"


def catalogue_path(package: Path, locale: str) -> Path:
    """Where a package keeps its words in a language."""
    return package / "translations" / locale / "LC_MESSAGES" / "messages.po"


def _read(path: Path, locale: str) -> Catalog:
    if not path.exists():
        contributors = "The Guildhall contributors"
        return Catalog(
            locale,
            header_comment=f"# {LOCALES[locale]}",
            project="Guildhall",
            version="1",
            msgid_bugs_address=contributors,
            last_translator=contributors,
            language_team=contributors,
            revision_date=datetime.now(UTC),
            fuzzy=False,
        )
    with path.open("rb") as source:
        return read_po(source, locale=locale)


def repository_packages(root: Path) -> list[Path]:
    """The folders of the repository that hold words of their own."""
    return sorted(path for pattern in PACKAGES for path in root.glob(pattern) if (path / "__init__.py").exists())


def main(arguments: list[str]) -> int:
    """``update`` or ``check``, for the repository or for the folders named after it; returns the exit status."""
    if not arguments or arguments[0] not in ("update", "check"):
        click.echo(__doc__)
        return 2
    packages = [Path(name) for name in arguments[1:]] or repository_packages(Path.cwd())
    pairs = [(package, locale) for package in packages for locale in TRANSLATED]
    if arguments[0] == "update":
        for package, locale in pairs:
            update(package, locale)
        return 0
    found = [
        f"{catalogue_path(package, locale)}: {line}" for package, locale in pairs for line in problems(package, locale)
    ]
    for line in found:
        click.echo(line)
    return 1 if found else 0


__all__ = [
    "LOCALES",
    "TRANSLATED",
    "_",
    "_l",
    "gettext",
    "init_i18n",
    "language_tag",
    "lazy_gettext",
    "lazy_pgettext",
    "ngettext",
    "pgettext",
]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
