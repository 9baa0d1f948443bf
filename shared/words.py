"""Translations (gettext) straight from their `.po` files: compiled in memory, so that no compiled file can be stale."""

import gettext
import io
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


@cache
def translations(file: Path, language: str) -> gettext.NullTranslations:
    """Those of a language; where there is no file, as for English, the source's own words."""
    if not file.exists():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
