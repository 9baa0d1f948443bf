"""What meetings says, in words."""

from services.portal.pages.terms.marked import N_

TERMS: dict[str, dict[str, str]] = {
    "meeting_kind": {
        "national_coordination": N_("National coordination"),
        "coordination_case": N_("Coordination meeting on a case"),
        "network": N_("Meeting of a network"),
        "crimex_session": N_("CrimEx session"),
        "contact_point_general": N_("General meeting of contact points"),
        "bilateral": N_("Bilateral meeting"),
        "technical": N_("Technical meeting"),
        "evaluation_visit": N_("Evaluation visit"),
        "study_visit": N_("Study visit"),
        "steering": N_("Steering meeting"),
    },
    "meeting_state": {
        "proposed": N_("Proposed"),
        "scheduled": N_("Scheduled"),
        "held": N_("Held"),
        "cancelled": N_("Cancelled"),
        "retracted": N_("Retracted"),
    },
    "meeting_format": {"onsite": N_("On site"), "video": N_("By video"), "hybrid": N_("On site and by video")},
    "professional_category": {
        "judge": N_("Judges"),
        "prosecutor": N_("Prosecutors"),
        "law_enforcement": N_("Law enforcement"),
        "police": N_("Police officers"),
        "ministry": N_("Ministry"),
        "liaison": N_("Liaison"),
        "expert": N_("Experts"),
        "observer": N_("Observers"),
    },
    "cancel_reason": {
        "no_date_found": N_("No date was found"),
        "participants_unavailable": N_("Participants are not available"),
        "purpose_met_otherwise": N_("Its purpose was met otherwise"),
        "superseded": N_("Another meeting takes its place"),
        "no_legal_basis": N_("There is no legal basis"),
        "other": N_("Another reason"),
    },
}
STEPS = {
    "add delegation": N_("Add a delegation"),
    "schedule": N_("Set a time"),
    "reschedule": N_("Set another time"),
    "hold": N_("It took place"),
    "cancel": N_("Cancel the meeting"),
    "record attendance": N_("Who was there"),
    "reclassify": N_("Other crime types"),
    "correct": N_("Say it right"),
    "retract": N_("Take it back"),
}
"""What can be done with a meeting."""
EVENTS = {
    "meetings.meeting.proposed.v1": N_("Proposed"),
    "meetings.meeting.delegation_added.v1": N_("Seats given"),
    "meetings.meeting.scheduled.v1": N_("Time set"),
    "meetings.meeting.rescheduled.v1": N_("Another time set"),
    "meetings.meeting.cancelled.v1": N_("Cancelled"),
    "meetings.meeting.held.v1": N_("Held"),
    "meetings.meeting.attendance_recorded.v1": N_("Attendance recorded"),
    "meetings.meeting.reclassified.v1": N_("Crime types changed"),
    "meetings.meeting.corrected.v1": N_("Said right"),
    "meetings.meeting.retracted.v1": N_("Taken back"),
}
"""Type of an event -> what happened."""

REASONS = {
    "no clock shows this time": N_("Clocks there skip this time. Choose one before or after it."),
    "is not after the beginning": N_("This must lie after the beginning."),
    "is more than 31 days after the beginning": N_("This is more than a month after the beginning."),
    "lies outside of 1990 to 2200": N_("Choose a time between 1990 and 2200."),
    "It is scheduled for this time already": N_("It has this very time and place already."),
    "It is about these crime types already": N_("It is about these crime types already."),
}

WRONG = {
    "start": N_("Give a date and a time."),
    "end": N_("Give a date and a time."),
    "started": N_("Give a date and a time."),
    "ended": N_("Give a date and a time."),
    "seats": N_("Give a whole number from 1 to 500."),
    "duration_minutes": N_("Give a whole number of minutes, at least 5."),
    "case_ref": N_("Use letters, digits and . / _ - only, at most 60."),
    "categories": N_("Give whole numbers."),
}
