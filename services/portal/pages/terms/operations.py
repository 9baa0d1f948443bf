"""What operations says, in words."""

from services.portal.pages.terms.marked import N_

TERMS: dict[str, dict[str, str]] = {
    "operation_kind": {
        "task_force": N_("Task force"),
        "coordinated": N_("Coordinated operation"),
        "joint_patrol": N_("Joint patrol"),
        "hot_pursuit": N_("Hot pursuit"),
        "surveillance": N_("Cross-border surveillance"),
        "joint": N_("Joint operation"),
    },
    "operation_state": {
        "proposed": N_("Proposed"),
        "approved": N_("Approved"),
        "launched": N_("Running"),
        "suspended": N_("Suspended"),
        "completed": N_("Completed"),
        "evaluated": N_("Evaluated"),
        "retracted": N_("Retracted"),
    },
    "agency_role": {"lead": N_("Leads"), "member": N_("Member"), "support": N_("Supports"), "observer": N_("Observer")},
    "centre_form": {"physical": N_("In a room"), "virtual": N_("Virtually"), "both": N_("In a room and virtually")},
    "centre_state": {
        "planned": N_("Planned"),
        "open": N_("Open"),
        "closed": N_("Closed"),
        "cancelled": N_("Cancelled"),
        "retracted": N_("Retracted"),
    },
    "priority_state": {
        "set": N_("Set"),
        "withdrawn": N_("Withdrawn"),
    },
    "action_day_state": {
        "planned": N_("Planned"),
        "ready": N_("All are ready"),
        "running": N_("Running"),
        "ended": N_("Ended"),
        "aborted": N_("Called off"),
    },
    "measure_kind": {
        "arrest": N_("Arrests"),
        "search": N_("Searches"),
        "hearing_suspect": N_("Hearings of suspects"),
        "hearing_witness": N_("Hearings of witnesses"),
        "seizure_evidence": N_("Seizures of evidence"),
        "seizure_asset": N_("Seizures of assets"),
        "freezing": N_("Freezings"),
        "victim_safeguarded": N_("Victims safeguarded"),
        "other": N_("Other measures"),
    },
}

STEPS = {
    "approve": N_("Approve it"),
    "launch": N_("Launch it"),
    "suspend": N_("Suspend it"),
    "resume": N_("Resume it"),
    "complete": N_("It is over"),
    "evaluate": N_("Evaluate it"),
    "plan action day": N_("Plan an action day"),
    "join agency": N_("Add an agency"),
    "leave agency": N_("An agency leaves"),
    "set priorities": N_("Say which priorities it serves"),
    "set anew": N_("Set it anew"),
    "withdraw": N_("Withdraw it"),
    "report result": N_("Report a result"),
    "certify results": N_("Certify results"),
    "correct result": N_("Correct a certified result"),
    "open": N_("It is open"),
    "close": N_("It is closed"),
    "confirm": N_("Confirm readiness"),
    "go": N_("It began"),
    "end": N_("It ended"),
    "abort": N_("Call it off"),
}

EVENTS = {
    "operations.centre.planned.v1": N_("Planned"),
    "operations.centre.cancelled.v1": N_("Cancelled"),
    "operations.centre.opened.v1": N_("Opened"),
    "operations.centre.closed.v1": N_("Closed"),
    "operations.centre.corrected.v1": N_("Corrected"),
    "operations.centre.retracted.v1": N_("Taken back"),
    "operations.priority.set.v1": N_("Set"),
    "operations.priority.withdrawn.v1": N_("Withdrawn"),
    "operations.operation.prioritised.v1": N_("Its priorities named"),
    "operations.operation.proposed.v1": N_("Proposed"),
    "operations.operation.approved.v1": N_("Approved"),
    "operations.operation.launched.v1": N_("Launched"),
    "operations.operation.suspended.v1": N_("Suspended"),
    "operations.operation.resumed.v1": N_("Resumed"),
    "operations.operation.agency_joined.v1": N_("An agency joined"),
    "operations.operation.agency_left.v1": N_("An agency left"),
    "operations.operation.result_reported.v1": N_("A result reported"),
    "operations.operation.result_certified.v1": N_("Results certified"),
    "operations.operation.result_corrected.v1": N_("A result corrected"),
    "operations.operation.completed.v1": N_("Completed"),
    "operations.operation.evaluated.v1": N_("Evaluated"),
    "operations.operation.corrected.v1": N_("Said right"),
    "operations.operation.retracted.v1": N_("Taken back"),
}

REASONS = {
    "is before the beginning": N_("This must lie after the beginning."),
    "is more than 7320 days after the beginning": N_("This is more than twenty years after the beginning."),
    "This total is reported already": N_("This very total is reported already."),
    "This total is certified already": N_("This very total is certified already."),
    "This agency takes part already": N_("This agency takes part already."),
    "This agency does not take part": N_("This agency does not take part."),
    "is not the fact that this result was certified": N_("Choose a result that is certified."),
}

WRONG = {
    "launched": N_("Give a date and a time."),
    "evaluated": N_("Give a date and a time."),
    "t_zero": N_("Give a date and a time."),
    "began": N_("Give a date and a time."),
    "total": N_("Give a whole number, 0 or more."),
}
