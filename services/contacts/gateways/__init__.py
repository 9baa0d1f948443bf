"""The world outside: seals around persons' details, files in and out, the instance's own rules of working time, what codes are called."""

from services.contacts.gateways import packs, sheets, vcards
from services.contacts.gateways.labels import labels
from services.contacts.gateways.rules import read_rules
from services.contacts.gateways.seals import KEY_BYTES, hide, new_key, plain_details, reveal, seal, unseal

__all__ = ["KEY_BYTES", "hide", "labels", "new_key", "packs", "plain_details", "read_rules", "reveal", "seal", "sheets", "unseal", "vcards"]
