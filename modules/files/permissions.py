"""What can be allowed about files."""

from guildhall.core.i18n import _l
from guildhall.core.permissions import DefaultRole, Permission

SEE_FILES = Permission(
    "files:file:see",
    _l("See all files"),
    _l("Also private files that members have uploaded."),
    frozenset({DefaultRole.OFFICER}),
)
UPLOAD_FILES = Permission(
    "files:file:upload",
    _l("Upload files for the association"),
    roles=frozenset({DefaultRole.OFFICER, DefaultRole.EDITOR}),
)
DELETE_FILES = Permission("files:file:delete", _l("Delete files"), roles=frozenset({DefaultRole.OFFICER}))

PERMISSIONS = (SEE_FILES, UPLOAD_FILES, DELETE_FILES)
