"""Taking one person out of the rows of a list."""

from collections.abc import Collection, Iterable
from typing import Any

from modules.accounts.addresses import normal_address
from modules.accounts.errors import AddressInvalid


def without(rows: Iterable[dict[str, Any]], name: str, addresses: Collection[str]) -> list[dict[str, Any]]:
    """The rows that are surely about others: they hold somebody's address, and neither these nor this name."""
    return [row for row in rows if _is_about_another(row["cells"], name, addresses)]


def _is_about_another(cells: Iterable[str], name: str, addresses: Collection[str]) -> bool:
    filled = [cell.strip() for cell in cells]
    found = {address for cell in filled if (address := _address(cell))}
    return bool(found) and found.isdisjoint(addresses) and name not in filled


def _address(cell: str) -> str | None:
    try:
        return normal_address(cell)
    except AddressInvalid:
        return None
