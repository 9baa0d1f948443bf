"""The types of values that are taken in, shared by the routes."""

from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel, Field, StringConstraints

from shared.codes import one_of
from shared.web import values
from shared.web.values import PROSE, CrimeType, Day, Prose, Short, Source

Reference = Annotated[values.Reference, Field(examples=["ilecu:al"])]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$"), Field(examples=["sq"])]
Zone = Annotated[str, StringConstraints(max_length=60, pattern=r"^[A-Za-z_]+(/[A-Za-z0-9_+-]+){0,2}$"), Field(examples=["Europe/Tirane"])]
Mailbox = Annotated[
    str, StringConstraints(max_length=254, pattern=r"^[^\s@\x00-\x1f]+@[^\s@\x00-\x1f]+$"), Field(examples=["desk@office.example"])
]
Phone = Annotated[str, StringConstraints(pattern=r"^\+[0-9][0-9 ()./-]{3,30}$"), Field(examples=["+355 4 000 0000"])]
Subdivision = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$")]
Purpose = one_of("purpose")
Level = one_of("language_level")
Words = Annotated[str | None, Query(max_length=200, pattern=PROSE, description="Words to look for; case and accents do not matter")]

Through = Annotated[Literal["web", "api"], Query(description="Through which door one asks: a page, or a program")]


class Skill(BaseModel):
    """A language and how well it is spoken."""

    code: Language
    level: Level  # type: ignore[valid-type]  # a type made of a code list


Skills = Annotated[list[Skill], Field(max_length=40)]
Specialisations = Annotated[list[CrimeType], Field(max_length=60)]


class Told(BaseModel):
    """What is kept beside a thing and goes on no topic."""

    abbreviation: Short | None = None
    notes: Prose | None = None
    stated_members: Annotated[list[Short], Field(max_length=60)] = []
    """Members as a source names them."""
    source: Source | None = None


BESIDE = tuple(Told.model_fields)


class Turn(BaseModel):
    """The day it happened; now where none is given."""

    on: Day | None = None
