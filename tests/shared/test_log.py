"""Nothing that names a person or opens a door stands in a log."""

import io
import json
import logging

import structlog

from shared import log


def logged(**fields: object) -> str:
    log.configure("json", "INFO", "test")
    stream = io.StringIO()
    handler = logging.getLogger().handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    structlog.get_logger("here").info("it happened", **fields)
    return stream.getvalue()


def test_personal_fields_are_dropped_at_any_depth() -> None:
    line = logged(family_name="Zxqv", details={"email": "zxqv@x"}, body={"person": {"phone": "Zxqv"}}, rows=[{"given_name": "Zxqv"}], n=3)
    assert "zxqv" not in line.lower()
    assert json.loads(line)["n"] == 3


def test_an_error_says_where_but_not_with_what_values() -> None:
    log.configure("json", "INFO", "test")
    stream = io.StringIO()
    handler = logging.getLogger().handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    try:
        raise ValueError("Zxqv is not a name")
    except ValueError as error:
        structlog.get_logger("here").error("request failed", exc_info=error)
    line = json.loads(stream.getvalue())
    assert line["error"] == "ValueError"
    assert "Zxqv" not in stream.getvalue()
