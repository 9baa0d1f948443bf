"""The words of a mail, in the recipient's language, and the mail itself: text, the same as HTML, and the calendar's invitation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale, dates
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.notifications.domain import Delivery, Enquiry, Meeting, Notice, Recipient, clock
from services.notifications.gateways import calendar
from shared.web.language import best_language
from shared.words import translations

HERE = Path(__file__).parent.parent
LANGUAGES = {"en": "en_GB", "fr": "fr_FR", "ar": "ar"}
RTL = ("ar",)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes."""

    email: str
    name: str
    portal: str | None = None
    """Where a meeting has its page."""


def language(wanted: Sequence[str | None]) -> str:
    """The first of the wanted languages that mails are written in, else English."""
    return best_language(", ".join(each for each in wanted if each), LANGUAGES)


def compose(delivery: Delivery, to: Recipient, sender: Sender, secret: str | None = None) -> EmailMessage:
    """The whole mail; raises `ValueError` where an address cannot be one. `secret` is that of a link by which one answers."""
    match delivery.about:
        case Meeting() as meeting:
            message = _invitation(delivery, meeting, to, sender)
        case Notice() as notice:
            message = _notice(delivery, notice, to, sender, secret)
        case Enquiry() as enquiry:
            message = _enquiry(delivery, enquiry, to, sender)
    # Last: what is set before goes down into the first part.
    message["Content-Language"] = to.language
    return message


def _notice(delivery: Delivery, notice: Notice, to: Recipient, sender: Sender, secret: str | None) -> EmailMessage:
    """About an entry of the directory: what is asked, by when, and where to answer."""
    page = f"verify/{secret}" if secret else f"contact-points/{notice.contact_point}"
    day = dates.format_date(notice.day, "full", locale=Locale.parse(LANGUAGES[to.language]))
    shown = {"kind": delivery.kind, "sentences": "notices.jinja", "day": day, "link": _answered_at(sender, to, page)}
    return _message(delivery, to, sender, "notice", shown)[0]


def _enquiry(delivery: Delivery, enquiry: Enquiry, to: Recipient, sender: Sender) -> EmailMessage:
    """That there is something to read, how urgent it is, and where; what it says is read there."""
    due = enquiry.acknowledge_by
    by = _moment(due, clock(to.zone), to.language) if due else None
    shown = {"kind": delivery.kind, "sentences": "enquiries.jinja", "urgency": enquiry.urgency, "by": by}
    shown["link"] = _answered_at(sender, to, f"enquiries/{enquiry.id}")
    return _message(delivery, to, sender, "notice", shown)[0]


def _answered_at(sender: Sender, to: Recipient, page: str) -> str:
    if sender.portal is None:
        raise ValueError("a mail that asks for an answer needs the address of the portal")
    return f"{sender.portal.rstrip('/')}/{to.language}/{page}"


def _invitation(delivery: Delivery, meeting: Meeting, to: Recipient, sender: Sender) -> EmailMessage:
    title = _text(meeting.title, to.language)
    link = f"{sender.portal.rstrip('/')}/{to.language}/meetings/{meeting.id}" if sender.portal else None
    shown = {"kind": delivery.kind, "title": title, "meeting": meeting, "link": link, **_when(meeting, to)}
    message, body = _message(delivery, to, sender, "invitation", shown)
    asked: dict[str, Any] = {"sender": sender.email, "sender_name": sender.name, "title": title, "text": body.strip(), "link": link}
    told = {"method": calendar.method(delivery), "charset": "utf-8"}
    message.add_alternative(calendar.invitation(delivery, meeting, to, **asked), "text", "calendar", params=told)
    return message


def _message(delivery: Delivery, to: Recipient, sender: Sender, template: str, shown: dict[str, Any]) -> tuple[EmailMessage, str]:
    """Head, text and the same as HTML; and the text once more."""
    environment = _environment(to.language)
    text = environment.get_template(f"{template}.txt").render(shown)
    subject, _, body = text.partition("\n\n")
    message = EmailMessage()
    message["From"] = _mailbox(sender.name, sender.email)
    message["To"] = _mailbox(to.name, to.email)
    message["Subject"] = " ".join(subject.strip().splitlines())
    message["Date"] = format_datetime(delivery.queued_at)
    # The same at every try: a mail that leaves twice after a crash is known as one.
    message["Message-ID"] = f"<{delivery.id}@{sender.email.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    message.add_alternative(environment.get_template(f"{template}.html").render(shown), subtype="html")
    return message, body


def _mailbox(name: str, email: str) -> Address:
    try:
        return Address(name, addr_spec=email)
    except Exception:  # noqa: BLE001 - the parser fails in many ways, and their words hold the address
        raise ValueError("an address that cannot be one") from None


def _text(given: object, spoken: str) -> str:
    texts = dict(given) if isinstance(given, dict) else {}
    return str(texts.get(spoken) or texts.get("en") or next(iter(texts.values()), "") or "–")


def _when(meeting: Meeting, to: Recipient) -> dict[str, str | None]:
    """When it is on the recipient's clock, and on the host's where that shows another hour."""
    if meeting.start is None or meeting.end is None:
        return {"when": "", "there": None}
    here, there = clock(to.zone), clock(meeting.zone)
    differs = meeting.start.astimezone(here).utcoffset() != meeting.start.astimezone(there).utcoffset()
    spans = [_span(meeting.start, meeting.end, zone, to.language) for zone in (here, there)]
    return {"when": spans[0], "there": spans[1] if differs else None}


def _moment(at: datetime, zone: tzinfo, spoken: str) -> str:
    locale, there = Locale.parse(LANGUAGES[spoken]), at.astimezone(zone)
    return f"{dates.format_date(there, 'full', locale=locale)}, {there:%H:%M} ({dates.get_timezone_name(there, locale=locale)})"


def _span(start: datetime, end: datetime, zone: tzinfo, spoken: str) -> str:
    locale, first, last = Locale.parse(LANGUAGES[spoken]), start.astimezone(zone), end.astimezone(zone)
    days = [dates.format_date(each, "full", locale=locale) for each in (first, last)]
    name = dates.get_timezone_name(first, locale=locale)
    if days[0] == days[1]:
        return f"{days[0]}, {first:%H:%M}–{last:%H:%M} ({name})"
    return f"{days[0]}, {first:%H:%M} – {days[1]}, {last:%H:%M} ({name})"


@cache
def _environment(spoken: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    words = translations(HERE / "locale" / spoken / "LC_MESSAGES" / "notifications.po", spoken)
    environment.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(lang=spoken, dir="rtl" if spoken in RTL else "ltr", colon="\u00a0:" if spoken == "fr" else ":")
    return environment
