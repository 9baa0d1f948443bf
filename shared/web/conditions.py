"""Conditional changes: ETag is the aggregate's version, If-Match says which one a change is meant for."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Generic, Protocol, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.errors import Stale, Unconditional


def etag(response: Response, version: int) -> None:
    """Say which version this is."""
    response.headers["ETag"] = f'"{version}"'


class Versioned(Protocol):
    """A thing, or the life of one, at a version."""

    @property
    def id(self) -> UUID:
        """Its identity."""

    @property
    def version(self) -> int:
        """How many steps it has taken."""


class Shown(Protocol):
    """A thing as it is answered."""

    version: int

    def model_dump(self, *, mode: str) -> dict[str, Any]:
        """As it is sent."""


class Condition:
    """The version a change is meant for."""

    def __init__(self, if_match: str | None) -> None:
        self.if_match = if_match

    async def hold(self, version: int, current: Callable[[], Awaitable[Shown]]) -> None:
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


P = TypeVar("P", bound=Shown)


class Whole(Generic[P]):
    """How one kind of thing is answered: whole, as `view` shows it, with its version; `place` is its address without the id."""

    def __init__(self, view: Callable[[AsyncConnection, UUID], Awaitable[P]], place: str) -> None:
        self.view, self.place = view, place

    async def shown(self, tx: AsyncConnection, id_: UUID, response: Response) -> P:
        """As it stands now."""
        page = await self.view(tx, id_)
        etag(response, page.version)
        return page

    async def made(self, tx: AsyncConnection, id_: UUID, response: Response) -> P:
        """The same of one that was just made, and where it is from now on."""
        response.headers["Location"] = f"{self.place}/{id_}"
        return await self.shown(tx, id_, response)

    async def hold(self, tx: AsyncConnection, expected: Condition, thing: Versioned) -> None:
        """Raises what `Condition.hold` does, unless the change is meant for this very version."""
        await expected.hold(thing.version, lambda: self.view(tx, thing.id))
