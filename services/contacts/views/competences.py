"""What authorities are competent for, with its validity and its history."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts.views.registers import RegisterStep


class CompetenceRow(BaseModel):
    """One competence; an empty list leaves that question open to all."""

    id: UUID
    crime_types: list[str]
    measures: list[str]
    instruments: list[str]
    territory: list[str]
    stage: str | None
    valid_from: date
    valid_to: date | None
    """The first day on which it holds no longer."""
    state: str
    history: list[RegisterStep]

    def holds(self, day: date) -> bool:
        """Is that day one of its days?"""
        return self.state != "retracted" and self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


_COMPETENCES = text("""SELECT c.*, (SELECT jsonb_agg(to_jsonb(s) ORDER BY s.version) FROM steps s WHERE s.subject = c.id) AS history
FROM competences c WHERE c.authority = :authority ORDER BY c.valid_from, c.id""")


async def competences(tx: AsyncConnection, authority: UUID) -> list[CompetenceRow]:
    """All that was ever said of an authority, in the order of the days."""
    rows = await tx.execute(_COMPETENCES, {"authority": authority})
    return [CompetenceRow.model_validate(dict(row._mapping)) for row in rows]
