"""What an association says of itself: enough to show its name and colours on any page without a query."""

from dataclasses import asdict, dataclass, fields
from typing import Any

DEFAULT_COLOUR = "#C43D2B"
LOCALES = ("zh_Hans", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Attributes:
    locale: language of mails and of pages for those who chose none; one of `locales`.
    timezone: IANA name. currency: ISO 4217.
    colour: "#rrggbb" as given; shades that can be read are computed from it.
    logo: name of the logo's file under `brand/` in the house's storage, or empty.
    icp: the filing number that Chinese sites show at their foot.
    """

    name: str
    short_name: str = ""
    locale: str = "zh_Hans"
    locales: tuple[str, ...] = LOCALES
    timezone: str = "Asia/Shanghai"
    currency: str = "CNY"
    colour: str = DEFAULT_COLOUR
    logo: str = ""
    introduction: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    address: str = ""
    icp: str = ""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Profile":
        known = {field.name for field in fields(cls)}
        values = {key: value for key, value in data.items() if key in known}
        return cls(**values | {"locales": tuple(values.get("locales", LOCALES))})

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"locales": list(self.locales)}
