"""The mail catcher of a local instance: what is sent to it is on its page, whatever it is."""

import re
import smtplib
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest
from babel.messages.pofile import read_po

from deploy.local.catcher import app as catcher
from deploy.local.catcher.settings import Settings
from tests.outside import free_port

ICS = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:x\r
METHOD:REQUEST\r
BEGIN:VEVENT\r
UID:meeting-1\r
SEQUENCE:3\r
DTSTAMP:20260101T000000Z\r
DTSTART:20260202T090000Z\r
DTEND:20260202T100000Z\r
SUMMARY:Next steps\r
END:VEVENT\r
END:VCALENDAR\r
"""


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[tuple[httpx.AsyncClient, Any]]:
    """Its page, and how a program sends a mail to it."""
    settings = Settings(folder=tmp_path, smtp_port=free_port())
    app = catcher.build(settings)

    async def send(raw: bytes) -> None:
        import asyncio

        def deliver() -> None:
            with smtplib.SMTP("127.0.0.1", settings.smtp_port, timeout=5) as smtp:
                smtp.sendmail("desk@agency.example", ["z@office.example"], raw)

        await asyncio.to_thread(deliver)

    async with app.router.lifespan_context(app):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://catcher") as http:
            yield http, send


async def test_a_mail_is_listed_and_shown_with_its_invitation(page: tuple[httpx.AsyncClient, Any]) -> None:
    http, send = page
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "desk@agency.example", "Zoë <z@office.example>", "Suites <b>"
    mail.set_content("Bonjour <script>")
    mail.add_alternative(ICS.encode(), "text", "calendar", params={"method": "REQUEST"})
    assert "Aucun message" in (await http.get("/", params={"lang": "fr"})).text
    await send(mail.as_bytes())
    (told,) = (await http.get("/mails.json")).json()["items"]
    assert (told["headers"]["Subject"], told["invitation"]["uid"], told["invitation"]["sequence"]) == ("Suites <b>", "meeting-1", 3)
    listed = (await http.get("/", headers={"Accept-Language": "ar"})).text
    assert '<html lang="ar" dir="rtl">' in listed
    assert "Suites &lt;b&gt;" in listed
    shown = (await http.get(f"/mails/{told['id']}")).text
    assert "Bonjour &lt;script&gt;" in shown
    assert "2026-02-02T09:00:00+00:00" in shown
    assert "METHOD:REQUEST" in (await http.get(f"/mails/{told['id']}/invitation.ics")).text
    assert "Bonjour" in (await http.get(f"/mails/{told['id']}/mail.eml")).text
    assert (await http.get("/mails/1")).status_code == 404


@pytest.mark.parametrize(
    "raw",
    [b"", b"no header at all", b"Subject: =?utf-8?q?=ff?=\r\nContent-Type: text/plain; charset=nothing\r\n\r\n\xff\xfe",
     b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nEND:VEVENT\r\n", b"To: @@@,,<\r\nContent-Type: multipart/mixed\r\n\r\n--x"],
)  # fmt: skip
async def test_whatever_comes_breaks_no_page(page: tuple[httpx.AsyncClient, Any], raw: bytes) -> None:
    http, send = page
    await send(raw)
    (told,) = (await http.get("/mails.json")).json()["items"]
    for path in ("/", f"/mails/{told['id']}", f"/mails/{told['id']}/mail.eml"):
        assert (await http.get(path)).status_code == 200


def test_it_is_for_this_machine_alone(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="loopback"):
        Settings(folder=tmp_path, host="0.0.0.0")


def test_every_word_is_in_french_and_arabic() -> None:
    used = {word for file in (catcher.HERE / "templates").iterdir() for word in re.findall(r'_\("([^"]+)"\)', file.read_text())}
    for language in ("fr", "ar"):
        with (catcher.HERE / "locale" / f"{language}.po").open("rb") as file:
            assert {str(message.id) for message in read_po(file) if message.id and message.string} == used
