"""What an association of each kind begins with, where nobody said otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass

from billing.plans import includes
from guildhall.core.registry import Registry


@dataclass(frozen=True, slots=True)
class Preset:
    """`modules` in the order of their worth to this kind; `introductions` by locale, with a place for the name."""

    modules: tuple[str, ...]
    introductions: Mapping[str, str]

    def available(self, registry: Registry, plan: str) -> tuple[str, ...]:
        """Those of its modules that are installed and that the plan includes with all that they require."""
        return tuple(
            name
            for name in self.modules
            if name in registry.by_name
            and all(includes(plan, other) for other in registry.closure([name]) - registry.always_on)
        )


# These are written into the association's own profile, which it edits afterwards; they are no words of the interface.
PRESETS = {
    "chamber": Preset(
        ("membership", "events", "matching", "cms"),
        {
            "en": "%(name)s brings local businesses together: we find partners, share what we know and speak with one "
            "voice.",
            "zh_Hans": "%(name)s是本地工商界的共同之家：互通信息、对接供需、反映诉求，与会员企业共同成长。",
        },
    ),
    "trade": Preset(
        ("membership", "events", "policy", "learning", "cms"),
        {
            "en": "%(name)s serves the companies of our industry with standards, policy news, training and exchange.",
            "zh_Hans": "%(name)s服务行业企业：宣传政策、制定标准、组织培训、促进交流，推动行业高质量发展。",
        },
    ),
    "professional": Preset(
        ("membership", "learning", "events", "assembly", "cms"),
        {
            "en": "%(name)s is the society of those who practise our profession: learning, exchange and good practice.",
            "zh_Hans": "%(name)s是专业人士的学术与职业共同体：开展学术交流、继续教育和行业自律。",
        },
    ),
    "alumni": Preset(
        ("membership", "events", "community", "matching", "cms"),
        {
            "en": "%(name)s keeps friends and founders in touch: gatherings, introductions and help for one another.",
            "zh_Hans": "%(name)s联络校友与企业家：相聚、引荐、互助，一起做成更多的事。",
        },
    ),
}
