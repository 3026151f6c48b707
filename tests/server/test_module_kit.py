"""What a module's author is given: a working module of their own, installed beside ours."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from guildhall.core.registry import Registry
from guildhall.server.cli import cli
from guildhall.server.generator import FolderRefused, LabelRefused, NameRefused, NewModule, check_name, write_module

BIN = Path(sys.executable).parent
ROOT = Path(__file__).resolve().parents[2]
LONGEST = NewModule("a" * 9 + "_" + "b" * 10, "Forty letters of label, no more than it", "停车位与自行车棚")


def run(command, folder, **environment):
    """What a command says; it must succeed."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A module as the command writes it."""
    folder = tmp_path_factory.mktemp("author") / "parking"
    command = ["module", "new", "parking", "--folder", folder, "--label", "Parking places", "--label-zh", "车位"]
    run([BIN / "guildhall", *command], folder.parent)
    return folder


@pytest.fixture(scope="module")
def installed(project, tmp_path_factory):
    """A path with the module's wheel installed, apart from our environment."""
    site = tmp_path_factory.mktemp("site")
    how = ["--offline", "--no-deps", "--no-build-isolation", "--python", sys.executable]
    run([BIN / "uv", "pip", "install", "--quiet", *how, "--target", site, project], project)
    return {"PYTHONPATH": str(site)}


def test_it_works_beside_ours_and_passes_its_own_tests(project, installed):
    shutil.copy(ROOT / "tests" / "server" / "installed_module.py", project / "tests" / "test_installed.py")
    report = project / "report.xml"
    run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junit-xml={report}"], project, **installed)
    [suite] = ET.parse(report).getroot()
    passed = {case.get("name") for case in suite.iter("testcase")}
    assert "test_on_off_and_on_again" in passed
    assert (suite.get("failures"), suite.get("errors"), suite.get("skipped")) == ("0", "0", "0")
    assert len(passed) > 15


def test_the_list_knows_it(project, installed):
    listed = run([BIN / "guildhall", "module", "list"], project, **installed)
    assert "parking       0.1.0     1 table · requires accounts" in listed


def test_it_keeps_the_types(project):
    run([BIN / "mypy"], project, MYPY_CACHE_DIR=str(ROOT / ".mypy_cache" / "generated"))


@pytest.mark.parametrize("new", [NewModule("t", "T", "停"), LONGEST], ids=["short", "long"])
def test_it_keeps_the_style_whatever_it_is_called(tmp_path, new):
    write_module(new, tmp_path, Registry.load())
    for command in (["check"], ["format", "--check"]):
        run([BIN / "ruff", *command, "--no-cache", "."], tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "Parking",
        "1st",
        "a-b",
        "a__b",
        "a_",
        "class",
        "match",
        "json",
        "flask",
        "accounts",
        "core",
        "admin",
        "x" * 21,
        "",
    ],
)
def test_names_that_would_hide_something_are_refused(name):
    with pytest.raises(NameRefused):
        check_name(name, Registry.load())


@pytest.mark.parametrize("label", ["", 'Say "so"', "{{ 7 }}", "<b>", "100 %", "a\nb", "\\", "<<name>>", "x" * 41])
def test_labels_that_would_be_read_as_code_are_refused(tmp_path, label):
    with pytest.raises(LabelRefused):
        write_module(NewModule("parking", label, "车位"), tmp_path, Registry.load())
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten_and_nothing_put_into_our_checkout(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    for folder in (tmp_path, tmp_path / "mine.txt", ROOT / "build" / "parking"):
        with pytest.raises(FolderRefused):
            write_module(NewModule("parking", "Parking", "车位"), folder, Registry.load())
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_command_says_in_one_line_what_is_wrong():
    refused = CliRunner().invoke(cli, ["module", "new", "json"])
    assert isinstance(refused.exception, NameRefused)
    assert str(refused.exception) == "“json” cannot be a module's name: a Python package is called so."
