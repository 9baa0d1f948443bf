"""A pack calls things as the pages do, in every language; it is built where the pages' words are not at hand."""

import json

import pytest

from deploy.docs.services import ROOT
from services.portal.pages.terms import TERMS
from services.portal.pages.wording import catalogue

WORDS = json.loads((ROOT / "services" / "contacts" / "gateways" / "packs" / "words.json").read_text())


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("family", ["institution_kind", "crime_type", "duty", "language_level", "contact_point_state"])
def test_a_pack_calls_it_as_the_pages_do(language: str, family: str) -> None:
    said = catalogue(language)
    assert WORDS[language][family] == {code: said.gettext(text) for code, text in TERMS[family].items()}


def test_every_language_says_the_same_things() -> None:
    assert len({tuple(sorted(words["page"])) for words in WORDS.values()}) == 1
