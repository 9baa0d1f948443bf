"""Packs: the directory as a file that needs no network, and what changed between two of them."""

from services.contacts.gateways.packs.deltas import Elsewhere, apply, delta
from services.contacts.gateways.packs.files import verify, write
from services.contacts.gateways.packs.keys import fingerprint, private_key, public_key, raw
from services.contacts.gateways.packs.signatures import Forged

__all__ = ["Elsewhere", "Forged", "apply", "delta", "fingerprint", "private_key", "public_key", "raw", "verify", "write"]
