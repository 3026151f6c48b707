"""One association in one file: every row, every file, and what is needed to check and to restore them."""

from tenants.archive.export import export_tenant
from tenants.archive.format import Manifest
from tenants.archive.restore import Restoring, clone_tenant, restore_tenant

__all__ = ["Manifest", "Restoring", "clone_tenant", "export_tenant", "restore_tenant"]
