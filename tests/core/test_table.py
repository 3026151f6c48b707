"""A list's state lives in its address."""

import pytest

from guildhall.core.web.formats import initials
from guildhall.core.web.table import Column, Filter, Query, Table, page_window


def query(**args: str) -> Query:
    return Query("/members", args)


def test_an_address_is_changed_one_parameter_at_a_time() -> None:
    asked = query(q="tea", tier="director", page="3")
    assert asked.url(page=4) == "/members?q=tea&tier=director&page=4"
    assert asked.url(q=None, tier="", page=None) == "/members"
    assert query(q="a&b").url() == "/members?q=a%26b"


def test_sorting_turns_round_and_goes_to_the_first_page() -> None:
    assert query(page="3").sorted_by("name") == "/members?sort=name"
    assert query(sort="name").sorted_by("name") == "/members?sort=-name"
    assert query(sort="-name").sorted_by("name") == "/members?sort=name"


@pytest.mark.parametrize(("given", "page"), [("", 1), ("2", 2), ("0", 1), ("-4", 1), ("x", 1), ("²", 1), ("9" * 30, 1)])
def test_a_page_is_a_number_from_one_whatever_the_address_says(given: str, page: int) -> None:
    assert query(page=given).page == page


def test_optional_columns_are_shown_when_asked_for() -> None:
    table = Table("t", "T", [Column("a", "A"), Column("b", "B", optional=True)], [], query(), 0)
    assert [column.key for column in table.shown] == ["a"]
    assert query().with_column("b") == "/members?columns=b"
    assert query(columns="b").with_column("b") == "/members"


def test_an_empty_list_knows_whether_it_was_narrowed() -> None:
    filters = [Filter("tier", "Tier", [])]
    assert not Table("t", "T", [], [], query(sort="a"), 0, filters=filters).narrowed
    narrowed = Table("t", "T", [], [], query(tier="x", sort="a"), 0, filters=filters)
    assert narrowed.narrowed
    assert narrowed.cleared_url == "/members?sort=a"


def test_an_export_keeps_what_the_reader_asked_for() -> None:
    table = Table("t", "T", [], [], query(q="tea", page="2"), 0, export_url="/members/export")
    assert table.export("csv") == "/members/export?q=tea&format=csv"


@pytest.mark.parametrize(
    ("page", "pages", "window"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (5, 9, [1, None, 4, 5, 6, None, 9]),
        (9, 9, [1, None, 8, 9]),
        (40, 9, [1, None, 9]),
    ],
)
def test_page_numbers_leave_out_the_middle(page: int, pages: int, window: list[int | None]) -> None:
    assert page_window(page, pages) == window


@pytest.mark.parametrize(
    ("name", "short"),
    [("Ada Lovelace", "AL"), ("Ada", "A"), ("王小明", "小明"), ("江畔精密工具有限公司", "江畔"), ("", "?")],
)
def test_initials(name: str, short: str) -> None:
    assert initials(name) == short
