"""Contacts: the authorities of a country, its contact points, and the persons behind them, whose details only their own key opens.

Publishes `contacts.authority.v1`, `contacts.contact_point.v1`, `contacts.person.v1`, `contacts.person.personal.v1`. Reads nothing.
"""
