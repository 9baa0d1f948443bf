"""Every page, its frame and its failures."""

from fastapi import FastAPI

from services.portal.pages import (
    access_log,
    action_day_forms,
    ask,
    assets,
    atlas,
    authorities,
    campaigns,
    centre_forms,
    centres,
    contact_point_forms,
    contact_points,
    facts,
    failures,
    health,
    imports,
    instruments,
    liaison_forms,
    liaisons,
    meeting_forms,
    meetings,
    network_forms,
    networks,
    operation_forms,
    operations,
    packs,
    partners,
    probes,
    results,
    scoreboard,
    search,
    signin,
    start,
    tool_forms,
    tools,
    verification,
)


def install(app: FastAPI) -> None:
    """Hang the pages into the app."""
    assets.install(app)
    failures.install(app)
    # `start` has `/{lang}`, which any one-word address would match: it comes last.
    for room in (
        probes,
        signin,
        results,
        scoreboard,
        facts,
        ask,
        meetings,
        meeting_forms,
        operations,
        operation_forms,
        action_day_forms,
        centres,
        centre_forms,
        partners,
        networks,
        network_forms,
        liaisons,
        liaison_forms,
        tools,
        tool_forms,
        instruments,
        contact_points,
        contact_point_forms,
        authorities,
        access_log,
        campaigns,
        imports,
        packs,
        verification,
        search,
        atlas,
        health,
        start,
    ):
        app.include_router(room.router)
