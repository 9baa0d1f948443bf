"""Lists that come in: sent, looked through row by row, then taken in as a whole or not at all (XC-11)."""

from services.contacts.commands.imports.intents import PART, apply, begin, cancel
from services.contacts.commands.imports.look import look_through
from services.contacts.commands.imports.take import take_in

__all__ = ["PART", "apply", "begin", "cancel", "look_through", "take_in"]
