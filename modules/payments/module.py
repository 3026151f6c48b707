"""Payments (支付网关): how an association is paid. So far the bank account that payers see; orders build on it."""

from guildhall.core.i18n import _l
from guildhall.core.module import Category, Module
from modules.payments import demo
from modules.payments.permissions import PERMISSIONS
from modules.payments.settings import SETTINGS

MODULE = Module(
    name="payments",
    version="1.0",
    package="modules.payments",
    label=_l("Payments"),
    description=_l("The account that dues and tickets are paid to, and who issues the invoices."),
    icon="wallet",
    category=Category.BASE,
    always_on=True,
    permissions=PERMISSIONS,
    settings=SETTINGS,
    demo=demo.plant,
)
