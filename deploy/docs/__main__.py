"""`python -m deploy.docs [--check | --freeze]`: write what is made from the code, or say what is stale."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from deploy.docs import asyncapi, examples, pages, schemas, services
from deploy.docs.services import ROOT
from services.portal.pages.world import carried, drawn

EVENTS, OPENAPI = ROOT / "docs" / "events", ROOT / "docs" / "openapi"
MAP = ROOT / "services" / "contacts" / "gateways" / "packs" / "map.json"
"""The portal's map as packs carry it: no service imports another."""
BOUNDARIES = ROOT / "services" / "portal" / "boundaries.toml"


def documents() -> dict[Path, str]:
    """File -> what shall stand in it."""
    there = services.everyone()
    written = {EVENTS / "README.md": pages.catalogue(there)}
    written |= {EVENTS / f"{topic}.md": pages.topic(topic, there) for topic in pages.declared()}
    written |= {EVENTS / f"{service.name}.asyncapi.json": schemas.text(asyncapi.of(service)) for service in there}
    written[MAP] = carried(drawn(BOUNDARIES))
    written |= {OPENAPI / f"{service.name}.json": schemas.text(service.openapi()) for service in there}
    return written


def frozen() -> dict[Path, str]:
    """Schemas as the classes are now, and an example of each event that has none: an example once frozen stays as it is."""
    written = {schemas.file_of(event): schemas.text(schemas.of(event)) for event in schemas.events()}
    fresh = [event for event in schemas.events() if not examples.file_of(event).exists()]
    return written | {examples.file_of(event): schemas.text(examples.of(event)) for event in fresh}


def stale(wanted: dict[Path, str]) -> list[Path]:
    """Files that are missing or say something else."""
    return sorted(path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text)


def left_over(wanted: dict[Path, str]) -> list[Path]:
    """Generated files that nothing asks for any more."""
    return sorted(path for folder in (EVENTS, OPENAPI) for path in folder.glob("*") if path not in wanted)


def broken() -> Iterator[str]:
    """Everything by which the published language no longer is what was frozen."""
    yield from map(str, schemas.vanished())
    yield from (str(found) for event in schemas.events() for found in schemas.breaks(event))


def main(
    *,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail where something is stale.")] = False,
    freeze: Annotated[bool, typer.Option("--freeze", help="Write the frozen schemas and examples alone.")] = False,
) -> None:
    """Write docs/events, docs/openapi, the packs' map, and schemas of what is new; a broken schema is never written over."""
    if sins := list(broken()):
        for sin in sins:
            typer.echo(sin, err=True)
        raise typer.Exit(1)
    wanted = frozen()
    if check:
        written = documents()
        _fail_if([*stale(wanted), *stale(written), *left_over(written)])
        return
    _write(wanted)
    if not freeze:
        wanted = documents()
        _write(wanted)
        for path in left_over(wanted):
            path.unlink()
            typer.echo(f"removed {path.relative_to(ROOT)}")


def _write(wanted: dict[Path, str]) -> None:
    for path in stale(wanted):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted[path], encoding="utf-8")
        typer.echo(f"wrote {path.relative_to(ROOT)}")


def _fail_if(paths: list[Path]) -> None:
    for path in paths:
        typer.echo(f"stale: {path.relative_to(ROOT)}; run make docs", err=True)
    if paths:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
