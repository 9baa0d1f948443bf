"""A mail as it leaves: in three languages, on two clocks, with an invitation that two libraries read alike; and what cannot be one."""

import email.policy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from typing import Any
from uuid import UUID, uuid4

import pytest
import vobject
from babel.messages.pofile import read_po
from icalendar import Calendar

from services.notifications.domain import Delivery, Enquiry, Meeting, Notice, Recipient
from services.notifications.gateways import Sender, compose, language
from services.notifications.gateways.letter import HERE
from shared.codes import LISTS

START = datetime(2027, 3, 28, 8, 30, tzinfo=UTC)
"""The morning on which most of Europe has put its clocks forward, and North Africa has not."""
MEETING = Meeting(
    UUID(int=7), 3, "scheduled", {"en": "Next steps", "fr": "Suites", "ar": "الخطوات التالية"}, "coordination_case", "hybrid", (), 2,
    START, START + timedelta(hours=2), "Europe/Amsterdam", "Room 1; wing B, 2nd floor",
)  # fmt: skip
SENDER = Sender("desk@agency.example", "Concord", "https://concord.example/")


def delivery(kind: Any = "invited", meeting: Meeting = MEETING) -> Delivery:
    return Delivery(UUID(int=9), kind, meeting, uuid4(), datetime(2027, 1, 1, tzinfo=UTC), 0, (), "UTC")


@pytest.mark.parametrize(
    ("kind", "spoken", "subject", "direction"),
    [
        ("verify", "en", "Is your entry still right?", "ltr"),
        ("verify", "fr", "Votre fiche est-elle toujours exacte ?", "ltr"),
        ("successor", "ar", "يلزم تعيين خلف", "rtl"),
    ],
)
def test_a_notice_asks_in_the_recipients_language_and_carries_no_calendar(kind: Any, spoken: str, subject: str, direction: str) -> None:
    about = Notice(UUID(int=5), date(2027, 3, 28))
    mail = sent(
        compose(
            replace(delivery(kind), about=about),
            Recipient("Zoë Müller", "z@office.example", spoken, "UTC"),
            SENDER,
            "s" * 43,
        )
    )
    page = f"https://concord.example/{spoken}/verify/{'s' * 43}"
    html = str(mail.get_body(("html",)).get_content())  # type: ignore[union-attr]
    assert (mail["subject"], mail["content-language"]) == (subject, spoken)
    assert page in text(mail)
    assert f'href="{page}"' in html
    assert f'dir="{direction}"' in html
    assert "Müller" not in text(mail) + html
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    with pytest.raises(ValueError, match="address of the portal"):
        compose(
            replace(delivery(kind), about=about),
            Recipient("Z", "z@office.example", spoken, "UTC"),
            replace(SENDER, portal=None),
        )


@pytest.mark.parametrize(
    ("kind", "urgency", "spoken", "zone", "subject", "words"),
    [
        ("asked", "normal", "en", "Europe/Tirane", "An enquiry for you", "28 March 2027, 10:30"),
        ("asked", "emergency", "en", "UTC", "Emergency: an enquiry for you", "28 March 2027, 08:30"),
        ("asked", "urgent", "fr", "Africa/Tunis", "Urgent : une demande pour vous", "28 mars 2027, 09:30"),
        ("answered", "normal", "fr", "UTC", "Votre demande a reçu une réponse", "clore"),
        ("refused", "normal", "ar", "UTC", "رُفض استفساركم", "السبب"),
        ("step_proposed", "normal", "en", "UTC", "Nobody has acknowledged your enquiry in time", "Nothing happens unless you do"),
        ("acknowledged", "normal", "en", "UTC", "Your enquiry is in hand", "in hand"),
        ("withdrawn", "normal", "en", "UTC", "An enquiry was withdrawn", "no answer any more"),
    ],
)
def test_a_mail_about_an_enquiry_says_where_to_read_it_and_nothing_of_what_it_says(
    kind: Any, urgency: str, spoken: str, zone: str, subject: str, words: str
) -> None:
    about = Enquiry(UUID(int=6), urgency, START if kind == "asked" else None)
    mail = sent(compose(replace(delivery(kind), about=about), Recipient("Zoë Müller", "z@office.example", spoken, zone), SENDER))
    page, html = f"https://concord.example/{spoken}/enquiries/{about.id}", str(mail.get_body(("html",)).get_content())  # type: ignore[union-attr]
    assert (mail["subject"].replace("\u00a0", " "), mail["content-language"]) == (subject, spoken)
    assert words in text(mail)
    assert words in html
    assert page in text(mail)
    assert f'<a href="{page}">' in html
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def sent(mail: EmailMessage) -> EmailMessage:
    """As it comes out at the other end."""
    return message_from_bytes(mail.as_bytes(), policy=email.policy.default)  # type: ignore[return-value]


def text(mail: EmailMessage) -> str:
    return str(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]


def ics(mail: EmailMessage) -> bytes:
    return next(part for part in mail.walk() if part.get_content_type() == "text/calendar").get_payload(decode=True)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("spoken", "zone", "local", "there", "subject"),
    [
        ("en", "Europe/Tirane", "10:30–12:30", False, "Invitation: Next steps"),
        ("fr", "Africa/Tunis", "09:30–11:30", True, "Invitation\u00a0: Suites"),
        ("ar", "Africa/Cairo", "10:30–12:30", False, "دعوة: الخطوات التالية"),
    ],
)
def test_in_the_recipients_language_and_on_their_clock(spoken: str, zone: str, local: str, there: bool, subject: str) -> None:
    mail = sent(compose(delivery(), Recipient("Zoë Müller", "z@office.example", spoken, zone), SENDER))
    assert (mail["subject"], mail["to"], mail["content-language"]) == (subject, "Zoë Müller <z@office.example>", spoken)
    assert local in text(mail)
    assert ("10:30–12:30" in text(mail).replace(local, "", 1)) == there, "the host's clock where it shows another hour"
    link = f"https://concord.example/{spoken}/meetings/{MEETING.id}"
    assert link in text(mail)
    html = str(mail.get_body(("html",)).get_content())  # type: ignore[union-attr]
    assert f'<a href="{link}">' in html
    assert f'<html lang="{spoken}" dir="{"rtl" if spoken == "ar" else "ltr"}">' in html
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html", "text/calendar"]


@pytest.mark.parametrize(("kind", "method", "status"), [("invited", "REQUEST", "CONFIRMED"), ("changed", "REQUEST", "CONFIRMED"),
    ("cancelled", "CANCEL", "CANCELLED"), ("released", "CANCEL", "CANCELLED")])  # fmt: skip
def test_two_libraries_read_the_same_invitation(kind: str, method: str, status: str) -> None:
    mail = sent(compose(delivery(kind), Recipient('Zoë "Z" Müller', "z@office.example", "en", "Africa/Cairo"), SENDER))
    calendar, other = Calendar.from_ical(ics(mail)), vobject.readOne(ics(mail).decode())
    event: Any = calendar.walk("VEVENT")[0]
    for found in (
        (str(calendar["METHOD"]), str(event["UID"]), int(event["SEQUENCE"]), str(event["STATUS"]), str(event["LOCATION"]), event.start),
        (other.method.value, other.vevent.uid.value, int(other.vevent.sequence.value), other.vevent.status.value,
         other.vevent.location.value, other.vevent.dtstart.value),
    ):  # fmt: skip
        assert found == (method, str(MEETING.id), 2, status, MEETING.place, START)
    zone = calendar.walk("VTIMEZONE")[0]
    assert (str(zone["TZID"]), event["DTSTART"].params["TZID"], event["DTSTART"].dt.hour) == ("Africa/Cairo", "Africa/Cairo", 10)
    assert str(event["ATTENDEE"]) == "mailto:z@office.example"
    assert str(event["URL"]) == f"https://concord.example/en/meetings/{MEETING.id}"
    assert str(event["ORGANIZER"]) == "mailto:desk@agency.example"
    assert all(len(line) <= 75 for line in ics(mail).split(b"\r\n")), "RFC 5545: lines of at most 75 bytes"


def test_sent_again_it_is_the_same_mail() -> None:
    first, again = (compose(delivery(), Recipient("Z", "z@office.example", "en", "UTC"), SENDER) for _ in range(2))
    assert first["message-id"] == again["message-id"] == f"<{UUID(int=9)}@agency.example>"
    assert ics(first) == ics(again)


def test_markup_in_a_title_stays_text() -> None:
    meeting = replace(MEETING, title={"en": "<script>alert(1)</script> & %(title)s"}, kind="<b>", format="<i>")
    mail = sent(compose(delivery(meeting=meeting), Recipient("Z", "z@office.example", "en", "UTC"), SENDER))
    html = str(mail.get_body(("html",)).get_content())  # type: ignore[union-attr]
    assert "<script>" not in html
    assert "<b>" not in html
    assert mail["subject"] == "Invitation: <script>alert(1)</script> & %(title)s"


@pytest.mark.parametrize(
    "address", ["<z>@office.example", "z@[office", "a,b@office.example", 'z"@office.example', "z@office.example\r\nBcc: x@y"]
)
def test_what_is_no_address_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(ValueError) as refused:
        compose(delivery(), Recipient("Z", address, "en", "UTC"), SENDER)
    assert "office" not in str(refused.value)


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [(["fr", "ar"], "fr"), ([None, "sq", "ar"], "ar"), ([None, "sq"], "en"), ([], "en"), (["fr-CA"], "fr")],
)
def test_the_first_language_that_mails_are_written_in(wanted: list[str | None], spoken: str) -> None:
    assert language(wanted) == spoken


def test_every_word_has_its_translation_and_every_code_its_words() -> None:
    said = [file.read_text() for file in (HERE / "templates").iterdir()]
    for spoken in ("fr", "ar"):
        with (HERE / "locale" / spoken / "LC_MESSAGES" / "notifications.po").open("rb") as file:
            words = {str(message.id): str(message.string) for message in read_po(file) if message.id}
        assert all(words.values())
        assert list(words) == sorted(words)
        import re

        used = {found for template in said for found in re.findall(r'_\("([^"]+)"', template)}
        assert used == set(words)
    for name in ("meeting_kind", "meeting_format"):
        assert all(f'code == "{code}"' in "".join(said) for code in LISTS[name].codes), name
