"""What capacity says of tools, and the measures of the roadmap, in words."""

from services.portal.pages.terms.marked import N_

TERMS: dict[str, dict[str, str]] = {
    "tool_kind": {
        "analysis": N_("Analysis"),
        "reference_sheet": N_("Reference sheet"),
        "handbook": N_("Handbook"),
        "guide": N_("Guide"),
        "directory": N_("Directory"),
        "access_service": N_("Access service"),
        "portal": N_("Portal"),
        "software": N_("Software"),
        "project_tool": N_("Tool of a project"),
        "template": N_("Template"),
        "procedure": N_("Procedure"),
        "practice": N_("Good practice"),
        "cooperation_instrument": N_("Instrument of cooperation"),
        "legal_instrument": N_("Legal instrument"),
        "legal_or_policy_document": N_("Legal or policy document"),
        "communication_channel": N_("Channel of communication"),
        "data_exchange": N_("Exchange of data"),
        "expertise": N_("Expertise"),
        "facility": N_("Facility"),
        "funding": N_("Funding"),
    },
    "tool_state": {"published": N_("Published"), "withdrawn": N_("Withdrawn"), "retracted": N_("Retracted")},
    "measure": {
        "A": N_("National coordination meetings"),
        "A.a": N_("Gaps and solutions"),
        "A.b": N_("Specialised networks activated"),
        "A.b.1": N_("Regular network meetings"),
        "A.c": N_("Networks linked together"),
        "A.d": N_("Contact points named"),
        "A.d.1": N_("Coordinates handed over"),
        "A.d.2": N_("Atlas compiled"),
        "A.e": N_("Guests invited"),
        "B": N_("Practical tools in use"),
        "B.a": N_("Analyses, Fiches and Handbook"),
        "B.a.1": N_("Legal and gap analyses"),
        "B.a.2": N_("Fiches"),
        "B.a.3": N_("Handbook"),
        "B.b": N_("Atlas"),
        "B.c": N_("Receiving authorities"),
        "B.d": N_("EJN access"),
        "B.e": N_("Electronic evidence guide"),
        "B.f": N_("Digital reference tool"),
        "B.g": N_("Internet gateway"),
        "B.h": N_("IT tools and website"),
        "C": N_("Capacity building"),
        "C.1": N_("Training in the specialisation"),
        "C.2": N_("Training in cooperation"),
        "C.3": N_("Priority-topic events"),
        "D": N_("Coordinated operations"),
        "E": N_("Reporting on achievements"),
    },
}
STEPS = {"adopt": N_("A country uses it")}
"""What can be done with a tool."""
EVENTS = {
    "capacity.tool.published.v1": N_("Published"),
    "capacity.tool.revised.v1": N_("Revised"),
    "capacity.tool.translated.v1": N_("Translated"),
    "capacity.tool.withdrawn.v1": N_("Withdrawn"),
    "capacity.tool.adopted_nationally.v1": N_("Adopted"),
    "capacity.tool.retracted.v1": N_("Taken back"),
}
"""Type of an event -> what happened."""
