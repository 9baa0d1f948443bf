"""The web side of a service: one app with probes, guards, problems, idempotency, conditions and pages of lists."""

from shared.web.app import app
from shared.web.conditions import Expected, Whole, etag
from shared.web.files import attached
from shared.web.language import best_language
from shared.web.openapi import MADE, SHOWN
from shared.web.paging import Page, Paging, cursor_of, text_of, texts_of
from shared.web.route import Asker, Caused, router

__all__ = [
    "MADE",
    "SHOWN",
    "Asker",
    "Caused",
    "Expected",
    "Page",
    "Paging",
    "Whole",
    "app",
    "attached",
    "best_language",
    "cursor_of",
    "etag",
    "router",
    "text_of",
    "texts_of",
]
