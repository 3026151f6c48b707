"""Chinese words found as people type them."""

import pytest

from guildhall.core.pinyin import matches


@pytest.mark.parametrize("query", ["会员", "huiyuan", "HuiYuan guanli", "hygl", "yuan", "huiygl", "guanl", "yuang"])
def test_found(query):
    assert matches("会员管理", query)


@pytest.mark.parametrize("query", ["", " ", "活动", "xyz", "hyglx", "ugl"])
def test_not_found(query):
    assert not matches("会员管理", query)


@pytest.mark.parametrize("query", ["kuaiji", "kj", "huiji"])
def test_a_character_with_several_readings_is_found_by_each(query):
    assert matches("会计", query)


def test_latin_words_are_found_in_any_case_and_spacing():
    assert matches("Audit log", "audit")
    assert matches("Audit log", "LOG")
    assert not matches("Audit log", "member")
