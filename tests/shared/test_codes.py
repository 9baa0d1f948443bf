"""Code lists are data: versioned, and an instance may replace a whole list."""

from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from shared import codes


def test_an_instance_replaces_a_whole_list(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[duty]\nversion = 2\n[duty.codes]\nnight = "at night"\n', encoding="utf-8")
    shipped = Path(codes.__file__).parent / "lists.toml"
    lists = codes.read(shipped, own)
    assert (lists["duty"].version, dict(lists["duty"].codes)) == (2, {"night": "at night"})
    assert lists["country"].codes["XK"] == "Kosovo"


def test_an_input_is_held_to_its_list_and_the_refusal_names_it() -> None:
    country: TypeAdapter[str] = TypeAdapter(codes.one_of("country"))
    assert country.validate_python("TN") == "TN"
    with pytest.raises(ValidationError, match=r"code list country \(version 1\)"):
        country.validate_python("ZZ")


def test_spc_and_spoc_are_never_one_code() -> None:
    assert "spoc" in codes.LISTS["institution_kind"].codes
    assert not any("spc" in each.codes for each in codes.LISTS.values())
