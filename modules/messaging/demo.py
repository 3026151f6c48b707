"""Messages of a demo house: what members have been told, and a log with a bounce in it."""

from datetime import timedelta
from random import Random

from sqlalchemy import select

from guildhall.core.clock import now
from guildhall.core.db import UnitOfWork
from guildhall.core.messages import Channel
from guildhall.core.module import DemoContext
from modules.accounts.public import Person, PersonStatus
from modules.messaging.enums import BlockReason, Status
from modules.messaging.kinds import ANNOUNCEMENT, WELCOME
from modules.messaging.models import Message
from modules.messaging.services.addresses import block

_READ = 0.5
_REFUSAL = "550 5.1.1 The email account that you tried to reach does not exist"
_ANNOUNCEMENTS = {
    "zh_Hans": (
        (
            "关于召开2026年会员大会的通知",
            "各会员单位：\n\n本会定于12月12日下午两点召开会员大会，请于本周五前回复是否出席。",
        ),
        ("税收优惠政策解读会", "本周三下午三点，邀请税务局专家线上解读小微企业优惠政策，欢迎参加。"),
        ("会费缴纳提醒", "尚未缴纳本年度会费的会员单位，请于月底前办理。"),
    ),
    "en": (
        ("General assembly on 12 December", "The assembly begins at two. Please tell us by Friday whether you come."),
        ("Tax relief explained", "On Wednesday at three an expert of the tax office explains the new reliefs, online."),
        ("Dues of this year", "If you have not paid this year's dues yet, please do so by the end of the month."),
    ),
}
_WELCOME = {
    "zh_Hans": ("欢迎加入{}", "很高兴您来到这里。商会的通知都会出现在“我的消息”中。"),
    "en": ("Welcome to {}", "Good to have you here. Everything that we have to tell you is under My messages."),
}


def plant(session: UnitOfWork, context: DemoContext) -> None:
    """A welcome and the announcements of the last weeks, for everybody; one address bounces."""
    random = Random(context.seed)  # noqa: S311 - invented data
    locale = context.locale if context.locale in _WELCOME else "en"
    people = session.scalars(select(Person).where(Person.status == PersonStatus.ACTIVE).order_by(Person.id)).all()
    for person in people:
        session.add_all(_messages_to(person, locale, session.house.name, random))
    if people and people[-1].email:
        _bounce(session, people[-1], locale)
    session.flush()


def _messages_to(person: Person, locale: str, association: str, random: Random) -> list[Message]:
    title, body = _WELCOME[locale]
    found = [_message(person, WELCOME.name, locale, title.format(association), body, timedelta(days=40), read=True)]
    for weeks, (title, body) in enumerate(reversed(_ANNOUNCEMENTS[locale]), start=1):
        age = timedelta(days=21 - 7 * (weeks - 1), minutes=random.randrange(60))
        found.append(_message(person, ANNOUNCEMENT.name, locale, title, body, age, read=random.random() < _READ))
        if person.email:
            found.append(_message(person, ANNOUNCEMENT.name, locale, title, body, age, channel=Channel.EMAIL))
    return found


def _message(
    person: Person,
    kind: str,
    locale: str,
    title: str,
    body: str,
    age: timedelta,
    *,
    read: bool = False,
    channel: Channel = Channel.IN_APP,
) -> Message:
    moment = now() - age
    return Message(
        kind=kind,
        channel=channel,
        person_id=person.id,
        address=(person.email or "") if channel is Channel.EMAIL else "",
        locale=locale,
        title=title,
        body=body,
        status=Status.SENT,
        attempts=1,
        created_at=moment,
        sent_at=moment,
        read_at=moment if read else None,
    )


def _bounce(session: UnitOfWork, person: Person, locale: str) -> None:
    title, body = _ANNOUNCEMENTS[locale][0]
    failed = _message(person, ANNOUNCEMENT.name, locale, title, body, timedelta(days=1), channel=Channel.EMAIL)
    failed.status, failed.error, failed.sent_at = Status.FAILED, _REFUSAL, None
    session.add(failed)
    block(session, failed.address, BlockReason.BOUNCED, _REFUSAL)
