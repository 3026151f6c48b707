"""E-mail addresses and phone numbers in the one form in which they are kept and compared."""

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from modules.accounts.errors import AddressInvalid, EmailInvalid, PhoneInvalid

HOME_REGION = "CN"


def normal_email(text: str) -> str:
    """An address in lower case (RFC 5321 lets the local part differ by case; people do not).

    Raises:
        EmailInvalid: it is none.
    """
    try:
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise EmailInvalid(fields={"email": EmailInvalid.message}) from error
    return found.normalized.lower()


def normal_phone(text: str) -> str:
    """A number in E.164; without a country code it is Chinese.

    Raises:
        PhoneInvalid: it is none.
    """
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException as error:
        raise PhoneInvalid(fields={"phone": PhoneInvalid.message}) from error
    if not phonenumbers.is_possible_number(number) or not phonenumbers.is_valid_number(number):
        raise PhoneInvalid(fields={"phone": PhoneInvalid.message})
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normal_address(text: str) -> str:
    """Whichever of the two it is, as typed into a field for both.

    Raises:
        AddressInvalid: it is neither.
    """
    try:
        return normal_email(text) if "@" in text else normal_phone(text)
    except (EmailInvalid, PhoneInvalid) as error:
        raise AddressInvalid(fields={"address": AddressInvalid.message}) from error


def is_email(address: str) -> bool:
    """Which of the two a normal address is."""
    return "@" in address
