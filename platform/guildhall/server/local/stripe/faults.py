"""Switches that make the simulator misbehave as networks and payment providers do."""

import threading
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass
class Faults:
    """Counts say how many of the next requests or deliveries are hit; each hit uses one up.

    webhook_drop: never delivered. webhook_duplicate: delivered twice. webhook_reorder: so many are held back and then
    delivered last first. webhook_delay: seconds before each delivery. api_fail_after_commit: the change is made, the
    answer is a 500. api_fail: nothing is done, the answer is a 500. api_latency: seconds before each answer.
    """

    webhook_drop: int = 0
    webhook_duplicate: int = 0
    webhook_reorder: int = 0
    webhook_delay: float = 0.0
    api_fail_after_commit: int = 0
    api_fail: int = 0
    api_latency: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def take(self, name: str) -> bool:
        """Use up one of a counted fault; whether there was one."""
        with self._lock:
            left = getattr(self, name)
            setattr(self, name, max(left - 1, 0))
            return bool(left)

    def set(self, values: dict[str, Any]) -> None:
        """Replace all switches; those not named are off. Raises ValueError for one that does not exist."""
        known = {switch.name for switch in fields(self) if not switch.name.startswith("_")}
        if values.keys() - known:
            raise ValueError(f"Unknown faults: {', '.join(sorted(values.keys() - known))}")
        with self._lock:
            for name in known:
                setattr(self, name, values.get(name, 0))

    def as_json(self) -> dict[str, Any]:
        """The switches as they stand."""
        return {switch.name: getattr(self, switch.name) for switch in fields(self) if not switch.name.startswith("_")}
