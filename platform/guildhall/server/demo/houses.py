"""The associations of the demonstration. They are invented; their addresses lie in domains that nobody can own."""

from dataclasses import dataclass

from tenants.profile import Profile


@dataclass(frozen=True, slots=True)
class DemoHouse:
    """One of them. `template` is its kind, as onboarding knows it; the two people are let in by one click."""

    slug: str
    template: str
    plan: str
    secretary: str
    member: str
    profile: Profile


SUZHOU_TEA = DemoHouse(
    "suzhou-tea",
    "chamber",
    "full",
    "周明远",
    "沈静怡",
    Profile(
        name="苏州市茶业商会",
        short_name="苏州茶商会",
        colour="#1F6F54",
        introduction=(
            "苏州市茶业商会成立于 2006 年，现有会员单位 312 家，涵盖碧螺春种植、制茶、批发、茶馆与茶器。\n"
            "我们替茶企说话，帮会员找订单、办手续、学技术，也把苏州的茶讲给更多人听。"
        ),
        contact_email="office@suzhou-tea.example",
        contact_phone="0512-6522 0188",
        address="苏州市姑苏区人民路 1188 号茶业大厦 6 楼",
        icp="苏ICP备2026000001号",
    ),
)

DELTA_MANUFACTURING = DemoHouse(
    "delta-manufacturing",
    "trade",
    "standard",
    "周明远",
    "顾国栋",
    Profile(
        name="长三角智能制造行业协会",
        short_name="智造协会",
        colour="#1F4E8C",
        introduction=(
            "协会由上海、江苏、浙江、安徽四地 640 家制造企业、装备厂商和研究院所共同发起。\n"
            "我们组织会员制定团体标准、对接供需、共享产线改造经验，并向四地主管部门反映行业诉求。"
        ),
        contact_email="secretariat@delta-manufacturing.example",
        contact_phone="021-5080 2266",
        address="上海市浦东新区张江路 368 号 3 号楼 902 室",
        icp="沪ICP备2026000002号",
    ),
)

OVERSEAS_ALUMNI = DemoHouse(
    "alumni-founders",
    "alumni",
    "trial",
    "Margaret Zhou",
    "Adrian Tan",
    Profile(
        name="Overseas Alumni Founders' Federation",
        short_name="Alumni Founders",
        colour="#7A2E5D",
        locale="en",
        timezone="Asia/Hong_Kong",
        currency="HKD",
        introduction=(
            "Founders who studied abroad and build companies between China and the world: 480 members in 26 cities.\n"
            "We open doors for each other, from the first customer to the first office in another country."
        ),
        contact_email="hello@alumni-founders.example",
        contact_phone="+852 2800 0166",
        address="12/F, 18 Harcourt Road, Admiralty, Hong Kong",
    ),
)

HOUSES = (SUZHOU_TEA, DELTA_MANUFACTURING, OVERSEAS_ALUMNI)

# The same in each house, so that the one-click doors find them.
SECRETARY_EMAIL = "zhou@example.com"
MEMBER_EMAIL = "member@example.com"
VENDOR_EMAIL = "vendor@guildhall.example"
VENDOR_NAME = "平台运营"
