"""Lists: filters in the URL, rows page by page, and all that match as a file. A `Listing` tells what is asked; a template how it looks."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from fastapi import APIRouter, Response

from services.portal.client import Reply
from services.portal.domain import Json, chips
from services.portal.pages.fields import told_apart
from services.portal.pages.terms import N_, TERMS
from services.portal.pages.visit import Signed, Visit, picked, require
from services.portal.pages.wording import Wording

READ_AT = N_("Read at")
OFFERED = 200
"""So many values of a filter at most are offered to choose from."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A field of a filter form, named as in the URL and in its owner's API."""

    name: str
    kind: Literal["search", "choice", "country", "since", "until", "period", "asof"]
    family: str = ""
    """For a choice: the family of terms whose codes can be chosen."""
    label: str = ""
    """The words beside it; those of the family `filter` where they are left out."""
    among: tuple[tuple[str, str], ...] = ()
    """For a choice without a family: the values that its owner told, each with its words."""

    def called(self, wording: Wording) -> str:
        """The words beside it."""
        return wording.say(self.label) if self.label else wording.term("filter", self.name)

    def words(self, wording: Wording, value: str) -> str:
        """A value as people read it."""
        match self.kind:
            case "choice":
                return wording.term(self.family, value) if self.family else dict(self.among).get(value, value)
            case "country":
                return wording.country(value)
            case "since" | "until" | "asof":
                return wording.day(value) or value
            case _:
                return value

    def options(self, wording: Wording) -> list[tuple[str, str]]:
        """(code, words): a list that people know by heart in its own order, a long one in the order of the language."""
        if self.kind == "country":
            return wording.countries()
        if not self.family:
            return sorted(self.among, key=lambda option: wording.order(option[1]))
        return wording.choices(self.family, TERMS[self.family])

    def sent(self, wording: Wording, value: str) -> str:
        """As the owner takes it: a day begins and ends by the reader's clock."""
        if self.kind not in {"since", "until"}:
            return value
        moment = wording.midnight(value, following=self.kind == "until")
        return moment.isoformat() if moment else value


def asked(visit: Visit, filters: Iterable[Filter]) -> dict[str, str | None]:
    """What the URL asks, filter by filter."""
    return picked(visit.filters, *(each.name for each in filters))


def said(visit: Visit, filters: Iterable[Filter]) -> Callable[[str, str], str]:
    """How the value of a named filter reads."""
    known = {each.name: each for each in filters}
    return lambda name, value: known[name].words(visit.wording, value) if name in known else value


def errors_of(visit: Visit, refused: Reply | None) -> dict[str, str]:
    """What to say beside which filter, where the owner cannot take its value."""
    return {name: visit.wording.reason(name, reason) for name, reason in refused.errors.items()} if refused and not refused.ok else {}


def part_of(reply: Reply, rows: Sequence[Any], after: str | None, shown: int) -> Reply:
    """A page of rows that we sorted ourselves: the cursor is how many came before."""
    begin = int(after) if after and after.isdecimal() and after.isascii() else 0
    end = begin + shown
    return replace(reply, body={**reply.body, "items": rows[begin:end], "next": str(end) if end < len(rows) else None})


async def among(
    visit: Visit, name: str, owner: str, path: str, words: Callable[[Json], str], **narrowed: str
) -> dict[str, Iterator[tuple[str, str]]]:
    """The values of a filter that its owner lists, as far as a list to choose from goes; the one that is asked for now is in it."""
    chosen = visit.filters.get(name)
    asked = [visit.desk.get(owner, path, **narrowed, limit=OFFERED)]
    asked += [visit.desk.get(owner, path, ids=chosen)] if chosen else []
    rows = [row for reply in await asyncio.gather(*asked) for row in reply.items]
    return {name: told_apart({row["id"]: words(row) for row in rows})}


@dataclass(frozen=True, slots=True)
class Listing:
    """An owner's list as a page `/{lang}/{name}` (template `{name}.html`, which extends `list.html`) and as a file beside it."""

    name: str
    owner: str
    path: str
    filters: tuple[Filter, ...]
    head: tuple[str, ...]
    """The file's column titles, marked for translation."""
    lines: Callable[[Wording, Json], Iterable[Sequence[object]]]
    """A row's lines in the file, one cell for each title."""
    places: Callable[[Json], Iterable[object]] = lambda row: [row.get("country")]
    """What a row names that may need a footnote."""
    shown: int = 50
    beside: Mapping[str, str] = field(default_factory=dict)
    """What is sent with every question."""
    told: Callable[[Visit], Awaitable[Mapping[str, Iterable[tuple[str, str]]]]] | None = None
    """Filter -> the values that its owner tells, each with its words, of those without a family."""
    title_of: Callable[[Wording, Json], str] | None = None
    """Sorts by these words in the page's language, which the owner cannot know; without it the owner's order stands."""
    needs: str | None = None
    """The filter without which nothing is looked for."""

    def router(self, new: Callable[[Visit], Sequence[tuple[str, str]]] = lambda visit: ()) -> APIRouter:
        """The addresses of the list and of its file; `new` tells the forms that make another row."""
        router = APIRouter()

        @router.get(f"/{{lang}}/{self.name}")
        async def page(visit: Signed) -> Response:
            return await self.page(visit, new(visit))

        @router.get(f"/{{lang}}/{self.name}.csv")
        async def file(visit: Signed) -> Response:
            return await self.file(visit)

        return router

    async def page(self, visit: Visit, new: Sequence[tuple[str, str]] = (), **beside: Any) -> Response:
        """One page of what the URL asks; `new` are (address, words) of the forms that make another row, `beside` what its template adds."""
        now, after = asked(visit, self.filters), visit.request.query_params.get("after")
        found, stream, fields = await asyncio.gather(self._part(visit, after), visit.stream(), self._fields(visit))
        errors = errors_of(visit, found) if found.status == 422 else {}
        return visit.page(
            f"{self.name}.html",
            422 if errors else 200,
            listing=self,
            fields=fields,
            found=found,
            filters=now,
            chips=chips(now),
            words=said(visit, fields),
            errors=errors,
            after=after,
            stream=stream,
            notes=visit.wording.notes(place for row in found.items for place in self.places(row)),
            new=new,
            **beside,
        )

    async def file(self, visit: Visit) -> Response:
        """Every row that matches; half a file would mislead, so that without its owner there is none."""
        found = await self._everything(visit)
        require(found)
        head = [visit.wording.say(title) for title in (*self.head, READ_AT)]
        lines = [[*line, visit.now] for row in found.items for line in self.lines(visit.wording, row)]
        return await visit.file(self.name, [head, *lines])

    async def _fields(self, visit: Visit) -> tuple[Filter, ...]:
        known = await self.told(visit) if self.told else {}
        return tuple(replace(each, among=tuple(known[each.name])) if each.name in known else each for each in self.filters)

    def _query(self, visit: Visit) -> dict[str, str | None]:
        given = visit.filters
        return {**self.beside, **{each.name: each.sent(visit.wording, given[each.name]) for each in self.filters if each.name in given}}

    def _unasked(self, visit: Visit) -> bool:
        return self.needs is not None and not visit.filters.get(self.needs, "").strip()

    async def _everything(self, visit: Visit) -> Reply:
        if self._unasked(visit):
            return self._nothing()
        found = await visit.desk.everything(self.owner, self.path, **self._query(visit))
        title_of = self.title_of
        if not found.ok or title_of is None:
            return found
        rows = sorted(found.items, key=lambda row: visit.wording.order(title_of(visit.wording, row)))
        return replace(found, body={**found.body, "items": rows})

    def _nothing(self) -> Reply:
        return Reply(self.owner, 200, {"items": [], "total": 0, "next": None})

    async def _part(self, visit: Visit, after: str | None) -> Reply:
        if self._unasked(visit):
            return self._nothing()
        if self.title_of is None:
            return await visit.desk.get(self.owner, self.path, **self._query(visit), limit=self.shown, after=after)
        found = await self._everything(visit)
        return part_of(found, found.items, after, self.shown) if found.ok else found
