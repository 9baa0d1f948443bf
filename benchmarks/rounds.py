"""Rounds: every contender once in each, in turn, so that a slow minute of the machine harms all alike."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from rich.console import Console


class Differs(AssertionError):
    """A contender ended with another result than it must."""


@dataclass(frozen=True, slots=True)
class Result:
    """One run: its measures by name, in the units of the race's table."""

    measures: Mapping[str, float]


@dataclass(slots=True)
class Rounds:
    """Results by contender, one a round; `loads` are the machine's load averages (1 minute) as each round began."""

    results: dict[str, list[Result]] = field(default_factory=dict)
    loads: list[float] = field(default_factory=list)

    def measured(self, contender: str, measure: str) -> list[float]:
        """One number a round."""
        return [result.measures[measure] for result in self.results[contender]]

    def ratios(self, ours: str, theirs: str, measure: str) -> list[float]:
        """Ours over theirs, round by round."""
        return [a / b for a, b in zip(self.measured(ours, measure), self.measured(theirs, measure), strict=True)]


def run(contenders: Mapping[str, Callable[[], Result]], rounds: int, console: Console) -> Rounds:
    """Every contender once a round, each round begun by another one."""
    done, names = Rounds(), list(contenders)
    for number in range(rounds):
        done.loads.append(os.getloadavg()[0])
        first = number % len(names)
        for name in names[first:] + names[:first]:
            result = contenders[name]()
            done.results.setdefault(name, []).append(result)
            said = ", ".join(f"{measure} {value:,.1f}" for measure, value in result.measures.items())
            console.print(f"round {number + 1}: {name}: {said}", highlight=False)
    return done
