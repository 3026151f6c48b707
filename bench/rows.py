"""A row of the benchmark, and the list of all of them.

A file of rows adds to the list by `@row`; importing it in `bench/__main__.py` is all that it takes to have it run.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.world import World


@dataclass(frozen=True, slots=True)
class Row:
    """One figure.

    Attributes:
        limit: what the machine gives at best, or a peer, in this same run; None where there is no such thing.
        target: what is promised; `at_most` says on which side of it the value must lie.
        note: what exactly was counted, where the name does not say.
    """

    name: str
    value: float
    unit: str
    target: float | None = None
    limit: float | None = None
    at_most: bool = True
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.value / self.limit if self.limit else None

    @property
    def ok(self) -> bool:
        if self.target is None:
            return True
        return self.value <= self.target if self.at_most else self.value >= self.target

    def to_json(self) -> dict[str, Any]:
        shown = {key: value for key, value in asdict(self).items() if key != "at_most"}
        return shown | {"ratio": self.ratio, "ok": self.ok}


Measure = Callable[["World"], Iterator[Row]]
MEASURES: list[Measure] = []


def row(measure: Measure) -> Measure:
    """Have a function run in the benchmark; it yields one row or more."""
    MEASURES.append(measure)
    return measure


def percentile(values: list[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
