"""Both languages are complete, and the tool that keeps them so sees what is missing."""

from pathlib import Path

from guildhall.core.i18n import TRANSLATED, catalogue_path, main, problems, repository_packages, update

ROOT = Path(__file__).parents[2]


def test_no_message_of_the_repository_is_missing_doubtful_or_left_over() -> None:
    packages = repository_packages(ROOT)
    assert packages
    assert [line for package in packages for locale in TRANSLATED for line in problems(package, locale)] == []


def test_a_new_message_is_missed_until_it_is_translated(tmp_path: Path) -> None:
    (tmp_path / "pages.py").write_text('title = _("Tea")\n')
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.html").write_text("{{ ngettext('%(num)s cup', '%(num)s cups', n) }}")
    assert set(problems(tmp_path, "zh_Hans")) == {"missing: ('%(num)s cup', '%(num)s cups')", "missing: 'Tea'"}

    update(tmp_path, "zh_Hans")
    path = catalogue_path(tmp_path, "zh_Hans")
    path.write_text(path.read_text().replace('msgid "Tea"\nmsgstr ""', 'msgid "Tea"\nmsgstr "茶"').replace('[0] ""', '[0] "%(num)s 杯"'))
    assert list(problems(tmp_path, "zh_Hans")) == []
    assert main(["check", str(tmp_path)]) == 0

    (tmp_path / "pages.py").write_text("")
    assert list(problems(tmp_path, "zh_Hans")) == ["no longer used: 'Tea'"]
    assert main(["check", str(tmp_path)]) == 1
    update(tmp_path, "zh_Hans")
    assert list(problems(tmp_path, "zh_Hans")) == []
