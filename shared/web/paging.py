"""Lists come in pages by keyset: what was shown is never shown again or passed over because something was added meanwhile."""

import base64
import json
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel

from shared.errors import Invalid
from shared.web.values import Count

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """One page; `next` is the cursor of the following one, `total` counts all that match."""

    items: list[T]
    next: str | None
    total: int


class Asked:
    """How many, and after which row."""

    def __init__(self, limit: int, after: tuple[Any, ...] | None) -> None:
        self.limit, self.after = limit, after


def cursor_of(*key: Any) -> str:
    """An opaque cursor of a row's sort key."""
    return base64.urlsafe_b64encode(json.dumps(key, default=str).encode()).decode().rstrip("=")


async def _asked(
    limit: Annotated[int, Count, Query(ge=1, le=500, description="Rows in a page")] = 50,
    after: Annotated[str | None, Query(max_length=1000, pattern="^[A-Za-z0-9_-]+$", description="`next` of the page before")] = None,
) -> Asked:
    if after is None:
        return Asked(limit, None)
    try:
        key = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except ValueError as error:
        raise Invalid("after", "not a cursor of this list") from error
    if not isinstance(key, list) or not key or not all(map(_sortable, key)):
        raise Invalid("after", "not a cursor of this list")
    return Asked(limit, tuple(key))


def _sortable(part: Any) -> bool:
    """What a cursor of ours may hold: text that a database can take, or a number that fits."""
    return (isinstance(part, str) and part.isprintable()) or (type(part) is int and abs(part) < 2**63)


def text_of(after: tuple[Any, ...] | None) -> str | None:
    """The one text of a cursor, for lists sorted by one; raises `Invalid` for another list's cursor."""
    return texts_of(after, 1)[0]


def texts_of(after: tuple[Any, ...] | None, count: int) -> tuple[str | None, ...]:
    """The texts of a cursor, for lists sorted by as many; raises `Invalid` for another list's cursor."""
    if after is None:
        return (None,) * count
    if len(after) != count or not all(isinstance(part, str) for part in after):
        raise Invalid("after", "not a cursor of this list")
    return after


Paging = Annotated[Asked, Depends(_asked)]
