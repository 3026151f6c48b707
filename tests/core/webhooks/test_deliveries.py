"""What an association's other systems are told: signed, tried again for three days, and to be read afterwards."""

import base64
import hashlib
import hmac
import ipaddress
import json
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import time_machine
from sqlalchemy import select

from guildhall.core.clock import now
from guildhall.core.egress import Egress
from guildhall.core.errors import Invalid
from guildhall.core.facts import emit
from guildhall.core.webhooks import services
from guildhall.core.webhooks.models import DeliveryState, WebhookDelivery, WebhookEndpoint
from guildhall.core.webhooks.retries import WAITS, wait_after
from modules.accounts.public import PersonJoined, SignedIn

JOINED = PersonJoined.name


@dataclass
class Receiver:
    """Another system: keeps what it gets and answers with the next of its statuses, the last one for ever."""

    statuses: list[int] = field(default_factory=lambda: [200])
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    def take(self, headers, body):
        self.got.append(({key.lower(): value for key, value in headers.items()}, body))
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]


@pytest.fixture
def receiver(runtime, monkeypatch):
    """A receiver on loopback, which the egress may reach for once."""
    taking = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            status = taking.take(self.headers, self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.end_headers()
            self.wfile.write("谢谢\0".encode())

        def log_message(self, *_args):
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    taking.url = f"http://127.0.0.1:{server.server_port}/hook"
    monkeypatch.setattr(runtime, "egress", Egress(allowed=(ipaddress.ip_network("127.0.0.0/8"),)))
    yield taking
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def endpoint(runtime, tenant, receiver):
    return make_endpoint(runtime, tenant, receiver)[0]


def make_endpoint(runtime, tenant, receiver, facts=(JOINED,)):
    with runtime.db.begin(tenant) as session:
        return services.create_endpoint(
            session, runtime.vault, runtime.egress, name="ERP", url=receiver.url, facts=facts
        )


def tell(runtime, tenant, person, fact=PersonJoined):
    with runtime.db.begin(tenant) as session:
        emit(session, fact(person.id) if fact is PersonJoined else fact(person.id, "password"))


def deliveries(runtime, tenant):
    with runtime.db.begin(tenant) as session:
        return list(session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)))


def signature(secret, headers, body):
    """The specification's own words: base64 of HMAC-SHA256 over `id.timestamp.body`, with the decoded secret."""
    key = base64.b64decode(secret.split("_", 1)[1])
    content = headers["webhook-id"].encode() + b"." + headers["webhook-timestamp"].encode() + b"." + body
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


def test_a_public_fact_arrives_signed(runtime, tenant, make_person, receiver, run_jobs):
    _endpoint, secret = make_endpoint(runtime, tenant, receiver)
    person = make_person()
    tell(runtime, tenant, person)
    run_jobs(tenant)
    headers, body = receiver.got[0]
    assert len(receiver.got) == 1
    sent = json.loads(body)
    assert sent.keys() == {"id", "type", "created_at", "data"}
    assert (sent["type"], sent["data"]) == (JOINED, {"person_id": str(person.id)})
    assert headers["content-type"] == "application/json"
    assert headers["webhook-signature"] == signature(secret, headers, body)
    assert headers["webhook-signature"] != signature("whsec_" + base64.b64encode(b"x" * 32).decode(), headers, body)
    assert abs(int(headers["webhook-timestamp"]) - now().timestamp()) < 60
    (row,) = deliveries(runtime, tenant)
    assert (row.state, row.status_code, row.attempts, row.next_at) == (DeliveryState.DELIVERED, 200, 1, None)
    assert row.excerpt == "谢谢�"
    assert headers["webhook-id"] == f"msg_{row.id.hex}"


def test_only_what_was_asked_for_is_told(runtime, tenant, make_person, receiver, run_jobs):
    make_endpoint(runtime, tenant, receiver, facts=("accounts.person_invited",))
    tell(runtime, tenant, make_person())
    tell(runtime, tenant, make_person(), SignedIn)
    run_jobs(tenant)
    assert receiver.got == []
    assert deliveries(runtime, tenant) == []


def test_another_house_is_told_nothing(runtime, make_tenant, make_person, receiver, endpoint, run_jobs):
    other = make_tenant(locale="en")
    tell(runtime, other, make_person(other))
    run_jobs(other)
    assert receiver.got == []


def test_the_secret_lies_encrypted(runtime, tenant, receiver):
    endpoint, secret = make_endpoint(runtime, tenant, receiver)
    with runtime.db.begin(tenant) as session:
        stored = session.get_one(WebhookEndpoint, endpoint.id).secret
    assert secret not in stored
    assert runtime.vault.decrypt(stored) == secret


@pytest.mark.parametrize("url", ["http://example.com/", "https://127.0.0.1/", "https://localhost/", "nonsense", ""])
def test_an_address_that_cannot_be_used(session, runtime, url):
    with pytest.raises(Invalid) as refused:
        services.create_endpoint(session, runtime.vault, Egress(), name="x", url=url, facts=[JOINED])
    assert "url" in refused.value.fields


@pytest.mark.parametrize("facts", [[], ["accounts.signed_in"], ["nonsense"]])
def test_only_public_facts_can_be_heard(session, runtime, facts):
    with pytest.raises(Invalid) as refused:
        services.create_endpoint(session, runtime.vault, Egress(), name="x", url="https://a.example/", facts=facts)
    assert "facts" in refused.value.fields


def test_the_waits_cover_three_days_and_grow():
    assert timedelta(days=3) <= sum(WAITS, timedelta()) <= timedelta(days=4)
    assert list(WAITS) == sorted(WAITS)
    assert wait_after(len(WAITS)) is not None
    assert wait_after(len(WAITS) + 1) is None


def go_on(runtime, tenant, run_jobs, until):
    """Let time pass, from attempt to attempt, until the condition holds; returns the moments of the attempts."""
    moments = []
    with time_machine.travel(now(), tick=False) as clock:
        while not until():
            run_jobs(tenant)
            moments.append(now())
            waiting = [row.next_at for row in deliveries(runtime, tenant) if row.next_at]
            if not waiting:
                break
            clock.move_to(min(waiting))
        run_jobs(tenant)
    return moments


def test_after_three_days_it_is_given_up_and_admins_are_told(
    runtime, tenant, make_person, receiver, endpoint, run_jobs, mailbox
):
    make_person(roles=("admin",), email="boss@a.example")
    receiver.statuses = [500]
    tell(runtime, tenant, make_person())
    moments = go_on(runtime, tenant, run_jobs, lambda: False)
    assert len(receiver.got) == len(moments) == len(WAITS) + 1
    assert moments[-1] - moments[0] >= timedelta(days=3)
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert len({body for _, body in receiver.got}) == 1
    (row,) = deliveries(runtime, tenant)
    assert (row.state, row.status_code, row.attempts) == (DeliveryState.FAILED, 500, len(WAITS) + 1)
    with runtime.db.begin(tenant) as session:
        assert session.get_one(WebhookEndpoint, endpoint.id).failing_since is not None
    (mail,) = mailbox.messages()
    assert "ERP" in mail.subject
    tell(runtime, tenant, make_person())
    go_on(runtime, tenant, run_jobs, lambda: False)
    assert len(receiver.got) == len(WAITS) + 2  # a failing address is tried once only
    receiver.statuses = [204]
    tell(runtime, tenant, make_person())
    run_jobs(tenant)
    with runtime.db.begin(tenant) as session:
        assert session.get_one(WebhookEndpoint, endpoint.id).failing_since is None


@pytest.mark.parametrize("status", [302, 400, 404, 429, 503])
def test_anything_but_success_is_tried_again(runtime, tenant, make_person, receiver, endpoint, run_jobs, status):
    receiver.statuses = [status, 200]
    tell(runtime, tenant, make_person())
    go_on(runtime, tenant, run_jobs, lambda: len(receiver.got) == 2)
    (row,) = deliveries(runtime, tenant)
    assert (row.state, row.attempts) == (DeliveryState.DELIVERED, 2)


def test_gone_means_no_more(runtime, tenant, make_person, receiver, endpoint, run_jobs):
    receiver.statuses = [410]
    for _ in range(2):
        tell(runtime, tenant, make_person())
        run_jobs(tenant)
    assert len(receiver.got) == 1
    with runtime.db.begin(tenant) as session:
        assert not session.get_one(WebhookEndpoint, endpoint.id).active


def test_a_message_can_be_sent_again(runtime, tenant, make_person, receiver, endpoint, run_jobs):
    tell(runtime, tenant, make_person())
    run_jobs(tenant)
    (row,) = deliveries(runtime, tenant)
    with runtime.db.begin(tenant) as session:
        services.resend(session, session.get_one(WebhookDelivery, row.id))
    run_jobs(tenant)
    (first, body), (second, again) = receiver.got
    assert (first["webhook-id"], body) == (second["webhook-id"], again)


def test_an_address_that_moved_inside_is_not_called(
    runtime, tenant, make_person, receiver, endpoint, run_jobs, monkeypatch
):
    """What was allowed when the webhook was made is checked at each delivery."""
    monkeypatch.setattr(runtime, "egress", Egress())
    tell(runtime, tenant, make_person())
    run_jobs(tenant)
    assert receiver.got == []
    (row,) = deliveries(runtime, tenant)
    assert (row.state, row.error) == (DeliveryState.WAITING, "address_refused")
