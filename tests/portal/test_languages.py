"""Every word a page can show is in French and in Arabic, for the portal and for the demo issuer."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from deploy.local.issuer import page as issuer
from services.portal.pages.wording import LOCALE
from services.portal.settings import HERE

KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "say": None, "N_": None}
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
WRITTEN = {"portal": (HERE, "{}/LC_MESSAGES/portal.po", LOCALE), "issuer": (issuer.HERE, "{}.po", issuer.HERE / "locale")}
EACH = pytest.mark.parametrize(("who", "language"), [(who, language) for who in WRITTEN for language in ("fr", "ar")])


def catalogue(who: str, language: str) -> Catalog:
    _, name, folder = WRITTEN[who]
    with (folder / name.format(language)).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def messages(who: str, language: str) -> Iterator[Message]:
    return (message for message in catalogue(who, language) if message.id)


def extracted(folder: Path) -> set[object]:
    with (LOCALE / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    if folder == issuer.HERE:
        methods, options = [("**.html", "jinja2")], {"**.html": options["**/templates/**.html"]}
    found = Catalog()
    for _, _, message, _, _ in extract_from_dir(folder, methods, options, keywords=KEYWORDS):
        found.add(message)
    return {message.id for message in found if message.id}


@EACH
def test_what_is_said_is_what_is_translated(who: str, language: str) -> None:
    said, translated = extracted(WRITTEN[who][0]), {message.id for message in messages(who, language)}
    assert translated - said == set(), "translated, but said nowhere"
    assert said - translated == set(), "said, but not translated"


@EACH
def test_no_translation_is_empty_or_a_guess(who: str, language: str) -> None:
    for message in messages(who, language):
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(text.strip() for text in texts), message.id
        assert not message.fuzzy, message.id


@EACH
def test_a_translation_names_no_value_that_is_not_given(who: str, language: str) -> None:
    for message in messages(who, language):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        given = set(PLACEHOLDER.findall(" ".join(ids)))
        for text in texts:
            assert set(PLACEHOLDER.findall(text)) <= given, message.id
        # A form for exactly one or two may say the number in words; the general form says every value.
        assert set(PLACEHOLDER.findall(texts[-1])) == given, message.id
        assert "%" not in PLACEHOLDER.sub("", texts[-1]), message.id


def test_plurals_follow_the_language() -> None:
    assert catalogue("portal", "ar").num_plurals == 6
    assert catalogue("portal", "fr").num_plurals == 2


def test_no_word_stands_in_a_template_unmarked() -> None:
    """What is left of a template without its tags, expressions and comments: names, signs, nothing one would translate."""
    allowed = {"Concord", "Language", "Langue", "اللغة"}
    for path in sorted((HERE / "templates").glob("*.html")):
        text = re.sub(
            r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>|aria-\w+=\"[^\"]*\"", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        words = set(re.findall(r"[^\W\d_]{2,}", text)) - allowed
        assert not words, f"{path.name}: {words}"
