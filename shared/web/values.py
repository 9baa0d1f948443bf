"""Values as they are taken in: one spelling of each, the very one that OpenAPI documents.

pydantic alone would also take `0` for a day, `1_0` for a number and `yes` for a flag: no document says so, and no client means it.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import available_timezones

from fastapi import Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, Field, StrictBool, StringConstraints, WithJsonSchema
from typing_extensions import TypeAliasType

from shared.codes import one_of

YEARS = "(19|2[01])[0-9]{2}"
_LONG, _SHORT = "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])", "(0[469]|11)-(0[1-9]|[12][0-9]|30)"
_LEAP = "((19|2[01])(0[48]|[2468][048]|[13579][26])|2000)-02-29"
DAY = f"^({YEARS}-({_LONG}|{_SHORT}|02-(0[1-9]|1[0-9]|2[0-8]))|{_LEAP})$"
"""Every day from 1900 to 2199, and no other text."""
MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$"
"""RFC 3339."""
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_ID = "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"


def _spelled(pattern: str, told: str) -> Callable[[Any], Any]:
    """Takes text of that spelling alone; the error says what is expected."""
    known = re.compile(pattern, re.ASCII)

    def check(given: Any) -> Any:
        if not (isinstance(given, str) and known.fullmatch(given)):
            raise ValueError(told)
        return given

    return check


def _within(moment: datetime) -> datetime:
    """Nothing was known before the first of these years, and everything is known after the last: what lies beyond asks the same."""
    # Compared first: a moment at the edge of the calendar has no UTC.
    return EARLIEST if moment <= EARLIEST else LATEST if moment >= LATEST else moment.astimezone(UTC)


Id = Annotated[UUID, BeforeValidator(_spelled(_ID, "not a UUID such as 0d9fbd2f-6c53-4b39-8f6c-3a1c9a1d2b11"))]
Chosen = Annotated[list[Id] | None, Query(max_length=200, description="These alone")]
Day = Annotated[
    date,
    BeforeValidator(_spelled(DAY, "not a day between 1900 and 2199, such as 2024-03-01")),
    WithJsonSchema({"type": "string", "format": "date", "pattern": DAY}),
]
Moment = Annotated[AwareDatetime, BeforeValidator(_spelled(MOMENT, "not an RFC 3339 time such as 2024-03-01T09:30:00Z"))]
AsOf = Annotated[Moment, AfterValidator(_within)]
"""A moment as of which is asked."""


def _nearby(at: datetime) -> datetime:
    if not 1990 <= at.year <= 2200:
        raise ValueError("lies outside of 1990 to 2200")
    return at.astimezone(UTC)


Nearby = Annotated[Moment, AfterValidator(_nearby)]
"""A moment at which something of ours can have happened, or can be planned."""
ZONES = available_timezones()


def _zone(name: str) -> str:
    if name not in ZONES:
        raise ValueError("is no IANA time zone")
    return name


Zone = Annotated[str, StringConstraints(max_length=60), AfterValidator(_zone), Field(examples=["Europe/Amsterdam"])]
Reference = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9:._-]{0,119}$")]
"""The lasting name of a thing, by which it is the same on every instance."""
Flag = StrictBool
Count = BeforeValidator(_spelled("^[0-9]{1,9}$", "not a whole number"))

NAMED = "^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$"
"""A language tag (BCP 47) as a key of names."""
LINE = r"^[^\x00-\x1f\x7f]+$"
PROSE = r"^[^\x00]*$"
Short = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=LINE)]
Prose = Annotated[str, StringConstraints(max_length=2000, pattern=PROSE)]
Paragraph = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=PROSE)]
_Language = Annotated[str, StringConstraints(pattern=NAMED)]


def _told(most: int, pattern: str, example: str) -> WithJsonSchema:
    """The document of texts by language, each of so many characters at most."""
    words = {"type": "string", "minLength": 1, "maxLength": most, "pattern": pattern}
    by = {"type": "object", "propertyNames": {"type": "string", "pattern": NAMED}, "additionalProperties": words}
    return WithJsonSchema({**by, "minProperties": 1, "maxProperties": 40, "examples": [{"en": example}]})


Names = Annotated[dict[_Language, Short], Field(min_length=1, max_length=40), _told(200, LINE, "Ministry of Justice")]
Texts = Annotated[
    dict[_Language, Paragraph], Field(min_length=1, max_length=40), _told(2000, PROSE, "Each authority freezes the accounts it was told of")
]
"""Language -> a paragraph; it stands on no fact topic."""
Country = one_of("country")
CrimeType = one_of("crime_type")
CrimeTypes = Annotated[list[CrimeType], Field(max_length=30)]  # type: ignore[valid-type]  # a type made of a code list
Countries = Annotated[list[Country], Field(max_length=60)]  # type: ignore[valid-type]


class Retraction(BaseModel):
    """Which fact to take back, and why."""

    corrects: Id
    reason: one_of("correction_reason")  # type: ignore[valid-type]


class Cancellation(BaseModel):
    """Why it will not take place."""

    reason: one_of("cancel_reason")  # type: ignore[valid-type]


class Money(BaseModel):
    """An amount in the smallest unit of its currency (ISO 4217); `exponent` says how many of its digits are decimals."""

    amount_minor: Annotated[int, Field(ge=0, lt=2**53)]
    currency: Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]
    exponent: Annotated[int, Field(ge=0, le=4)] = 2


class Source(BaseModel):
    """Where it stands in a source document: the file and a phrase to find it by."""

    seed: Prose
    locator: Prose


Json = TypeAliasType("Json", "str | bool | int | float | list[Json] | dict[str, Json] | None")
"""Any JSON, typed all the way down."""
