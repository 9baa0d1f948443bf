"""One definition of a fact, two decoders: pydantic and msgspec accept the same bytes, refuse the same, and read the same."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from deploy.docs import examples, schemas
from shared.events import Event, Malformed, decoder
from tests.conftest import PROOF

READ = [event for event in schemas.events() if event.classification != "personal"]
ODD: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
    st.sampled_from(
        ["2026-02-30", "2026-01-01", "0000-00-00", "2026-01-01T00:00:00Z", "not-a-uuid", "5f0c6c3e-3d4c-5a55-9d7e-5a0f6b1f2a10"]
    ),
    st.lists(st.one_of(st.text(max_size=3), st.integers(), st.none()), max_size=3),
    st.dictionaries(st.text(max_size=3), st.one_of(st.text(max_size=3), st.integers()), max_size=3),
)


def fast(event: type[Event], value: bytes) -> Any:
    try:
        return decoder(event)(value)
    except Malformed as error:
        return error


def careful(event: type[Event], value: bytes) -> Any:
    try:
        return event.model_validate_json(value, strict=True)
    except (ValidationError, UnicodeDecodeError) as error:
        return error


def agree(event: type[Event], value: bytes) -> None:
    quick, slow = fast(event, value), careful(event, value)
    assert isinstance(quick, Exception) == isinstance(slow, Exception), f"{value!r}: {quick} against {slow}"
    if not isinstance(slow, Exception):
        assert {name: getattr(quick, name) for name in event.model_fields} == {name: getattr(slow, name) for name in event.model_fields}


@pytest.mark.parametrize("event", READ, ids=lambda event: event.type)
def test_both_decoders_judge_alike(event: type[Event]) -> None:
    good = examples.of(event)["data"]
    every = {**good, **{name: None for name in event.model_fields if name not in good}}

    @settings(
        max_examples=400 if PROOF else 40, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=not PROOF
    )
    @given(st.dictionaries(st.sampled_from([*every, "not_a_field"]), ODD, max_size=3), st.sets(st.sampled_from(sorted(every)), max_size=2))
    def judge(changed: dict[str, Any], left_out: set[str]) -> None:
        payload = {name: value for name, value in {**good, **changed}.items() if name not in left_out or name in changed}
        text = json.dumps(payload)
        # A lone surrogate is no UTF-8 and cannot come off the wire.
        assume("\\ud" not in text)
        agree(event, text.encode())

    judge()


@pytest.mark.parametrize("value", [b"", b"null", b"[]", b'"text"', b"{", b"\xff\xfe", b"{}", b'{"a": \xff}', b"1" * 50, b"{}{}"])
def test_what_is_no_object_is_refused_by_both(value: bytes) -> None:
    for event in READ:
        assert isinstance(fast(event, value), Malformed)
        assert isinstance(careful(event, value), (ValidationError, UnicodeDecodeError))


def test_a_refusal_names_the_field() -> None:
    from shared.events.partners import InstrumentProposed

    payload = examples.of(InstrumentProposed)["data"] | {"parties": ["nobody"]}
    assert "parties" in str(fast(InstrumentProposed, json.dumps(payload).encode()))


def test_what_a_reader_does_not_know_is_skipped() -> None:
    for event in READ:
        value = json.dumps({**examples.of(event)["data"], "added_later": {"anything": [1]}}).encode()
        assert not isinstance(fast(event, value), Exception)
        assert not isinstance(careful(event, value), Exception)


@pytest.mark.parametrize("told", ["urn:uuid:5f0c6c3e-3d4c-5a55-9d7e-5a0f6b1f2a10", "{5f0c6c3e-3d4c-5a55-9d7e-5a0f6b1f2a10}"])
def test_a_uuid_has_one_spelling_for_readers(told: str) -> None:
    """Pydantic alone would take more spellings; readers keep to the frozen schema's format."""
    from shared.events.partners import InstrumentRetracted

    assert isinstance(
        fast(InstrumentRetracted, json.dumps(examples.of(InstrumentRetracted)["data"] | {"corrects": told}).encode()), Malformed
    )


@pytest.mark.parametrize("told", ["0", "1704067200", "20260101", "2026-1-1", "2026-01-01T00:00:00Z", "10000-01-01", 1704067200])
def test_a_day_has_one_spelling_for_readers(told: object) -> None:
    """Pydantic alone would take a number in a string for a day."""
    from shared.events.contacts import ContactPointEnded

    assert isinstance(fast(ContactPointEnded, json.dumps(examples.of(ContactPointEnded)["data"] | {"valid_to": told}).encode()), Malformed)


@pytest.mark.parametrize("text", ["a\x00", "a\x1f", "a\n"])
def test_raw_control_characters_are_refused_by_both(text: str) -> None:
    from shared.events.contacts import PersonErased

    value = json.dumps(examples.of(PersonErased)["data"]).replace("administrator", text).encode()
    assert isinstance(fast(PersonErased, value), Malformed)
    assert isinstance(careful(PersonErased, value), ValidationError)
