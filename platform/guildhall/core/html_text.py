"""The words of an HTML mail, for programs that show no HTML."""

import re
from html.parser import HTMLParser

_BLOCKS = frozenset({"p", "div", "tr", "li", "h1", "h2", "h3", "br", "ul", "ol", "table"})
_SILENT = frozenset({"head", "style", "script", "title"})
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        hidden = tag in _SILENT or "display:none" in (values.get("style") or "")
        if self._silent or hidden:
            self._silent += tag not in _VOID
            return
        if tag in _BLOCKS:
            self.parts.append("\n")
        if tag == "a":
            self._links.append((values.get("href") or "", len(self.parts)))

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            self._silent -= 1
            return
        if tag in _BLOCKS:
            self.parts.append("\n")
        if tag == "a" and self._links:
            href, begun = self._links.pop()
            if href and href not in "".join(self.parts[begun:]):
                self.parts.append(f": {href}")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def as_text(html: str) -> str:
    """Plain text with an address after each link, and one empty line between blocks."""
    words = _Words()
    words.feed(html)
    lines = [line.strip() for line in "".join(words.parts).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
