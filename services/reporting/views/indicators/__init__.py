"""The indicators as data (`indicators.md`): a figure and its evidence are the same select."""

from services.reporting.views.indicators import centres, contact_points, instruments, meetings

ALL = {each.code: each for each in (*instruments.INDICATORS, *contact_points.INDICATORS, *meetings.INDICATORS, *centres.INDICATORS)}
