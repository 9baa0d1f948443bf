"""The directory as a signed file: asked for, built beside the requests, handed out, and who was told of persons by it (U10)."""

from services.contacts.commands.packs.content import Wanted
from services.contacts.commands.packs.intents import ask, build_personal, expire, hand_out, hand_out_delta
from services.contacts.commands.packs.make import make, make_delta

__all__ = ["Wanted", "ask", "build_personal", "expire", "hand_out", "hand_out_delta", "make", "make_delta"]
