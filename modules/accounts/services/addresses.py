"""A person's own address: changed once the new one is proved."""

from guildhall.core import audit
from guildhall.core.clock import now
from guildhall.core.db import UnitOfWork
from modules.accounts.addresses import is_email
from modules.accounts.errors import EmailTaken, PhoneTaken
from modules.accounts.models import Person
from modules.accounts.services.notices import tell_of_change
from modules.accounts.services.people import find_by_address


def take_address(session: UnitOfWork, person: Person, address: str) -> None:
    """Make an address that was proved by a code the person's own; the former one is told.

    Raises:
        EmailTaken, PhoneTaken: at the field `code`, since only who has the address may learn that it is known.
    """
    field = "email" if is_email(address) else "phone"
    holder = find_by_address(session, address)
    if holder is not None and holder.id != person.id:
        error = EmailTaken if field == "email" else PhoneTaken
        raise error(fields={"code": error.message})
    former = person.email
    setattr(person, field, address)
    setattr(person, f"{field}_verified_at", now())
    session.flush()
    audit.record(session, "accounts.address_changed", person, changes={"fields": [field]})
    if former and former != address:
        tell_of_change(session, person, "address", to=former)
