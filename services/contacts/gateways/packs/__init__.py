"""The pack: the directory as one HTML file that opens from disk, with a signature over all of it (U10).

What is signed, exactly. The file begins with `HEAD`, then 88 characters of base64 that are the signature, then `-->`, a line break
and the page. Signed (Ed25519, RFC 8032) are the bytes of the file without those 88 characters: `HEAD` followed by everything after
the signature. Of each signature only the one canonical spelling in base64 is taken.

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

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

HERE = Path(__file__).parent
HEAD = b"<!doctype html>\n<!--concord-pack-1 "
TAIL = b"-->\n"
SIGNATURE = 88
_CONTENT = re.compile(rb'<script id="pack" type="application/json">(.*?)</script>', re.DOTALL)


class Forged(ValueError):
    """No pack, or one that was changed, or one that was signed with another key."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a pack that holds says of itself."""

    instance: str
    made_at: datetime
    expires_at: datetime
    authorities: int
    contact_points: int


def private_key(file: Path) -> Ed25519PrivateKey:
    """The key of a JWK file; raises `ValueError` where it is none that can sign."""
    key = _jwk(file).private_key
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{file} holds no private Ed25519 key")  # noqa: TRY004 - the file is wrong, not the caller
    return key


def public_key(file: Path) -> Ed25519PublicKey:
    """The public half of a JWK file; raises `ValueError` where there is none."""
    key = _jwk(file).public_key
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError(f"{file} holds no Ed25519 key")  # noqa: TRY004 - the file is wrong, not the caller
    return key


def _jwk(file: Path) -> OKPKey:
    try:
        return OKPKey.import_key(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, JoseError) as error:
        raise ValueError(f"{file} is no JWK of an Ed25519 key") from error


def raw(key: Ed25519PublicKey) -> bytes:
    """The 32 bytes of a public key."""
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the 32 bytes, in hexadecimal: what people compare."""
    return hashlib.sha256(raw(key)).hexdigest()


def write(content: Mapping[str, Any], key: Ed25519PrivateKey) -> tuple[bytes, str]:
    """The file and its signature. `content`: instance, made_at, expires_at (ISO 8601), persons, authorities and contact_points."""
    public = key.public_key()
    told = {
        "pack": 1,
        **content,
        "public_key": base64.b64encode(raw(public)).decode(),
        "fingerprint": fingerprint(public),
        "words": _words(),
    }
    # `<` would be read as the beginning of a tag, and the two separators as line ends by what reads JSON as a script.
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c").replace("\r", "\\r")
    page = _page(text)
    signature = base64.b64encode(key.sign(HEAD + TAIL + page))
    return HEAD + signature + TAIL + page, signature.decode()


def verify(file: bytes, key: Ed25519PublicKey) -> Checked:
    """What it says, where it is what was signed with this key, to the last byte; raises `Forged`."""
    given, rest = file[len(HEAD) : len(HEAD) + SIGNATURE], file[len(HEAD) + SIGNATURE :]
    try:
        signature = base64.b64decode(given, validate=True)
    except ValueError as error:
        raise Forged("this is no pack") from error
    if not file.startswith(HEAD) or not rest.startswith(TAIL) or base64.b64encode(signature) != given:
        raise Forged("this is no pack")
    try:
        key.verify(signature, HEAD + rest)
    except InvalidSignature as error:
        raise Forged("changed, or signed with another key") from error
    found = _CONTENT.search(rest)
    told = json.loads(found[1]) if found else {}
    made, expires = (datetime.fromisoformat(told[name]) for name in ("made_at", "expires_at"))
    return Checked(told["instance"], made, expires, len(told["authorities"]), len(told["contact_points"]))


def _words() -> Any:
    return json.loads((HERE / "words.json").read_text(encoding="utf-8"))


def _page(content: str) -> bytes:
    style, script, page = ((HERE / f"page.{form}").read_text(encoding="utf-8").strip() for form in ("css", "js", "html"))
    parts = {"style": style, "script": script, "content": content, "style_hash": _hash(style), "script_hash": _hash(script)}
    return re.sub(r"\{(\w+)\}", lambda place: parts[place[1]], page).encode()


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
