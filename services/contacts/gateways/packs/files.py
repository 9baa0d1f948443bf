"""The pack: the directory as one HTML file that opens from disk, with a signature over all of it (U10).

What is signed, exactly. The file begins with the head of `FORM`, then 88 characters of base64 that are the signature, then `-->`, a
line break and the page. Signed (Ed25519, RFC 8032) are the bytes of the file without those 88 characters: the head followed by
everything after the signature. Of each signature only the one canonical spelling in base64 is taken.

The page checks itself with what its browser read, for it may not read its own file: the file is written the way browsers write a
page down, so that both are the same bytes. What a browser takes for the same thing (the case of a tag's name) this check cannot
see; the whole file, chosen in the page, or given to `python -m services.contacts pack verify`, is checked byte by byte.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from services.contacts.gateways.packs.keys import fingerprint, raw
from services.contacts.gateways.packs.signatures import Form

HERE = Path(__file__).parent
FORM = Form("pack", b"<!doctype html>\n<!--concord-pack-1 ", b"-->\n")
_OPEN, _CLOSE = b'<script id="pack" type="application/json">', b"</script>"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a pack that holds says of itself."""

    instance: str
    made_at: datetime
    expires_at: datetime
    authorities: int
    contact_points: int


def write(content: Mapping[str, Any], key: Ed25519PrivateKey) -> tuple[bytes, str]:
    """The file and its signature. `content`: instance, made_at, expires_at (ISO 8601), persons, authorities and contact_points."""
    public = key.public_key()
    told = {
        "pack": 1,
        **content,
        "public_key": base64.b64encode(raw(public)).decode(),
        "fingerprint": fingerprint(public),
        "words": _told("words"),
        "map": _told("map"),
    }
    signature = FORM.signature(page := _page(text(told)), key)
    return FORM.file(signature, page), signature


def verify(file: bytes, key: Ed25519PublicKey) -> Checked:
    """What it says, where it is what was signed with this key, to the last byte; raises `Forged`."""
    told = content(FORM.read(file, key))
    made, expires = (datetime.fromisoformat(told[name]) for name in ("made_at", "expires_at"))
    return Checked(told["instance"], made, expires, len(told["authorities"]), len(told["contact_points"]))


def content(page: bytes) -> dict[str, Any]:
    """What a page, or a whole file, holds."""
    return dict(json.loads(page[slice(*_within(page))]))


def with_content(page: bytes, told: Mapping[str, Any]) -> bytes:
    """The same page about something else."""
    start, end = _within(page)
    return page[:start] + text(told).encode() + page[end:]


def _within(page: bytes) -> tuple[int, int]:
    start = page.index(_OPEN) + len(_OPEN)
    return start, page.index(_CLOSE, start)


def text(told: Mapping[str, Any]) -> str:
    """As it stands in a page: `<` would be read as the beginning of a tag, and a carriage return as a line end."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c").replace("\r", "\\r")


def _told(name: str) -> Any:
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))


def _page(content: str) -> bytes:
    style, script, page = ((HERE / f"page.{form}").read_text(encoding="utf-8").strip() for form in ("css", "js", "html"))
    parts = {"style": style, "script": script, "content": content, "style_hash": _hash(style), "script_hash": _hash(script)}
    return re.sub(r"\{(\w+)\}", lambda place: parts[place[1]], page).encode()


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
