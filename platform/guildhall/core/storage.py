"""Where bytes of files are: a local folder or an S3 bucket. Keys begin with the house's id."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Protocol, cast
from uuid import UUID

from guildhall.core.settings import Settings


def key_of(house_id: UUID, *parts: str) -> str:
    """A storage key of one house. Parts are names that we made, never a person's file name."""
    return "/".join((str(house_id), *parts))


class Storage(Protocol):
    """A flat store of blobs by key."""

    def put(self, key: str, content: IO[bytes], content_type: str) -> None: ...
    def open(self, key: str) -> IO[bytes]:
        """The content.

        Raises:
            FileNotFoundError: there is none.
        """
        ...

    def delete(self, key: str) -> None:
        """Remove it; nothing happens when there is none."""
        ...

    def list(self, prefix: str) -> Iterator[str]: ...
    def delete_all(self, prefix: str) -> int:
        """Remove everything below a prefix; how many."""
        ...


class LocalStorage:
    """A folder."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def put(self, key: str, content: IO[bytes], content_type: str) -> None:  # noqa: ARG002 - a folder keeps no types
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(path.name + ".partial")
        with partial.open("wb") as target:
            shutil.copyfileobj(content, target)
        partial.replace(path)

    def open(self, key: str) -> IO[bytes]:
        return self._path(key).open("rb")

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def list(self, prefix: str) -> Iterator[str]:
        base = self._path(prefix)
        for path in sorted(base.rglob("*")):
            if path.is_file():
                yield path.relative_to(self._root).as_posix()

    def delete_all(self, prefix: str) -> int:
        count = sum(1 for _ in self.list(prefix))
        shutil.rmtree(self._path(prefix), ignore_errors=True)
        return count

    def _path(self, key: str) -> Path:
        path = (self._root / key).resolve()
        if not path.is_relative_to(self._root):
            msg = "a key leads out of the store"
            raise ValueError(msg)
        return path


class S3Storage:
    """A bucket of an S3-compatible service."""

    def __init__(self, settings: Settings) -> None:
        import boto3  # an extra: only those who use S3 install it

        self._bucket = settings.s3_bucket
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=settings.s3_endpoint or None,
            aws_access_key_id=settings.s3_access_key or None,
            aws_secret_access_key=settings.s3_secret_key or None,
            region_name=settings.s3_region,
        )

    def put(self, key: str, content: IO[bytes], content_type: str) -> None:
        self._client.upload_fileobj(content, self._bucket, key, ExtraArgs={"ContentType": content_type})

    def open(self, key: str) -> IO[bytes]:
        try:
            return cast("IO[bytes]", self._client.get_object(Bucket=self._bucket, Key=key)["Body"])
        except self._client.exceptions.NoSuchKey as error:
            raise FileNotFoundError(key) from error

    def delete(self, key: str) -> None:
        self._client.delete_object(Bucket=self._bucket, Key=key)

    def list(self, prefix: str) -> Iterator[str]:
        for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix + "/"):
            yield from (item["Key"] for item in page.get("Contents", ()))

    def delete_all(self, prefix: str) -> int:
        keys = list(self.list(prefix))
        for key in keys:
            self.delete(key)
        return len(keys)


def storage_from(settings: Settings) -> Storage:
    return S3Storage(settings) if settings.s3_bucket else LocalStorage(Path(settings.storage_path))
