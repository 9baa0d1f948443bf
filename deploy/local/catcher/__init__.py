"""A mail catcher: it takes every mail over SMTP, sends none on, and shows them on a page. On loopback only, for a local instance."""
