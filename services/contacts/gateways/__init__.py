"""The world outside: the seals around persons' details, and the instance's own rules of working time."""

from services.contacts.gateways.rules import read_rules
from services.contacts.gateways.seals import KEY_BYTES, new_key, seal, unseal

__all__ = ["KEY_BYTES", "new_key", "read_rules", "seal", "unseal"]
