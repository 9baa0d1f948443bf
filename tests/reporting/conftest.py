import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine


@pytest.fixture
async def fresh(app: FastAPI) -> AsyncEngine:
    """Reporting's database without a fact."""
    async with app.state.engine.begin() as tx:
        await tx.execute(text("TRUNCATE facts, gaps, offsets, dead_letters, coverage"))
    return app.state.engine
