"""Who gets a file, and how it arrives."""

from datetime import timedelta

import pytest
import time_machine

from guildhall.core.clock import now
from modules.files.public import Visibility, delete, file_url, signed_url
from tests.modules.files.conftest import PDF, TEXT, picture


def test_a_public_file_arrives_safely(visit, stored):
    response = visit().get(file_url(stored()))
    assert response.data == TEXT
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "max-age" in response.headers["Cache-Control"]


@pytest.mark.parametrize(("name", "content"), [("a.png", picture()), ("a.pdf", PDF)])
def test_pictures_and_pdf_are_shown(visit, stored, name, content):
    response = visit().get(file_url(stored(name, content)))
    assert response.headers["Content-Disposition"].startswith("inline")
    assert "script-src" not in response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_unchanged_is_not_sent_again(visit, stored):
    url = file_url(stored())
    etag = visit().get(url).headers["ETag"]
    assert visit().get(url, headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("visibility", [Visibility.SIGNED_IN, Visibility.PERMISSION, Visibility.PRIVATE])
def test_strangers_are_asked_to_sign_in(visit, stored, visibility):
    response = visit().get(file_url(stored(visibility=visibility)))
    assert response.status_code == 302
    assert "/sign-in" in response.location


def test_another_association_has_no_such_file(visit, stored, make_tenant):
    assert visit(make_tenant().host).get(file_url(stored())).status_code == 404


def test_a_signed_link(visit, runtime, session, stored):
    file = stored(visibility=Visibility.PRIVATE)
    path = _path(signed_url(session, runtime, file, timedelta(hours=1)))
    response = visit().get(path)
    assert response.data == TEXT
    assert "public" not in response.headers["Cache-Control"]
    assert visit().get(path[:-3]).status_code == 404
    with time_machine.travel(now() + timedelta(hours=2), tick=False):
        assert visit().get(path).status_code == 404


def test_a_signed_link_belongs_to_one_house(visit, runtime, session, stored, make_tenant):
    other = make_tenant()
    path = _path(signed_url(session, runtime, stored(), timedelta(hours=1)))
    assert visit(other.host).get(path).status_code == 404


def test_deleted_is_gone(visit, runtime, session, tenant, stored, run_jobs):
    file = stored()
    delete(session, file)
    session.commit()
    run_jobs(tenant)
    assert visit().get(file_url(file)).status_code == 404
    with pytest.raises(FileNotFoundError):
        runtime.storage.open(file.storage_key)


def test_a_file_whose_bytes_are_lost(visit, runtime, stored):
    file = stored()
    runtime.storage.delete(file.storage_key)
    assert visit().get(file_url(file)).status_code == 404


def _path(url):
    return "/" + url.split("/", 3)[3]
