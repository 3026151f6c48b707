"""What an association says about its money."""

from guildhall.core.i18n import _l
from guildhall.core.module import Setting, SettingType

SETTINGS = (
    Setting(
        "bank_account_name",
        SettingType.TEXT,
        _l("Account name"),
        "",
        help=_l("As the bank has it, usually the association's registered name."),
    ),
    Setting(
        "bank_account_number",
        SettingType.TEXT,
        _l("Account number"),
        "",
        help=_l("Shown to those who pay by transfer."),
    ),
    Setting("bank_name", SettingType.TEXT, _l("Bank and branch"), ""),
    Setting(
        "invoice_issuer",
        SettingType.TEXT,
        _l("Invoices are issued by"),
        "",
        help=_l("The legal name on official invoices, where it is not the account name."),
    ),
)
