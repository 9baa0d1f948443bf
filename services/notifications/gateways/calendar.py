"""The invitation as calendars read it (RFC 5545, sent by iTIP RFC 5546): one UID for a meeting's whole life, a rising SEQUENCE."""

from datetime import timedelta

from icalendar import STATUS, Calendar, Event, vCalAddress

from services.notifications.domain import Delivery, Meeting, Recipient, clock

PRODUCT = "-//Concord//Notifications//EN"
ALWAYS = timedelta(days=366)
"""How far around a meeting its VTIMEZONE tells the changes of the clock."""


def method(delivery: Delivery) -> str:
    """What the receiver's calendar shall do."""
    return "REQUEST" if delivery.kind in ("invited", "changed") else "CANCEL"


def invitation(
    delivery: Delivery, meeting: Meeting, to: Recipient, *, sender: str, sender_name: str, title: str, text: str, link: str | None
) -> bytes:
    """One event, on the recipient's own clock; raises `ValueError` for a meeting without a time."""
    if meeting.start is None or meeting.end is None:
        raise ValueError("a meeting without a time is nothing for a calendar")
    zone, does = clock(to.zone), method(delivery)
    event = Event.new(
        uid=str(meeting.id),
        sequence=meeting.sequence,
        # Of the mail, not of the moment it leaves: sent twice after a crash, it is the same invitation.
        stamp=delivery.queued_at,
        start=meeting.start.astimezone(zone),
        end=meeting.end.astimezone(zone),
        summary=title,
        description=text,
        location=meeting.place,
        url=link,
        status=STATUS.CONFIRMED if does == "REQUEST" else STATUS.CANCELLED,
        organizer=_address(sender, sender_name),
        attendees=[_attendee(to)],
    )
    calendar = Calendar.new(uid=str(delivery.id), prodid=PRODUCT, method=does, subcomponents=[event])
    calendar.add_missing_timezones((meeting.start - ALWAYS).date(), (meeting.end + ALWAYS).date())
    written: bytes = calendar.to_ical()
    return written


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    # A quotation mark cannot be said in a parameter (RFC 5545 §3.2).
    address.params["CN"] = name.replace('"', "'")
    return address


def _attendee(to: Recipient) -> vCalAddress:
    address = _address(to.email, to.name or to.email)
    address.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"})
    return address
