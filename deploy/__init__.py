"""How Concord is put on machines: `local` on this one, the rest in production."""
