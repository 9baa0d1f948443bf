"""Templates to HTML: one environment per language, so that a template never asks which one it speaks."""

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from services.portal import domain
from services.portal.pages import world
from services.portal.pages.wording import Wording
from services.portal.settings import HERE, Settings

STATIC = HERE / "static"


def fingerprint(folder: Path = STATIC) -> str:
    """A name for exactly these files: it stands in their URL, so they may be cached for ever."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


class Compiled(BytecodeCache):
    """Templates compiled once for all languages and zones: they differ in what they are given alone."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was compiled before."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled now."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


class Renderer:
    """Everything needed to turn a template into a page."""

    def __init__(self, settings: Settings) -> None:
        self.static = f"/static/{fingerprint()}"
        self.world = world.drawn(settings.boundaries)
        self.map = f"{self.static}-map/{self.world.name}"
        self._settings, self._compiled = settings, Compiled()
        self._environments: dict[tuple[str, str], Environment] = {}
        self.demo = False

    def wording(self, language: str, zone: str | None = None) -> Wording:
        """A language, with the clock of a zone; the instance's where none is named."""
        return self._environment(language, zone or self._settings.zone).globals["w"]  # type: ignore[return-value]

    def html(self, wording: Wording, template: str, **shown: Any) -> str:
        """The page's text."""
        return self._environment(wording.language, wording.zone).get_template(template).render(demo=self.demo, **shown)

    def _environment(self, language: str, zone: str) -> Environment:
        if (language, zone) not in self._environments:
            self._environments[language, zone] = self._made(Wording(language, zone, self._settings.designations))
        return self._environments[language, zone]

    def _made(self, wording: Wording) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
            bytecode_cache=self._compiled,
        )
        environment.install_gettext_translations(wording.translations, newstyle=True)  # type: ignore[attr-defined]
        environment.globals.update(
            w=wording,
            lang=wording.language,
            dir=wording.direction,
            static=self.static,
            world=self.world,
            map=self.map,
            languages=domain.LANGUAGES,
            rtl=domain.RTL,
            query_of=domain.query_of,
            turn_of=domain.turn,
            bar=bar,
            columns=columns,
            labels_of=lambda fields: {field.name: field.called(wording) for field in fields},
        )
        return environment


def columns(shares: Sequence[Decimal], tone: str = "one") -> Markup:
    """Shares over time as columns, the first where reading begins; a table beside it tells the numbers."""
    height, drawn = 40, Markup("")
    for place, share in enumerate(shares):
        tall = max(Decimal("0.6"), height * share)
        drawn += Markup('<rect x="{}" y="{:.1f}" width="7" height="{:.1f}"/>').format(place * 10 + 1, height - tall, tall)
    return Markup(
        '<svg class="columns columns-{}" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true" focusable="false">{}</svg>'
    ).format(tone, 10 * len(shares), height, drawn)


def bar(share: Decimal | None, tone: str = "one") -> Markup:
    """A share as a bar: presentation attributes only, so that it prints and needs no style attribute."""
    width = f"{100 * (share or 0):.1f}"
    return Markup(
        '<svg class="bar" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="bar-track" width="100" height="12"/><rect class="bar-fill bar-{}" width="{}" height="12"/></svg>'
    ).format(tone, width)
