"""What can be wrong with an upload. Each is shown at the form's field."""

from http import HTTPStatus

from guildhall.core.errors import DomainError
from guildhall.core.i18n import _l


class UploadRefused(DomainError):
    """Base of all: its message stands at the field the file came from."""

    code = "upload_refused"
    message = _l("This file cannot be used.")

    def __init__(self, *, field: str = "file", **params: object) -> None:
        super().__init__(fields=None, **params)
        self.fields = {field: str(self)}


class FileMissing(UploadRefused):
    code = "file_missing"
    message = _l("Please choose a file.")


class FileTooLarge(UploadRefused):
    code = "file_too_large"
    message = _l("The file is larger than %(limit)s.")


class WrongFileType(UploadRefused):
    code = "wrong_file_type"
    message = _l("This kind of file cannot be used here. Possible: %(allowed)s.")


class ContentMismatch(UploadRefused):
    code = "content_mismatch"
    message = _l("The file's content does not match its name. Please save it again in its own format.")


class ArchiveTooBig(UploadRefused):
    code = "archive_too_big"
    message = _l("The file is far larger once unpacked. Please split it or save it again.")


class PictureTooBig(UploadRefused):
    code = "picture_too_big"
    message = _l("The picture has more than %(megapixels)s million pixels. Please make it smaller.")


class PictureUnreadable(UploadRefused):
    code = "picture_unreadable"
    message = _l("This picture cannot be read. Please save it again as JPEG or PNG.")


class NoRoomLeft(UploadRefused):
    code = "no_room_left"
    message = _l("The association's storage is full (%(limit)s). Please delete files that are no longer needed.")


class BeingScanned(DomainError):
    """The virus scanner has not seen it yet."""

    code = "being_scanned"
    message = _l("This file is still being checked for viruses. Please try again in a minute.")
    status = HTTPStatus.CONFLICT
