"""The file in which an instance writes what it knows better about working time than the package of public holidays."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from services.contacts.domain import Rule, Span, Weekday, span
from shared.web.values import Country


class _Written(BaseModel):
    """A `[[rule]]` as it stands there; a word nobody knows is refused."""

    model_config = ConfigDict(extra="forbid")

    countries: frozenset[Country] = frozenset()
    first_day: date | None = None
    last_day: date | None = None
    on: date | None = None
    days: frozenset[Weekday] = frozenset()
    ramadan: bool = False
    weekend: frozenset[Weekday] | None = None
    hours: tuple[Annotated[Span, BeforeValidator(span)], ...] | None = None
    holiday: dict[str, str] | None = None
    working: bool = False

    def rule(self) -> Rule:
        """The same, with `on` as both its first day and its last."""
        said = {name: getattr(self, name) for name in type(self).model_fields if name != "on"}
        return Rule(**said | ({"first_day": self.on, "last_day": self.on} if self.on else {}))


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    rule: list[_Written] = []


def read_rules(*files: Path) -> list[Rule]:
    """The rules of several files in their order, of which the last that holds decides. Raises `ValueError` naming what it cannot read."""
    return [written.rule() for file in files for written in _File.model_validate(tomllib.loads(file.read_text(encoding="utf-8"))).rule]
