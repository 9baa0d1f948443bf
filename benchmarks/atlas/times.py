"""How long answers took."""

from collections.abc import Sequence
from statistics import median, quantiles


def spread(took: Sequence[float]) -> dict[str, float]:
    """p50, p95 and p99 of times in ms."""
    cut = quantiles(took, n=100)
    return {"p50 ms": median(took), "p95 ms": cut[94], "p99 ms": cut[98]}
