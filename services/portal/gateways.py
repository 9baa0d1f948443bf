"""The identity provider: OpenID Connect code flow with PKCE (S256), state and nonce."""

import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import available_timezones

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from services.portal.domain import Session

ALGORITHMS = ["ES256", "RS256", "PS256", "EdDSA"]
SKEW_S = 60
ZONES = available_timezones()
KEEP_S = 300
"""How long the provider's discovery document and keys are kept."""


class SignInRefused(Exception):
    """The provider, or what came back from it, does not sign anybody in."""


class ProviderAway(Exception):
    """The provider does not answer."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What only the browser that began a sign-in can bring back."""

    state: str
    nonce: str
    verifier: str
    back: str


class Provider:
    """One issuer, as seen by one client."""

    def __init__(self, issuer: str, client_id: str, client_secret: str, redirect: str, http: httpx.AsyncClient) -> None:
        self._issuer, self._client, self._secret, self._redirect, self._http = issuer, client_id, client_secret, redirect, http
        self._known: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._read_at = float("-inf")
        self._own, self._own_until = "", float("-inf")

    async def begin(self, back: str, language: str) -> tuple[str, Attempt]:
        """Where to send the browser, and what to expect back."""
        known = await self._discover()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        attempt = Attempt(state, nonce, verifier, back)
        url: str = prepare_grant_uri(
            known["authorization_endpoint"],
            self._client,
            "code",
            redirect_uri=self._redirect,
            scope="openid profile",
            state=attempt.state,
            nonce=attempt.nonce,
            code_challenge=create_s256_code_challenge(attempt.verifier),
            code_challenge_method="S256",
            ui_locales=language,
        )
        return url, attempt

    async def finish(self, attempt: Attempt, state: str, code: str) -> Session:
        """Exchange the code and verify both tokens; raises `SignInRefused` for the smallest doubt."""
        if not secrets.compare_digest(attempt.state.encode(), state.encode()):
            raise SignInRefused("state")
        known = await self._discover()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect,
            "code_verifier": attempt.verifier,
        }
        answer = await self._ask("POST", known["token_endpoint"], data=form, auth=(self._client, self._secret))
        if answer.status_code != 200:
            raise SignInRefused("code")
        tokens = answer.json()
        person = await self._verified(str(tokens.get("id_token")), self._client)
        if person.get("nonce") != attempt.nonce:
            raise SignInRefused("nonce")
        rights = await self._verified(str(tokens.get("access_token")), "concord")
        if person["sub"] != rights["sub"]:
            raise SignInRefused("subject")
        return Session(
            name=str(person.get("name") or rights["sub"]),
            roles=tuple(str(role) for role in rights.get("roles", [])),
            countries=tuple(str(country) for country in rights.get("countries", [])),
            access_token=str(tokens["access_token"]),
            id_token=str(tokens["id_token"]),
            ends_at=datetime.fromtimestamp(int(rights["exp"]), UTC),
            zone=zone if (zone := person.get("zoneinfo")) in ZONES else None,
        )

    async def own_token(self) -> str:
        """A token of the portal itself (OAuth 2.0 client credentials), for pages of nobody; raises `ProviderAway`."""
        if time.monotonic() >= self._own_until:
            place = (await self._discover())["token_endpoint"]
            answer = await self._ask("POST", place, data={"grant_type": "client_credentials"}, auth=(self._client, self._secret))
            if answer.status_code != 200:
                raise ProviderAway("client credentials")
            told = answer.json()
            self._own, self._own_until = str(told["access_token"]), time.monotonic() + float(told.get("expires_in", 60)) - SKEW_S / 2
        return self._own

    async def sign_out_url(self, id_token: str, back: str) -> str | None:
        """Where the provider ends its own session, if it has such a place and answers."""
        try:
            known = await self._discover()
        except ProviderAway:
            return None
        place = known.get("end_session_endpoint")
        if not place:
            return None
        return str(httpx.URL(place).copy_merge_params({"id_token_hint": id_token, "post_logout_redirect_uri": back}))

    async def answers(self) -> bool:
        """Could somebody sign in now? Asked anew, for what is kept would say yes for minutes after it went away."""
        try:
            return (await self._ask("GET", f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")).is_success
        except ProviderAway:
            return False

    async def is_demo(self) -> bool:
        """Does the provider say of itself that it is a demonstration?"""
        try:
            return bool((await self._discover()).get("concord_demo"))
        except ProviderAway:
            return False

    async def _verified(self, token: str, audience: str) -> dict[str, Any]:
        claims = JWTClaimsRegistry(
            leeway=SKEW_S,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": audience},
            sub={"essential": True},
            exp={"essential": True},
        )
        try:
            decoded = jwt.decode(token, await self._key_set(), algorithms=ALGORITHMS)
            claims.validate(decoded.claims)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise SignInRefused(audience) from error
        return dict(decoded.claims)

    async def _discover(self) -> dict[str, Any]:
        if time.monotonic() - self._read_at > KEEP_S:
            answer = await self._ask("GET", f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
            known = answer.json() if answer.status_code == 200 else {}
            # A document that speaks for another issuer is the classic mix-up attack.
            if known.get("issuer") != self._issuer:
                raise ProviderAway("discovery")
            self._known, self._keys, self._read_at = known, None, time.monotonic()
        return self._known

    async def _key_set(self) -> KeySet:
        if self._keys is None:
            answer = await self._ask("GET", (await self._discover())["jwks_uri"])
            self._keys = KeySet.import_key_set(answer.json())
        return self._keys

    async def _ask(self, method: str, url: str, **given: Any) -> httpx.Response:
        try:
            return await self._http.request(method, url, **given)
        except httpx.HTTPError as error:
            raise ProviderAway(type(error).__name__) from error
