"""What operators see: doctor, probes, figures, log lines; and the web server as a process."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import replace

import pytest
from click.testing import CliRunner
from flask import Flask
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from structlog.testing import capture_logs

from guildhall.core.observability import sentry, tracing
from guildhall.server.cli import cli
from guildhall.server.local.ports import free_port
from guildhall.server.process import Process
from guildhall.server.testing import Visitor
from guildhall.server.wsgi import Doors

SITE = "localhost:8000"
TOKEN = {"Authorization": "Bearer sesame"}


@pytest.fixture
def environment(stack, settings, process):
    """The environment of a process on the tests' stack; whatever else is set here does not count."""
    own = stack.environment | {"GUILDHALL_MODE": "test", "GUILDHALL_SMTP_URL": settings.smtp_url}
    return dict.fromkeys((name for name in os.environ if name.startswith("GUILDHALL_")), None) | own


@pytest.fixture
def doctor(environment):
    """Runs `guildhall doctor --json`: the exit code, and the findings by name."""

    def run(*arguments, **changes):
        result = CliRunner().invoke(cli, ["doctor", "--json", *arguments], env=environment | changes)
        return result.exit_code, {line["name"]: line for line in json.loads(result.stdout)}

    return run


def test_doctor_finds_a_good_house_good(doctor, runtime):
    runtime.redis.flushall()  # so that no relay of another test is remembered
    code, found = doctor()
    wrong = {name: line["found"] for name, line in found.items() if line["level"] == "wrong"}
    assert wrong == {}
    assert code == 0
    assert found["processes"]["level"] == "doubtful"
    assert "guildhall relay" in found["processes"]["remedy"]


def test_doctor_names_a_misspelt_setting_and_the_right_one(doctor):
    code, found = doctor(GUILDHALL_DATBASE_URL="postgresql://x")
    assert code == 1
    assert found["settings"]["found"] == (
        "GUILDHALL_DATBASE_URL is not a setting; did you mean GUILDHALL_DATABASE_URL?"
    )


@pytest.mark.parametrize(
    ("name", "setting", "value", "says"),
    [
        ("database", "GUILDHALL_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none", "OperationalError"),
        ("redis", "GUILDHALL_REDIS_URL", "redis://127.0.0.1:1/0", "ConnectionError"),
        ("mail", "GUILDHALL_SMTP_URL", "smtp://127.0.0.1:1", "ConnectionRefusedError"),
        ("storage", "GUILDHALL_STORAGE_PATH", "/proc/nowhere", "Error"),
        ("stripe", "GUILDHALL_STRIPE_SECRET_KEY", "sk_live_x", "a live key in test mode"),
    ],
)
def test_doctor_says_what_is_wrong_and_what_to_do(doctor, name, setting, value, says):
    _code, found = doctor(**{setting: value})
    assert found[name]["level"] != "good"
    assert says in found[name]["found"]
    assert found[name]["remedy"]


def test_doctor_refuses_a_role_that_may_do_everything(doctor, stack):
    url = re.sub(r"/postgres\?", "/guildhall?", stack.superuser_url)
    code, found = doctor(GUILDHALL_DATABASE_URL=url)
    assert code == 1
    assert found["application role"]["found"] == "postgres is a superuser"


def test_probes_answer_on_the_site_only(visit, tenant):
    assert visit(SITE.partition(":")[0]).get("/-/health").json == {"status": "ok"}
    assert visit(SITE.partition(":")[0]).get("/-/ready").json["status"] == "ready"
    assert visit().get("/-/health").status_code == 404
    assert visit("console.localhost").get("/-/health").status_code == 404


def test_figures_demand_their_token(settings, doors):
    guarded = Process.of(replace(settings, metrics_token="sesame"))
    site = Visitor(Doors(guarded), SITE)
    assert site.get("/-/metrics").status_code == 404
    assert site.get("/-/metrics", headers={"Authorization": "Bearer sesam"}).status_code == 404
    answer = site.get("/-/metrics", headers=TOKEN)
    assert answer.status_code == 200
    assert 'guildhall_http_requests_total{door="site",endpoint="probes.figures",status="404"}' in answer.text
    assert Visitor(doors, SITE).get("/-/metrics").status_code == 404, "without a token it is closed"
    guarded.runtime.close()


def test_a_request_leaves_one_line_without_anything_personal(visit, tenant, make_person):
    person = make_person(name="Li Ming", email="li.ming@example.com")
    visitor = visit().sign_in(person)
    with capture_logs() as lines:
        answer = visitor.get("/-/jobs/01a20429-d203-74fc-827e-476a7de87d39?q=secret-word")
    (line,) = [line for line in lines if line["event"] == "request"]
    assert (line["door"], line["endpoint"], line["status"]) == ("house", "jobs.show", 404)
    assert line["queries"] > 0
    assert line["actor"] == str(person.id)
    text = json.dumps(line, default=str)
    assert not any(word in text for word in ("Li Ming", "li.ming", "secret-word"))
    assert answer.headers["X-Request-Id"]


def test_what_goes_to_sentry_is_scrubbed():
    event = {
        "user": {"ip_address": "10.1.2.3"},
        "request": {"method": "POST", "url": "http://a/invitation/token", "cookies": "x", "data": {"name": "Li"}},
        "exception": {"values": [{"value": "duplicate key\nDETAIL:  Key (email)=(li@example.com) already exists."}]},
    }
    kept = json.dumps(sentry.scrub(event, {}))
    assert "POST" in kept
    assert "duplicate key" in kept
    assert not any(word in kept for word in ("10.1.2.3", "invitation", "Li", "li@example.com"))


def test_traces_carry_the_route_and_not_the_address():
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    app = Flask("traced")
    app.add_url_rule("/invitation/<token>", view_func=lambda token: "ok", endpoint="invitation")
    tracing.trace_requests(app)
    app.test_client().get("/invitation/secret-token?q=secret-word", headers={"User-Agent": "secret-browser"})
    (span,) = exporter.get_finished_spans()
    assert "/invitation/<token>" in span.name
    assert "secret" not in json.dumps(dict(span.attributes), default=str)


@pytest.fixture
def server(environment, tmp_path):
    """`guildhall web` with two processes, its log in a file; ready when given."""
    port = free_port()
    own = {name: value for name, value in environment.items() if value is not None}
    own |= {"GUILDHALL_METRICS_TOKEN": "sesame", "GUILDHALL_BASE_URL": f"http://localhost:{port}"}
    command = [sys.executable, "-c", "from guildhall.server.cli import main; main()", "web", "--port", str(port)]
    with (tmp_path / "log").open("w") as log:
        child = subprocess.Popen(command, env=os.environ | own, stderr=log)
    child.log, child.address = tmp_path / "log", f"http://127.0.0.1:{port}"
    child.host = f"localhost:{port}"
    wait_for(lambda: '"ok"' in fetch(child, "/-/health"), child)
    yield child
    child.kill()
    child.wait()


def fetch(server, path):
    """The answer's text; empty when there was none."""
    asked_for = urllib.request.Request(server.address + path, headers={"Host": server.host, **TOKEN})
    try:
        with urllib.request.urlopen(asked_for, timeout=5) as answer:
            return answer.read().decode()
    except OSError:
        return ""


def wait_for(says, server, seconds=60):
    deadline = time.monotonic() + seconds
    while not says():
        if time.monotonic() > deadline or server.poll() is not None:
            pytest.fail(server.log.read_text()[-3000:])
        time.sleep(0.05)


def asked(server):
    """How often the processes say together that they were asked for their health."""
    line = r'guildhall_http_requests_total\{door="site",endpoint="probes.health",status="200"\} (\d+)'
    found = re.search(line, fetch(server, "/-/metrics"))
    return int(found.group(1)) if found else 0


def test_the_web_server_counts_over_its_processes_reloads_and_stops(server):
    before = asked(server)
    for _ in range(20):
        fetch(server, "/-/health")
    assert asked(server) == before + 20
    server.send_signal(signal.SIGHUP)
    answers = [fetch(server, "/-/health") for _ in range(40) if time.sleep(0.05) is None]
    assert "" not in answers, "no request was refused"
    server.send_signal(signal.SIGTERM)
    assert server.wait(30) == 0
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    request = next(line for line in lines if line["event"] == "request")
    assert {"request", "house", "door", "endpoint", "status", "ms", "queries", "at", "level"} <= request.keys()
