"""The indicators as data (`indicators.md`): a figure and its evidence are the same select."""

from services.reporting.domain import Indicator
from services.reporting.views.indicators import (
    agreements,
    centres,
    contact_points,
    enquiries,
    instruments,
    liaisons,
    meetings,
    networks,
    operations,
    tools,
)

AREAS = (instruments, liaisons, contact_points, networks, tools, meetings, agreements, operations, centres, enquiries)
ALL: dict[str, Indicator] = {each.code: each for area in AREAS for each in area.INDICATORS}
