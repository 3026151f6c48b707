"""The association's own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.messaging import errors
from modules.messaging.words import Words, check

PATH = "/admin/messages/templates/messaging.announcement/en"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("{{ frobnicate }}", errors.UnknownPlaceholder),
        ("{{ event", errors.WordsUnreadable),
        ("{% if event %}", errors.WordsUnreadable),
        ("{{ event.__class__.__mro__ }}", errors.WordsTooClever),
        ("{{ event | upper }}", errors.WordsTooClever),
        ("{% for a in event %}x{% endfor %}", errors.WordsTooClever),
        ("{{ 'a' * 1000000000 }}", errors.WordsTooClever),
        ("{% include 'layouts/base.html' %}", errors.WordsTooClever),
        ("{% set event = 1 %}", errors.WordsTooClever),
        ("{{ event() }}", errors.WordsTooClever),
        ("{{ self }}", errors.UnknownPlaceholder),
    ],
)
def test_what_cannot_be_filled_in(text, error):
    with pytest.raises(error) as refused:
        check(text, ["event"], field="body")
    assert refused.value.fields["body"]


def test_conditions_on_placeholders():
    text = "{% if event and not person %}a {{ event }}{% else %}b{% endif %}"
    check(text, ["event", "person"], field="body")
    assert Words("", text).filled({"event": "x", "person": ""}).body == "a x"


@given(st.text())
def test_values_are_never_read_as_words(value):
    assert Words("{{ event }}", "-{{ event }}-").filled({"event": value}).body == f"-{value}-".strip()


@given(st.text(max_size=80))
def test_whatever_is_accepted_can_be_filled(text):
    try:
        check(text, ["event"], field="body")
    except errors.WordsUnusable:
        return
    Words(text, text).filled({"event": "x"})


@pytest.fixture
def editor(visit, make_person):
    return visit().sign_in(make_person(roles=("editor",)))


def test_changed_previewed_and_set_back(editor, make_person, deliver, tenant):
    preview = editor.post(PATH, {"title": "Previewed: {{ title }}", "body": "{{ text }}", "preview": "1"})
    assert "Previewed: General assembly on 12 December" in preview.text
    assert "Previewed" not in editor.get(PATH).text, "a preview keeps nothing"
    assert editor.post(PATH, {"title": "News: {{ title }}", "body": "{{ text }}"}).status_code == 303
    send = {"kind": "messaging.announcement", "context": {"title": "Tea", "text": "Come."}}
    assert deliver(person=make_person(), **send)["in_app"].title == "News: Tea"
    assert editor.post(f"{PATH}/reset", page=PATH).status_code == 303
    assert deliver(person=make_person(), **send)["in_app"].title == "Tea"


def test_what_is_wrong_stands_at_the_field(editor):
    answer = editor.post(PATH, {"title": "{{ nobody }}", "body": "kept <words>"})
    assert answer.status_code == 422
    assert "There is no placeholder nobody" in answer.text
    assert "kept &lt;words&gt;" in answer.text


@pytest.mark.parametrize("path", ["/admin/messages/templates/none/en", f"{PATH[:-2]}fr"])
def test_no_such_template(editor, path):
    assert editor.get(path).status_code == 404


def test_every_kind_is_listed_in_each_language(editor, tenant):
    page = editor.soup("/admin/messages/templates")
    links = {link["href"] for link in page.select("td a")}
    assert {f"{PATH[:-2]}{locale}" for locale in tenant.locales} <= links
