"""Send the entries, several at a time, with progress; stop at the first that is refused for another reason than being there.

What is there already is left as it is, also when the services have forgotten the keys it was loaded with, or somebody changed it since.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any

import httpx
from rich.console import Console
from rich.progress import BarColumn as Bar
from rich.progress import MofNCompleteColumn, Progress, TextColumn

from deploy.local.load import persons
from deploy.local.load.entries import Entry, coverage, partners, written
from deploy.local.load.networks import networks
from deploy.local.load.tools import tools
from deploy.local.load.years import centres, meetings

AT_ONCE = 8
TRIES = 30


def reference() -> list[Entry]:
    """What the sources say of partners, contact points, networks and tools, in the order they build upon each other."""
    return [*coverage(), *partners(), *written("contacts"), *networks(), *tools()]


def everything() -> list[Entry]:
    """All starting data: the reference data, then the published years, meeting by meeting and centre by centre."""
    return [*reference(), *meetings(), *centres()]


class Failed(RuntimeError):
    """An entry was refused: which one and why."""


async def load(urls: Mapping[str, str], token: Callable[[], str], console: Console, entries: Sequence[Entry] | None = None) -> int:
    """Load the starting data through `urls` (service -> base address) as an importer; returns how many commands were answered."""
    todo = everything() if entries is None else list(entries)
    done = 0
    columns = (TextColumn("loading starting data"), Bar(), MofNCompleteColumn())
    async with httpx.AsyncClient(timeout=30) as client:
        sender = _Sender(client, urls, token)
        with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
            task = progress.add_task("load", total=sum(map(_count, todo)))
            gate = asyncio.Semaphore(AT_ONCE)

            async def one(entry: Entry) -> None:
                nonlocal done
                async with gate:
                    async for dealt_with in sender.send(entry, {}):
                        done += 1
                        progress.advance(task, dealt_with)

            for stage in sorted({entry.stage for entry in todo}):
                await asyncio.gather(*(one(entry) for entry in todo if entry.stage == stage))
        if entries is None:
            done += await persons.seal(client, urls["contacts"], token)
    if not console.is_terminal:
        console.print(f"starting data: {done} commands answered")
    return done


def _count(entry: Entry) -> int:
    return 1 + sum(map(_count, entry.then))


class _Sender:
    def __init__(self, client: httpx.AsyncClient, urls: Mapping[str, str], token: Callable[[], str]) -> None:
        self.client, self.urls, self.token = client, urls, token

    async def send(self, entry: Entry, known: Mapping[str, str]) -> AsyncIterator[int]:
        """An entry, then its followers with the ids it was given; yields for each answer how many entries are dealt with by it."""
        if not (known or entry.stage or "reference" in entry.body) and await self._is_there(entry):
            yield _count(entry)
            return
        body = {name: value.format_map(known) if isinstance(value, str) and "{" in value else value for name, value in entry.body.items()}
        answer = await self._post(entry, entry.path.format_map(known), body, known)
        told = answer.json()
        # Steps of something that was there before are part of its own history by now: only what has a name of its own is tried.
        then = [follower for follower in entry.then if answer.is_success or "reference" in follower.body]
        yield 1 + sum(map(_count, entry.then)) - sum(map(_count, then))
        texts = {name: value for name, value in {**body, **told}.items() if isinstance(value, str)}
        mine = {**known, **texts, "etag": answer.headers.get("etag", "*")}
        for follower in then:
            async for dealt_with in self.send(follower, mine):
                yield dealt_with

    async def _is_there(self, entry: Entry) -> bool:
        """Is there one that says the same? Asked for what has no name by which its service could tell."""
        headers = {"Authorization": f"Bearer {self.token()}"}
        try:
            answer = await self.client.get(self.urls[entry.service] + entry.path, params={"limit": 500}, headers=headers)
        except httpx.TransportError:
            return False
        items = answer.json()["items"] if answer.is_success else []
        return any(entry.body.items() <= item.items() for item in items)

    async def _post(self, entry: Entry, path: str, body: Mapping[str, Any], known: Mapping[str, str]) -> httpx.Response:
        headers = {"Idempotency-Key": entry.key, "Concord-Mode": "import", "Authorization": f"Bearer {self.token()}"}
        if entry.stage or ("etag" in known and path != entry.path):
            headers["If-Match"] = known.get("etag", "*")
        for attempt in range(TRIES):
            try:
                answer = await self.client.post(self.urls[entry.service] + path, json=body, headers=headers)
            except httpx.TransportError:
                await asyncio.sleep(min(0.2 * 2**attempt, 2))
                continue
            if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
                await asyncio.sleep(1)
            elif answer.is_success or (answer.status_code == httpx.codes.CONFLICT and "id" in answer.json()):
                return answer
            else:
                msg = f"{entry.key}: {answer.status_code} {answer.text[:500]}"
                raise Failed(msg)
        msg = f"{entry.key}: {entry.service} does not answer"
        raise Failed(msg)
