"""The mail catcher, through real SMTP and HTTP."""

import json
import smtplib
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from guildhall.server.local.mail import Mailbox, MailCatcher


@pytest.fixture
def catcher(tmp_path: Path) -> Iterator[MailCatcher]:
    server = MailCatcher(tmp_path / "mail").start()
    yield server
    server.stop()


def send(catcher: MailCatcher, subject: str = "邀请函", to: str = "wang@example.cn", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "商会 <office@example.cn>", to, subject
    for name, value in headers.items():
        message[name] = value
    message.set_content("您的验证码是 123456")
    message.add_alternative(
        '<p>点击 <a href="https://example.cn/in">接受邀请</a></p><img src="cid:logo">', subtype="html"
    )
    message.get_payload()[1].add_related(b"PNG", "image", "png", cid="<logo>")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="章程.pdf")
    server = urlsplit(catcher.smtp_url)
    with smtplib.SMTP(server.hostname, server.port) as smtp:
        smtp.send_message(message)
    return message


def get(url: str, method: str = "GET", **headers: str) -> tuple[str, object]:
    with urllib.request.urlopen(urllib.request.Request(url, method=method, headers=headers)) as response:
        return response.read().decode(), response.headers


def test_a_message_is_kept_and_found(catcher: MailCatcher) -> None:
    send(catcher)
    mail = catcher.wait_for("WANG@example.cn", subject="邀请")
    assert mail.subject == "邀请函"
    assert "验证码是 123456" in mail.text
    assert "接受邀请" in mail.html
    assert [part.get_filename() for part in mail.attachments] == ["章程.pdf"]


def test_blind_copies_are_found_by_their_address(catcher: MailCatcher) -> None:
    send(catcher, Bcc="hidden@example.cn")
    assert catcher.wait_for("hidden@example.cn").recipients == ["wang@example.cn", "hidden@example.cn"]


def test_waiting_in_vain_says_what_is_there(catcher: MailCatcher) -> None:
    send(catcher)
    with pytest.raises(TimeoutError, match="邀请函"):
        catcher.wait_for("nobody@example.cn", seconds=0.1)


def test_messages_outlive_the_catcher(catcher: MailCatcher) -> None:
    send(catcher)
    catcher.stop()
    assert [mail.subject for mail in Mailbox(catcher.folder).messages()] == ["邀请函"]


def test_the_list_shows_newest_first_and_searches(catcher: MailCatcher) -> None:
    send(catcher, "First")
    send(catcher, "Second", to="li@example.cn")
    page, _ = get(catcher.web_url + "/")
    assert page.index("Second") < page.index("First")
    found, _ = get(catcher.web_url + "/?q=" + quote("LI@example"))
    assert "Second" in found
    assert "First" not in found


def test_html_is_shown_without_script_or_network(catcher: MailCatcher) -> None:
    send(catcher)
    mail = catcher.wait_for("wang@example.cn")
    page, _ = get(f"{catcher.web_url}/messages/{mail.id}")
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    body, headers = get(f"{catcher.web_url}/messages/{mail.id}/html")
    assert "data:image/png;base64,UE5H" in body
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "allow-scripts" not in headers["Content-Security-Policy"]


@pytest.mark.parametrize(("view", "expected"), [("text", "您的验证码是"), ("source", "MIME-Version: 1.0")])
def test_other_views(catcher: MailCatcher, view: str, expected: str) -> None:
    send(catcher)
    mail = catcher.wait_for("wang@example.cn")
    assert expected in get(f"{catcher.web_url}/messages/{mail.id}?view={view}")[0]


def test_attachments_are_downloaded(catcher: MailCatcher) -> None:
    send(catcher)
    mail = catcher.wait_for("wang@example.cn")
    content, headers = get(f"{catcher.web_url}/messages/{mail.id}/attachments/0")
    assert content == "%PDF-1.7"
    assert quote("章程.pdf") in headers["Content-Disposition"]


def test_pages_speak_the_browsers_language(catcher: MailCatcher) -> None:
    assert "收件箱" in get(catcher.web_url, **{"Accept-Language": "zh-CN,zh;q=0.9"})[0]
    assert "Mail inbox" in get(catcher.web_url, **{"Accept-Language": "de"})[0]


def test_the_api_lists_shows_and_deletes(catcher: MailCatcher) -> None:
    send(catcher)
    send(catcher, to="li@example.cn")
    api = catcher.web_url + "/api/messages"
    (listed,) = json.loads(get(f"{api}?to=li@example.cn")[0])["messages"]
    assert json.loads(get(f"{api}/{listed['id']}")[0])["subject"] == "邀请函"
    get(api, "DELETE")
    assert catcher.messages() == []


@pytest.mark.parametrize("message_id", ["..%2F..%2Fcredentials", "00000000000000000000-00000000"])
def test_unknown_messages_are_not_found(catcher: MailCatcher, message_id: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get(f"{catcher.web_url}/messages/{message_id}")


def test_another_site_cannot_delete_mail(catcher: MailCatcher) -> None:
    send(catcher)
    with pytest.raises(urllib.error.HTTPError, match="403"):
        get(catcher.web_url + "/delete", "POST", **{"Sec-Fetch-Site": "cross-site"})
    assert len(catcher.messages()) == 1
