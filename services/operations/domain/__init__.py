"""The rules of operations: no clock, no store, no web."""

from services.operations.domain.centre import Centre, Work
from services.operations.domain.life import Life, identity

__all__ = ["Centre", "Life", "Work", "identity"]
