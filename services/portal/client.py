"""The other services' APIs over HTTP: one call per section of a page, side by side, and each of them may fail alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import uuid4

import httpx
import structlog
from starlette.datastructures import UploadFile

from services.portal.domain import Json

PAGE = 500
ENOUGH = 200
"""Pages read for one export before it gives up: 100,000 rows."""
TOO_MANY = 413
"""Said where there are more: half of them would look like all of them."""
LONG_S = 60
"""For what takes an owner longer than a page may: a file that comes or goes."""
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reply:
    """What an owner said, or that it said nothing (`status` 0)."""

    owner: str
    status: int
    body: Json = field(default_factory=dict)
    etag: str | None = None

    @property
    def ok(self) -> bool:
        """There is something to show."""
        return 200 <= self.status < 300

    @property
    def away(self) -> bool:
        """The owner is down, or cannot do its work just now."""
        return self.status == 0 or self.status >= 500

    @property
    def items(self) -> list[Any]:
        """The rows of a list."""
        return list(self.body.get("items") or []) if self.ok else []

    @property
    def total(self) -> int:
        """How many rows match, shown or not."""
        return int(self.body.get("total") or 0) if self.ok else 0

    @property
    def following(self) -> str | None:
        """The cursor of the next page."""
        return self.body.get("next") if self.ok else None

    @property
    def needs(self) -> list[str]:
        """The roles that would be allowed, where the owner says so."""
        return list(self.body.get("needs") or [])

    @property
    def errors(self) -> dict[str, str]:
        """Reason by field."""
        return {str(error.get("field")): str(error.get("reason")) for error in self.body.get("errors") or []}


class Desk:
    """The owners, asked on behalf of one signed-in person."""

    def __init__(self, http: httpx.AsyncClient, urls: Mapping[str, str], token: str) -> None:
        self._http, self._urls = http, urls
        self._headers = {"Authorization": f"Bearer {token}", "X-Correlation-Id": str(uuid4())}

    async def get(self, owner: str, path: str, **query: str | int | list[str] | None) -> Reply:
        """Ask for one thing; never raises."""
        params = {name: value for name, value in query.items() if value not in (None, "")}
        return await self._send(owner, "GET", path, params=params)

    async def everything(self, owner: str, path: str, **query: str | int | list[str] | None) -> Reply:
        """All matching rows of a list, page by page; the first failure is the answer, for half an export misleads."""
        rows: list[Any] = []
        after: str | None = None
        for _ in range(ENOUGH):
            reply = await self.get(owner, path, **{**query, "limit": PAGE, "after": after})
            if not reply.ok:
                return reply
            rows += reply.items
            after = reply.following
            if after is None:
                return Reply(owner, 200, {"items": rows, "total": len(rows), "next": None})
        return Reply(owner, TOO_MANY)

    async def post(self, owner: str, path: str, body: Json, *, version: str | None = None, key: str | None = None) -> Reply:
        """Send a command: `version` is the state it was decided upon, `key` makes a second sending harmless."""
        headers = {"If-Match": f'"{version}"' if version else None, "Idempotency-Key": key}
        return await self._send(owner, "POST", path, json=body, headers={name: value for name, value in headers.items() if value})

    async def upload(self, owner: str, path: str, fields: Json, name: str, file: UploadFile, *, key: str | None = None) -> Reply:
        """Send a file beside other fields. Sent again it is the same to the byte, so that the key knows it."""
        between = sha256((key or str(uuid4())).encode()).hexdigest()
        headers = {"Content-Type": f"multipart/form-data; boundary={between}", **({"Idempotency-Key": key} if key else {})}
        await file.seek(0)
        sent = {name: (file.filename, file.file, file.content_type or "application/octet-stream")}
        return await self._send(owner, "POST", path, data=fields, files=sent, headers=headers, timeout=LONG_S)

    async def file(self, owner: str, path: str, **query: str | int | None) -> tuple[Reply, bytes]:
        """Fetch a file as it is; nothing where the owner gives none."""
        params = {name: value for name, value in query.items() if value}
        answer = await self._answer(owner, "GET", path, params=params, timeout=LONG_S)
        if answer is None or not answer.is_success:
            return self._read(owner, answer), b""
        return Reply(owner, answer.status_code), answer.content

    async def delete(self, owner: str, path: str, *, key: str | None = None) -> Reply:
        """Have something destroyed."""
        return await self._send(owner, "DELETE", path, headers={"Idempotency-Key": key} if key else None)

    async def _send(self, owner: str, method: str, path: str, **given: Any) -> Reply:
        return self._read(owner, await self._answer(owner, method, path, **given))

    async def _answer(self, owner: str, method: str, path: str, *, headers: Json | None = None, **given: Any) -> httpx.Response | None:
        """What comes back; nothing where nothing does."""
        try:
            return await self._http.request(method, self._urls[owner] + path, headers={**self._headers, **(headers or {})}, **given)
        except httpx.HTTPError as error:
            log.warning("owner away", owner=owner, reason=type(error).__name__)
            return None

    @staticmethod
    def _read(owner: str, answer: httpx.Response | None) -> Reply:
        if answer is None:
            return Reply(owner, 0)
        try:
            body = answer.json() if answer.content else {}
        except ValueError as error:
            log.warning("owner away", owner=owner, reason=type(error).__name__)
            return Reply(owner, 0)
        etag = answer.headers.get("ETag", "").removeprefix("W/").strip('"') or None
        return Reply(owner, answer.status_code, body if isinstance(body, dict) else {"items": body}, etag)
