"""An example of every event: made once from its fields, frozen beside its schema, readable for ever."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args
from uuid import NAMESPACE_URL, UUID, uuid5

from deploy.docs.readers import publisher
from deploy.docs.services import ROOT
from shared.events import Attributes, Event
from shared.events.envelope import moment

FROZEN = ROOT / "shared" / "events" / "examples"
KNOWN: dict[str, Any] = {
    "name": {"en": "Albania", "fr": "Albanie"},
    "title": {"en": "Joint next steps"},
    "crime_types": ["cybercrime", "money-laundering"],
    "format": "hybrid",
    "form": "both",
    "agencies": [{"institution_kind": "police", "country": "AL", "role": "lead"}],
    "agency": {"institution_kind": "police", "country": "AL", "role": "lead"},
    "results": [{"country": "AL", "measure_kind": "arrest", "total": 12}],
    "measure_kind": "seizure_asset",
    "amount": {"amount_minor": 1250000, "currency": "EUR", "exponent": 2},
    "cost": {"amount_minor": 84000, "currency": "EUR", "exponent": 2},
    "pairs": [{"from": "sq", "to": "en"}],
    "ready": ["AL"],
    "delegations": [{"country": "AL", "categories": ["prosecutor"], "seats": 2}],
    "networks": [str(uuid5(NAMESPACE_URL, "concord:example:contacts.network.v1"))],
    "domain": ["cybercrime"],
    "rhythm": "P3M",
    "version": "2.1",
    "measures": ["B.a"],
    "owner": "euromed-justice",
    "address": "https://example.org/handbook",
    "language": "fr",
    "label": {"en": "Cybercrime"},
    "channel": "EUROPOL",
    "role": "member",
    "reference": "albania",
    "abbreviation": "ALB",
    "region": "western-balkans",
    "country": "AL",
    "countries": ["AL"],
    "subjects": ["personal_data"],
    "zone": "Europe/Tirane",
    "languages": ["sq"],
    "role_mailbox": "desk@example.org",
    "phone_24x7": "+355 00 000 000",
    "subdivision": "AL-11",
    "level": "working",
    "code": "en",
    "duty": "office_hours",
    "method": "self",
    "specialisations": ["cybercrime"],
    "purpose": "judicial_cooperation",
    "purposes": ["judicial_cooperation"],
    "data_categories": ["case_related"],
    "surface": "api",
    "ordered_by_role": "administrator",
    "reader_ref": "user:5f0c6c3e-3d4c-5a55-9d7e-5a0f6b1f2a10",
    "state": "valid",
    "changed": ["duty"],
    "changed_fields": ["duty"],
    "reason": "typing_error",
    "jwe": "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA",
}
AGREEMENT = "international_agreement"
KINDS = {
    "partner": "country",
    "instrument": AGREEMENT,
    "legal_basis": AGREEMENT,
    "authority": "prosecution",
    "network": "national_network",
    "structure": "ilecu",
    "liaison": "magistrate",
    "tool": "handbook",
    "meeting": "coordination_case",
    "operation": "task_force",
}

OF: dict[tuple[str, str], Any] = {
    ("structure", "parties"): ["AL"],
    ("structure", "form"): "office",
    ("network", "basis"): "protocol",
    ("liaison", "from_organisation"): None,
    ("liaison", "host"): "eurojust",
    ("enquiry", "from_country"): "AL",
    ("enquiry", "to_country"): "BR",
    ("enquiry", "measure"): "obtain_data",
    ("enquiry", "urgency"): "urgent",
    ("enquiry", "channel"): "direct",
    ("enquiry", "addressee_kind"): "contact_point",
    ("enquiry", "case_ref"): "c-2f6b",
    ("liaison", "from_country"): "AL",
    ("liaison", "funder_ref"): "eurojust",
    ("liaison", "funding_share"): 50,
    ("tool", "languages"): ["en", "fr"],
    ("decision", "kind"): "legal",
    ("decision", "languages"): ["en", "fr"],
    ("decision", "text_sha256"): "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ("support_requested", "kind"): "interpretation",
    ("support_confirmed", "kind"): "interpretation",
}
"""What a field of one kind of thing, or of one step, is like, where the same name means something else elsewhere."""


def of(event: type[Event]) -> dict[str, Any]:
    """Headers as they stand on Kafka, and the value: `data` where it is JSON, `text` where it is not."""
    _, thing, step, _ = event.type.split(".")
    sealed = event.classification == "personal"
    headers = Attributes(
        id=_uuid(event.type),
        source=f"/instances/demo/services/{publisher(event)}",
        type=event.type,
        subject=_uuid(event.topic),
        time=_moment(),
        recordedtime=_moment(),
        aggversion=1,
        country="AL" if publisher(event) == "contacts" else None,
        classification=event.classification,
        actor=f"user:{_uuid('actor')}",
        correlationid=_uuid("request"),
        dataschema=f"/schemas/{event.type}.json",
        datacategories="contact_duty" if sealed else None,
    ).headers() | ({"content-type": "application/jose"} if sealed else {})
    made = event.model_validate({name: _value(thing, step, name, field.annotation) for name, field in event.model_fields.items()})
    payload = made.payload().decode()
    value = {"text": payload} if sealed else {"data": json.loads(payload)}
    return {"topic": event.topic, "key": str(_uuid(event.topic)), "headers": headers, **value}


def file_of(event: type[Event], folder: Path = FROZEN) -> Path:
    """Where its example is frozen."""
    return folder / f"{event.type}.json"


def _value(thing: str, step: str, name: str, annotation: Any) -> Any:
    for of in ((step, name), (thing, name)):
        if of in OF:
            return OF[of]
    if name == "kind":
        return KINDS.get(thing, "other")
    kinds = _plain(annotation)
    if name == "categories":
        return ["prosecutor"] if kinds.startswith("list") else {"prosecutor": 2}
    if name == "countries" and "Place" in str(annotation):
        return [{"country": "AL", "zone": "Europe/Tirane"}]
    if name == "languages" and "LanguageSkill" in str(annotation):
        return [{"code": "en", "level": "working"}]
    if name in KNOWN:
        return KNOWN[name]
    if "UUID" in kinds:
        return [str(_uuid(name))] if kinds.startswith("list") else str(_uuid(name))
    return _simple(name, kinds, annotation)


def _simple(name: str, kinds: str, annotation: Any) -> Any:
    if "datetime" in kinds:
        return moment(_moment())
    if "date" in kinds:
        return "2026-01-15"
    if kinds == "int":
        return 1
    if kinds == "bool":
        return True
    literals = [argument for argument in get_args(annotation) if isinstance(argument, str)]
    if literals:
        return literals[0]
    return [name] if kinds.startswith("list") else {"en": name} if kinds.startswith("dict") else name


def _plain(annotation: Any) -> str:
    told = annotation.__name__ if isinstance(annotation, type) and not get_args(annotation) else str(annotation)
    return told.removesuffix(" | None").replace("uuid.", "").replace("datetime.", "", 1)


def _uuid(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"concord:example:{name}")


def _moment() -> datetime:
    return datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
