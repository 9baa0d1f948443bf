"""What operators do by hand: check a pack, bring one up to date, and make the key that packs are signed with."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from joserfc.jwk import OKPKey

from services.contacts.gateways import packs

cli = typer.Typer(help="Operate contacts.", no_args_is_help=True)
pack = typer.Typer(help="The directory as one signed file.", no_args_is_help=True)
cli.add_typer(pack, name="pack")
FORGED, EXPIRED = 1, 3
"""Exit codes, so that a script can tell one from the other."""


@cli.callback()
def contacts() -> None:
    """Keep `pack` a word of its own: a single group would be taken for the whole."""


File = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]
Key = Annotated[Path, typer.Option("--key", help="The public key as a JWK, from the portal or from `pack public`.")]


@pack.command()
def verify(file: File, key: Key) -> None:
    """Is it what was signed with this key, to the last byte, and does it hold still? Ends with 1 where not, with 3 where it has expired."""
    with _refusing():
        public = packs.public_key(key)
        found = packs.verify(file.read_bytes(), public)
    told = f"{found.instance}: {found.authorities} authorities, {found.contact_points} contact points, made {found.made_at.isoformat()}"
    typer.echo(f"{told}\nkey {packs.fingerprint(public)}")
    _hold(found.expires_at)
    typer.echo(f"good until {found.expires_at.isoformat()}")


@pack.command()
def apply(
    file: File,
    delta: File,
    key: Key,
    out: Annotated[Path, typer.Option("--out", dir_okay=False, help="Where the newer pack goes; it may be the earlier one's file.")],
) -> None:
    """Bring a pack up to date with a delta.

    Writes nothing and ends with 1 where either file is not genuine or the delta is for another pack, with 3 where the delta has expired.
    """
    with _refusing():
        found = packs.apply(file.read_bytes(), delta.read_bytes(), packs.public_key(key))
    _hold(found.checked.expires_at)
    # Beside it first: what breaks off half-way leaves the earlier pack whole.
    beside = out.with_name(f"{out.name}.part")
    beside.write_bytes(found.file)
    beside.replace(out)
    typer.echo(f"{found.added} added, {found.changed} changed, {found.removed} removed")
    typer.echo(f"good until {found.checked.expires_at.isoformat()}")


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except ValueError as refused:
        typer.echo(f"REFUSED: {refused}", err=True)
        raise typer.Exit(FORGED) from refused


def _hold(until: datetime) -> None:
    if until <= datetime.now(UTC):
        typer.echo(f"EXPIRED: it held until {until.isoformat()}", err=True)
        raise typer.Exit(EXPIRED)


@pack.command()
def key(file: Path) -> None:
    """Make a key to sign with (CONTACTS_PACK_KEY); an existing file is left as it is."""
    if not file.exists():
        file.touch(0o600)
        file.write_text(json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)), encoding="utf-8")
    typer.echo(packs.fingerprint(packs.public_key(file)))


@pack.command()
def public(file: File) -> None:
    """The public half of a key, as a JWK to hand out."""
    packs.public_key(file)
    typer.echo(json.dumps(OKPKey.import_key(json.loads(file.read_text(encoding="utf-8"))).as_dict(private=False)))
