"""The associations of the demonstration. They are invented; their addresses lie in domains that nobody can own."""

from dataclasses import dataclass

from tenants.profile import Profile


@dataclass(frozen=True, slots=True)
class DemoHouse:
    slug: str
    plan: str
    template: str
    secretary: str
    member: str
    profile: Profile


HOUSES = (
    DemoHouse(
        "suzhou-tea",
        "full",
        "chamber",
        "周明远",
        "沈静怡",
        Profile(
            name="苏州市茶业商会",
            short_name="苏州茶商",
            colour="#2F6B4F",
            introduction="成立于1998年，由苏州及周边地区的茶叶种植、加工、流通和文化企业自愿组成。"
            "我们为会员争取政策、开拓市场、培养人才，让一杯好茶走得更远。",
            contact_email="office@suzhou-tea.example",
            contact_phone="0512-6522 1888",
            address="江苏省苏州市姑苏区平江路128号三楼",
            icp="苏ICP备00000001号",
        ),
    ),
    DemoHouse(
        "delta-makers",
        "standard",
        "trade",
        "周明远",
        "顾国栋",
        Profile(
            name="长三角智能制造行业协会",
            short_name="长三角智造",
            colour="#1F4E8C",
            introduction="服务沪苏浙皖智能制造企业的行业组织，"
            "聚焦标准制定、供应链协同与人才培养，连接整机、零部件、软件与金融。",
            contact_email="office@delta-makers.example",
            contact_phone="021-6080 2200",
            address="上海市闵行区申长路988弄5号",
            icp="沪ICP备00000002号",
        ),
    ),
    DemoHouse(
        "harbour-alumni",
        "trial",
        "alumni",
        "Margaret Zhou",
        "Adrian Tan",
        Profile(
            name="Harbour Alumni Entrepreneurs",
            short_name="Harbour Alumni",
            locale="en",
            colour="#7A3E9D",
            timezone="Asia/Singapore",
            currency="SGD",
            introduction="Founders and executives who studied abroad and build between continents. We meet monthly, "
            "mentor each other's companies, and open doors across Asia.",
            contact_email="hello@harbour-alumni.example",
            contact_phone="+65 6123 4567",
            address="8 Marina View, Singapore 018960",
        ),
    ),
)

# The same in each house, so that the one-click doors find them.
SECRETARY_EMAIL = "zhou@example.com"
MEMBER_EMAIL = "member@example.com"
VENDOR_EMAIL = "vendor@guildhall.example"
VENDOR_NAME = "平台运营"
