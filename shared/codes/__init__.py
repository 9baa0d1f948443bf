"""Code lists as versioned data (`events.md` §6.2): replaceable per instance by a file named in `CONCORD_CODES`.

Inputs are held to a list; readers of facts are not, so that a list may grow without a release of every reader.
"""

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, WithJsonSchema


@dataclass(frozen=True, slots=True)
class CodeList:
    """One list: its version, and each code with its label in English; the codes of a group have members of another list."""

    name: str
    version: int
    codes: Mapping[str, str]
    members: Mapping[str, Sequence[str]] = field(default_factory=dict)


def read(*files: Path) -> dict[str, CodeList]:
    """Code lists of several files; a later file replaces whole lists of an earlier one."""
    lists: dict[str, CodeList] = {}
    for file in files:
        for name, given in tomllib.loads(file.read_text(encoding="utf-8")).items():
            lists[name] = CodeList(name, given["version"], given["codes"], given.get("members", {}))
    return lists


_OWN = [Path(os.environ["CONCORD_CODES"])] if os.environ.get("CONCORD_CODES") else []
LISTS = read(*sorted(Path(__file__).parent.glob("*.toml")), *_OWN)


def one_of(name: str) -> Any:
    """A string type that takes the codes of one list, with the list's name in the error and its codes in the schema."""
    known = LISTS[name]

    def check(code: str) -> str:
        if code not in known.codes:
            msg = f"not in code list {known.name} (version {known.version})"
            raise ValueError(msg)
        return code

    return Annotated[str, AfterValidator(check), WithJsonSchema({"type": "string", "enum": list(known.codes), "title": name})]
