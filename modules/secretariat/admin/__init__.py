"""The office: its first page, the association's profile, the module catalogue, settings, the audit log."""

from modules.secretariat.admin import association, audit_log, catalogue, dashboard, settings
from modules.secretariat.admin.blueprint import blueprint

__all__ = ["association", "audit_log", "blueprint", "catalogue", "dashboard", "settings"]
