"""Partners: who they are, the instruments concluded with them, and on what legal basis data may go to them.

Publishes `partners.partner.v1`, `partners.instrument.v1`, `partners.legal_basis.v1`. Reads nothing.
"""
