"""Chinese words found as people type them."""

import pytest

from guildhall.core.pinyin import matches


@pytest.mark.parametrize("query", ["会员", "huiyuan", "HuiYuan guanli", "hygl", "yuan"])
def test_found(query):
    assert matches("会员管理", query)


@pytest.mark.parametrize("query", ["", " ", "活动", "xyz"])
def test_not_found(query):
    assert not matches("会员管理", query)


def test_latin_words_are_found_in_any_case_and_spacing():
    assert matches("Audit log", "audit")
    assert matches("Audit log", "LOG")
    assert not matches("Audit log", "member")
