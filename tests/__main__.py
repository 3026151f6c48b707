"""Every check, then every test: `python -m tests [pytest arguments]`.

The checks stop at the first that fails; what is wrong with the form of the code is quick to see and quick to mend.
"""

import os
import platform
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

CHECKS = {
    "style": [BIN / "ruff", "check", "--quiet", "."],
    "format": [BIN / "ruff", "format", "--check", "--quiet", "."],
    "types": [BIN / "mypy"],
    "floors": [BIN / "lint-imports", "--no-logo"],
    "words": [sys.executable, "-m", "guildhall.core.i18n", "check"],
}


def main(arguments: list[str]) -> int:
    guard_standard_library()
    for name, command in CHECKS.items():
        started = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, check=False)
        print(f"{name}: {'ok' if done.returncode == 0 else 'FAILED'} ({time.monotonic() - started:.1f} s)", flush=True)
        if done.returncode != 0:
            return done.returncode
    workers = os.environ.get("TEST_WORKERS", "2")
    # Files stay together: each worker has a stack of its own, and modules plant once what their tests read.
    pytest = [sys.executable, "-m", "pytest", "-q", "-n", workers, "--dist", "loadfile", *arguments]
    return subprocess.run(pytest, cwd=ROOT, check=False).returncode


def guard_standard_library() -> None:
    """Our folder `platform/` is a source root and must never become a package that hides Python's own."""
    standard = Path(sysconfig.get_paths()["stdlib"])
    if not Path(platform.__file__).is_relative_to(standard):
        raise SystemExit(f"`platform` is {platform.__file__}, not the standard library's")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
