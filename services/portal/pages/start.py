"""The way in, and the page about accessibility."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.portal.domain import LANGUAGES
from services.portal.pages.visit import Anyone, Language
from shared.web import best_language

router = APIRouter()


@router.get("/")
async def root(request: Request) -> Response:
    """The best language there is."""
    language = best_language(request.headers.get("accept-language"), LANGUAGES)
    return RedirectResponse(f"/{language}", 303, headers={"Vary": "Accept-Language"})


@router.get("/{lang}")
async def home(lang: Language) -> Response:
    """Results come first: they are what the platform is for."""
    return RedirectResponse(f"/{lang}/results", 303)


@router.get("/{lang}/accessibility")
async def accessibility(visit: Anyone) -> Response:
    """What was done, what is known to be missing, and whom to tell."""
    return visit.page("accessibility.html")
