"""Who is asking, and may they? Bearer tokens of one issuer, and one table of roles (`docs/roles.md`) for every command."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from shared.errors import Forbidden, Unauthenticated, Unavailable

ROLES = [
    "visitor",
    "contact_point",
    "national_editor",
    "coordinator",
    "operations_officer",
    "reporter",
    "approver",
    "administrator",
    "auditor",
    "importer",
    "personal",
    "operator",
]
TABLE = Path(__file__).parent.parent / "docs" / "roles.md"
ALGORITHMS = ["ES256", "RS256", "PS256", "EdDSA"]
SKEW_S = 60
REFETCH_S = 30
KNOWN = 1000
"""Tokens remembered as verified, until they expire: a signature costs as much as a statement, and a client sends one token for long."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A verified token, boiled down."""

    actor: str
    """`user:<uuid5(iss|sub)>`: opaque, stable, never a name."""
    roles: frozenset[str]
    countries: frozenset[str]

    def concerns(self, country: str | None) -> bool:
        """May this caller act for that country? `*` is all; what belongs to no country needs `*`."""
        return "*" in self.countries or (country is not None and country in self.countries)

    def require_country(self, country: str | None) -> None:
        """Raises `Forbidden` where the token does not name the country."""
        if not self.concerns(country):
            raise Forbidden(f"Your token does not cover {country or 'what belongs to no single country'}")


@cache
def table(path: Path = TABLE) -> Mapping[str, frozenset[str]]:
    """Operation (`service.function`) -> roles that may; read from the table everybody can read."""
    allowed: dict[str, frozenset[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == len(ROLES) + 1 and "." in cells[0]:
            allowed[cells[0].strip("`")] = frozenset(role for role, mark in zip(ROLES, cells[1:], strict=True) if mark == "x")
    return allowed


def admit(caller: Caller, operation: str) -> None:
    """Raises `Forbidden`, naming the roles that may; an operation that is not in the table is nobody's."""
    may = table().get(operation, frozenset())
    if not caller.roles & may:
        raise Forbidden(f"This needs one of the roles: {', '.join(sorted(may)) or 'none'}", needs=sorted(may))


class Door:
    """Verifies tokens of one issuer; its public keys are fetched when needed and again when an unknown one appears."""

    def __init__(self, issuer: str, jwks_url: str) -> None:
        self.issuer, self.jwks_url = issuer, jwks_url
        self._keys: KeySet | None = None
        self._known: dict[str, tuple[float, Caller]] = {}
        self._fetched = float("-inf")
        self._lock = asyncio.Lock()
        self._claims = JWTClaimsRegistry(
            leeway=SKEW_S,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": "concord"},
            sub={"essential": True},
            exp={"essential": True},
        )

    async def caller(self, authorization: str | None) -> Caller:
        """The caller behind an `Authorization` header; raises `Unauthenticated`, or `Unavailable` without the issuer's keys."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("A bearer token is needed")
        until, caller = self._known.get(token, (0.0, None))
        if caller is None or until < time.time():
            until, caller = self._known[token] = await self._prove(token.strip())
            if len(self._known) > KNOWN:
                del self._known[next(iter(self._known))]
        return caller

    async def _prove(self, token: str) -> tuple[float, Caller]:
        keys = self._keys or await self._fetch()
        try:
            return self._verify(token, keys)
        except Unauthenticated:
            # The issuer may have rolled its keys since; ask at most every half minute.
            if time.monotonic() - self._fetched < REFETCH_S:
                raise
            return self._verify(token, await self._fetch())

    def _verify(self, token: str, keys: KeySet) -> tuple[float, Caller]:
        try:
            decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
            self._claims.validate(decoded.claims)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise Unauthenticated(f"This token proves nothing ({type(error).__name__})") from error
        roles, countries = decoded.claims.get("roles"), decoded.claims.get("countries")
        if not (isinstance(roles, list) and isinstance(countries, list) and all(isinstance(word, str) for word in [*roles, *countries])):
            raise Unauthenticated("The token's roles or countries are missing")
        if not roles:
            raise Unauthenticated("The token names no role")
        actor = f"user:{uuid5(NAMESPACE_URL, self.issuer + '|' + str(decoded.claims['sub']))}"
        return decoded.claims["exp"] + SKEW_S, Caller(actor, frozenset(roles) & frozenset(ROLES), frozenset(countries))

    async def _fetch(self) -> KeySet:
        async with self._lock:
            try:
                self._keys = KeySet.import_key_set(json.loads(await _text(self.jwks_url)))
                self._known.clear()
            except (httpx.HTTPError, OSError, ValueError, JoseError) as error:
                raise Unavailable("The issuer's keys cannot be read") from error
            self._fetched = time.monotonic()
            return self._keys


async def _text(url: str) -> str:
    if url.startswith("file://"):
        return await asyncio.to_thread(Path(url.removeprefix("file://")).read_text, encoding="utf-8")
    async with httpx.AsyncClient(timeout=5) as client:
        return (await client.get(url)).raise_for_status().text
