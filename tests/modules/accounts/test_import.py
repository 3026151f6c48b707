"""The list that an association has, as it has it."""

import io
import zipfile
from datetime import timedelta

import pytest
import time_machine
import xlsxwriter
from sqlalchemy import select

from guildhall.core.audit import AuditEntry
from guildhall.core.clock import now
from guildhall.core.jobs.models import JobState
from modules.accounts.errors import ListEmpty, ListTooLarge, ListUnreadable
from modules.accounts.importing.columns import PersonField, find_header, guess_columns
from modules.accounts.importing.forgetting import without
from modules.accounts.importing.reading import MOST_BYTES, read_list
from modules.accounts.models import PeopleImport, Person
from modules.accounts.services import imports

TEXT = "姓名,手机,邮箱,单位\n王小明,13800138000,Wang@Example.com,苏州茶业\n李丽,13900139000,,江南丝绸\n"


def workbook(rows, write=None):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if write:
            write(sheet)
    return target.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_any_encoding(encoding):
    assert read_list(TEXT.encode(encoding))[1][0] == "王小明"


@pytest.mark.parametrize("delimiter", ["\t", ";", "|"])
def test_any_delimiter(delimiter):
    assert read_list(TEXT.replace(",", delimiter).encode())[2][3] == "江南丝绸"


def test_a_workbook_with_titles_above_the_titles():
    rows = [
        ["苏州市茶业商会会员名册"],
        ["2026 年 11 月"],
        [],
        ["序号", "企业名称", "联系人", "联系电话"],
        [1, "苏州茶业", "王小明", 13800138000],
    ]
    header, below, first = find_header(read_list(workbook(rows)))
    assert (header, first) == (["序号", "企业名称", "联系人", "联系电话"], 5)
    mapping = guess_columns(header, below)
    assert mapping == {PersonField.NAME: 2, PersonField.PHONE: 3, PersonField.ORGANIZATION: 1}
    assert below[0][3] == "13800138000", "a number keeps no decimal point"


def test_a_list_without_titles_is_told_by_its_content():
    rows = read_list("王小明\t13800138000\nwang\n李丽\t13900139000".encode())
    header, below, first = find_header(rows)
    assert first == 1
    assert guess_columns(header, below)[PersonField.PHONE] == 1


def bomb():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (200 * 1024 * 1024))
    return target.getvalue()


def test_hostile_files_are_refused_with_a_message():
    with pytest.raises(ListTooLarge):
        read_list(bomb())
    with pytest.raises(ListTooLarge):
        read_list(b"a" * (MOST_BYTES + 1))
    with pytest.raises(ListTooLarge):
        read_list(",".join("x" * 1000).encode() + b"\n1")
    with pytest.raises((ListTooLarge, ListUnreadable)):
        read_list(workbook([["姓名"]], lambda sheet: sheet.write(1_048_575, 16_383, "far away")))
    for content in (
        b"PK\x03\x04 not an archive",
        b"\xd0\xcf\x11\xe0 not a workbook",
        b"\x89PNG\r\n\0\0",
        b"%PDF-1.7\0",
    ):
        with pytest.raises(ListUnreadable):
            read_list(content)
    for content in (b"", b" \n\n", b",,,\n,,"):
        with pytest.raises(ListEmpty):
            read_list(content)


@pytest.fixture
def admin(visit, make_person):
    return visit().sign_in(make_person(name="Chief", roles=("admin",)))


def test_from_the_list_to_the_people(admin, session, run_jobs, tenant, mailbox, make_person):
    known = make_person(email="wang@example.com")
    wrong = "赵五,12,zhao@,\n孙六,,,\n李丽,13900139000,,\n陈七,13700137000,chen@example.com,太湖制造\n"
    upload = {"file": (io.BytesIO((TEXT + wrong).encode("gbk")), "名册.csv")}
    page = admin.post("/admin/people/import", upload).location
    preview = admin.get(page).text
    assert "Bring in 3 people" in preview
    assert "3 rows cannot be taken" in preview
    columns = {"name": 0, "phone": 1, "email": 2, "organization": 3, "send_invitations": "y"}
    assert admin.post(f"{page}/run", columns, page=page).location == page
    assert admin.post(f"{page}/run", columns, page=page).status_code == 409, "a second click does nothing"
    run_jobs(tenant)
    done = session.scalar(select(PeopleImport))
    assert (done.created_count, done.updated_count, len(done.errors), done.rows) == (2, 1, 3, [])
    assert session.scalar(select(Person.organization).where(Person.email == "wang@example.com")) == "苏州茶业"
    assert session.scalar(select(Person.name).where(Person.id == known.id)) == known.name, "what they wrote stays"
    assert mailbox.wait_for("chen@example.com")
    result = admin.get(page).text
    assert "Left out" in result
    errors = admin.get(f"{page}/errors?format=csv").get_data().decode("utf-8-sig").splitlines()
    assert len(errors) == 4
    assert errors[1].startswith("赵五,12,zhao@,")


def test_pasted_rows(admin, session):
    page = admin.post("/admin/people/import", {"pasted": TEXT.replace(",", "\t")}).location
    assert "王小明" in admin.get(page).text
    assert admin.post("/admin/people/import", {"pasted": "  "}).status_code == 422


def test_mapping_may_be_changed(admin):
    page = admin.post("/admin/people/import", {"pasted": "a\tb\n王小明\t13800138000"}).location
    moved = {"name": 1, "phone": -1, "email": -1, "organization": -1}
    assert admin.post(page, moved).location == page
    assert "2 rows cannot be taken" in admin.get(page).text
    assert admin.post(page, {**moved, "name": 99}).status_code == 422


@pytest.fixture
def started(admin, tenant):
    """An import that is about to run; returns its page."""

    def start(text):
        page = admin.post("/admin/people/import", {"pasted": text}).location
        columns = {"name": 0, "phone": 1, "email": 2, "organization": 3}
        assert admin.post(f"{page}/run", columns, page=page).location == page
        return page

    return start


def names(session):
    return set(session.scalars(select(Person.name))) - {"Chief"}


def test_an_import_that_is_interrupted_goes_on_where_it_was(started, session, tenant, run_jobs, monkeypatch):
    monkeypatch.setattr(imports, "CHUNK", 1)
    taken, original = [], imports._take

    def fall_at_the_second(unit, people_import, values):
        taken.append(values["name"])
        if len(taken) == 2:
            raise OSError
        return original(unit, people_import, values)

    monkeypatch.setattr(imports, "_take", fall_at_the_second)
    started(TEXT)
    assert run_jobs(tenant)[0] == JobState.PENDING
    assert names(session) == {"王小明"}, "what was done stays"
    session.rollback()
    with time_machine.travel(now() + timedelta(minutes=1)):
        run_jobs(tenant)
    assert names(session) == {"王小明", "李丽"}
    assert taken == ["王小明", "李丽", "李丽"]
    done = session.scalar(select(PeopleImport))
    assert (done.state, done.created_count, done.done_count, done.rows) == ("done", 2, 2, [])


def test_an_import_that_nobody_will_try_again_says_that_it_failed(
    started, admin, session, tenant, run_jobs, monkeypatch
):
    def fall(*_):
        raise OSError

    monkeypatch.setattr(imports, "_take", fall)
    page = started(TEXT)
    for minutes in range(3):
        with time_machine.travel(now() + timedelta(minutes=minutes)):
            run_jobs(tenant)
    failed = session.scalar(select(PeopleImport))
    assert (failed.state, failed.rows) == ("failed", [])
    assert "The import failed" in admin.get(page).text
    assert "accounts.import_failed" in session.scalars(select(AuditEntry.action)).all()


def test_lists_that_nobody_brings_in_are_forgotten_after_a_week(admin, session):
    admin.post("/admin/people/import", {"pasted": TEXT})
    for days, left in ((6, 1), (8, 0)):
        with time_machine.travel(now() + timedelta(days=days)):
            imports.sweep_imports(session)
        assert len(session.scalars(select(PeopleImport)).all()) == left


def test_forgetting_one_person_leaves_the_others_in_the_list():
    rows = [
        {"cells": ["王小明", "13800138000", "苏州茶业"]},
        {"cells": ["小明", "+86 138-0013-8000", ""]},
        {"cells": ["李丽", "13900139000", "江南丝绸"]},
        {"cells": ["孙六", "no number", ""]},
        {"cells": ["王小明", "13700137000", ""]},
    ]
    kept = without(rows, "王小明", ["+8613800138000"])
    assert [row["cells"][0] for row in kept] == ["李丽"], "a row that cannot be told to be another's goes too"
