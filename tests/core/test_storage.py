"""Files in a folder and in a bucket behave alike."""

import io
from contextlib import closing
from dataclasses import replace
from uuid import uuid4

import pytest
from moto import mock_aws

from guildhall.core.storage import LocalStorage, S3Storage, key_of


@pytest.fixture(params=["folder", "bucket"])
def storage(request, tmp_path, settings):
    if request.param == "folder":
        yield LocalStorage(tmp_path)
        return
    with mock_aws():
        keys = {"s3_access_key": "test", "s3_secret_key": "test", "s3_bucket": "houses"}
        store = S3Storage(replace(settings, **keys))
        store._client.create_bucket(Bucket="houses")
        yield store


def put(storage, key, content=b"content"):
    storage.put(key, io.BytesIO(content), "text/plain")


def test_what_is_put_is_read(storage):
    put(storage, "a/b.txt", b"words")
    with closing(storage.open("a/b.txt")) as content:
        assert content.read() == b"words"


def test_what_is_not_there_is_not_found(storage):
    with pytest.raises(FileNotFoundError):
        storage.open("a/none.txt")
    storage.delete("a/none.txt")


def test_one_house_is_listed_and_removed_alone(storage):
    first, second = uuid4(), uuid4()
    keys = [key_of(first, "x", "1"), key_of(first, "y", "2")]
    for key in (*keys, key_of(second, "x", "1")):
        put(storage, key)
    assert sorted(storage.list(str(first))) == sorted(keys)
    assert storage.delete_all(str(first)) == 2
    assert list(storage.list(str(first))) == []
    assert list(storage.list(str(second))) == [key_of(second, "x", "1")]


def test_no_key_leads_out_of_the_folder(tmp_path):
    with pytest.raises(ValueError, match="out of the store"):
        LocalStorage(tmp_path / "store").open("../secret")
