"""Files (文件): uploads within a quota, looked at for viruses, behind links that check who asks."""

from guildhall.core.db import UnitOfWork
from guildhall.core.db.migrations import folder_of
from guildhall.core.i18n import _l
from guildhall.core.module import Area, Category, Meter, Module, NavEntry, SearchHit, SearchProvider
from modules.files import admin, demo, site
from modules.files.facts import InfectedFileFound
from modules.files.models import File
from modules.files.permissions import PERMISSIONS, SEE_FILES
from modules.files.privacy import PERSONAL_DATA
from modules.files.queries import bytes_used, files
from modules.files.services import removal, scans


def _find(session: UnitOfWork, words: str, limit: int) -> list[SearchHit]:
    found = session.scalars(files(search=words).order_by(File.id.desc()).limit(limit))
    return [SearchHit(file.name, f"/admin/files/{file.id}", icon="file") for file in found]


MODULE = Module(
    name="files",
    version="1.0",
    package="modules.files",
    label=_l("Files"),
    description=_l("Pictures and documents: uploaded safely, kept within a quota, opened only by those who may."),
    icon="folder",
    category=Category.BASE,
    always_on=True,
    site=(site.blueprint,),
    admin=(admin.blueprint,),
    permissions=PERMISSIONS,
    navigation=(NavEntry(Area.ADMIN, _l("Files"), "files_admin.index", "folder", SEE_FILES, order=900),),
    models=(File,),
    migrations=folder_of("files"),
    jobs=(scans.SCAN, removal.REMOVE_BYTES, removal.SWEEP),
    schedules=removal.SCHEDULES,
    facts=(InfectedFileFound,),
    actions={
        "files.file_stored": _l("File uploaded"),
        "files.file_deleted": _l("File deleted"),
        "files.infected_file_found": _l("Virus found in a file"),
    },
    search=(SearchProvider(_l("Files"), SEE_FILES, _find),),
    personal_data=PERSONAL_DATA,
    forget_module=removal.forget_module,
    meters=(Meter("files.bytes", _l("Storage used, in bytes"), bytes_used),),
    demo=demo.plant,
)
