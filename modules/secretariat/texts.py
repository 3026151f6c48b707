"""Long texts that an association writes in Markdown, made safe to show."""

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_TAGS = {"a", "blockquote", "br", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "strong", "table", "tbody", "td", "th"}
_TAGS |= {"thead", "tr", "ul"}


def to_html(markdown: str) -> Markup:
    """HTML with text, links, lists and tables, and nothing that runs or loads."""
    html = nh3.clean(_MARKDOWN.render(markdown), tags=_TAGS, attributes={"a": {"href"}}, url_schemes=_SCHEMES)
    return Markup(html)  # noqa: S704 - cleaned in the line above


_SCHEMES = {"http", "https", "mailto", "tel"}
