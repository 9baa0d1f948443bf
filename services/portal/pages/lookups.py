"""What is chosen out of very many: found by a few words, a page of it at a time, with nothing but the form itself."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.portal.client import Reply
from services.portal.domain import Json
from services.portal.pages.visit import Visit, is_id

SHOWN = 10
"""So many can be looked through at once; whoever does not find it there writes more of its name."""
LOOK = "look"
"""The name of the button that looks instead of sending."""
Given = Mapping[str, Any]
"""Field -> what stands in it: a text, a list of texts where several can be chosen, or a file."""
Query = Mapping[str, str | list[str] | None]


def words_of(name: str) -> str:
    """Under which name a form carries the words by which a field's options are looked for."""
    return f"find.{name}"


@dataclass(frozen=True, slots=True)
class Found:
    """What a field offers: the chosen one first, then the first of all that match."""

    options: tuple[tuple[str, str], ...] = ()
    shown: int = 0
    """How many of the options match."""
    total: int = 0
    """How many match, shown or not."""
    words: str = ""
    reply: Reply | None = None
    """What the owner said; None while it is too early to ask."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """Rows of an owner's list that takes `q` and `limit`, as options."""

    owner: str
    path: str
    option: Callable[[Visit, Json], tuple[str, str]]
    """A row's code and words."""
    asked: Callable[[Visit, Json, Given], Query | None]
    """By what else the list is narrowed, from the thing and from what stands in the form; None: too early to ask."""
    early: str = ""
    """What to do first, where it is too early; marked for translation."""
    keep: Callable[[Json, Json], bool] = lambda subject, row: True
    """Can this row be chosen for this thing? For the few that the list cannot leave out."""

    async def found(self, visit: Visit, subject: Json, given: Given, words: str, chosen: str) -> Found:
        """The first that match these words, and before them the one that is chosen."""
        narrowed = self.asked(visit, subject, given)
        listed = None
        if narrowed is not None:
            listed = await visit.desk.get(self.owner, self.path, **narrowed, q=words[:200] or None, limit=SHOWN + 1)
        rows = [row for row in listed.items if self.keep(subject, row)] if listed else []
        total = listed.total - (len(listed.items) - len(rows)) if listed else 0
        options = dict(self.option(visit, row) for row in rows[:SHOWN])
        shown, picked = len(options), await self._picked(visit, chosen, options)
        return Found((*picked.items(), *options.items()), shown, total, words, listed)

    async def _picked(self, visit: Visit, chosen: str, options: dict[str, str]) -> dict[str, str]:
        """The chosen one, by its words where its owner still tells of it."""
        if not chosen or chosen in options:
            return {chosen: options.pop(chosen)} if chosen else {}
        said = await visit.desk.get(self.owner, f"{self.path}/{chosen}") if is_id(chosen) else None
        return dict([self.option(visit, said.body)]) if said and said.ok else {}


@dataclass(frozen=True, slots=True)
class Either:
    """What stands in one of several lists: the first that match of each."""

    lists: tuple[Lookup, ...]

    @property
    def early(self) -> str:
        """What to do first, where it is too early."""
        return self.lists[0].early

    async def found(self, visit: Visit, subject: Json, given: Given, words: str, chosen: str) -> Found:
        """The chosen one first, whichever list it is of; then of each list what matches these words."""
        parts = await asyncio.gather(*(each.found(visit, subject, given, words, chosen) for each in self.lists))
        options = sorted((option for part in parts for option in part.options), key=lambda option: option[0] != chosen)
        said = [part.reply for part in parts if part.reply]
        reply = next((each for each in said if not each.ok), said[0] if said else None)
        return Found(tuple(options), sum(part.shown for part in parts), sum(part.total for part in parts), words, reply)
