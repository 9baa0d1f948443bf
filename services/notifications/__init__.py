"""Notifications: who is written to about what, each in their own language and on their own clock, and what became of each mail.

Publishes nothing. Reads the facts of meetings, the facts of contacts with their enquiries, and the sealed details of persons on contacts'
personal topic.
"""
