"""The delta: what changed between two packs, as a small signed file that turns the earlier one into the later one (U10).

It holds the entries that were added, changed and removed, until when the later pack is good, and the later pack's own signature:
whoever applies it to the earlier file has the later file, byte for byte, and needs no key but the public one. Entries stand in one
order in every pack (authorities by reference, contact points by that of their authority and by identifier), so none has to be told.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from services.contacts.gateways.packs import files
from services.contacts.gateways.packs.files import Checked
from services.contacts.gateways.packs.signatures import Forged, Form

FORM = Form("delta", b"concord-pack-delta-1 ", b"\n")
_IDENTITY = {"authorities": "reference", "contact_points": "id"}
_DATES = ("made_at", "expires_at")
Entries = Sequence[Mapping[str, Any]]


class Elsewhere(ValueError):
    """No delta leads from the one pack to the other: their pages, keys or instances are not the same."""


@dataclass(frozen=True, slots=True)
class Applied:
    """The later pack, and how many entries it took."""

    file: bytes
    checked: Checked
    added: int
    changed: int
    removed: int


def delta(earlier: bytes, later: bytes, key: Ed25519PrivateKey) -> bytes:
    """From one pack to another, both whole files signed with this key; raises `Elsewhere` where it would not lead there."""
    before, after = files.content(earlier), files.content(later)
    told = {
        "delta": 1,
        "base": {"made_at": before["made_at"], "sha256": _digest(earlier)},
        **{name: after[name] for name in _DATES},
        **{name: _changes(before[name], after[name], identity) for name, identity in _IDENTITY.items()},
        "signature": files.FORM.parts(later)[0],
    }
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    made = FORM.file(FORM.signature(body, key), body)
    if not _leads(earlier, made, later, key.public_key()):
        raise Elsewhere("no delta leads from the one to the other")
    return made


def apply(earlier: bytes, given: bytes, key: Ed25519PublicKey) -> Applied:
    """The later pack; raises `Forged` where either file was changed or the delta is for another pack."""
    told, page = json.loads(FORM.read(given, key)), files.FORM.read(earlier, key)
    if told["base"]["sha256"] != _digest(earlier):
        raise Forged(f"the delta is for another pack, made {told['base']['made_at']} (SHA-256 {told['base']['sha256']})")
    later = _follow(page, told)
    added, changed, removed = (sum(len(told[name][what]) for name in _IDENTITY) for what in ("added", "changed", "removed"))
    return Applied(later, files.verify(later, key), added, changed, removed)


def _leads(earlier: bytes, made: bytes, later: bytes, key: Ed25519PublicKey) -> bool:
    try:
        return apply(earlier, made, key).file == later
    except Forged:
        return False


def _changes(before: Entries, after: Entries, identity: str) -> dict[str, Any]:
    # A pack of a time when contact points had no identifier keeps none of them: then all are told anew.
    old, new = ({entry.get(identity): entry for entry in entries} for entries in (before, after))
    return {
        "added": [entry for name, entry in new.items() if name not in old],
        "changed": [entry for name, entry in new.items() if name in old and old[name] != entry],
        "removed": [name for name in old if name not in new],
    }


def _follow(page: bytes, told: Mapping[str, Any]) -> bytes:
    before = files.content(page)
    dates = {name: told[name] for name in _DATES}
    entries = {name: _changed(before[name], told[name], identity) for name, identity in _IDENTITY.items()}
    return files.FORM.file(told["signature"], files.with_content(page, {**before, **dates, **entries}))


def _changed(before: Entries, changes: Mapping[str, Any], identity: str) -> Entries:
    gone = set(changes["removed"])
    kept = {entry.get(identity): entry for entry in before if entry.get(identity) not in gone}
    kept |= {entry[identity]: entry for entry in (*changes["added"], *changes["changed"])}
    return sorted(kept.values(), key=lambda entry: (entry.get("authority", ""), entry[identity]))


def _digest(file: bytes) -> str:
    return hashlib.sha256(file).hexdigest()
