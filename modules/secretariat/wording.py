"""What a front page says before anybody has written anything, by the kind of association."""

from dataclasses import dataclass
from typing import Any

from guildhall.core.i18n import _l


@dataclass(frozen=True, slots=True)
class Wording:
    """Attributes:
    introduction: stands where the association has not introduced itself yet.
    benefits: (title, text) of what members get.
    """

    introduction: Any
    benefits: tuple[tuple[Any, Any], ...]


_VOICE = (
    _l("A voice"),
    _l("We bring together what members need and speak for it with government and the public."),
)
_BUSINESS = (
    _l("Business opportunities"),
    _l("Needs and offers find each other, introduced by people who know both sides."),
)
_HELP = (
    _l("Answers"),
    _l("Questions about policy, tax and law are answered by the secretariat, on the phone and at any hour."),
)
_STANDARDS = (
    _l("Standards"),
    _l("Members write the standards of the trade together, and are the first to know about new rules."),
)
_LEARNING = (_l("Learning"), _l("Courses, certificates and exchange with experts keep knowledge fresh."))
_NETWORK = (_l("A network"), _l("Meet those who walked the same road, in each city where they live today."))

BY_TEMPLATE = {
    "chamber": Wording(
        _l("A house for merchants and their firms: we speak for them, bring them together, and help."),
        (_VOICE, _BUSINESS, _HELP),
    ),
    "trade": Wording(
        _l("The house of our industry: firms along the whole chain work together here."),
        (_STANDARDS, _BUSINESS, _VOICE),
    ),
    "professional": Wording(
        _l("The house of our profession: we keep its standards, teach it, and stand up for it."),
        (_LEARNING, _STANDARDS, _HELP),
    ),
    "alumni": Wording(
        _l("The house of those who once learned together, and do business together today."),
        (_NETWORK, _BUSINESS, _LEARNING),
    ),
}


def wording_of(template: str) -> Wording:
    return BY_TEMPLATE.get(template, BY_TEMPLATE["chamber"])
