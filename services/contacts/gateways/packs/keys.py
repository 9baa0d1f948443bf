"""The Ed25519 key of an instance, as a JWK file (RFC 8037), and what people compare of it."""

import hashlib
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey


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
