"""The rules of operations: no clock, no store, no web."""

from services.operations.domain.action_day import ActionDay, Place
from services.operations.domain.centre import Centre, Work
from services.operations.domain.life import Life
from services.operations.domain.operation import Agency, Mandate, Operation
from services.operations.domain.priority import Priority
from services.operations.domain.results import Key, Money, Tally

__all__ = ["ActionDay", "Agency", "Centre", "Key", "Life", "Mandate", "Money", "Operation", "Place", "Priority", "Tally", "Work"]
