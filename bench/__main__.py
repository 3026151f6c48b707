"""Measure everything, print one table, write `build/bench.json`. `QUICK=1` stays under three minutes."""

import json
import os
import platform
import signal
import sys
from pathlib import Path
from typing import Any

from bench import tenancy, web  # noqa: F401 - their rows
from bench.rows import MEASURES, Row
from bench.world import QUICK, world

RESULT = Path("build/bench.json")


def main(wanted: list[str]) -> int:
    """Run the measures whose names contain one of the words, or all; 1 if a promise was not kept."""
    rows: list[Row] = []
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores before the first row", flush=True)
    with world() as place:
        for measure in MEASURES:
            if not wanted or any(word in measure.__name__ for word in wanted):
                for measured in measure(place):
                    rows.append(measured)
                    print(_line(measured), flush=True)
    RESULT.parent.mkdir(exist_ok=True)
    machine = _machine()
    print(f"load average {machine['load'][0]:.1f} after the last; what others do on the machine is in the figures")
    RESULT.write_text(json.dumps([one.to_json() | {"machine": machine} for one in rows], indent=2))
    return 0 if all(one.ok for one in rows) else 1


def _line(one: Row) -> str:
    target = "" if one.target is None else f"{'≤' if one.at_most else '≥'} {one.target:g}"
    ratio = "" if one.ratio is None else f"{one.ratio:.0%} of {one.limit:g}"
    verdict = "ok " if one.ok else "NOT"
    told = f"{verdict}  {one.name:<66} {one.value:>9.1f} {one.unit:<9} {target:<10} {ratio}".rstrip()
    return f"{told}\n     {one.note}" if one.note else told


def _machine() -> dict[str, Any]:
    memory = next((line.split()[1] for line in Path("/proc/meminfo").read_text().splitlines()), "0")
    return {
        "cores": os.cpu_count(),
        "memory_mb": int(memory) // 1024,
        "python": platform.python_version(),
        "load": os.getloadavg(),
        "quick": QUICK,
    }


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that its database goes with it
    raise SystemExit(main(sys.argv[1:]))
