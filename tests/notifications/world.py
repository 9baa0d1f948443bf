"""What the tests of the queue share: records as Kafka gives them, and contact points that serve."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.notifications.projections import Taken
from shared.events import Attributes, Event
from shared.events import contacts as of_contacts
from tests.records import Record, written

YOUNG = timedelta(hours=24)


def record(event: Event | None, subject: UUID, version: int, value: bytes | None = None, **said: Any) -> Record:
    type_ = type(event) if event else of_contacts.PersonSealed
    now = datetime.now(UTC)
    source, said = f"/instances/test/services/{type_.type.split('.')[0]}", {"classification": type_.classification, **said}
    attributes = Attributes(said.pop("id", uuid4()), source, type_.type, subject, now, now, version, **said)
    return written(type_.topic, attributes, event.payload() if event else value)


def office(id_: UUID) -> Record:
    described = {"reference": "office:x", "name": {"en": "Office"}, "kind": "police", "zone": "Europe/Tirane", "languages": ["fr"]}
    return record(of_contacts.AuthorityRegistered(**described), id_, 1, country="AL")


def serving(country: str) -> tuple[UUID, UUID, list[Record]]:
    """A contact point, its person, and the records that say it serves."""
    point, person, authority = uuid4(), uuid4(), uuid4()
    nominated = of_contacts.ContactPointNominated(person_ref=person, appointing_kind="country")
    designated = of_contacts.ContactPointDesignated(valid_from=datetime(2026, 1, 1).date(), authority_ref=authority, duty="24x7")
    said = [record(nominated, point, 1, country=country), record(designated, point, 2, country=country), office(authority)]
    return point, person, [*said, record(None, person, 1, b"a.b.c.d.e")]


def sums(taken: Taken) -> dict[str, int]:
    return {name: sum(getattr(taken.outcome, name).values()) for name in ("folded", "duplicates", "parked", "skipped")}
