"""The CloudEvents envelope, there and back, and every way it can be wrong."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shared.events import Attributes, Malformed

GOOD = Attributes(
    id=uuid4(),
    source="/instances/nl/services/partners",
    type="partners.partner.registered.v1",
    subject=uuid4(),
    time=datetime(2026, 5, 4, 10, 30, 15, 123000, tzinfo=UTC),
    recordedtime=datetime(2026, 5, 4, 10, 30, 16, tzinfo=UTC),
    aggversion=3,
    country="NL",
    mode="import",
    traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
)


def on_the_wire(attributes: Attributes, **changed: str | None) -> list[tuple[str, bytes]]:
    headers = {**attributes.headers(), **changed}
    return [(name, value.encode()) for name, value in headers.items() if value is not None]


def test_there_and_back() -> None:
    assert Attributes.read(on_the_wire(GOOD)) == GOOD


def test_the_wire_is_binary_mode() -> None:
    headers = GOOD.headers()
    assert headers["content-type"] == "application/json"
    assert headers["ce_specversion"] == "1.0"
    assert headers["ce_time"] == "2026-05-04T10:30:15.123Z"
    assert headers["traceparent"].startswith("00-")
    assert "ce_traceparent" not in headers


@pytest.mark.parametrize("name", ["specversion", "id", "source", "type", "subject", "time", "recordedtime", "aggversion"])
def test_a_missing_attribute_is_named(name: str) -> None:
    with pytest.raises(Malformed, match=name):
        Attributes.read(on_the_wire(GOOD, **{f"ce_{name}": None}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("specversion", "0.3"),
        ("id", "seven"),
        ("subject", "albania"),
        ("time", "yesterday"),
        ("time", "2026-05-04T10:30:15"),
        ("recordedtime", "12"),
        ("aggversion", "0"),
        ("aggversion", "-1"),
        ("aggversion", "1.5"),
        ("aggversion", "٣"),
        ("aggversion", "9" * 30),
        ("mode", "maybe"),
        ("correlationid", "x"),
        ("time", "0001-01-01T00:00:00+14:00"),
        ("recordedtime", "9999-12-31T23:59:59-14:00"),
        ("recordedtime", "00010101T000000+1400"),
    ],
)
def test_a_wrong_attribute_is_named(name: str, value: str) -> None:
    with pytest.raises(Malformed, match=name):
        Attributes.read(on_the_wire(GOOD, **{f"ce_{name}": value}))


def test_a_header_that_is_not_utf8_is_named() -> None:
    with pytest.raises(Malformed, match="x-odd"):
        Attributes.read([*on_the_wire(GOOD), ("x-odd", b"\xff\xfe")])


@given(some.dictionaries(some.sampled_from([*GOOD.headers(), "other"]), some.binary(max_size=40)))
def test_whatever_stands_in_the_headers_it_is_read_or_refused_with_a_reason(odd: dict[str, bytes]) -> None:
    headers = {**dict(on_the_wire(GOOD)), **odd}
    try:
        read = Attributes.read(headers.items())
    except Malformed as refused:
        reason = str(refused)
    else:
        reason = isinstance(read.id, UUID)
    assert reason
