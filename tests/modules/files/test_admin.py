"""The secretariat's pages of files, and who may open what."""

import io

import pytest
from sqlalchemy import select

from modules.files.models import File
from modules.files.public import Visibility, file_url
from tests.modules.files.conftest import PDF, TEXT


@pytest.fixture
def officer(visit, make_person):
    return visit().sign_in(make_person(roles=("officer",)))


def send(visitor, name, content, visibility="signed_in"):
    data = {"file": (io.BytesIO(content), name), "visibility": visibility}
    return visitor.post("/admin/files/upload", data, content_type="multipart/form-data")


def test_uploaded_listed_and_opened(officer, visit, make_person):
    answer = send(officer, "计划.pdf", PDF)
    assert answer.status_code == 303
    assert "计划.pdf" in officer.get("/admin/files?q=计划").text
    link = officer.soup(answer.location).select_one("a.btn-primary")["href"]
    assert visit().sign_in(make_person()).get(link).data == PDF


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.exe", b"MZ", "This kind of file cannot be used here"),
        ("a.pdf", TEXT, "does not match its name"),
        ("", b"", "Please choose a file"),
    ],
)
def test_what_is_wrong_stands_at_the_field(officer, name, content, words):
    answer = send(officer, name, content)
    assert answer.status_code == 422
    assert words in answer.text


@pytest.mark.parametrize(
    ("visibility", "roles", "status"),
    [
        (Visibility.SIGNED_IN, (), 200),
        (Visibility.PERMISSION, (), 404),
        (Visibility.PERMISSION, ("editor",), 200),
        (Visibility.PRIVATE, (), 404),
        (Visibility.PRIVATE, ("editor",), 404),
        (Visibility.PRIVATE, ("officer",), 200),
    ],
)
def test_who_may_open_it(visit, make_person, stored, visibility, roles, status):
    file = stored(visibility=visibility, permission="files:file:upload")
    assert visit().sign_in(make_person(roles=roles)).get(file_url(file)).status_code == status


def test_the_owner_may_open_it(visit, make_person, session, stored):
    person = make_person()
    file = stored(visibility=Visibility.PRIVATE)
    file.owner_id = person.id
    session.commit()
    assert visit().sign_in(person).get(file_url(file)).data == TEXT


def test_a_link_for_somebody_outside(officer, visit, stored):
    file = stored(visibility=Visibility.PRIVATE)
    page = officer.post(f"/admin/files/{file.id}/link", page=f"/admin/files/{file.id}")
    link = page.text.split("/files/shared/")[1].split("<")[0]
    assert visit().get(f"/files/shared/{link}").data == TEXT


def test_deleted_one_by_one_and_together(officer, session, stored):
    first, second, third = stored("1.txt"), stored("2.txt"), stored("3.txt")
    officer.post(f"/admin/files/{first.id}/delete", page="/admin/files")
    officer.post("/admin/files/delete", {"ids": [str(second.id), "no id"]}, page="/admin/files")
    assert set(session.scalars(select(File.id))) == {third.id}


@pytest.mark.parametrize("path", ["/admin/files", "/admin/files/upload"])
def test_members_stay_outside(visit, make_person, path):
    assert visit().sign_in(make_person()).get(path).status_code == 403


def test_an_editor_sees_own_uploads_only(visit, make_person, stored):
    editor = visit().sign_in(make_person(roles=("editor",)))
    own = send(editor, "a.txt", TEXT, "private").location
    assert editor.get(own).status_code == 200
    assert editor.get(f"/admin/files/{stored(visibility=Visibility.PRIVATE).id}").status_code == 404
    assert editor.get("/admin/files").status_code == 403
