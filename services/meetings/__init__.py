"""Meetings: proposed, scheduled, held or cancelled; which countries and professions took part, and what they met about.

Publishes `meetings.meeting.v1`. Reads nothing.
"""
