"""The published language is frozen: what a reader was promised stays, and a break names who reads the field."""

import json
import shutil
from pathlib import Path
from uuid import UUID

import pytest

from deploy.docs import readers, schemas, services
from deploy.docs.services import ROOT
from shared.events import Event, catalogue
from shared.events.partners import InstrumentProposed, _Instrument


@pytest.fixture
def frozen(tmp_path: Path) -> Path:
    return Path(shutil.copytree(schemas.FROZEN, tmp_path / "schemas"))


def change(folder: Path, event: type[Event], **replaced: object) -> None:
    """Let the frozen schema have promised something else."""
    file = schemas.file_of(event, folder)
    told = json.loads(file.read_text())
    for field, schema in replaced.items():
        if schema is None:
            del told["properties"][field]
            told["required"] = [name for name in told["required"] if name != field]
        else:
            told["properties"][field] = schema
    file.write_text(json.dumps(told))


@pytest.mark.parametrize("event", schemas.events(), ids=lambda event: event.type)
def test_every_class_is_what_was_frozen(event: type[Event]) -> None:
    assert schemas.file_of(event).exists(), "not frozen yet: make docs"
    assert schemas.breaks(event) == []
    assert json.loads(schemas.file_of(event).read_text()) == schemas.of(event), "an added field is not frozen yet: make docs"


def test_every_frozen_type_has_its_class() -> None:
    assert schemas.vanished() == []


def test_a_class_that_is_gone_is_noticed(frozen: Path) -> None:
    (frozen / "partners.partner.forgotten.v1.json").write_text("{}")
    assert [found.event for found in schemas.vanished(frozen)] == ["partners.partner.forgotten.v1"]


def test_a_field_that_was_promised_and_is_gone(frozen: Path) -> None:
    change(frozen, InstrumentProposed, title={"type": "string"})
    (found,) = schemas.breaks(InstrumentProposed, frozen)
    assert (found.field, found.what) == ("title", "is gone")


def test_a_field_that_means_something_else(frozen: Path) -> None:
    change(frozen, InstrumentProposed, kind={"type": "integer"})
    (found,) = schemas.breaks(InstrumentProposed, frozen)
    assert found.field == "kind"
    assert "integer" in found.what


def test_only_optional_fields_may_be_added(frozen: Path) -> None:
    change(frozen, InstrumentProposed, valid_to=None)
    assert schemas.breaks(InstrumentProposed, frozen) == []
    change(frozen, InstrumentProposed, reference=None)
    (found,) = schemas.breaks(InstrumentProposed, frozen)
    assert (found.field, found.what) == ("reference", "was added and is required")


def test_neither_tighter_nor_looser(frozen: Path) -> None:
    file = schemas.file_of(InstrumentProposed, frozen)
    told = json.loads(file.read_text())
    told["required"] = [*(name for name in told["required"] if name != "kind"), "on"]
    file.write_text(json.dumps(told))
    assert {(found.field, found.what) for found in schemas.breaks(InstrumentProposed, frozen)} == {
        ("kind", "became required"),
        ("on", "is required no longer"),
    }


def test_words_may_change(frozen: Path) -> None:
    file = schemas.file_of(InstrumentProposed, frozen)
    told = json.loads(file.read_text())
    told["description"] = told["title"] = "other words"
    told["properties"]["kind"]["description"] = "other words"
    file.write_text(json.dumps(told))
    assert schemas.breaks(InstrumentProposed, frozen) == []


def plant(root: Path, file: str, text: str) -> None:
    path = root / "services" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """Two readers of one event: one takes the class, the other asks for the type in SQL; a third reads nothing of it."""
    plant(
        tmp_path,
        "reporting/projections.py",
        '"""kind"""\nfrom shared.events.partners import InstrumentProposed\n\ndef told(fact: InstrumentProposed):\n    return fact.kind\n',
    )
    plant(
        tmp_path,
        "notifications/views.py",
        'SQL = """\nSELECT data->>\'kind\' FROM facts\nWHERE type = \'partners.instrument.proposed.v1\'"""\n',
    )
    plant(tmp_path, "capacity/views.py", "SQL = \"SELECT kind FROM tools WHERE type LIKE 'capacity.tool.%'\"\n")
    plant(tmp_path, "partners/domain.py", "from shared.events.partners import InstrumentProposed\nkind = InstrumentProposed.kind\n")
    return tmp_path


def test_who_reads_an_event_and_a_field(planted: Path) -> None:
    assert list(map(str, readers.of_event(InstrumentProposed, planted))) == [
        "services/notifications/views.py:3",
        "services/reporting/projections.py:2",
    ]
    assert list(map(str, readers.of_field(InstrumentProposed, "kind", planted))) == [
        "services/notifications/views.py:2",
        "services/reporting/projections.py:5",
    ]
    assert readers.of_field(InstrumentProposed, "parties", planted) == []


def test_a_beginning_of_types_reads_them_all(planted: Path) -> None:
    plant(planted, "capacity/store.py", "SQL = \"WHERE type LIKE 'partners.instrument.%'\"\n")
    readers.sources.cache_clear()
    assert "services/capacity/store.py:1" in map(str, readers.of_event(InstrumentProposed, planted))


def test_a_break_names_its_readers(frozen: Path, planted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schemas, "of_field", lambda event, name: readers.of_field(event, name, planted))
    change(frozen, InstrumentProposed, kind={"type": "integer"})
    (found,) = schemas.breaks(InstrumentProposed, frozen)
    assert "services/notifications/views.py:2, services/reporting/projections.py:5" in str(found)


def test_every_event_is_named_for_what_happened() -> None:
    import re

    for type_, event in catalogue().items():
        service, aggregate, happened, major = type_.split(".") if type_.count(".") == 3 else ("", "", "", "")
        assert re.fullmatch(r"[a-z]+\.[a-z_]+\.[a-z_]+\.v[1-9][0-9]*", type_), type_
        assert event.__module__.split(".")[:3] == ["shared", "events", service], "a class lives with its publisher"
        assert event.topic.startswith(f"{service}."), "a fact goes to a topic of its publisher"
        assert re.fullmatch(r"[a-z]+\.[a-z_]+(\.personal)?\.v[1-9][0-9]*", event.topic)
        assert event.__doc__, "what happened, in a sentence"
        assert major
        words = {word for part in (aggregate, happened) for word in part.split("_")}
        name = {word.lower() for word in re.findall(r"[A-Z][a-z0-9]*", event.__name__)}
        if event.classification != "personal":
            assert words <= name | {"access"}, f"{event.__name__} is not called for {type_}"


def test_only_the_personal_topic_carries_persons() -> None:
    for event in catalogue().values():
        assert (event.classification == "personal") == event.topic.endswith(".personal.v1")
        if event.classification == "personal":
            assert list(event.model_fields) == ["jwe"], "sealed, and nothing beside"
        else:
            assert not {"family_name", "given_name", "email", "phone", "script_variants"} & set(event.model_fields)


def test_every_event_is_declared_published_and_on_a_declared_topic() -> None:
    import importlib

    from deploy.docs.pages import declared

    topics = declared()
    published = {}
    for service in {type_.split(".")[0] for type_ in catalogue()}:
        published |= importlib.import_module(f"shared.events.{service}").PUBLISHED
    assert set(published) <= set(topics)
    assert {topic for topic in topics if topic.split(".")[0] in services.names()} == set(published)
    for topic, events in published.items():
        assert all(event.topic == topic for event in events)
    assert {event for events in published.values() for event in events} == set(catalogue().values())
    assert not hasattr(_Instrument, "type"), "what several events share is no event"
    for event in catalogue().values():
        assert topics[event.topic]["class"] in ("public", "restricted", "personal")
        order = ["public", "restricted", "personal"]
        assert order.index(event.classification) <= order.index(topics[event.topic]["class"]), (
            f"{event.type} on a topic more open than it is"
        )


def test_examples_of_every_version_are_readable() -> None:
    from deploy.docs import examples
    from shared.events import Attributes, decoder

    files = {file.stem: json.loads(file.read_text()) for file in examples.FROZEN.glob("*.json")}
    assert set(files) == set(catalogue())
    for type_, told in files.items():
        event = catalogue()[type_]
        said = Attributes.read([(name, value.encode()) for name, value in told["headers"].items()])
        assert said.type == type_
        assert said.subject == UUID(told["key"])
        assert told["topic"] == event.topic
        sort = {"content-type": "application/json" if "data" in told else "application/jose"}
        assert said.headers() | sort == told["headers"], "written again it is the same"
        if "data" in told:
            event.model_validate_json(json.dumps(told["data"]), strict=True)
            decoder(event)(json.dumps(told["data"]).encode())
        else:
            assert event.model_validate({"jwe": told["text"]}).payload() == told["text"].encode()


def test_schemas_are_json_schemas_and_hold_the_examples() -> None:
    from jsonschema import Draft202012Validator

    from deploy.docs import examples

    for event in schemas.events():
        schema = schemas.of(event)
        Draft202012Validator.check_schema(schema)
        told = json.loads(examples.file_of(event).read_text())
        Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(told.get("data", told.get("text")))


def test_the_tree_searched_is_this_one() -> None:
    assert {source.service for source in readers.sources(ROOT)} >= {"partners", "contacts"}
