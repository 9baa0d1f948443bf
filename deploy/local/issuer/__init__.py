"""A demonstration OpenID Connect provider: anybody may be anybody, so it runs on loopback only and says what it is.

It answers discovery, keys, authorization code with PKCE (S256), tokens (ES256) and the end of a session, and keeps nothing on disk.
"""
