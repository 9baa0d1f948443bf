"""The person behind a contact point: an opaque reference here, the details only sealed (XC-07, XC-08)."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from shared.errors import NotFound
from shared.events import contacts as facts


@dataclass(frozen=True, slots=True, repr=False)
class Details:
    """Duty contact details of one person. No `repr`: what is printed by accident ends in a log."""

    family_name: str
    given_name: str
    script_variants: tuple[str, ...] = ()
    """The name in other scripts or spellings."""
    email: str | None = None
    phone: str | None = None
    language: str | None = None
    """In which they are written to (ISO 639)."""
    zone: str | None = None
    """Their own clock (IANA name)."""


@dataclass(frozen=True, slots=True)
class Person:
    """Two counted sequences: facts about the record (`version`), and its sealed contents (`sealed_version`, on the personal topic)."""

    ref: UUID
    country: str | None
    jwe: str | None
    version: int
    sealed_version: int
    recorded_at: datetime
    erased_at: datetime | None = None

    def present(self) -> "Person":
        """Itself; raises `NotFound` once erased: the record is gone, not hidden."""
        if self.erased_at is not None:
            raise NotFound("erased", erased_at=self.erased_at.isoformat())
        return self

    def seal(self, jwe: str, now: datetime) -> tuple["Person", facts.PersonSealed]:
        """New contents, whole."""
        moment = max(now, self.recorded_at)
        after = replace(self.present(), jwe=jwe, sealed_version=self.sealed_version + 1, recorded_at=moment)
        return after, facts.PersonSealed(jwe=jwe)

    def read(self, reader: str, purpose: str, surface: str, now: datetime) -> tuple["Person", facts.AccessRecorded]:
        """Somebody was given the details or the key to them; raises `NotFound` where there is nothing to give."""
        if self.present().jwe is None:
            raise NotFound("No details were recorded for this person")
        after = replace(self, version=self.version + 1, recorded_at=max(now, self.recorded_at))
        return after, facts.AccessRecorded(reader_ref=reader, person_ref=self.ref, purpose=purpose, surface=surface)

    def erase(self, keys_destroyed: int, ordered_by_role: str, now: datetime) -> tuple["Person", facts.PersonErased]:
        """Nothing of the person stays but the reference, so that no count changes."""
        moment = max(now, self.recorded_at)
        # The tombstone is one more record of the sealed sequence, if there ever was one.
        sealed = self.sealed_version + 1 if self.sealed_version else 0
        after = replace(self.present(), jwe=None, version=self.version + 1, sealed_version=sealed, recorded_at=moment, erased_at=moment)
        return after, facts.PersonErased(person_ref=self.ref, keys_destroyed=keys_destroyed, ordered_by_role=ordered_by_role)
