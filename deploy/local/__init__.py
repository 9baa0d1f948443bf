"""A whole instance on this machine, without Docker, Java or a database installed; what the tests start, too."""
