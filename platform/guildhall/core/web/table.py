"""A list as people work with it: what it shows is in the address, so that it can be sent, saved and gone back to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Literal
from urllib.parse import urlencode

from guildhall.core.web.view import Entry, Text

Kind = Literal["text", "number", "money", "date", "datetime", "relative", "state", "person"]
END_ALIGNED: frozenset[Kind] = frozenset({"number", "money"})

PAGE_SIZE = 25
_LONGEST_PAGE = 9
_EDGE = 1
_AROUND = 1


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `value` takes a row; without it the attribute named `key` is shown.

    The value's type goes with the kind: money is (minor units, currency), state a State, person a Person.
    """

    key: str
    label: Text
    kind: Kind = "text"
    value: Callable[..., object] | None = None
    sortable: bool = False
    optional: bool = False

    def read(self, row: object) -> object:
        """What to show of this row."""
        return self.value(row) if self.value else attrgetter(self.key)(row)

    @property
    def at_end(self) -> bool:
        """Whether figures stand under each other at the end of the cell."""
        return self.kind in END_ALIGNED


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice that narrows the list; `choices` are (value, label)."""

    name: str
    label: Text
    choices: Sequence[tuple[str, Text]]


@dataclass(frozen=True, slots=True)
class BulkAction:
    """Something to do with the chosen rows: posts their `ids` to `url`. `confirm` asks first."""

    label: Text
    url: str
    icon: str = ""
    danger: bool = False
    confirm: Text = ""


@dataclass(frozen=True, slots=True)
class Query:
    """What the reader asked of a list, read from the address and written back to it.

    Parameters: `q` search, `sort` a column's key with `-` before it for descending, `page` from 1, `columns` the keys
    of optional columns to show, and one for each filter.
    """

    path: str
    args: Mapping[str, str] = field(default_factory=dict)

    @property
    def search(self) -> str:
        """The words to look for."""
        return self.args.get("q", "").strip()

    @property
    def sort(self) -> str:
        """The column to sort by, or nothing."""
        return self.args.get("sort", "").removeprefix("-")

    @property
    def descending(self) -> bool:
        """Whether the largest comes first."""
        return self.args.get("sort", "").startswith("-")

    @property
    def page(self) -> int:
        """The page, at least 1, whatever the address says."""
        given = self.args.get("page", "")
        return max(1, int(given)) if given.isascii() and given.isdigit() and len(given) < _LONGEST_PAGE else 1

    @property
    def columns(self) -> frozenset[str]:
        """The optional columns asked for."""
        return frozenset(filter(None, self.args.get("columns", "").split(",")))

    def filter(self, name: str) -> str:
        """The value chosen for a filter, or nothing."""
        return self.args.get(name, "")

    def url(self, **changes: str | int | None) -> str:
        """The address with these parameters changed; None or an empty text removes one."""
        merged = {**self.args, **changes}
        kept = {name: value for name, value in merged.items() if value not in (None, "")}
        return f"{self.path}?{urlencode(kept)}" if kept else self.path

    def sorted_by(self, key: str) -> str:
        """The address that sorts by this column, or turns the order round; on the first page."""
        turned = f"-{key}" if self.sort == key and not self.descending else key
        return self.url(sort=turned, page=None)

    def with_column(self, key: str) -> str:
        """The address that shows this optional column, or hides it."""
        return self.url(columns=",".join(sorted(self.columns ^ {key})))


@dataclass(frozen=True, slots=True)
class Table:
    """A page of rows and all that can be done with it. `row_url` and `row_id` take a row.

    `id` names it on the page; `label` is read to those who cannot see it; `empty_*` is what an empty list says, with
    the one thing to do about it.
    """

    id: str
    label: Text
    columns: Sequence[Column]
    rows: Sequence[object]
    query: Query
    total: int
    page_size: int = PAGE_SIZE
    filters: Sequence[Filter] = ()
    searchable: bool = True
    bulk_actions: Sequence[BulkAction] = ()
    row_url: Callable[..., str] | None = None
    row_id: Callable[..., object] = attrgetter("id")
    export_url: str = ""
    empty_title: Text = ""
    empty_text: Text = ""
    empty_icon: str = "inbox"
    empty_action: Entry | None = None

    @property
    def shown(self) -> list[Column]:
        """The columns to show: all that are not optional, and the optional ones asked for."""
        return [column for column in self.columns if not column.optional or column.key in self.query.columns]

    @property
    def optional(self) -> list[Column]:
        """The columns that the reader may choose."""
        return [column for column in self.columns if column.optional]

    @property
    def narrowed(self) -> bool:
        """Whether a search or a filter hides rows, so that an empty list says so."""
        return bool(self.query.search or any(self.query.filter(one.name) for one in self.filters))

    @property
    def cleared_url(self) -> str:
        """The address without search and filters."""
        return self.query.url(q=None, page=None, **{one.name: None for one in self.filters})

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.page_size))

    @property
    def first(self) -> int:
        """The number of the first row shown, from 1."""
        return (self.query.page - 1) * self.page_size + 1

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return self.first + len(self.rows) - 1

    def export(self, file_format: str) -> str:
        """The address of the whole list, as narrowed and sorted, in a file format."""
        query = Query(self.export_url, self.query.args)
        return query.url(format=file_format, page=None)


def page_window(page: int, pages: int) -> list[int | None]:
    """The page numbers to offer, with None where some are left out: 1 … 4 5 6 … 20."""
    wanted = {*range(1, 1 + _EDGE), *range(pages - _EDGE + 1, pages + 1), *range(page - _AROUND, page + _AROUND + 1)}
    numbers = sorted(one for one in wanted if 1 <= one <= pages)
    window: list[int | None] = []
    for one in numbers:
        if window and window[-1] is not None and one - window[-1] > 1:
            window.append(None)
        window.append(one)
    return window
