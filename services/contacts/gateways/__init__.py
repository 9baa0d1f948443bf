"""The world outside: the seals around persons' details, spreadsheets, and the instance's own rules of working time."""

from services.contacts.gateways import packs, sheets
from services.contacts.gateways.rules import read_rules
from services.contacts.gateways.seals import KEY_BYTES, hide, new_key, plain_details, reveal, seal, unseal

__all__ = ["KEY_BYTES", "hide", "new_key", "packs", "plain_details", "read_rules", "reveal", "seal", "sheets", "unseal"]
