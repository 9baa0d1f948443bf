"""Reporting: every fact as a row, counted once, and the figures that are queries over them, each traceable to the very events.

Publishes `reporting.coverage.v1`. Reads every fact topic, never a personal one.
"""
