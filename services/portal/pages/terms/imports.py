"""What contacts says of lists that come in, in words: what they are, how far they are, and what cannot be in their rows."""

from services.portal.pages.terms.marked import N_

TERMS: dict[str, dict[str, str]] = {
    "import_kind": {"authorities": N_("Authorities"), "contact_points": N_("Contact points")},
    "import_state": {
        "validating": N_("Being looked through"),
        "checked": N_("Waits for a decision"),
        "applying": N_("Being taken in"),
        "applied": N_("Taken in"),
        "unreadable": N_("Unreadable"),
        "cancelled": N_("Discarded"),
    },
    "import_effect": {"new": N_("New"), "changed": N_("Changed"), "same": N_("The same")},
}

REASONS = {
    "is empty": N_("The file is empty."),
    "is too large": N_("The file is too large: it may have 20 MiB."),
    "is neither CSV in UTF-8 nor XLSX": N_("This is neither CSV in UTF-8 nor XLSX. Save the list as one of them."),
}

FAULTS = {
    # of a list as a whole
    "the file is empty": N_("The file is empty."),
    "the text is not in UTF-8": N_("The text is not in UTF-8. Save the list as “CSV UTF-8” or as XLSX."),
    "this is no XLSX that can be read": N_("This is no XLSX that can be read."),
    "the spreadsheet is too large when unpacked": N_("The spreadsheet is too large when unpacked."),
    "the directory was changed after this list was looked through": N_(
        "The directory was changed after this list was looked through; nothing was taken in."
    ),
    "columns are missing: (?P<columns>.+)": N_("Columns are missing: %(columns)s."),
    "the column (?P<column>.+) is there twice": N_("The column %(column)s is there twice."),
    r"a list may have (?P<most>\d+) rows": N_("A list may have %(most)s rows."),
    "the text is no CSV: (?P<why>.+)": N_("The text is no CSV: %(why)s"),
    # of a row
    "is missing": N_("is missing"),
    "is too long": N_("is too long"),
    "needs a level after each language, such as sq:native": N_("needs a level after each language, such as sq:native"),
    "is no reference: lower-case letters, digits and : . _ - such as office:al:moj": N_(
        "is no reference: lower-case letters, digits and : . _ - such as office:al:moj"
    ),
    "is no reference of an authority, such as office:al:moj": N_("is no reference of an authority, such as office:al:moj"),
    "is no ISO 3166-2 code such as AL-11": N_("is no ISO 3166-2 code such as AL-11"),
    "is no IANA time zone such as Europe/Tirane": N_("is no IANA time zone such as Europe/Tirane"),
    "is no e-mail address": N_("is no e-mail address"),
    r"is no phone number such as \+355 4 000 0000": N_("is no phone number such as +355 4 000 0000"),
    "is no language code such as sq": N_("is no language code such as sq"),
    "is no list of language codes such as sq; en, for contact points with a level such as sq:native": N_(
        "is no list of language codes such as sq; en, for contact points with a level such as sq:native"
    ),
    "is no day between 1900 and 2199, such as 2024-03-01": N_("is no day between 1900 and 2199, such as 2024-03-01"),
    "is not of the form that is taken": N_("is not of the form that is taken"),
    r"is not in code list (?P<family>\w+)": N_("is not in code list %(family)s"),
    r"is not in code list (?P<family>\w+); (?P<close>\w+) may be meant": N_("is not in code list %(family)s; %(close)s may be meant"),
    r"stands in row (?P<row>\d+) already": N_("stands in row %(row)s already"),
    "you do not act for what belongs to no single country": N_("you do not act for what belongs to no single country"),
    r"you do not act for (?P<country>\w\w)": N_("you do not act for %(country)s"),
    "is needed where a country appoints": N_("is needed where a country appoints"),
    "is needed where an organisation or network appoints": N_("is needed where an organisation or network appoints"),
    "is left out where an organisation or network appoints: it is no country's achievement": N_(
        "is left out where an organisation or network appoints: it is no country's achievement"
    ),
    "is no IANA zone": N_("is no IANA time zone such as Europe/Tirane"),
    "lies in another country": N_("lies in another country"),
    "nothing is registered under this reference": N_("nothing is registered under this reference"),
    "is registered for (?P<country>.+), and that does not change": N_("is registered for %(country)s, and that does not change"),
    "country and who appoints are recorded otherwise, and that does not change": N_(
        "country and who appoints are recorded otherwise, and that does not change"
    ),
    "is an authority of (?P<country>.+), the contact point is of (?P<other>.+)": N_(
        "is an authority of %(country)s, the contact point is of %(other)s"
    ),
    "is recorded as (?P<day>.+); correct it at the entry, so that the reason is known": N_(
        "is recorded as %(day)s; correct it at the entry, so that the reason is known"
    ),
    "this person's details were erased, and are not taken in again": N_("this person's details were erased, and are not taken in again"),
}
"""What contacts says, as a pattern, and the words for it."""
