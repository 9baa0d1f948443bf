"""Results as Markdown: what was measured in each round as lowest / median / highest, and ours over theirs round by round."""

import os
import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from statistics import median

from benchmarks.rounds import Rounds


def measured(rounds: Rounds) -> str:
    """A row for each contender."""
    names = list(dict.fromkeys(name for results in rounds.results.values() for result in results for name in result.measures))
    rows = [[contender, *(_spread(rounds.measured(contender, name)) for name in names)] for contender in rounds.results]
    return table(["contender", *(f"{name}, lowest / median / highest" for name in names)], rows)


def compared(rounds: Rounds, asked: Iterable[tuple[str, str, str, str]]) -> str:
    """A row for each (ours, theirs, measure, target): the ratio of every round, and the one that counts.

    A target `≥ 2` is judged by the lowest round, `≤ 3` by the highest.
    """
    rows = []
    for ours, theirs, measure, target in asked:
        if not {ours, theirs} <= rounds.results.keys():
            continue
        ratios, bound = rounds.ratios(ours, theirs, measure), float(target[1:])
        worst = min(ratios) if target.startswith("≥") else max(ratios)
        kept = worst >= bound if target.startswith("≥") else worst <= bound
        rows.append([f"{ours} / {theirs}: {measure}", " · ".join(f"{each:.2f}" for each in ratios), target, "yes" if kept else "**no**"])
    return table(["ratio", "round by round", "target", "reached"], rows)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows)) + "\n"


def conditions(rounds: Rounds) -> str:
    """The machine, its load as each round began, and the versions that raced."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    loads = ", ".join(f"{load:.1f}" for load in rounds.loads)
    packages = ("faststream", "aiokafka", "asyncpg", "sqlalchemy", "msgspec", "pydantic", "fastapi", "uvicorn")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return f"{os.cpu_count()} cores, {memory:.0f} GiB; load as the rounds began: {loads}. Python {platform.python_version()}, {versions}.\n"


def _spread(values: Sequence[float]) -> str:
    digits = 0 if median(values) >= 100 else 1
    return " / ".join(f"{value:,.{digits}f}" for value in (min(values), median(values), max(values)))
