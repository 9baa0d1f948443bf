"""What goes from state to state: what may be done with it in each."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.errors import Conflict


def require(steps: Mapping[str, Sequence[str]], state: str, step: str, **beside: Any) -> None:
    """`steps`: state -> what may be done in it. Raises `Conflict` with what is possible, and what stands `beside`, where this is not."""
    allowed = steps[state]
    if step not in allowed:
        raise Conflict(f"It is {state}: {step} is not possible", **beside, possible=list(allowed))
