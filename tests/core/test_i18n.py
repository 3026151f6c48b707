"""The tool that keeps the languages complete sees what is missing and what is left over."""

from pathlib import Path

from guildhall.core.i18n import catalogue_path, main, problems, update


def test_a_new_message_is_missed_until_it_is_translated(tmp_path: Path) -> None:
    (tmp_path / "pages.py").write_text('title = _("Tea")\n')
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.html").write_text("{{ ngettext('%(num)s cup', '%(num)s cups', n) }}")
    assert set(problems(tmp_path, "zh_Hans")) == {"missing: ('%(num)s cup', '%(num)s cups')", "missing: 'Tea'"}

    update(tmp_path, "zh_Hans")
    path = catalogue_path(tmp_path, "zh_Hans")
    path.write_text(
        path.read_text()
        .replace('msgid "Tea"\nmsgstr ""', 'msgid "Tea"\nmsgstr "茶"')
        .replace('[0] ""', '[0] "%(num)s 杯"')
    )
    assert list(problems(tmp_path, "zh_Hans")) == []
    assert main(["check", str(tmp_path)]) == 0

    (tmp_path / "pages.py").write_text("")
    assert list(problems(tmp_path, "zh_Hans")) == ["no longer used: 'Tea'"]
    assert main(["check", str(tmp_path)]) == 1
    update(tmp_path, "zh_Hans")
    assert list(problems(tmp_path, "zh_Hans")) == []
