"""The whole of notifications, put together."""

import asyncio
from functools import partial

import httpx
from fastapi import FastAPI

from services.notifications import api, due, projections, subscribers
from services.notifications.client import Contacts
from services.notifications.gateways import Mails, Post, Sender
from services.notifications.settings import Settings
from shared import web
from shared.web import letters

TIMEOUT_S = 8


def build(settings: Settings | None = None) -> FastAPI:
    """One app: facts in, mails out."""
    settings, mails, queued = settings or Settings(), Mails(), asyncio.Event()
    reads = subscribers.reader(settings.young, mails, queued)
    app = web.app(
        "notifications",
        settings,
        title="Concord notifications",
        routes=(api.router, letters.router(partial(projections.retry, young=settings.young))),
        reads=reads,
        tasks=(partial(_send, settings=settings, mails=mails, queued=queued), partial(due.look, mails=mails)),
    )
    mails.join(app.state.metrics.registry)
    return app


async def _send(app: FastAPI, *, settings: Settings, mails: Mails, queued: asyncio.Event) -> None:
    # Contacts and issuer are named in the settings: a proxy from the environment has no business between them.
    async with httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False) as http, asyncio.TaskGroup() as workers:
        secret = settings.client_secret.get_secret_value()
        contacts = Contacts(http, settings.contacts_url, settings.token_url, settings.client_id, secret)
        sender = Sender(settings.sender, settings.sender_name, settings.portal_url)
        desk = due.Desk(app.state.engine, contacts, Post(settings), sender, mails, queued)
        for _ in range(due.WORKERS):
            workers.create_task(desk.work())
