"""The mails that were caught: a file for each, the newest first; the oldest go when there are too many."""

import email.policy
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from functools import lru_cache
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from icalendar import Calendar

MOST = 500


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a mail asks of a calendar."""

    method: str
    uid: str
    sequence: int
    status: str
    summary: str
    start: str
    end: str
    location: str
    zones: Sequence[str]
    ics: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it was caught."""

    id: str
    caught: datetime
    raw: bytes
    message: EmailMessage
    invitation: Invitation | None
    """The first there is."""

    def header(self, name: str) -> str:
        """One of its headers; as it stands there where it cannot be read."""
        try:
            return str(self.message.get(name) or "")
        except Exception:  # noqa: BLE001 - the parser fails in many ways
            return next((str(value) for found, value in self.message.raw_items() if found.lower() == name.lower()), "")

    @property
    def text(self) -> str:
        """Its plain text."""
        body = self.message.get_body(("plain",))
        if body is None:
            return ""
        try:
            return str(body.get_content())
        except (LookupError, ValueError):
            found: Any = body.get_payload(decode=True)
            return bytes(found or b"").decode(errors="replace")


class Box:
    """A folder of mails."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep what came over SMTP."""
        content = envelope.content or b""
        file = self.folder / f"{time.time_ns():020}.eml"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        for old in self._files()[MOST:]:
            old.unlink(missing_ok=True)
        return "250 caught"

    def mails(self) -> list[Mail]:
        """The newest first."""
        return [_read(file) for file in self._files()]

    def mail(self, id_: str) -> Mail | None:
        """One of them."""
        return next((_read(file) for file in self._files() if file.stem == id_), None)

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("*.eml"), reverse=True)


@lru_cache(MOST)
def _read(file: Path) -> Mail:
    """A file never changes; the page asks for all of them again and again."""
    raw = file.read_bytes()
    # The policy makes it an EmailMessage.
    message: Any = message_from_bytes(raw, policy=email.policy.default)
    asked = next((part for part in message.walk() if part.get_content_type() == "text/calendar"), None)
    invitation = _invitation(asked.get_payload(decode=True)) if asked else None
    return Mail(file.stem, datetime.fromtimestamp(int(file.stem) / 1e9, UTC), raw, message, invitation)


def _invitation(ics: Any) -> Invitation | None:
    try:
        calendar = Calendar.from_ical(ics)
        event: Any = calendar.walk("VEVENT")[0]
        return Invitation(
            method=str(calendar.get("METHOD", "")),
            uid=str(event.get("UID", "")),
            sequence=int(event.get("SEQUENCE", 0)),
            status=str(event.get("STATUS", "")),
            summary=str(event.get("SUMMARY", "")),
            start=event.start.isoformat(),
            end=event.end.isoformat(),
            location=str(event.get("LOCATION", "")),
            zones=[str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")],
            ics=ics,
        )
    except (ValueError, LookupError):
        return None
