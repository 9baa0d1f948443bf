"""What lies beyond the services, for tests: a mail server that keeps what it takes, and the issuer that services sign in at. Both real."""

import email.policy
import socket
import threading
import time
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import uvicorn
from aiosmtpd.controller import Controller

from deploy.local.issuer.app import build
from deploy.local.issuer.settings import Settings

SECRET = "the service's secret, for tests only"
REFUSED, BUSY = "refused.example", "busy.example"
"""Domains whose mailboxes are refused for good, or for now."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Mailbox:
    """A mail server that can be stopped and started again at the same port."""

    port: int = field(default_factory=free_port)
    mails: list[EmailMessage] = field(default_factory=list)
    server: Controller | None = None

    def start(self) -> None:
        self.server = Controller(self, hostname="127.0.0.1", port=self.port, enable_SMTPUTF8=True)
        self.server.start()

    def stop(self) -> None:
        if self.server:
            self.server.stop()
        self.server = None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        domain = address.rpartition("@")[2]
        if domain in (REFUSED, BUSY):
            return f"550 <{address}> is nobody here" if domain == REFUSED else f"451 <{address}> is busy"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """Those to one address, in the order in which they came."""
        return [mail for mail in list(self.mails) if any(address == to.addr_spec for to in mail["to"].addresses)]


class Outside:
    """Started when a service is first told of it."""

    def __init__(self, keys: Path) -> None:
        self.keys, self.mailbox = keys, Mailbox()
        self.issuers: dict[str, tuple[uvicorn.Server, int]] = {}

    def told(self, issuer: str) -> dict[str, str]:
        """Settings of a service that sends mails; `issuer` is the `iss` of the tokens it gets."""
        if self.mailbox.server is None:
            self.mailbox.start()
        smtp = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(self.mailbox.port), "SMTP_TLS": "none", "SENDER": "desk@agency.example"}
        return {
            **smtp,
            "TOKEN_URL": f"http://127.0.0.1:{self._issuer(issuer)}/token",
            "CLIENT_SECRET": SECRET,
            "CONTACTS_URL": "http://127.0.0.1:9",
            "PORTAL_URL": "https://portal.example",
        }

    def _issuer(self, issuer: str) -> int:
        if issuer not in self.issuers:
            app = build(
                Settings(demo=True, url=issuer, keys=self.keys, client_secret="x", service_secret=SECRET, redirect="http://127.0.0.1")
            )
            port = free_port()
            server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None))
            self.issuers[issuer] = server, port
            threading.Thread(target=server.run, daemon=True).start()
            end = time.monotonic() + 10
            while not server.started:
                assert time.monotonic() < end, "the issuer does not start"
                time.sleep(0.01)
        return self.issuers[issuer][1]

    def stop(self) -> None:
        self.mailbox.stop()
        for server, _ in self.issuers.values():
            server.should_exit = True
