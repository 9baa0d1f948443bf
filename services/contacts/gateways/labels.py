"""What codes and countries are called in the languages of the pages: by these words, too, their bearers are found."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel import Locale

from shared.codes import LISTS

FILE = Path(__file__).parent.parent / "labels.toml"
LANGUAGES = ("en", "fr", "ar")
COUNTED = {"crime_type": "crime_type", "institution_kind": "office", "network_kind": "office", "structure_kind": "office"}
"""Code list -> what its codes are called in an entry."""


@cache
def labels() -> Mapping[tuple[str, str], tuple[str, ...]]:
    """(what, code) -> its names."""
    written = tomllib.loads(FILE.read_text(encoding="utf-8"))
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for name, what in COUNTED.items():
        for code, english in LISTS[name].codes.items():
            others = (written[language].get(name, {}).get(code) for language in LANGUAGES[1:])
            found[what, code] = (english, *filter(None, others))
    for code, english in LISTS["country"].codes.items():
        named = (Locale.parse(language).territories.get(code) for language in LANGUAGES)
        found["country", code] = (english, *filter(None, named))
    return found
