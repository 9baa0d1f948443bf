"""What authorities are competent for."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts.domain import Competence, Scope
from services.contacts.store import search
from services.contacts.store.registers import Register
from services.contacts.tables import competences
from shared import rows
from shared.errors import NotFound

COMPETENCES = Register(competences, TypeAdapter(Competence), "competence")
_LISTS = ("crime_types", "measures", "instruments", "territory")


async def competence(tx: AsyncConnection, authority: UUID, id_: UUID) -> Competence:
    """A competence of that authority, locked; raises `NotFound`, also where it is another one's."""
    found = _competence(await rows.locked(tx, competences, id_, "competence"))
    if found.authority != authority:
        raise NotFound(f"No competence {id_} of authority {authority}")
    return found


async def competences_of(tx: AsyncConnection, authority: UUID) -> list[Competence]:
    """All of them that were not taken back."""
    wanted = select(competences).where(competences.c.authority == authority, competences.c.state != "retracted")
    return [_competence(row) for row in await tx.execute(wanted)]


def _competence(row: Any) -> Competence:
    scope = Scope(tuple(row.crime_types), tuple(row.measures), tuple(row.instruments), tuple(row.territory), row.stage)
    return Competence(row.id, row.authority, row.country, scope, row.valid_from, row.valid_to, row.state, row.version, row.recorded_at)


async def save_competence(tx: AsyncConnection, kept: Competence) -> None:
    """Keep its newest state."""
    row = asdict(kept)
    scope = row.pop("scope")
    await rows.save(tx, competences, row | scope | {name: list(scope[name]) for name in _LISTS}, new=kept.version == 1)
    await search.enter(tx, "authority", [kept.authority])
