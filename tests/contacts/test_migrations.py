"""A database of before, brought to the newest tables."""

import asyncio
from uuid import uuid4

import asyncpg
from alembic import command
from alembic.config import Config

from deploy.local.databases import SERVICES
from deploy.local.postgres import Postgres

OLD = "contacts_of_old"


async def test_what_partners_said_is_read_again_without_exercises(postgres: Postgres) -> None:
    await postgres.drop_database(OLD)
    url = await postgres.create_database(OLD, "test")
    config = Config()
    config.set_main_option("script_location", str(SERVICES / "contacts" / "migrations"))
    config.set_main_option("sqlalchemy.url", url)
    await asyncio.to_thread(command.upgrade, config, "0014")
    old = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        for topic in ("partners.partner.v1", "partners.instrument.v1", "partners.legal_basis.v1"):
            await old.execute("INSERT INTO partner_facts VALUES ($1, 1, $2, $3, $3, now(), 'AL', NULL, '{}')", uuid4(), uuid4(), topic)
            await old.execute("INSERT INTO offsets VALUES ($1, 0, 42, 40, 1, 0, 1, now())", topic)
        await asyncio.to_thread(command.upgrade, config, "head")
        assert [await old.fetchval(f"SELECT count(*) FROM {table}") for table in ("partner_facts", "offsets")] == [0, 0]  # noqa: S608
    finally:
        await old.close()
        await postgres.drop_database(OLD)
