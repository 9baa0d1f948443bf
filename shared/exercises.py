"""Exercises: what is said in one changes no figure and writes to nobody, so it must never be mixed with what is real."""

from shared.errors import Conflict


def require(exercise: bool, mode: str) -> None:
    """Whether a step in this mode may be taken: an exercise is one from its first step to its last, nothing else is; raises `Conflict`."""
    if exercise != (mode == "exercise"):
        raise Conflict("It is an exercise: say so in every step" if exercise else "It is no exercise")
