"""What layouts and macros are given: small, typed, and free of any knowledge about where it came from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from flask import url_for
from flask_babel import LazyString

from guildhall.core.web.brand import GUILDHALL

Text: TypeAlias = str | LazyString
Tone = Literal["good", "waiting", "wrong", "neutral"]

TONE_ICONS: dict[Tone, str] = {
    "good": "circle-check",
    "waiting": "clock",
    "wrong": "circle-x",
    "neutral": "circle",
}


@dataclass(frozen=True, slots=True)
class Brand:
    """Whose house this is. Its colour is `#RRGGBB`, as the association gave it; pages use shades made from it.

    `icon_url` is the mark for the browser's tab, `touch_icon_url` the one for the phone's home screen.
    """

    name: str
    short_name: str = ""
    colour: str = GUILDHALL
    home_url: str = "/"
    logo_url: str | None = None
    manifest_url: str | None = None
    icp: str = ""
    icon_url: str | None = None
    touch_icon_url: str | None = None

    @property
    def label(self) -> str:
        """The name for narrow places."""
        return self.short_name or self.name

    @property
    def css_url(self) -> str:
        """The stylesheet with the colour's shades."""
        return url_for("ui.brand", colour=self.colour.removeprefix("#").lower())

    @property
    def seal(self) -> str:
        """The character that stands where there is no logo."""
        return self.label[:1].upper()


@dataclass(frozen=True, slots=True)
class Entry:
    """A place to go, in navigation or in a menu. `badge` counts what waits there."""

    label: Text
    url: str
    icon: str = ""
    active: bool = False
    badge: int | None = None
    post: bool = False
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading; the label may be empty."""

    label: Text
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Account:
    """Who is signed in, and what the account menu offers."""

    name: str
    email: str
    entries: Sequence[Entry] = ()
    photo_url: str | None = None


@dataclass(frozen=True, slots=True)
class Language:
    """A language that the page can be read in, named in itself."""

    code: str
    label: str
    url: str
    active: bool = False


@dataclass(frozen=True, slots=True)
class Banner:
    """A line above everything that must not be forgotten: test mode, support access."""

    text: Text
    tone: Tone = "waiting"
    icon: str = "triangle-alert"
    action: Entry | None = None


@dataclass(frozen=True, slots=True)
class State:
    """A state as people read it: a word, an icon and a tone, never a colour alone."""

    label: Text
    tone: Tone = "neutral"
    icon: str = ""

    @property
    def mark(self) -> str:
        """The icon's name."""
        return self.icon or TONE_ICONS[self.tone]


@dataclass(frozen=True, slots=True)
class Person:
    """A person or organization in a list: who, a second line, and a picture if there is one."""

    name: str
    detail: Text = ""
    photo_url: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One line of a checklist."""

    label: Text
    help: Text = ""
    done: bool = False
    url: str = ""
    action: Text = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a timeline: what happened, when, by whom, and what was said."""

    label: Text
    at: datetime
    by: str = ""
    note: str = ""
    tone: Tone = "neutral"
    icon: str = "circle"


@dataclass(frozen=True, slots=True)
class Progress:
    """Work under way. The page asks `url` for news until it is done; `total` 0 means not yet known."""

    label: Text
    done: int
    total: int
    url: str
    state: State | None = None
    detail: Text = ""

    @property
    def finished(self) -> bool:
        """Whether there is nothing left to ask for."""
        return self.state is not None


@dataclass(frozen=True, slots=True)
class Series:
    """One line, or one set of bars, of a chart."""

    label: Text
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart and the numbers behind it; `csv_url` gives the same numbers as a file."""

    title: Text
    labels: Sequence[Text]
    series: Sequence[Series]
    kind: Literal["line", "bar", "doughnut"] = "bar"
    csv_url: str = ""

    @property
    def data(self) -> dict[str, object]:
        """What the script draws."""
        series = [{"label": str(one.label), "values": list(one.values)} for one in self.series]
        return {"kind": self.kind, "labels": [str(label) for label in self.labels], "series": series}


@dataclass(frozen=True, slots=True)
class Result:
    """One hit of the global search."""

    label: Text
    url: str
    detail: Text = ""
    icon: str = "file-text"


@dataclass(frozen=True, slots=True)
class Results:
    """The hits of one kind, under its name."""

    label: Text
    results: Sequence[Result] = field(default_factory=tuple)
