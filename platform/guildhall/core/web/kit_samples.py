"""What the kit's page shows: an imaginary association, in the language of the page."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from flask import request, url_for
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import ColorField
from wtforms.validators import Email, InputRequired, Length, Optional

from guildhall.core.i18n import _, _l
from guildhall.core.web.table import BulkAction, Column, Filter, Query, Table
from guildhall.core.web.view import (
    Account,
    Banner,
    Brand,
    Chart,
    Entry,
    Group,
    Happening,
    Person,
    Progress,
    Result,
    Results,
    Series,
    State,
    Task,
)


class SampleForm(FlaskForm):
    """One field of each kind."""

    name = StringField(_l("Name of the event"), [InputRequired(_l("Give the event a name.")), Length(max=80)])
    email = EmailField(
        _l("Contact e-mail"),
        [InputRequired(_l("Give an address for questions.")), Email(_l("This is not an e-mail address."))],
    )
    kind = SelectField(
        _l("Kind"),
        choices=[
            SelectChoice("salon", _l("Salon")),
            SelectChoice("forum", _l("Forum")),
            SelectChoice("visit", _l("Company visit")),
        ],
    )
    fee = IntegerField(_l("Fee for guests"), [Optional()])
    day = DateField(_l("Day"), [Optional()])
    text = TextAreaField(_l("Description"))
    audience = RadioField(
        _l("Who may come"),
        choices=[SelectChoice("members", _l("Members only")), SelectChoice("all", _l("Everyone"))],
        default="members",
    )
    colour = ColorField(_l("Colour of the poster"), default="#0e6b57")
    poster = FileField(_l("Poster"))
    waiting_list = BooleanField(_l("Keep a waiting list"), default=True)
    agree = BooleanField(_l("I have read the rules for events"))


class SignInForm(FlaskForm):
    """The first step of signing in."""

    email = StringField(_l("Phone number or e-mail"), [InputRequired()])


@dataclass(frozen=True, slots=True)
class SampleMember:
    """A row of the sample list."""

    id: int
    member: Person
    tier: str
    dues: tuple[int, str]
    until: date
    state: State
    joined: date


def refused_form() -> SampleForm:
    """A form that came back with errors."""
    form = SampleForm(
        formdata=None,
        prefix="refused-",
        data={"email": "office@", "kind": "salon", "audience": "members", "colour": "#0e6b57"},
    )
    form.validate()
    return form


def brand(colour: str) -> Brand:
    """The imaginary association."""
    return Brand(
        _("Riverside Chamber of Commerce"),
        _("Riverside Chamber"),
        colour,
        url_for("kit.index"),
        icp=_("ICP 2026-000001"),
    )


def navigation(layout: str) -> list[Group]:
    """What the layout's navigation shows."""
    return {"portal": _portal_navigation, "public": _public_navigation}.get(layout, _office_navigation)()


def _office_navigation() -> list[Group]:
    return [
        Group("", [Entry(_("Overview"), "#", "layout-dashboard"), Entry(_("To do"), "#", "list-checks", badge=7)]),
        Group(
            _("Members"),
            [
                Entry(_("Member list"), "#", "users", active=True),
                Entry(_("Applications"), "#", "user-plus", badge=3),
                Entry(_("Dues"), "#", "hand-coins"),
            ],
        ),
        Group(
            _("Activities"),
            [
                Entry(_("Events"), "#", "calendar-days"),
                Entry(_("Courses"), "#", "graduation-cap"),
                Entry(_("Needs and offers"), "#", "handshake"),
            ],
        ),
        Group(
            _("Association"),
            [
                Entry(_("Website"), "#", "globe"),
                Entry(_("Notices"), "#", "megaphone"),
                Entry(_("Settings"), "#", "settings"),
            ],
        ),
    ]


def _portal_navigation() -> list[Group]:
    entries = [
        Entry(_("Home"), "#", "house", active=True),
        Entry(_("Events"), "#", "calendar-days"),
        Entry(_("Member card"), "#", "qr-code"),
        Entry(_("Messages"), "#", "message-circle", badge=2),
        Entry(_("Me"), "#", "circle-user"),
    ]
    return [Group("", entries)]


def _public_navigation() -> list[Group]:
    labels = (_("About us"), _("News"), _("Events"), _("Members"), _("Policies"))
    return [Group("", [Entry(label, "#", active=label == labels[0]) for label in labels])]


def account() -> Account:
    """Who is signed in."""
    return Account(
        _("Lin Yue"),
        "lin@example.org",
        [Entry(_("My account"), "#", "circle-user"), Entry(_("Sign out"), "#", "log-out", post=True)],
    )


def banners() -> list[Banner]:
    """What must not be forgotten."""
    return [
        Banner(
            _("Test mode: no money moves and no message leaves."), "waiting", "flask-conical", Entry(_("Go live"), "#")
        )
    ]


def create_entries() -> list[Entry]:
    """The menu of new things."""
    return [
        Entry(_("New member"), "#", "user-plus"),
        Entry(_("New event"), "#", "calendar-days"),
        Entry(_("New notice"), "#", "megaphone"),
    ]


def notices() -> Entry:
    """Where notices are read."""
    return Entry(_("Notices"), "#", "bell", badge=4)


def footer() -> list[Entry]:
    """Links at the foot."""
    return [Entry(_("Privacy policy"), "#"), Entry(_("Contact"), "#")]


def states() -> list[State]:
    """Each tone once."""
    return [
        State(_("Active"), "good"),
        State(_("Waiting for approval"), "waiting"),
        State(_("Refused"), "wrong"),
        State(_("Draft"), "neutral", "pencil"),
    ]


def members() -> list[SampleMember]:
    """Rows in different states."""
    good, waiting, wrong, draft = states()
    names = (
        (_("Riverside Precision Tools Ltd."), _("Zhao Ming"), good),
        (_("Qingshi Tea Company"), _("Chen Jing"), good),
        (_("Hongtu Logistics Group"), _("Sun Wei"), waiting),
        (_("Lan Bridge Software"), _("Wu Fang"), wrong),
        (_("Jiangnan Textile Works"), _("Zhou Hai"), draft),
    )
    tiers = (_("Vice president"), _("Director"), _("Member"), _("Member"), _("Standing director"))
    dues = (2_000_000, 1_000_000, 300_000, 300_000, 1_500_000)
    return [
        SampleMember(
            n,
            Person(name, contact),
            tiers[n],
            (dues[n], "CNY"),
            date(2026, 12, 31) - timedelta(days=31 * n),
            state,
            date(2019, 3, 1),
        )
        for n, (name, contact, state) in enumerate(names)
    ]


def table(*, empty: bool = False) -> Table:
    """The member list, or one without members."""
    path = url_for("kit.index")
    return Table(
        id="empty-list" if empty else "members",
        label=_("Applications") if empty else _("Members"),
        columns=[
            Column("member", _("Member"), "person", sortable=True),
            Column("tier", _("Tier")),
            Column("state", _("State"), "state"),
            Column("until", _("Paid until"), "date", sortable=True),
            Column("dues", _("Dues"), "money", sortable=True),
            Column("joined", _("Joined"), "date", optional=True),
        ],
        rows=[] if empty else members(),
        query=Query(path, request.args.to_dict()),
        total=0 if empty else 1284,
        searchable=not empty,
        filters=[] if empty else [Filter("tier", _("Tier"), [("director", _("Director")), ("member", _("Member"))])],
        bulk_actions=_bulk_actions(path),
        row_url=lambda row: f"{path}#{row.id}",
        export_url="" if empty else path,
        empty_title=_("No applications yet"),
        empty_text=_("When someone applies on your site, the application waits here for your answer."),
        empty_icon="user-plus",
        empty_action=Entry(_("Show the form"), "#", "external-link"),
    )


def _bulk_actions(path: str) -> list[BulkAction]:
    question = _("These members lose access at once. Their data is kept.")
    return [
        BulkAction(_("Send a notice"), path, "send"),
        BulkAction(_("Suspend"), path, "ban", danger=True, confirm=question),
    ]


def events() -> list[tuple[str, date, str]]:
    """What comes up: title, day, and time and place."""
    return [
        (_("Autumn salon: exports in a year of change"), date(2026, 11, 28), _("14:00 · Riverside Hotel")),
        (_("Visit to Qingshi Tea Company"), date(2026, 12, 5), _("9:30 · West Lake")),
        (_("Tax workshop for small firms"), date(2026, 12, 12), _("14:00 · online")),
    ]


def tasks() -> list[Task]:
    """The set-up checklist of a new association."""
    return [
        Task(_("Set name, logo and colour"), done=True),
        Task(
            _("Bring your members"),
            _("A list from Excel is enough; nothing is sent to anyone yet."),
            url="#",
            action=_("Upload a list"),
        ),
        Task(_("Invite your colleagues"), _("Each sees only what the work needs."), url="#", action=_("Invite")),
    ]


def happenings() -> list[Happening]:
    """What happened to a membership."""
    now = datetime.now(UTC)
    return [
        Happening(
            _("Dues received, membership extended by a year"),
            now - timedelta(hours=3),
            _("Lin Yue"),
            tone="good",
            icon="hand-coins",
        ),
        Happening(
            _("Asked for the business licence"),
            now - timedelta(days=2),
            _("Zhao Ming"),
            _("The scan is not readable. Please send it again."),
            "waiting",
            "message-square",
        ),
        Happening(_("Application received"), now - timedelta(days=9), icon="user-plus"),
    ]


def chart(kind: str = "bar") -> Chart:
    """Registrations by month."""
    months = [_("Jun"), _("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov")]
    series = [Series(_("Members"), [42, 58, 51, 74, 96, 88]), Series(_("Guests"), [18, 22, 31, 28, 44, 39])]
    if kind == "doughnut":
        tiers = [_("Member"), _("Director"), _("Vice president")]
        return Chart(_("Members by tier"), tiers, [Series(_("Members"), [1021, 214, 49])], "doughnut", "#")
    return Chart(_("Registrations by month"), months, series, "line" if kind == "line" else "bar", "#")


def progress(step: int) -> Progress:
    """An import that gets on by 400 rows each time it is asked for."""
    total = 1284
    done = min(400 * step, total)
    state = State(_("Finished"), "good") if done == total else None
    url = url_for("kit.progress", step=step + 1, lang=request.args.get("lang"))
    return Progress(_("Bringing in members"), done, total, url, state, _("You may leave this page; the work goes on."))


def search_results(words: str) -> list[Results]:
    """Hits among members and pages."""
    found = [
        Result(one.member.name, "#", one.member.detail, "building-2")
        for one in members()
        if words.lower() in one.member.name.lower()
    ]
    pages = [
        Result(_("Settings"), "#", _("Name, logo, colours"), "settings"),
        Result(_("Member list"), "#", icon="users"),
    ]
    return [
        Results(_("Members"), found),
        Results(_("Pages"), [one for one in pages if words.lower() in str(one.label).lower()]),
    ]
