"""States and choices of files."""

from enum import StrEnum


class Visibility(StrEnum):
    """Who may open a file by its plain address. A signed link opens it for whoever holds the link."""

    PUBLIC = "public"  # anybody: pictures of the public site
    SIGNED_IN = "signed_in"  # everybody of the house
    PERMISSION = "permission"  # who holds the permission that the file names
    PRIVATE = "private"  # its owner, and who may see all files


class ScanState(StrEnum):
    """What the virus scanner said. Only a file that was found clean, or that nobody scans, is handed out."""

    NOT_SCANNED = "not_scanned"  # there is no scanner
    PENDING = "pending"
    CLEAN = "clean"
    INFECTED = "infected"
