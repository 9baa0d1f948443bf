"""What a service's `migrations/env.py` runs; apart from `db`, as no running service needs what it takes to migrate."""

import asyncio

from alembic import context
from sqlalchemy import Connection, MetaData
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool


def migrate(tables: MetaData) -> None:
    """Every pending version, each in a transaction, under an advisory lock."""
    asyncio.run(_migrate(tables))


async def _migrate(tables: MetaData) -> None:
    url = context.config.get_main_option("sqlalchemy.url") or ""
    engine = create_async_engine(url, poolclass=NullPool)

    def run(connection: Connection) -> None:
        context.configure(connection=connection, target_metadata=tables, transaction_per_migration=True, include_schemas=True)
        with context.begin_transaction():
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7301)")
            context.run_migrations()

    async with engine.connect() as connection:
        await connection.run_sync(run)
        await connection.commit()
    await engine.dispose()
