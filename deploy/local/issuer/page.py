"""The one page: "Who are you today?", in three languages, without script."""

from base64 import b64decode
from binascii import Error
from functools import cache
from pathlib import Path

from babel import Locale
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from deploy.local.issuer.people import PEOPLE
from shared.web.language import best_language
from shared.words import translations

HERE = Path(__file__).parent
STATIC = HERE / "static"
LANGUAGES = {"en": "English", "fr": "Français", "ar": "العربية"}
CARRIED = ("client_id", "redirect_uri", "response_type", "state", "nonce", "code_challenge", "code_challenge_method")


def language(asked: str | None, accepted: str | None) -> str:
    """What the portal asked for, else what the browser likes."""
    return asked if asked in LANGUAGES else best_language(accepted, LANGUAGES)


def people(chosen: str, query: dict[str, str]) -> str:
    """The page; what must come back with the choice is carried in hidden fields."""
    carried = {name: query[name] for name in CARRIED if name in query}
    locale = Locale.parse(chosen)
    countries = {code: locale.territories.get(code, code) for person in PEOPLE for code in person.countries}
    template = _environment(chosen).get_template("people.html")
    return template.render(
        lang=chosen,
        dir="rtl" if chosen == "ar" else "ltr",
        languages=LANGUAGES,
        people=PEOPLE,
        carried=carried,
        countries=countries,
        others={tongue: {**carried, "ui_locales": tongue} for tongue in LANGUAGES},
    )


def basic(given: str) -> tuple[str, str]:
    """Name and secret of HTTP Basic; empty when it is none."""
    try:
        name, _, secret = b64decode(given, validate=True).decode().partition(":")
    except (Error, UnicodeDecodeError):
        return "", ""
    return name, secret


@cache
def _environment(chosen: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(translations(HERE / "locale" / f"{chosen}.po", chosen), newstyle=True)  # type: ignore[attr-defined]
    return environment
