"""The supervisor: what it starts it also ends, whatever ends first."""

import io
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from guildhall.server.local import supervisor
from guildhall.server.local.supervisor import ProcessSpec

# A child that starts a child of its own, notes both, and lives on.
FAMILY = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("started", os.getpid(), child.pid, flush=True)
time.sleep(60)
"""
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('started 0', flush=True); time.sleep(60)"
)
HEAD = f"""
import sys
from guildhall.server.local import supervisor
FAMILY, STUBBORN = {FAMILY!r}, {STUBBORN!r}
def child(name, source):
    return supervisor.ProcessSpec(name, [sys.executable, "-c", source])
def ready():
    print("all up", flush=True)
"""


def start(body: str) -> subprocess.Popen[str]:
    program = HEAD + textwrap.dedent(body)
    return subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)


def lines_until(process: subprocess.Popen[str], count: int) -> list[str]:
    """Lines up to the `count`-th that tells of a start."""
    lines: list[str] = []
    while sum("started" in line for line in lines) < count:
        lines.append(process.stdout.readline())
    return lines


def pids(lines: list[str]) -> list[int]:
    return [
        int(word) for line in lines if "started" in line for word in line.split("started")[1].split() if word != "0"
    ]


def lives(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def assert_all_end(processes: list[int]) -> None:
    deadline = time.monotonic() + 3
    while any(lives(pid) for pid in processes) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [pid for pid in processes if lives(pid)] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_all_children_and_theirs(number: signal.Signals) -> None:
    with start("sys.exit(supervisor.run([child('web', FAMILY), child('worker', FAMILY)], on_ready=ready))") as process:
        family = pids(lines_until(process, 2))
        assert len(family) == 4
        assert all(lives(pid) for pid in family)
        process.send_signal(number)
        assert process.wait(5) == 0
        assert_all_end(family)


def test_a_child_that_will_not_end_is_killed() -> None:
    body = "supervisor.GRACE = 0.3; sys.exit(supervisor.run([child('web', FAMILY), child('stubborn', STUBBORN)]))"
    with start(body) as process:
        family = pids(lines_until(process, 2))
        process.send_signal(signal.SIGINT)
        assert process.wait(3) == 0
        assert_all_end(family)


def test_kill_9_of_the_supervisor_leaves_no_child() -> None:
    with start("supervisor.run([supervisor.ProcessSpec('web', ['sleep', '61']), child('worker', FAMILY)])") as process:
        (worker, _grandchild) = pids(lines_until(process, 1))
        process.kill()
        assert_all_end([worker])


def test_a_child_that_ends_is_named_and_the_others_are_stopped() -> None:
    body = "sys.exit(supervisor.run([child('web', FAMILY), child('worker', 'import time; time.sleep(0.5); exit(3)')]))"
    with start(body) as process:
        family = pids(lines_until(process, 1))
        rest = process.stdout.read()
        assert process.wait(5) == 1
        assert "worker ended with exit code 3" in rest
        assert_all_end(family)


def test_each_waits_for_the_one_before_and_lines_carry_names(tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    first = ProcessSpec("first", ["sh", "-c", f"sleep 0.3; touch {flag}; sleep 60"], ready=flag.exists)
    second = ProcessSpec("second", ["sh", "-c", f"test -e {flag} && echo $GREETING; sleep 60"], {"GREETING": "你好"})
    output = io.StringIO()
    code = supervisor.run([first, second], output=output, on_ready=lambda: signal_soon(output, "你好"))
    assert code == 0
    assert "second │ 你好" in output.getvalue()


def signal_soon(output: io.StringIO, text: str) -> None:
    """Press Ctrl-C once `text` was printed."""
    deadline = time.monotonic() + 5
    while text not in output.getvalue() and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(os.getpid(), signal.SIGINT)


def test_a_child_that_is_never_ready_is_named() -> None:
    output = io.StringIO()
    spec = ProcessSpec("web", ["sleep", "60"], ready=lambda: False)
    assert supervisor.run([spec], output=output, ready_seconds=0.2) == 1
    assert "web was not ready" in output.getvalue()
