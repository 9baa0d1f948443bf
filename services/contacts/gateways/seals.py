"""The seal around a person's details: JWE, `dir` with A256GCM, under a random key of that person alone (design decision 5)."""

import json
import secrets
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from joserfc import jwe
from joserfc.jwk import OctKey
from pydantic import TypeAdapter

from services.contacts.domain import Details

KEY_BYTES = 32
_NONCE = 12
_ALGORITHMS = ["dir", "A256GCM"]
_details = TypeAdapter(Details)


def new_key() -> bytes:
    """A fresh 256-bit key."""
    return secrets.token_bytes(KEY_BYTES)


def hide(key: bytes, content: bytes) -> bytes:
    """Any bytes under a key that is kept beside them and destroyed with them; A256GCM, the nonce in front."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, None)


def reveal(key: bytes, hidden: bytes) -> bytes:
    """What `hide` hid."""
    return AESGCM(key).decrypt(hidden[:_NONCE], hidden[_NONCE:], None)


def seal(key: bytes, person: UUID, details: Details) -> str:
    """The details as a compact JWE; `kid` binds it to the person, since the header is authenticated with the content."""
    header = {"alg": "dir", "enc": "A256GCM", "kid": str(person)}
    return jwe.encrypt_compact(header, _details.dump_json(details), OctKey.import_key(key), algorithms=_ALGORITHMS)


def plain_details(details: Details) -> dict[str, Any]:
    """Opened details as JSON."""
    return dict(_details.dump_python(details, mode="json"))


def unseal(key: bytes, person: UUID, sealed: str) -> Details:
    """What the seal holds; raises `ValueError` for a seal of another person, joserfc's errors for a wrong key."""
    opened = jwe.decrypt_compact(sealed, OctKey.import_key(key), algorithms=_ALGORITHMS)
    if opened.headers().get("kid") != str(person):
        msg = "sealed for another person"
        raise ValueError(msg)
    return _details.validate_python(json.loads(opened.plaintext or b""))
