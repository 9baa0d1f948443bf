"""Fields of forms: how each is asked, what of it is sent, and what it holds when it is shown again."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import available_timezones

from starlette.datastructures import ImmutableMultiDict, UploadFile

from services.portal.domain import LANGUAGES, Json, clock_of, clock_time, newest_standing
from services.portal.pages.lookups import Either, Given, Lookup
from services.portal.pages.terms import N_, TERMS
from services.portal.pages.visit import Visit

Option = tuple[str, ...]
"""Code and words, and for `one_of` what stands beside them."""
MISSING, TOO_LARGE = "Field required", "is too large"
SEVERAL = frozenset({"several", "countries"})
ZONES = ["UTC", *sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/")))]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a form asks, named as its owner names it."""

    name: str
    kind: Literal[
        "text",
        "lines",
        "named",
        "texts",
        "number",
        "numbers",
        "choice",
        "one_of",
        "several",
        "looked_up",
        "country",
        "countries",
        "day",
        "moment",
        "zone",
        "file",
    ]
    label: str
    """Marked for translation, as is the hint."""
    family: str = ""
    """Whose codes can be chosen, or are counted; of a file, the endings that are offered."""
    hint: str = ""
    required: bool = False
    sent: bool = True
    """False for what only helps to read the other fields, such as the zone of a clock time."""
    most: int = 0
    """Bytes that a file may have."""
    choices: Callable[[Visit, Json], Iterable[Option]] | None = None
    """(code, words) where no family tells them."""
    finds: Lookup | Either | None = None
    """Of what is looked up: where it is found."""
    reads: Callable[[str, Given], Any] | None = None
    """Of a text, or of each of its lines: what is sent of it, with what stands in the other fields; raises `ValueError` with a reason."""

    def called(self, wording: Any) -> str:
        """The words beside it."""
        return str(wording.say(self.label))

    def options(self, visit: Visit, subject: Json) -> Sequence[Option]:
        """What can be chosen."""
        if self.choices is not None:
            return list(self.choices(visit, subject))
        if self.kind in {"country", "countries"}:
            return visit.wording.countries()
        if self.kind == "zone":
            return [(zone, zone) for zone in ZONES]
        if self.kind == "texts":
            return [(code, visit.wording.tongue(code)) for code in sorted(LANGUAGES, key=lambda code: code != visit.language)]
        return visit.wording.choices(self.family, TERMS[self.family])

    def found(self, form: ImmutableMultiDict[str, Any]) -> Any:
        """What somebody put in, as it is shown again if it must be."""
        if self.kind == "numbers":
            return {code: str(form.get(f"{self.name}.{code}", "")).strip() for code in TERMS[self.family]}
        if self.kind == "texts":
            within = f"{self.name}."
            return {name.removeprefix(within): _lined(value) for name, value in form.items() if name.startswith(within)}
        if self.kind in SEVERAL:
            return [str(value) for value in form.getlist(self.name)]
        if self.kind == "file":
            found = form.get(self.name)
            return found if isinstance(found, UploadFile) and found.filename else None
        return str(form.get(self.name, "")).strip()

    def value(self, given: Given, visit: Visit) -> Any:
        """As the owner takes it; None where nothing was put in.

        Raises `ValueError` for a clock time that no clock shows, a file that is too large or was not chosen, and what `reads` refuses.
        """
        found = given[self.name]
        match self.kind:
            case "file":
                return self._file(found)
            case "several" | "countries":
                return found
            case "numbers":
                return {code: _number(text) for code, text in found.items() if text}
            case "named":
                return {visit.language: found} if found else None
            case "texts":
                return {code: text for code, text in found.items() if text} or None
            case "lines":
                return [self._read(line.strip(), given) for line in found.splitlines() if line.strip()] or None
            case "number":
                return _number(found) if found else None
            case "moment":
                return clock_time(found, given.get("zone") or visit.wording.zone).isoformat() if found else None
            case _:
                return self._read(found, given) if found else None

    def _file(self, found: UploadFile | None) -> UploadFile | None:
        if found is None and self.required:
            raise ValueError(MISSING)
        if found and (found.size or 0) > self.most:
            raise ValueError(TOO_LARGE)
        return found

    def _read(self, text: str, given: Given) -> Any:
        return self.reads(text, given) if self.reads else text


TITLE = Field("title", "named", N_("Title"), hint=N_("Short, and without the name of any person."), required=True)
TYPES = Field("crime_types", "several", N_("Crime types"), "crime_type", hint=N_("All that it is about: it counts once for each."))
COUNTRIES = Field("countries", "countries", N_("Countries taking part"), hint=N_("Hold Ctrl or Cmd to choose several."))
REASON = Field("reason", "choice", N_("Why?"), "correction_reason", required=True)


def _lined(value: object) -> str:
    """What browsers send as the end of a line is one sign with us."""
    return "\n".join(str(value).strip().splitlines())


def _number(text: str) -> int | str:
    """A number, or the text itself: its owner says what is wrong with it."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def taking_back(body: dict[str, Any], history: Sequence[Json]) -> Json:
    """Names what is taken back: the newest step that stands; where none does, its owner says so."""
    standing = newest_standing(history)
    return {**body, "corrects": standing} if standing else body


def clock(moment: object, zone: str) -> str:
    """A moment as a field of a clock time holds it; empty for none."""
    found = clock_of(moment, zone)
    return f"{found:%Y-%m-%dT%H:%M}" if found else ""


def told_apart(found: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Id -> words as choices: the beginning of the identifier tells two alike apart."""
    alike = Counter(found.values())
    yield from ((id_, words if alike[words] == 1 else f"{words} · {id_[:8]}") for id_, words in found.items())


def purposes(visit: Visit, _: Json | None = None) -> list[Option]:
    """What persons' details can be asked for; notifications ask for theirs by themselves."""
    return [*visit.wording.choices("purpose", [code for code in TERMS["purpose"] if code != "notification"])]


def own_countries(visit: Visit, _: Json) -> list[Option]:
    """The countries this person may act for."""
    return [pair for pair in visit.wording.countries() if visit.acts_for(pair[0])]
