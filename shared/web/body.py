"""What a body must be before anything reads it: JSON, in UTF-8, that a database can keep."""

import re

import msgspec
from starlette.requests import Request
from starlette.types import Message

from shared.errors import Invalid, Problem, Untaken

_JSON = re.compile(r"application/([\w.-]+\+)?json", re.ASCII)


async def fault_of(request: Request) -> Problem | None:
    """What is wrong with the body as such; told only once it is known that the thing it is meant for exists (404 before 422)."""
    body = await request.body()
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if body and not _JSON.fullmatch(media):
        return Untaken("Send the body as application/json")
    try:
        # Stricter than what reads it later: no NaN, no lone surrogate, no byte order mark.
        if body:
            msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Invalid("body", "nested too deeply" if isinstance(error, RecursionError) else f"is no JSON: {error}")
    return None


def emptied(request: Request) -> Request:
    """The same request without its body."""

    async def nothing() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    return Request(request.scope, nothing)
