"""What is known of the entries that a batch of rows names, and what each row makes of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts import store
from services.contacts.domain import Authority, ContactPoint, Person
from services.contacts.domain.lists import Kind, Listed
from services.contacts.domain.taken import Place, Stepped, authority_of, contact_point_of
from services.contacts.store.imports import Waiting
from shared.errors import Conflict, Invalid
from shared.events.contacts import AuthorityRegistered

_COLUMN = {"authority_ref": "authority", "appointing_body_ref": "appointing_body"}
"""Fields as the domain calls them, and the columns they come from."""


@dataclass(frozen=True, slots=True)
class Known:
    """Entries by their reference, persons by their `person_ref`."""

    kind: Kind
    authorities: Mapping[str, Authority]
    points: Mapping[str, ContactPoint]
    places: Mapping[str, Place]
    persons: Mapping[UUID, tuple[Person, bytes | None]]

    def authority(self, row: Waiting, now: datetime) -> tuple[Authority, AuthorityRegistered | None]:
        """The authority after this row; raises `Invalid`."""
        return authority_of(_listed(row), self.authorities.get(row.reference), now)

    def steps(self, row: Waiting, now: datetime) -> list[Stepped]:
        """The contact point's steps; raises `Invalid`, or `Conflict` where it has ended."""
        point = self.points.get(row.reference)
        if row.emptied or (point and row.jwe and self.persons[point.person_ref][0].erased_at):
            raise Invalid("family_name", "this person's details were erased, and are not taken in again")
        return contact_point_of(_listed(row), point, self.places, row.person_ref or uuid4(), now)

    def effect(self, row: Waiting, now: datetime) -> str:
        """`new`, `changed` or `same`. A person's details have no say in it: it would tell whether they are what somebody guessed."""
        if self.kind == "authorities":
            _, fact = self.authority(row, now)
            return "same" if fact is None else "changed" if row.reference in self.authorities else "new"
        steps = self.steps(row, now)
        return "changed" if steps and row.reference in self.points else "new" if steps else "same"


def _listed(row: Waiting) -> Listed:
    return Listed(row.reference, row.given.get("country"), row.given)


def wrong_in(wrong: Invalid | Conflict) -> list[tuple[str, str]]:
    """(column, reason) of a refusal."""
    return [(_COLUMN.get(error["field"], error["field"]), error["reason"]) for error in wrong.errors] or [("reference", wrong.detail)]


async def known_of(tx: AsyncConnection, kind: Kind, rows: Sequence[Waiting], *, lock: bool) -> Known:
    """What is known of these rows' entries; locked where they are to be changed."""
    references = [row.reference for row in rows]
    if kind == "authorities":
        return Known(kind, await store.imports.authorities_called(tx, references, lock=lock), {}, {}, {})
    points = await store.imports.contact_points_called(tx, references, lock=lock)
    places = await store.imports.places_called(tx, (row.given.get(name) for row in rows for name in ("authority", "appointing_body")))
    told = [points[row.reference].person_ref for row in rows if row.jwe and row.reference in points]
    persons = await store.imports.persons_of(tx, told, lock=lock) if told else {}
    return Known(kind, {}, points, places, persons)
