"""Where a secret left a trace: every column of every database, every record of every topic, every log, every answer, every data file."""

import mmap
import os
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from typing import IO
from urllib.parse import quote

import asyncpg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.events.contacts import PERSONAL
from tests.system.house import House
from tests.system.world import records

Forms = frozenset[bytes]


def forms(*secrets: bytes) -> Forms:
    """The spellings in which a secret could lie somewhere, each also in lower case: as it is, in base64 at any offset, hex, escaped."""
    return frozenset(spelt for secret in secrets for form in _forms(secret) for spelt in (form, form.lower()))


def _forms(secret: bytes) -> Iterator[bytes]:
    yield secret
    yield secret.hex().encode()
    text = repr(secret)[2:-1]
    yield text.encode()
    yield text.replace("\\", "\\\\").encode()
    yield quote(secret).encode()
    for before in range(3):
        for encode in (b64encode, urlsafe_b64encode):
            # Characters at either end depend on the bytes beside the secret.
            found = encode(b"\0" * before + secret).rstrip(b"=")
            yield found[(0, 2, 3)[before] : len(found) - (len(found) * 3 // 4 % 3 > 0)]


def within(wanted: Forms, where: str, *values: object) -> Iterator[str]:
    """`where`, if one of the values holds one of the spellings."""
    for value in values:
        found = value if isinstance(value, bytes) else str(value).encode()
        if value is not None and any(form in found.lower() for form in wanted):
            yield where
            return


async def in_databases(wanted: Forms, admin_url: str) -> list[str]:
    """Every column of every table of every database of the server, whatever its type."""
    return [found async for where, values in _columns(admin_url) for found in within(wanted, where, *values)]


async def _columns(admin_url: str) -> AsyncIterator[tuple[str, list[object]]]:
    server = await asyncpg.connect(f"{admin_url}postgres")
    names = [row["datname"] for row in await server.fetch("SELECT datname FROM pg_database WHERE NOT datistemplate")]
    await server.close()
    for name in names:
        async for column in _columns_of(f"{admin_url}{name}", name):
            yield column


async def _columns_of(url: str, name: str) -> AsyncIterator[tuple[str, list[object]]]:
    connection = await asyncpg.connect(url)
    try:
        tables = await connection.fetch(
            # Nobody but its own session can read a temporary table, and it ends with it.
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname !~ '^(pg_catalog|information_schema|pg_temp_.*)$'"
        )
        for schema, table in tables:
            rows = await connection.fetch(f'SELECT * FROM "{schema}"."{table}"')
            for column in rows[0].keys() if rows else ():
                yield f"{name}.{schema}.{table}.{column}", [row[column] for row in rows]
    finally:
        await connection.close()


async def under_seals(wanted: Forms, admin_url: str, house: House) -> list[str]:
    """What is sealed or hidden, in the databases or on the topic of sealed details, opened with every key that is still in a database."""
    columns = [column async for column in _columns(admin_url)]
    keys = {bytes(value) for _, values in columns for value in values if isinstance(value, bytes) and len(value) in (16, 32)}
    sealed = [(where, each) for where, values in columns for value in values for each in _sealed(where, value)]
    sealed += [(PERSONAL, each) for record in await records(house.servers, PERSONAL) for each in _sealed(PERSONAL, record.value)]
    found = (found for where, each in sealed for key in keys for found in within(wanted, where, _opened(key, *each)))
    return sorted(set(found))


def _sealed(where: str, value: object) -> Iterator[tuple[bytes, bytes, bytes | None]]:
    """Nonce, content and header of a compact JWE, or of what stands in a column of hidden bytes."""
    content = value.encode() if isinstance(value, str) else value
    if not isinstance(content, bytes):
        return
    if where.endswith(".hidden"):
        yield content[:12], content[12:], None
    if content.startswith(b"eyJ") and content.count(b".") == 4:
        header, _, nonce, sealed, tag = content.split(b".")
        nonce, sealed, tag = (urlsafe_b64decode(part + b"==") for part in (nonce, sealed, tag))
        yield nonce, sealed + tag, header


def _opened(key: bytes, nonce: bytes, content: bytes, header: bytes | None) -> bytes | None:
    try:
        return AESGCM(key).decrypt(nonce, content, header)
    except InvalidTag:
        return None


async def in_topics(wanted: Forms, house: House) -> list[str]:
    """Every topic from its start: keys, headers, values."""
    found: list[str] = []
    for topic in house.topics:
        for record in await records(house.servers, topic):
            headers = (part for name, value in record.headers for part in (name, value))
            found += within(wanted, f"{topic}/{record.partition}/{record.offset}", record.key, record.value, *headers)
    return found


def in_files(wanted: Forms, folders: Iterable[Path], pattern: str) -> list[str]:
    """Files below the folders, byte by byte; Kafka's indexes are large and hold nothing but offsets."""
    files = [file for folder in folders for file in sorted(folder.rglob(pattern)) if file.is_file() and not file.name.endswith("index")]
    return [str(file) for file in files if _in_file(wanted, file)]


def _in_file(wanted: Forms, file: Path) -> bool:
    """A file that a server takes away meanwhile holds nothing any more."""
    try:
        opened = file.open("rb")
    except FileNotFoundError:
        return False
    with opened:
        return bool(os.fstat(opened.fileno()).st_size) and _holds(wanted, opened)


def _holds(wanted: Forms, opened: IO[bytes]) -> bool:
    with mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if len(data) < 2**21:
            return any(True for _ in within(wanted, "", data[:]))
        # Lower case would mean to copy all of it: what is big is searched as it is.
        return any(data.find(form) >= 0 for form in wanted)


async def in_answers(wanted: Forms, house: House, codes: Iterable[str]) -> list[str]:
    """What anybody with every role can have exported: lists as JSON, evidence as CSV, facts, metrics, documents."""
    roles = ("administrator", "auditor", "operator", "coordinator", "personal")
    asked = [
        ("reporting", f"/indicators/{code}/evidence?format=csv&country={country}&limit=500") for code in codes for country in ("", "AL")
    ]
    asked += [("reporting", path) for path in ("/facts?limit=500", "/coverage", "/stream", "/dead-letters", "/asyncapi.json")]
    asked += [
        ("contacts", path)
        for path in ("/contact-points?limit=500", "/authorities?limit=500", "/access-log?limit=500", "/campaigns?limit=500")
    ]
    asked += [("notifications", "/deliveries?limit=500")]
    asked += [(name, path) for name in house.members for path in ("/metrics", "/openapi.json")]
    found: list[str] = []
    for name, path in asked:
        after: str | None = ""
        while after is not None:
            more = f"&after={after}" if after else ""
            answer = await house.ask(name, "GET", path.replace("&country=&", "&") + more, *roles)
            assert answer.is_success, (path, answer.text)
            found += within(wanted, path, answer.content)
            # A list is looked through to its end: at full size what is looked for is not on its first page.
            after = answer.json().get("next") if "limit=500" in path and "csv" not in path else None
    return found
