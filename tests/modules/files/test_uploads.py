"""What may come in, and what is said of the rest."""

import dataclasses
import io

import pytest
from PIL import Image

from modules.files import errors
from modules.files.public import IMAGES, SPREADSHEETS, Visibility, read, store_image, store_upload
from modules.files.services.removal import SWEEP
from modules.files.services.uploads import clean_name
from tests.modules.files.conftest import PDF, TEXT, XLSX, archive, picture, upload


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("A.PNG", picture(), "image/png"),
        ("a.jpeg", picture(kind="JPEG"), "image/jpeg"),
        ("表.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.csv", "姓名,手机\n".encode("gbk"), "text/csv"),
        ("a.csv", "姓名,手机\n".encode("utf-16"), "text/csv"),
    ],
)
def test_kept_as_it_is(runtime, session, name, content, media_type):
    file = store_upload(session, runtime, upload(name, content), "files.shared", Visibility.PUBLIC)
    assert (file.content_type, file.size) == (media_type, len(content))
    with read(runtime, file) as stored:
        assert stored.read() == content


@pytest.mark.parametrize(
    ("name", "content", "allowed", "error"),
    [
        ("", b"", None, errors.FileMissing),
        ("a.txt", b"", None, errors.FileMissing),
        ("a.exe", b"MZ", None, errors.WrongFileType),
        ("a", TEXT, None, errors.WrongFileType),
        ("a.svg", b"<svg onload='alert(1)'/>", None, errors.WrongFileType),
        ("a.html", b"<script>", None, errors.WrongFileType),
        ("a.pdf", PDF, IMAGES, errors.WrongFileType),
        ("a.png", b"<html><script>alert(1)</script>", None, errors.ContentMismatch),
        ("a.pdf", picture(), None, errors.ContentMismatch),
        ("a.txt", picture(), None, errors.ContentMismatch),
        ("a.csv", b"a\0b", SPREADSHEETS, errors.ContentMismatch),
        ("a.xlsx", TEXT, None, errors.ContentMismatch),
        ("a.docx", XLSX, None, errors.ContentMismatch),
        ("a.png", picture(), dataclasses.replace(IMAGES, max_bytes=10), errors.FileTooLarge),
        ("a.xlsx", archive({"xl/bomb.xml": b"\0" * 20_000_000}), None, errors.ArchiveTooBig),
        ("a.zip", archive({f"{n}.txt": b"" for n in range(5_001)}), None, errors.ArchiveTooBig),
    ],
)
def test_refused_at_the_field(runtime, session, name, content, allowed, error):
    options = {"allowed": allowed} if allowed else {}
    with pytest.raises(error) as refused:
        store_upload(
            session, runtime, upload(name, content), "files.shared", Visibility.PUBLIC, field="photo", **options
        )
    assert refused.value.fields["photo"]


def test_nothing_sent(runtime, session):
    with pytest.raises(errors.FileMissing):
        store_upload(session, runtime, None, "files.shared", Visibility.PUBLIC)


def test_a_full_house(runtime, session, monkeypatch):
    monkeypatch.setattr(runtime, "settings", dataclasses.replace(runtime.settings, storage_quota_mb=1))
    store_upload(session, runtime, upload("a.txt", b"x" * 1_000_000), "files.shared", Visibility.PUBLIC)
    with pytest.raises(errors.NoRoomLeft):
        store_upload(session, runtime, upload("b.txt", b"x" * 100_000), "files.shared", Visibility.PUBLIC)


def test_a_picture_loses_everything_but_the_picture(runtime, session):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x9286] = "secret place"
    content = picture((300, 100), "JPEG", exif=exif) + b"<script>alert(1)</script>"
    file = store_image(session, runtime, upload("photo.jpg", content), "files.shared", Visibility.PUBLIC, max_side=150)
    with read(runtime, file) as stored:
        kept = stored.read()
    assert b"secret place" not in kept
    assert b"script" not in kept
    with Image.open(io.BytesIO(kept)) as shown:
        assert (shown.size, shown.format) == ((50, 150), "JPEG")


def test_transparency_stays(runtime, session):
    sent = upload("logo.webp", picture(kind="WEBP", mode="RGBA"))
    file = store_image(session, runtime, sent, "files.shared", Visibility.PUBLIC)
    assert (file.name, file.content_type) == ("logo.png", "image/png")


@pytest.mark.parametrize("side", [6_400, 20_000])
def test_a_picture_bomb(runtime, session, side):
    """The smaller one only we refuse; at the larger one Pillow itself gives up."""
    content = picture((side, side), mode="1")
    assert len(content) < IMAGES.max_bytes
    with pytest.raises(errors.PictureTooBig):
        store_image(session, runtime, upload("bomb.png", content), "files.shared", Visibility.PUBLIC)


def test_a_broken_picture(runtime, session):
    with pytest.raises(errors.PictureUnreadable):
        store_image(session, runtime, upload("a.png", picture()[:60]), "files.shared", Visibility.PUBLIC)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\王\\简历.pdf", "简历.pdf"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie x.txt".replace(" x", ": x")),
        ("  .txt. ", "txt"),
        ("x" * 500 + ".pdf", "x" * 196 + ".pdf"),
        ("..", ""),
        ("/", ""),
    ],
)
def test_names_for_people(given, kept):
    assert clean_name(given) == kept


def test_bytes_of_an_undone_upload_are_swept(runtime, session, tenant, run_jobs, stored):
    from guildhall.core.jobs.queue import enqueue
    from guildhall.core.storage import key_of

    kept = stored()
    old = key_of(tenant.id, "files", "01900000-0000-7000-8000-000000000000")
    runtime.storage.put(old, io.BytesIO(b"lost"), "text/plain")
    undone = store_upload(session, runtime, upload("a.txt", TEXT), "files.shared", Visibility.PUBLIC)
    session.rollback()
    enqueue(session, SWEEP)
    session.commit()
    run_jobs(tenant)
    left = set(runtime.storage.list(key_of(tenant.id, "files")))
    assert left == {kept.storage_key, undone.storage_key}, "an upload of this minute may still be under way"


def test_an_upload_is_in_the_audit_log(session, stored):
    from guildhall.core.audit import Wanted, entries

    file = stored()
    entry = session.scalars(entries(Wanted(action="files.file_stored"))).one()
    assert entry.target_id == str(file.id)
