"""The portal: the pages people see, in English, French and Arabic.

It owns nothing but sessions: it renders what the owners' APIs say, one call per section, and posts forms to them.
Reads: the HTTP APIs of contacts, meetings, operations, partners, capacity and reporting. Publishes: nothing.
"""
