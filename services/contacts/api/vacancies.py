"""Seats that nobody holds."""

from datetime import UTC, datetime

from services.contacts import views
from shared import web
from shared.db import Tx
from shared.web import Page, Paging
from shared.web.values import Country

router = web.router("", "contact points")


@router.get("/vacancies")
async def list_vacancies(tx: Tx, paging: Paging, country: Country | None = None) -> Page[views.vacancies.VacancyRow]:
    """Of ministry of justice, prosecutor general and judiciary (iA7), in each country known here, those nobody is designated for."""
    return await views.vacancies.vacancies(tx, country=country, now=datetime.now(UTC), limit=paging.limit, after=paging.after)
