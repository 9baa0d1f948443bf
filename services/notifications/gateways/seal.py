"""A person's details, opened with that person's own key (JWE, `dir` with A256GCM) and forgotten with the mail."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey


@dataclass(frozen=True, slots=True, repr=False)
class Sealed:
    """What the seal holds, as far as a mail needs it. No `repr`: what is printed by accident ends in a log."""

    name: str
    email: str | None
    language: str | None
    zone: str | None


def opened(key: Mapping[str, Any], person: UUID, sealed: str) -> Sealed:
    """Raises `ValueError` where the key or the person is another's."""
    try:
        found = jwe.decrypt_compact(sealed, OctKey.import_key(dict(key)), algorithms=["dir", "A256GCM"])
    except JoseError as error:
        raise ValueError("the key does not open it") from error
    if found.headers().get("kid") != str(person):
        raise ValueError("sealed for another person")
    details = json.loads(found.plaintext or b"")
    name = f"{details.get('given_name') or ''} {details.get('family_name') or ''}".strip()
    return Sealed(name, details.get("email"), details.get("language"), details.get("zone"))
