"""Conditional changes: ETag is the aggregate's version, If-Match says which one a change is meant for."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Header, Response
from pydantic import BaseModel

from shared.errors import Stale, Unconditional


def etag(response: Response, version: int) -> None:
    """Say which version this is."""
    response.headers["ETag"] = f'"{version}"'


class Condition:
    """The version a change is meant for."""

    def __init__(self, if_match: str | None) -> None:
        self.if_match = if_match

    async def hold(self, version: int, current: Callable[[], Awaitable[BaseModel]]) -> None:
        """Raises `Unconditional` without If-Match, `Stale` with the current state where it names another version.

        The state is only read where it is shown: most commands meet what they expect.
        """
        if self.if_match is None:
            raise Unconditional("Send If-Match with the ETag of the state you decided upon")
        # Weak tags are taken for strong ones: a proxy that compresses weakens them on the way.
        named = {tag.strip().removeprefix("W/").strip('"') for tag in self.if_match.split(",")}
        if "*" not in named and str(version) not in named:
            raise Stale(f"It is at version {version} now", current=(await current()).model_dump(mode="json"))


async def _condition(
    if_match: Annotated[
        str | None, Header(alias="If-Match", examples=["*"], description='The ETag of the state decided upon, e.g. "3"; or `*`')
    ] = None,
) -> Condition:
    return Condition(if_match)


Expected = Annotated[Condition, Depends(_condition)]
