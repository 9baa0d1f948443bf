"""Who is written to, when, and what: rules without a clock, a store or a server."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.notifications.domain import ContactPoint, Meeting, Seat, folded, letters, next_try, silence, tells
from shared.events import Attributes, Event
from shared.events import contacts as of_contacts
from shared.events import meetings as of_meetings

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
PLAN = {"kind": "coordination_case", "title": {"en": "Next steps"}, "crime_types": [], "countries": ["AL", "NL"], "format": "video"}
TIME = {"start": NOW + timedelta(days=7), "end": NOW + timedelta(days=7, hours=1), "zone": "Europe/Amsterdam"}
AL, NL, NL2, IT = (UUID(int=n) for n in range(1, 5))


def point(id_: UUID, country: str, **more: object) -> ContactPoint:
    return ContactPoint(id_, country, uuid4(), uuid4(), **{"valid_from": date(2026, 1, 1), **more})  # type: ignore[arg-type]


KNOWN = {AL: point(AL, "AL"), NL: point(NL, "NL"), NL2: point(NL2, "NL"), IT: point(IT, "IT")}


def scheduled(*seats: of_meetings.Delegation, kind: type[of_meetings.MeetingScheduled] = of_meetings.MeetingScheduled) -> Event:
    return kind(**PLAN, delegations=list(seats), **TIME, sequence=kind is of_meetings.MeetingRescheduled)


def seat(country: str, named: UUID | None = None) -> of_meetings.Delegation:
    given = of_meetings.Delegation(country=country, categories=[], seats=1)
    return given if named is None else {**given, "contact_point_ref": named}


def told(
    fact: Event, meeting: Meeting, invited: set[UUID] = frozenset(), known: dict[UUID, ContactPoint] = KNOWN
) -> set[tuple[str, object]]:  # type: ignore[assignment]
    return {
        (each.kind, each.contact_point.id if each.contact_point else each.country) for each in letters(fact, meeting, known, invited, NOW)
    }


def test_who_is_named_on_the_seat_else_the_countrys_contact_points() -> None:
    fact = scheduled(seat("AL"), seat("NL", NL2))
    assert told(fact, Meeting(uuid4()).after(fact, 1)) == {("invited", AL), ("invited", NL2)}
    open_ = scheduled(seat("NL"))
    assert told(open_, Meeting(uuid4()).after(open_, 1)) == {("invited", NL), ("invited", NL2)}


@pytest.mark.parametrize(
    "gone", [{"valid_to": date(2026, 11, 25)}, {"valid_from": date(2026, 11, 26)}, {"valid_from": None}, {"person": None}]
)
def test_who_does_not_serve_is_not_written_to_and_the_country_takes_the_seat(gone: dict[str, object]) -> None:
    fact = scheduled(seat("NL", NL2), seat("AL"))
    known = {NL: KNOWN[NL], NL2: ContactPoint(**{**{name: getattr(KNOWN[NL2], name) for name in KNOWN[NL2].__slots__}, **gone})}
    assert told(fact, Meeting(uuid4()).after(fact, 1), known=known) == {("invited", NL), ("invited", "AL")}, "AL has nobody, and it is said"


def test_a_day_begins_on_the_authoritys_own_clock() -> None:
    first = point(AL, "AL", valid_from=date(2026, 11, 26))
    at = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)
    assert (ContactPoint.serves(first, at), point(AL, "AL", valid_from=date(2026, 11, 26), zone="Pacific/Auckland").serves(at)) == (
        False,
        True,
    )
    assert not point(AL, "AL", valid_from=date(2026, 11, 26), zone="No/Where").serves(at), "an unknown clock is UTC"


def test_a_change_is_one_for_those_who_were_invited_and_an_invitation_for_newcomers() -> None:
    first = scheduled(seat("AL"), seat("NL", NL))
    again = scheduled(seat("AL"), seat("NL", NL2), kind=of_meetings.MeetingRescheduled)
    meeting = Meeting(uuid4()).after(first, 1).after(again, 2)
    assert told(again, meeting, {AL, NL}) == {("changed", AL), ("invited", NL2), ("released", NL)}
    assert meeting.sequence == 1


def test_seats_given_later_concern_their_country_alone() -> None:
    first = scheduled(seat("AL"), seat("NL", NL))
    added = of_meetings.MeetingDelegationAdded(country="IT", categories=[], seats=1)
    meeting = Meeting(uuid4()).after(first, 1).after(added, 2)
    assert tells(added, meeting)
    assert told(added, meeting, {AL, NL}) == {("invited", IT)}
    other = of_meetings.MeetingDelegationAdded(country="NL", categories=[], seats=1, contact_point_ref=NL2)
    assert told(other, meeting.after(other, 3), {AL, NL, IT}) == {("invited", NL2), ("released", NL)}
    assert not tells(added, Meeting(uuid4()).after(added, 1)), "nothing is planned yet"


def test_a_cancellation_goes_to_those_who_were_invited() -> None:
    first = scheduled(seat("AL"), seat("NL"))
    gone = of_meetings.MeetingCancelled(**PLAN, delegations=[seat("AL"), seat("NL")], reason="no_date_found", sequence=1)
    meeting = Meeting(uuid4()).after(first, 1).after(gone, 2)
    assert told(gone, meeting, {AL}) == {("cancelled", AL)}
    assert (meeting.state, meeting.start, meeting.sequence) == ("cancelled", TIME["start"], 1)


def test_what_is_older_than_known_changes_nothing() -> None:
    meeting = Meeting(uuid4(), seats=(Seat("AL"),)).after(scheduled(seat("AL")), 3)
    assert meeting.after(scheduled(seat("NL")), 2) is meeting
    held = of_meetings.MeetingHeld(kind="x", crime_types=[], countries=[], format="video", started=NOW, ended=NOW)
    back = of_meetings.MeetingRetracted(corrects=uuid4(), reason="duplicate")
    assert (meeting.after(held, 4).state, meeting.after(held, 4).after(back, 5).state) == ("held", "scheduled")
    assert not tells(held, meeting.after(held, 4))


def test_a_contact_point_is_what_its_standing_facts_come_to() -> None:
    person, authority, ids = uuid4(), uuid4(), [uuid4() for _ in range(6)]
    nominated = of_contacts.ContactPointNominated(person_ref=person, appointing_kind="country")
    designated = of_contacts.ContactPointDesignated(valid_from=date(2026, 1, 1), authority_ref=authority, duty="office_hours")
    ended = of_contacts.ContactPointEnded(valid_to=date(2026, 6, 1), reason="term_ended")
    corrected = of_contacts.ContactPointCorrected(corrects=ids[1], reason="wrong_date", on=date(2025, 7, 1))
    history: list[tuple[UUID, Event]] = [(ids[0], nominated), (ids[1], designated), (ids[2], corrected), (ids[3], ended)]
    found = folded(AL, "AL", history)
    assert found == ContactPoint(AL, "AL", person, authority, date(2025, 7, 1), date(2026, 6, 1))
    for taken_back, (start, end) in ((3, (date(2025, 7, 1), None)), (2, (date(2026, 1, 1), date(2026, 6, 1)))):
        retracted = of_contacts.ContactPointRetracted(corrects=ids[taken_back], reason="typing_error")
        found = folded(AL, "AL", [*history, (ids[4], retracted)])
        assert (found.valid_from, found.valid_to) == (start, end)


@pytest.mark.parametrize(
    ("mode", "age_h", "began_h", "why"),
    [("live", 0, 1, None), ("live", 23.9, 30, None), ("live", 24, 30, "too_old"), ("live", 2, 1, "before_start"), ("import", 0, 1, "not_live"),
     ("exercise", 0, 1, "not_live")],
)  # fmt: skip
def test_only_news_is_told(mode: str, age_h: float, began_h: float, why: str | None) -> None:
    recorded = NOW - timedelta(hours=age_h)
    said = Attributes(uuid4(), "/instances/x/services/meetings", "t", uuid4(), NOW, recorded, 1, mode=mode)  # type: ignore[arg-type]
    assert silence(said, NOW - timedelta(hours=began_h), NOW, timedelta(hours=24)) == why


def test_pauses_between_tries_grow_and_end() -> None:
    pauses = [next_try(attempts) for attempts in range(1, 9)]
    assert pauses[0] == timedelta(seconds=30)
    assert all(later == min(2 * earlier, timedelta(hours=1)) for earlier, later in zip(pauses, pauses[1:-1], strict=False))  # type: ignore[operator]
    assert pauses[-1] is None
