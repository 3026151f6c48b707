"""The people of a demo association: a secretariat that works, and members that a chamber has."""

import random
from datetime import timedelta

from guildhall.core.clock import now
from guildhall.core.db import UnitOfWork
from guildhall.core.module import DemoContext
from modules.accounts.enums import PersonStatus
from modules.accounts.models import Person
from modules.accounts.services.consents import give_consent
from modules.accounts.services.people import create_person, find_by_address
from modules.accounts.services.roles import assign_roles, roles_by_code

DOMAIN = "example.com"
STAFF = (
    ("zhou", {"zh_Hans": "周明远", "en": "Margaret Zhou"}, "admin"),
    ("lin", {"zh_Hans": "林晓雯", "en": "Helen Lin"}, "officer"),
    ("xu", {"zh_Hans": "徐建国", "en": "Peter Xu"}, "officer"),
    ("he", {"zh_Hans": "何丽萍", "en": "Grace He"}, "accountant"),
    ("song", {"zh_Hans": "宋子涵", "en": "Daniel Song"}, "editor"),
)
# Surname, given name, both in pinyin for the address.
_SURNAMES = (
    ("王", "wang"), ("李", "li"), ("张", "zhang"), ("刘", "liu"), ("陈", "chen"), ("杨", "yang"), ("赵", "zhao"),
    ("黄", "huang"), ("吴", "wu"), ("孙", "sun"), ("胡", "hu"), ("朱", "zhu"), ("高", "gao"), ("顾", "gu"),
    ("沈", "shen"),
)  # fmt: skip
_GIVEN = (
    ("伟", "wei"), ("建华", "jianhua"), ("秀英", "xiuying"), ("志强", "zhiqiang"), ("丽娜", "lina"),
    ("国栋", "guodong"),
    ("雅琴", "yaqin"), ("文博", "wenbo"), ("海燕", "haiyan"), ("俊杰", "junjie"), ("思远", "siyuan"), ("玉兰", "yulan"),
    ("浩然", "haoran"), ("静怡", "jingyi"), ("永福", "yongfu"), ("佳慧", "jiahui"),
)  # fmt: skip
_COMPANIES = (
    "苏州碧螺春茶业有限公司", "江南丝绸集团有限公司", "太湖精密制造有限公司", "金鸡湖软件股份有限公司",
    "平江文化传播有限公司",
    "姑苏食品有限公司", "虎丘新材料科技有限公司", "吴门医疗器械有限公司", "沧浪建筑设计院有限公司", "运河物流有限公司",
    "阳澄湖水产有限公司", "狮山电子科技有限公司",
)  # fmt: skip
MEMBERS = 40


def demo(session: UnitOfWork, context: DemoContext) -> None:
    """Plant the people; planted again it changes nothing. Other modules find them as `accounts.staff` and
    `accounts.members`, lists of ids.
    """
    staff = [_staff(session, context, *one) for one in STAFF]
    members = [_member(session, context.seed, number) for number in range(MEMBERS)]
    context.planted["accounts.staff"] = [person.id for person in staff]
    context.planted["accounts.members"] = [person.id for person in members]


def _staff(session: UnitOfWork, context: DemoContext, mailbox: str, names: dict[str, str], role: str) -> Person:
    name = names.get(context.locale, names["en"])
    person = _person(session, name, f"{mailbox}@{DOMAIN}", PersonStatus.ACTIVE)
    assign_roles(session, person, roles_by_code(session, [role]))
    return person


def _member(session: UnitOfWork, seed: int, number: int) -> Person:
    chance = random.Random(f"{seed}/{number}")  # noqa: S311 - the same people each time
    (surname, surname_pinyin), (given, given_pinyin) = chance.choice(_SURNAMES), chance.choice(_GIVEN)
    phone = f"+86138{20000000 + chance.randrange(1000) * 1000 + number}"
    status = PersonStatus.INVITED if number % 8 == 7 else PersonStatus.ACTIVE
    person = _person(session, surname + given, f"{given_pinyin}.{surname_pinyin}{number + 1}@{DOMAIN}", status)
    person.organization = chance.choice(_COMPANIES)
    person.phone = phone
    if status is PersonStatus.ACTIVE:
        person.joined_at = now() - timedelta(days=chance.randrange(30, 900))
        person.last_seen_at = now() - timedelta(hours=chance.randrange(1, 24 * 40))
    session.flush()
    return person


def _person(session: UnitOfWork, name: str, email: str, status: PersonStatus) -> Person:
    known = find_by_address(session, email)
    if known is not None:
        return known
    person = create_person(session, name, email=email, status=status)
    if person.is_active:
        give_consent(session, person, "invitation", "")
    return person
