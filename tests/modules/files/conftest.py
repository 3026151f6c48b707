"""Files as people send them."""

import io
import zipfile

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage


def upload(name, content):
    return FileStorage(io.BytesIO(content), name)


def picture(size=(60, 40), kind="PNG", mode="RGB", **options):
    target = io.BytesIO()
    Image.new(mode, size, 128 if mode == "L" else None).save(target, kind, **options)
    return target.getvalue()


def archive(entries):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return target.getvalue()


PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
XLSX = archive({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"})
TEXT = "章程\n".encode()


@pytest.fixture
def stored(runtime, session):
    """Puts a file into the test's association and commits."""
    from modules.files.public import Visibility, store_upload

    def store(name="章程.txt", content=TEXT, visibility=Visibility.PUBLIC, **options):
        file = store_upload(session, runtime, upload(name, content), "files.shared", visibility, **options)
        session.commit()
        return file

    return store
