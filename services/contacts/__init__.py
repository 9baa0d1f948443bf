"""Contacts: authorities, contact points, the persons behind them (sealed), networks, domains, structures, liaison postings.

Publishes `contacts.authority.v1`, `contacts.contact_point.v1`, `contacts.network.v1`, `contacts.domain.v1`, `contacts.structure.v1`,
`contacts.liaison.v1`, `contacts.enquiry.v1`, `contacts.person.v1`, `contacts.person.personal.v1`. Reads the facts of partners.
"""
