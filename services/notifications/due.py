"""Mails that are due: claimed, sent outside of any transaction, and settled; a server that is away is waited for."""

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime

import structlog
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notifications import store
from services.notifications.client import Contacts, NoKey
from services.notifications.domain import LONGEST_TRY_S, Delivery, Notice, Recipient, next_try
from services.notifications.gateways import Mails, Post, Refused, Sender, compose, language, opened
from shared import watch
from shared.errors import Unavailable

WORKERS = 4
LOOK_S = 1.0
"""A look that often is the net beneath the waking."""
LONGEST_PAUSE_S = 30.0
log = structlog.get_logger(__name__)


class Suppressed(Exception):
    """Nobody gets this mail, and that is right; says why."""


class Unread(Exception):
    """Contacts has the person's details, and their record is on its way to us."""


class Desk:
    """Everything it takes to send the queue's mails."""

    def __init__(self, engine: AsyncEngine, contacts: Contacts, post: Post, sender: Sender, mails: Mails, queued: asyncio.Event) -> None:
        self.engine, self.contacts, self.post, self.sender, self.mails = engine, contacts, post, sender, mails
        self.queued = queued
        self.pause_s, self.until = 0.0, float("-inf")
        """How long everybody waits while what is needed is away, and until when they do."""

    async def work(self) -> None:
        """Send what is due, for ever."""
        while True:
            self.queued.clear()
            await asyncio.sleep(self.until - time.monotonic())
            if not await self.next():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.queued.wait(), LOOK_S)

    async def next(self) -> bool:
        """Send one mail, if one is due; False where none is."""
        async with self.engine.begin() as tx:
            mail = await store.claim(tx, datetime.now(UTC))
        if mail is None:
            return False
        try:
            async with asyncio.timeout(LONGEST_TRY_S):
                await self._send(mail)
        except Suppressed as why:
            await self._settle(mail, state="suppressed", reason=str(why), ended_at=datetime.now(UTC))
            self.mails.suppressed.labels(str(why)).inc()
        except Refused as why:
            await self._refused(mail, f"smtp {why.code}", for_good=why.for_good)
        except Unread:
            await self._refused(mail, "details not read yet", for_good=False)
        except ValueError as why:
            await self._refused(mail, "unwritable", for_good=True)
            log.warning("mail cannot be written", delivery=str(mail.id), reason=type(why).__name__)
        except (Unavailable, TimeoutError) as why:
            await self._away(mail, str(why) or "timeout")
        else:
            await self._sent(mail)
        return True

    async def _send(self, mail: Delivery) -> None:
        """Raises `Suppressed`, `Refused`, `Unavailable`, or `ValueError` where it cannot be written."""
        async with self.engine.connect() as tx:
            sealed, erased = await store.sealed(tx, mail.person)
        if erased:
            raise Suppressed("erased")
        # Asked for each mail anew, and last: an erasure holds from the moment it is answered.
        key = await self.contacts.key(mail.person)
        if isinstance(key, NoKey):
            raise Suppressed(key.reason)
        if sealed is None:
            raise Unread
        found = opened(key, mail.person, sealed)
        if not found.email:
            raise Suppressed("no_address")
        to = Recipient(found.name, found.email, language([found.language, *mail.languages]), found.zone or mail.zone)
        await self.post.send(compose(mail, to, self.sender, await self._secret(mail)))

    async def _secret(self, mail: Delivery) -> str | None:
        """Of the link by which an entry is confirmed, made for this one mail. Raises `Suppressed` once nothing is asked."""
        if mail.kind != "verify" or not isinstance(mail.about, Notice):
            return None
        found = await self.contacts.link(mail.about.contact_point)
        if isinstance(found, NoKey):
            raise Suppressed(found.reason)
        return found

    async def _sent(self, mail: Delivery) -> None:
        self.pause_s = 0.0
        await self._settle(mail, state="sent", reason=None, attempts=mail.attempts + 1, ended_at=datetime.now(UTC))
        self.mails.sent.inc()
        log.info("mail sent", delivery=str(mail.id), kind=mail.kind, attempts=mail.attempts + 1)

    async def _refused(self, mail: Delivery, reason: str, *, for_good: bool) -> None:
        """It is tried again later, and given up in the end."""
        self.pause_s, now, tries = 0.0, datetime.now(UTC), mail.attempts + 1
        later = None if for_good else next_try(tries)
        became = {"state": "dead", "ended_at": now} if later is None else {"next_at": now + later}
        await self._settle(mail, reason=reason, attempts=tries, **became)
        self.mails.failed.labels("mail").inc()
        log.warning("mail refused", delivery=str(mail.id), reason=reason, attempts=tries, dead=later is None)

    async def _away(self, mail: Delivery, reason: str) -> None:
        """No mail is to blame: none loses a try, all wait, each time twice as long."""
        if time.monotonic() >= self.until:
            self.pause_s = min(self.pause_s * 2 or LOOK_S, LONGEST_PAUSE_S)
            self.until = time.monotonic() + self.pause_s
        await self._settle(mail, reason=reason[:200])
        self.mails.failed.labels("server").inc()
        log.warning("mails wait", reason=reason, seconds=self.pause_s)

    async def _settle(self, mail: Delivery, **became: object) -> None:
        async with self.engine.begin() as tx:
            await store.settle(tx, mail.id, **became)


async def look(app: FastAPI, mails: Mails) -> None:
    """Show how many mails wait, for ever."""

    async def once() -> None:
        async with app.state.engine.connect() as tx:
            count, seconds = await store.backlog(tx)
        mails.waiting.set(count)
        mails.oldest.set(seconds)

    await watch.again(once, "mails cannot be counted")
