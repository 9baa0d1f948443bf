"""How long answers took."""

import time
from collections.abc import Awaitable, Callable, Sequence
from statistics import median, quantiles
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

Q = TypeVar("Q")
A = TypeVar("A")


async def ask(engine: AsyncEngine, asked: Sequence[Q], answer: Callable[[AsyncConnection, Q], Awaitable[A]]) -> list[tuple[Q, float, A]]:
    """Each question, the ms it took and its answer, in a transaction of its own, as a request has it."""
    answers = []
    for question in asked:
        async with engine.connect() as tx:
            begun = time.perf_counter()
            found = await answer(tx, question)
            await tx.rollback()
            answers.append((question, 1000 * (time.perf_counter() - begun), found))
    return answers


def spread(took: Sequence[float]) -> dict[str, float]:
    """p50, p95 and p99 of times in ms."""
    cut = quantiles(took, n=100)
    return {"p50 ms": median(took), "p95 ms": cut[94], "p99 ms": cut[98]}
