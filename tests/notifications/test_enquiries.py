"""Mails about enquiries, from a batch of records to the queue: who is asked, through whom, and who hears what became of it."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from shared.events import contacts as of_contacts
from tests.notifications.world import Record, record, serving, sums


def asked(kind: type[of_contacts.EnquiryOpened], enquiry: UUID, version: int, to: UUID | None, asker: UUID | None, **said: Any) -> Record:
    to_kind = said.pop("to_kind", None)
    whole = {"from_country": "SI", "to_country": "SK", "measure": "hear_witness", "crime_types": [], "urgency": "urgent"}
    whole |= {"channel": "direct", "opened": datetime.now(UTC), "addressee_ref": to, "asker_ref": asker, "step": 1}
    whole |= {"addressee_kind": to_kind}
    more = {"reason": "CAPACITY"} if kind is of_contacts.EnquiryRefused else {}
    return record(kind(**whole, **more), enquiry, version, **said)


async def test_whoever_is_asked_is_written_to_and_whoever_asked_hears_what_became_of_it(taken: Any, rows: Any) -> None:
    (asker, _, ours), (point, person, theirs), enquiry = serving("SI"), serving("SK"), uuid4()
    kinds = ("Routed", "Acknowledged", "StepProposed", "Escalated", "Answered", "Refused", "Withdrawn", "Closed")
    steps = [getattr(of_contacts, f"Enquiry{kind}") for kind in kinds]
    said = [asked(kind, enquiry, version, point, asker) for version, kind in enumerate(steps, 2)]
    opened = asked(of_contacts.EnquiryOpened, enquiry, 1, None, asker)
    found = await taken(opened, *said, *ours, *theirs)
    assert sums(found)["skipped"] == 2, "opened and closed concern nobody"
    queued = [(row.kind, row.contact_point_id, row.country, row.state) for row in await rows(enquiry)]
    assert queued == [
        ("asked", point, "SK", "queued"),
        ("acknowledged", asker, "SI", "queued"),
        ("step_proposed", asker, "SI", "queued"),
        ("asked", point, "SK", "queued"),
        ("answered", asker, "SI", "queued"),
        ("refused", asker, "SI", "queued"),
        ("withdrawn", point, "SK", "queued"),
    ]
    assert (await rows(enquiry))[0].person_ref == person
    assert set((await rows(enquiry))[0].about) == {"id", "urgency", "acknowledge_by"}, "neither countries nor measure"
    again = [Record(each.topic, each.key, each.value, each.headers) for each in said]
    assert (sums(await taken(*again))["duplicates"], len(await rows(enquiry))) == (7, 7)
    other = uuid4()
    quiet = [
        asked(of_contacts.EnquiryRouted, other, 2, point, asker, mode="import"),
        asked(of_contacts.EnquiryAnswered, other, 3, point, None),
    ]
    assert (await taken(*quiet)).suppressed == {"not_live": 1, "no_contact_point": 1}


async def test_an_authority_is_asked_through_its_contact_points_and_the_diplomatic_channel_has_none(taken: Any, rows: Any) -> None:
    (point, _, said), (_, _, others), enquiry, other = serving("SK"), serving("SK"), uuid4(), uuid4()
    (authority,) = (UUID(each.key.decode()) for each in said if each.topic == of_contacts.AUTHORITIES)
    await taken(*said, *others, asked(of_contacts.EnquiryRouted, enquiry, 2, authority, None, to_kind="authority"))
    assert [(row.kind, row.contact_point_id) for row in await rows(enquiry)] == [("asked", point)]
    await taken(asked(of_contacts.EnquiryRouted, other, 2, uuid4(), None, to_kind="channel"))
    assert [(row.contact_point_id, row.country, row.reason) for row in await rows(other)] == [(None, "SK", "no_contact_point")]


NETWORK = {"reference": "n", "name": {"en": "N"}, "kind": "contact_point_network", "domain": [], "level": "global"}
DAY = date(2026, 1, 1)


def founded(network: UUID, **more: Any) -> Record:
    return record(of_contacts.NetworkFounded(**NETWORK | more), network, 1)


def seat(network: UUID, version: int, member: UUID, role: str = "gateway", **more: Any) -> Record:
    kind = of_contacts.NetworkMembershipEnded if "valid_to" in more else of_contacts.NetworkMembershipGranted
    id_ = more.pop("id", uuid4())
    return record(kind(member_ref=member, role=role, valid_from=DAY, **more), network, version, id=id_)


def of_network(network: UUID) -> tuple[UUID, list[Record]]:
    """A contact point that a network appointed, and the records that say it serves."""
    point, _, said = serving("SK")
    nominated = of_contacts.ContactPointNominated(person_ref=uuid4(), appointing_kind="network", appointing_body_ref=network)
    return point, [record(nominated, point, 1), record(of_contacts.ContactPointDesignated(
        valid_from=DAY, authority_ref=uuid4(), duty="24x7"), point, 2), *said[2:3]]  # fmt: skip


async def test_a_network_is_asked_through_its_secretariat_and_its_gateways_there(taken: Any, rows: Any) -> None:
    network, keeper = uuid4(), uuid4()
    (own, of_own), (kept, of_keeper) = of_network(network), of_network(keeper)
    (there, _, said), (abroad, _, others), (member, _, more) = serving("SK"), serving("CZ"), serving("SK")
    (bench,) = (UUID(each.key.decode()) for each in said if each.topic == of_contacts.AUTHORITIES)
    enquiry = uuid4()
    named = [
        founded(network, secretariat_ref=keeper),
        seat(network, 2, bench),
        seat(network, 3, abroad),
        seat(network, 4, member, "member"),
    ]
    to = {"to_kind": "network"}
    await taken(
        asked(of_contacts.EnquiryRouted, enquiry, 2, network, None, **to),
        *named,
        founded(keeper),
        *of_own,
        *of_keeper,
        *said,
        *others,
        *more,
    )
    found = {row.contact_point_id: (row.kind, row.state, row.country) for row in await rows(enquiry)}
    assert found == {
        own: ("asked", "queued", None),
        kept: ("asked", "queued", None),
        there: ("asked", "queued", "SK"),
    }, "no gateway of another country, and no mere member"
    before = len(await rows(enquiry))
    again = await taken(*(Record(each.topic, each.key, each.value, each.headers) for each in named))
    assert (sums(again)["duplicates"], len(await rows(enquiry))) == (4, before)
    old = await taken(asked(of_contacts.EnquiryRouted, uuid4(), 2, network, None, mode="import", **to))
    assert old.suppressed == {"not_live": 3}
    await taken(asked(of_contacts.EnquiryWithdrawn, enquiry, 3, network, None, **to))
    assert [row.kind for row in await rows(enquiry)][before:] == 3 * ["withdrawn"]


async def test_a_gateway_elsewhere_is_written_to_where_there_is_no_other_and_while_it_is_one(taken: Any, rows: Any) -> None:
    network, ((abroad, _, said), (gone, _, others)), grant = uuid4(), (serving("CZ"), serving("SK")), uuid4()
    seats = [seat(network, 2, abroad), seat(network, 3, gone), seat(network, 4, gone, valid_to=date(2026, 2, 1))]
    wrong = seat(network, 5, gone, id=grant)
    back = record(of_contacts.NetworkRetracted(corrects=grant, reason="duplicate"), network, 6)
    enquiry, later = uuid4(), uuid4()
    await taken(
        founded(network),
        *seats,
        wrong,
        back,
        *said,
        *others,
        asked(of_contacts.EnquiryRouted, enquiry, 2, network, None, to_kind="network"),
    )
    assert [(row.contact_point_id, row.country) for row in await rows(enquiry)] == [(abroad, "CZ")]
    over = seat(network, 7, abroad, valid_to=date(2026, 2, 1))
    await taken(over, asked(of_contacts.EnquiryRouted, later, 2, network, None, to_kind="network"))
    assert [(row.contact_point_id, row.country, row.reason) for row in await rows(later)] == [(None, "SK", "no_contact_point")]


async def test_who_is_posted_there_is_written_to_as_long_as_they_are(taken: Any, rows: Any) -> None:
    liaison, (point, _, said) = uuid4(), serving("SI")
    posting = {"reference": "l", "kind": "magistrate", "from_country": "SI", "host": "SK", "contact_point_ref": point, "valid_from": DAY}
    enquiry, other = uuid4(), uuid4()
    there = record(of_contacts.LiaisonPosted(**posting), liaison, 1, country="SI")
    await taken(there, *said, asked(of_contacts.EnquiryRouted, enquiry, 2, liaison, None, to_kind="liaison"))
    assert [(row.contact_point_id, row.country, row.state) for row in await rows(enquiry)] == [(point, "SI", "queued")]
    ended = record(of_contacts.LiaisonEnded(**posting, valid_to=date(2026, 2, 1)), liaison, 2, country="SI")
    await taken(ended, asked(of_contacts.EnquiryRouted, other, 2, liaison, None, to_kind="liaison"))
    assert [(row.contact_point_id, row.reason) for row in await rows(other)] == [(None, "no_contact_point")]
