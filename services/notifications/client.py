"""Contacts, asked for the key to a person's details: once for each mail, so that each access is logged and an erasure holds at once."""

import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from shared.errors import Unavailable

SLACK_S = 30


@dataclass(frozen=True, slots=True)
class NoKey:
    """There is nothing to open, and why."""

    reason: str


class Contacts:
    """Signed in at the issuer as this service itself."""

    def __init__(self, http: httpx.AsyncClient, url: str, token_url: str, client: str, secret: str) -> None:
        self._http, self._url, self._token_url, self._as = http, url.rstrip("/"), token_url, (client, secret)
        self._token, self._until = "", 0.0

    async def key(self, person: UUID) -> dict[str, Any] | NoKey:
        """The person's key as a JWK; raises `Unavailable` where contacts or the issuer is away."""
        headers = {"Authorization": f"Bearer {await self._signed_in()}"}
        asked = {"purpose": "notification", "surface": "api"}
        answer = await self._ask("GET", f"{self._url}/persons/{person}/key", params=asked, headers=headers)
        if answer.status_code == httpx.codes.OK:
            return dict(answer.json())
        if answer.status_code == httpx.codes.NOT_FOUND:
            return NoKey("erased" if "erased_at" in answer.json() else "no_details")
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self._until = 0.0
        raise Unavailable(f"contacts {answer.status_code}")

    async def link(self, contact_point: UUID) -> str | NoKey:
        """The secret of a new link by which it confirms its entry; raises `Unavailable` where contacts or the issuer is away."""
        headers = {"Authorization": f"Bearer {await self._signed_in()}"}
        answer = await self._ask("POST", f"{self._url}/contact-points/{contact_point}/verification-link", headers=headers)
        if answer.status_code == httpx.codes.OK:
            return str(answer.json()["token"])
        if answer.status_code in {httpx.codes.NOT_FOUND, httpx.codes.CONFLICT}:
            return NoKey("no_longer_asked")
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self._until = 0.0
        raise Unavailable(f"contacts {answer.status_code}")

    async def _signed_in(self) -> str:
        if time.monotonic() >= self._until:
            answer = await self._ask("POST", self._token_url, data={"grant_type": "client_credentials"}, auth=self._as)
            if answer.status_code != httpx.codes.OK:
                raise Unavailable(f"issuer {answer.status_code}")
            told = answer.json()
            self._token, self._until = str(told["access_token"]), time.monotonic() + float(told.get("expires_in", 60)) - SLACK_S
        return self._token

    async def _ask(self, method: str, url: str, **given: Any) -> httpx.Response:
        try:
            return await self._http.request(method, url, **given)
        except httpx.HTTPError as error:
            raise Unavailable(type(error).__name__) from error
