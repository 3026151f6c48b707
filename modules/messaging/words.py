"""The words of a message: checked when they are written, filled in when they are sent.

They are Jinja's, in its sandbox, and only a small part of it: placeholders, and conditions on them. Loops, arithmetic
and calls would let whoever may edit a text stop the worker.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from guildhall.core.i18n import _l
from guildhall.core.messages import MessageKind, Placeholder
from modules.messaging.errors import UnknownPlaceholder, WordsTooClever, WordsUnreadable

PERSON = Placeholder("person", _l("Name of the recipient"), _l("Lin Wanqing"))
ASSOCIATION = Placeholder("association", _l("Name of the association"), "")

# What is filled in is plain text; the mail and the page escape it.
_ENVIRONMENT = ImmutableSandboxedEnvironment(autoescape=False, keep_trailing_newline=False)
_USABLE = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.Not, nodes.And, nodes.Or)


@dataclass(frozen=True, slots=True)
class Words:
    """Title and body in one language."""

    title: str
    body: str

    def filled(self, values: Mapping[str, Any]) -> "Words":
        """With everything in its place. The title stays on one line."""
        return Words(" ".join(_fill(self.title, values).split()), _fill(self.body, values).strip())


def placeholders(kind: MessageKind) -> tuple[Placeholder, ...]:
    """What the words of this kind may show."""
    return (PERSON, ASSOCIATION, *kind.placeholders)


def samples(kind: MessageKind, association: str) -> dict[str, str]:
    """Values for a preview, in the reader's language."""
    return {one.name: str(one.sample) for one in placeholders(kind)} | {ASSOCIATION.name: association}


def check(text: str, names: Iterable[str], *, field: str) -> None:
    """That the text can be filled in with these placeholders; what is wrong stands at the form's field.

    Raises:
        WordsUnreadable, WordsTooClever, UnknownPlaceholder: it cannot.
    """
    try:
        tree = _ENVIRONMENT.parse(text)
    except TemplateSyntaxError as error:
        raise _at(field, WordsUnreadable(line=error.lineno)) from error
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _USABLE):
            raise _at(field, WordsTooClever(line=node.lineno))
    unknown = {node.name for node in tree.find_all(nodes.Name)} - set(names)
    if unknown:
        possible = ", ".join(f"{{{{ {name} }}}}" for name in names)
        raise _at(field, UnknownPlaceholder(names=", ".join(sorted(unknown)), possible=possible))


def _at(field: str, error: Any) -> Any:
    error.fields = {field: str(error)}
    return error


def _fill(text: str, values: Mapping[str, Any]) -> str:
    return _ENVIRONMENT.from_string(text).render(values)
