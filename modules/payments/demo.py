"""The bank account of a demo house."""

from guildhall.core.config import ModuleSettings
from guildhall.core.db import UnitOfWork
from guildhall.core.module import DemoContext

_BANKS = {"zh_Hans": "中国建设银行苏州分行营业部", "en": "Bank of Communications, Suzhou branch"}


def plant(session: UnitOfWork, context: DemoContext) -> None:
    """An account in the association's own name."""
    values = {
        "bank_account_name": session.house.name,
        "bank_account_number": "3200 1988 6360 5100 0000",
        "bank_name": _BANKS.get(context.locale, _BANKS["en"]),
        "invoice_issuer": session.house.name,
    }
    ModuleSettings(session, "payments").set(values)
