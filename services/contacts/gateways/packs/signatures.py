"""A signature inside the file that it is of: of what every file for use without network is made."""

import base64
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SIGNATURE = 88
"""Characters of base64 that an Ed25519 signature takes."""


class Forged(ValueError):
    """Not such a file, or one that was changed, or one that was signed with another key."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a kind of file begins: `head`, the signature, `tail`; signed (RFC 8032) is all of the file but the signature itself.

    The head is signed as well, so that what was signed as one kind is never taken for another.
    """

    kind: str
    head: bytes
    tail: bytes

    def signature(self, body: bytes, key: Ed25519PrivateKey) -> str:
        """Of a file with this body, in base64."""
        return base64.b64encode(key.sign(self.head + self.tail + body)).decode()

    def file(self, signature: str, body: bytes) -> bytes:
        """The whole file."""
        return self.head + signature.encode() + self.tail + body

    def parts(self, file: bytes) -> tuple[str, bytes]:
        """Signature and body, of which nothing is proved; raises `Forged` where it is no such file."""
        end = len(self.head) + SIGNATURE
        given, rest = file[len(self.head) : end], file[end:]
        if not file.startswith(self.head) or not rest.startswith(self.tail) or not _canonical(given):
            raise Forged(f"this is no {self.kind}")
        return given.decode(), rest[len(self.tail) :]

    def read(self, file: bytes, key: Ed25519PublicKey) -> bytes:
        """The body of a file that was signed with this key and is whole to the last byte; raises `Forged`."""
        signature, body = self.parts(file)
        try:
            key.verify(base64.b64decode(signature), self.head + self.tail + body)
        except InvalidSignature as error:
            raise Forged(f"the {self.kind} was changed, or signed with another key") from error
        return body


def _canonical(given: bytes) -> bool:
    """One spelling of each signature alone: base64 has spare bits."""
    try:
        return base64.b64encode(base64.b64decode(given, validate=True)) == given
    except ValueError:
        return False
