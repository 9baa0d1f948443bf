"""The starting data come in as anybody's would: through the services' public commands, with the role `importer`.

Re-runnable without doubling: every entry carries its own Idempotency-Key, and what is registered already is left as it is.
"""

from deploy.local.load.run import Failed, everything, load, reference

__all__ = ["Failed", "everything", "load", "reference"]
